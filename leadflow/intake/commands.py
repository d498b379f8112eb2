"""Inputs of hosted forms."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from leadflow.leads.commands import Command

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Slug = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9-]{0,80}$")]


class FormField(Command):
    """One question. A key that is none of a lead's own becomes a custom field of the lead."""

    key: Key
    label: Label = ""
    kind: Literal["text", "long"] = "text"
    required: bool = False


Fields = Annotated[tuple[FormField | Key, ...], Field(min_length=1, max_length=20)]


class CreateForm(Command):
    """`slug` is a wish: a random tail is added, so that addresses say nothing about other organizations."""

    title: Title
    fields: Fields
    slug: Slug = ""
    intro: Paragraph = ""
    consent_text: Paragraph = ""
    thanks: Paragraph = ""


class UpdateForm(Command):
    """What to change; what is absent stays. The address of a form never changes."""

    title: Title | None = None
    fields: Fields | None = None
    slug: Slug | None = None
    intro: Paragraph | None = None
    consent_text: Paragraph | None = None
    thanks: Paragraph | None = None
    is_open: bool | None = None


class SubmitForm(Command):
    """What a visitor sent, as it came. `id` is the page's own number, so that a second click changes nothing."""

    answers: Mapping[str, str]
    consented: bool = False
    campaign: Mapping[str, str] = Field(default_factory=dict)
    id: UUID | None = None
