"""What happens to a lead, in words that neither the product's tables nor any data set know about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

Scalar: TypeAlias = str | int | float | bool
TouchKind: TypeAlias = Literal["call", "email", "note", "meeting"]
Stage: TypeAlias = Literal["new", "contacted", "qualified", "proposal"]
Result: TypeAlias = Literal["won", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """`key` is how the organization itself recognises the person: the e-mail address, else the E.164 phone number.

    `ref` names this one step forever; as an idempotency key it makes a second run double nothing.
    """

    at: datetime
    key: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(_Step):
    """A person arrives, or arrives again. `value` is in minor units of `currency`."""

    name: str
    source: str | None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    title: str | None = None
    value: int | None = None
    currency: str | None = None
    country: str | None = None
    custom: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behave(_Step):
    """The person does something; `kind` is the name behind `behaviour.`."""

    kind: str
    data: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch(_Step):
    """A rep does something with the lead. `rep` is a rep's key, None where the data names nobody; `outcome` is what
    came of a call, where that is known.
    """

    kind: TouchKind
    text: str
    rep: str | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(_Step):
    """A rep moves the lead on. It is meant for a lead that is still in `was`; people may have been quicker."""

    was: Stage
    stage: Stage
    rep: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(_Step):
    """`reopens` says that the lead had been closed with the other result before."""

    result: Result
    reason: str | None = None
    value: int | None = None
    rep: str | None = None
    reopens: bool = False


Step: TypeAlias = Capture | Behave | Touch | Move | Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLead:
    """A lead as it stands in the organization: all that the simulator needs to go on with it after a restart."""

    key: str
    stage: Stage
    source: str | None = None
    value: int | None = None
    rep: str | None = None
