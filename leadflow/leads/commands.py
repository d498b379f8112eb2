"""Inputs of the use cases of leads. Unknown fields are refused, so that a typo is never silently lost."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
Slug = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Money = Annotated[int, Field(ge=0, le=10**13)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Za-z]{2})?$")]


class Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CaptureLead(Command):
    """A lead as it comes in. At least one of e-mail, phone and name."""

    name: Short = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=320)] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    company: Short = ""
    title: Short = ""
    source: Slug = "api"
    value: Money = 0
    currency: Currency = "EUR"
    country: Country = ""
    custom: dict[str, JsonValue] = Field(default_factory=dict)
    occurred_at: AwareDatetime | None = None


class SeenLead(Command):
    """What somebody saw of the fields that they change, null where there was nothing. Any text is taken: what was
    seen need not be what could be written.
    """

    name: Long | None = None
    email: Long | None = None
    phone: Long | None = None
    company: Long | None = None
    title: Long | None = None
    source: Long | None = None
    country: Long | None = None
    value: int | None = None
    currency: Long | None = None
    owner: UUID | None = None
    stage: Long | None = None


class UpdateLead(Command):
    """Fields to change: absent ones stay, those given as null are emptied.

    `seen` says what the caller saw in the fields that it changes: one that has become something else meanwhile is a
    conflict, and nothing is changed. `version` is stricter: nobody may have changed anything.
    """

    name: Short | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=320)] | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    company: Short | None = None
    title: Short | None = None
    source: Slug | None = None
    country: Country | None = None
    value: Money | None = None
    currency: Currency | None = None
    owner: UUID | None = None
    """None, given, takes the lead from whoever has it."""
    stage: Slug | None = None
    version: int | None = None
    seen: SeenLead | None = None


class RecordBehaviour(Command):
    """Something a lead did, as another system saw it. The lead is named by id, e-mail or phone."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
    lead_id: UUID | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=320)] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    occurred_at: AwareDatetime | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class LogActivity(Command):
    """Something one of us did with a lead. Who is mentioned in it is told."""

    kind: Literal["note", "call", "email", "meeting"]
    text: Long = ""
    outcome: Slug = ""
    mentions: tuple[UUID, ...] = Field(default=(), max_length=20, description="Ids of people")
    occurred_at: AwareDatetime | None = None


class CloseLead(Command):
    """How it ended."""

    outcome: Literal["won", "lost"]
    reason: Short = ""
    value: Money | None = None
    occurred_at: AwareDatetime | None = None
    seen_stage: Slug | None = None
    """Where the caller saw it: it ends from there, or is asked about."""
