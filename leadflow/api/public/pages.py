"""Server-rendered pages: templates in, HTML out. Everything is escaped."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent / "templates"


def code_spans(text: str) -> Markup:
    """What stands in backticks, as code.

    >>> code_spans("Send `<a>`.")
    Markup('Send <code>&lt;a&gt;</code>.')
    """
    parts = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts)
    )


def links(text: str) -> Markup:
    """Lines that are an address, as links.

    >>> links("https://a.example/?b=<c>")
    Markup('<a class="lf-link" href="https://a.example/?b=&lt;c&gt;">https://a.example/?b=&lt;c&gt;</a>')
    """
    link = Markup('<a class="lf-link" href="{0}">{0}</a>')
    lines = text.splitlines()
    return Markup("\n").join(link.format(line) if line.startswith(("http://", "https://")) else line for line in lines)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code_spans"] = code_spans
    environment.filters["links"] = links
    return environment


def page(
    template: str, values: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    return HTMLResponse(_environment().get_template(template).render(values), status, headers)


def error_page(
    status: int, title: str, detail: str, headers: Mapping[str, str] | None = None, *, request_id: str = ""
) -> HTMLResponse:
    """Says what went wrong and how to go on."""
    return page("error.html", {"title": title, "detail": detail, "request_id": request_id}, status, headers)
