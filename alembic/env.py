"""Migrations run as leadflow_migrator, who becomes leadflow_owner for the length of the transaction."""

import importlib
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import create_engine, pool, text
from sqlmodel import SQLModel

import leadflow
from leadflow.settings import settings

LOCK = 0x1EADF10


def load_tables() -> None:
    """Import every module that may declare tables, so that the metadata is whole."""
    house = Path(leadflow.__file__).parent
    for path in sorted(path for name in ("models.py", "tables.py") for path in house.rglob(name)):
        importlib.import_module(".".join(path.relative_to(house.parent).with_suffix("").parts))


def is_ours(_object: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:  # noqa: ANN401, FBT001
    """Partitions of the log come and go with the months; they are not part of the model."""
    return not (kind == "table" and reflected and (name or "").startswith("event_"))


def run() -> None:
    load_tables()
    url = context.config.get_main_option("sqlalchemy.url") or settings().migrator_database_url
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.execute(text("SET ROLE leadflow_owner"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            include_object=is_ours,
            compare_server_default=False,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
