"""Identifiers: time-ordered UUIDs (RFC 9562 version 7), made in Python so that any PostgreSQL serves."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A uuidv7: sorts by creation time, so index inserts stay at the right edge."""
    return UUID(int=uuid_utils.uuid7().int)


def parse_id(text: str) -> UUID | None:
    """The id in `text`, or None when it is not one: a bad id in a URL is "not found", not an error."""
    try:
        return UUID(text)
    except ValueError:
        return None
