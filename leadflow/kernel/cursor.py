"""Where a page of a list ended, as whoever asks for the next one is told: text that anybody may have made up."""

import base64
from collections.abc import Callable
from typing import TypeVar

import orjson

from leadflow.kernel.errors import FieldProblem, Invalid

Place = TypeVar("Place")


def encode(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode(text: str, read: Callable[..., Place]) -> Place:
    """What `read` makes of the parts.

    Raises:
        Invalid: it is none of ours, or `read` refuses its parts.

    """
    try:
        return read(*orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Invalid(
            problems=[FieldProblem("cursor", "This cursor is not valid; start at the first page.")]
        ) from error
