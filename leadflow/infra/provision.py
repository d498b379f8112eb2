"""Roles, database and migrations: what has to be there before the first unit of work.

Three roles: `leadflow_owner` owns every object and cannot log in, `leadflow_migrator` may become the owner,
`leadflow_app` serves and can neither own nor bypass row-level security.
"""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy.engine import make_url

import leadflow

OWNER, MIGRATOR, APP = "leadflow_owner", "leadflow_migrator", "leadflow_app"
EXTENSIONS = ("pg_trgm", "btree_gin")


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _ensure_role(connection: psycopg.Connection, name: str, options: str, password: str | None = None) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = sql.SQL("ALTER ROLE {}" if known else "CREATE ROLE {}").format(sql.Identifier(name))
    secret = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    connection.execute(verb + sql.SQL(f" WITH {options}") + secret)


def provision(admin_url: str, *, database: str, app_password: str, migrator_password: str) -> None:
    """Create or repair roles, database, extensions and grants. Safe to repeat.

    `admin_url` logs in as a superuser, or as a managed service's administrator that may create roles.
    """
    with psycopg.connect(_libpq(admin_url), autocommit=True) as admin:
        _ensure_role(admin, OWNER, "NOLOGIN BYPASSRLS")
        _ensure_role(admin, MIGRATOR, "LOGIN NOBYPASSRLS", migrator_password)
        _ensure_role(admin, APP, "LOGIN NOBYPASSRLS NOCREATEDB NOCREATEROLE", app_password)
        admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(OWNER), sql.Identifier(MIGRATOR)))
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
    _prepare_database(make_url(admin_url).set(database=database).render_as_string(hide_password=False))


def _prepare_database(admin_url: str) -> None:
    with psycopg.connect(_libpq(admin_url), autocommit=True) as admin:
        # Bulk capture stages its rows in temporary tables; most servers let everybody make them, hardened ones do not.
        database = sql.Identifier(admin.info.dbname)
        admin.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(APP)))
        for extension in EXTENSIONS:
            admin.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        for statement in (
            f"ALTER SCHEMA public OWNER TO {OWNER}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA public TO {APP}, {MIGRATOR}",
            (
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}"
            ),
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {APP}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP}",
        ):
            admin.execute(statement)


def alembic_config(migrator_url: str) -> Config:
    """Alembic, pointed at the migrations of this checkout or image."""
    root = Path(leadflow.__file__).parents[1]
    config = Config(root / "alembic.ini")
    config.set_main_option("script_location", str(root / "alembic"))
    config.set_main_option("sqlalchemy.url", migrator_url.replace("%", "%%"))
    return config


def migrate(migrator_url: str) -> None:
    """Bring the schema to the newest revision; waits for another process that is migrating."""
    command.upgrade(alembic_config(migrator_url), "head")
