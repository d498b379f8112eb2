"""Lists of ids on their way to PostgreSQL: many travel with every batch."""

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper
from psycopg.types.uuid import UUIDDumper


class IdsDumper(ListDumper):
    """As psycopg writes a list; ids, which need no quotes, in one go instead of one by one."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        if isinstance(self.sub_dumper, UUIDDumper):
            try:
                return f"{{{','.join([each.hex for each in obj])}}}".encode()
            except AttributeError:  # one of them is None, or a list
                pass
        return super().dump(obj)


def register() -> None:
    """For every connection from now on."""
    psycopg.adapters.register_dumper(list, IdsDumper)
