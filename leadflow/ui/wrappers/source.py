"""The scripts and style sheets of this folder, offered to the build as local modules that may import one another."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import reflex as rx

LUCIDE = "lucide-react@1.26.0"
VIRTUAL = "@tanstack/react-virtual@3.14.26"

_FOLDER = Path(__file__).parent
_SOURCES = {
    file.name: rx.asset(file.name, shared=True)
    for kind in ("*.js", "*.jsx", "*.css")
    for file in sorted(_FOLDER.glob(kind))
}


def local(name: str) -> str:
    """The import path of one of our files."""
    return _SOURCES[name].importable_path


class Island(rx.NoSSRComponent):
    """A piece of the page that lives in the browser: loaded as its own chunk, never drawn on the server."""

    lib_dependencies: list[str] = [LUCIDE]


def _one_text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


def _two_texts(one: rx.Var[str], two: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (one, two)


if TYPE_CHECKING:
    # Reflex reads what an event carries from the annotation; to mypy that is no type.
    OnEvent: TypeAlias = Any
    OnText: TypeAlias = Any
    OnTwoTexts: TypeAlias = Any
else:
    OnEvent = rx.EventHandler[rx.event.no_args_event_spec]
    OnText = rx.EventHandler[_one_text]
    OnTwoTexts = rx.EventHandler[_two_texts]
