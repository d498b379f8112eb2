"""Statements that are put together for each question: the same words are the same statement."""

from functools import lru_cache
from typing import Final

import sqlalchemy
from sqlalchemy import TextClause

MOST_KEPT: Final = 2000


@lru_cache(maxsize=MOST_KEPT)
def text(statement: str) -> TextClause:
    """`sqlalchemy.text`, which reads a statement for its values each time that it is told one."""
    return sqlalchemy.text(statement)


__all__ = ["text"]
