"""Times as the API reads and writes them."""

from datetime import UTC, datetime

from pydantic import BaseModel, field_validator

from leadflow.kernel import clock

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(at: datetime | None) -> int | None:
    """The same of what may not have happened yet."""
    return None if at is None else clock.milliseconds(at)


class Dated(BaseModel):
    """An input with `occurred_at`. Times before 1970 are mistakes, and the earliest cannot be read back."""

    @field_validator("occurred_at", check_fields=False)
    @classmethod
    def _is_not_ancient(cls, at: datetime | None) -> datetime | None:
        if at is not None and at < EARLIEST:
            raise ValueError("This time is before 1970")
        return at
