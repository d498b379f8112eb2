"""Pure decisions of leads: what makes two captures one person, and what a change means."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import phonenumbers
from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem
from leadflow.leads.models import IdentityKind, StageKind, Touch

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,255}")
MAX_CUSTOM_FIELDS = 60
MAX_CUSTOM_TEXT = 1000


def normalise_email(text: str) -> str:
    """The form under which an address is one person's: trimmed, composed, lower case; '' when it is no address.

    >>> normalise_email("  Ada@Example.COM ")
    'ada@example.com'
    >>> normalise_email("nobody")
    ''
    """
    address = unicodedata.normalize("NFKC", text).strip().casefold()
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain or domain.startswith(".") or domain.endswith("."):
        return ""
    return address if _EMAIL.fullmatch(address) else ""


def normalise_phone(text: str, country: str = "") -> str:
    """The number in E.164; '' when it cannot be one. `country` (ISO 3166 alpha-2) reads national numbers.

    >>> normalise_phone("+49 (30) 901820")
    '+4930901820'
    >>> normalise_phone("030 901820", "DE")
    '+4930901820'
    >>> normalise_phone("call me")
    ''
    """
    compact = _SEPARATORS.sub("", text.replace("(0)", ""))
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if compact.startswith("+"):
        return compact if _E164.fullmatch(compact) else ""
    if not country or not compact.isdigit():
        return ""
    try:
        number = phonenumbers.parse(compact, country.upper())
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164 if _E164.fullmatch(e164) else ""


def domain_of(email_norm: str) -> str:
    return email_norm.rpartition("@")[2]


Identity = tuple[IdentityKind, str]


def identities(email: str, phone: str, country: str) -> list[Identity]:
    """Under what a capture can be recognised, strongest first."""
    found: list[Identity] = []
    if address := normalise_email(email):
        found.append((IdentityKind.EMAIL, address))
    if number := normalise_phone(phone, country):
        found.append((IdentityKind.PHONE, number))
    return found


def contact_problems(name: str, email: str, phone: str, country: str) -> list[FieldProblem]:
    """What keeps this from being a lead: nothing to recognise or address it by, or an unreadable address."""
    problems = []
    if not (name.strip() or email.strip() or phone.strip()):
        problems.append(FieldProblem("email", "Give an e-mail address, a phone number or a name."))
    if email.strip() and not normalise_email(email):
        problems.append(FieldProblem("email", f"{email.strip()[:80]!r} is not an e-mail address."))
    if phone.strip() and not re.search(r"\d{4}", _SEPARATORS.sub("", phone)):
        problems.append(FieldProblem("phone", f"{phone.strip()[:40]!r} is not a phone number."))
    if country and not re.fullmatch(r"[A-Za-z]{2}", country):
        problems.append(FieldProblem("country", "Use a two-letter country code such as DE."))
    return problems


def custom_problems(custom: Mapping[str, JsonValue]) -> list[FieldProblem]:
    if len(custom) > MAX_CUSTOM_FIELDS:
        return [FieldProblem("custom", f"At most {MAX_CUSTOM_FIELDS} custom fields.")]
    return [
        FieldProblem(f"custom.{key[:60]}", f"Use text, a number or true/false, at most {MAX_CUSTOM_TEXT} characters.")
        for key, value in custom.items()
        if len(key) > MAX_CUSTOM_TEXT // 10
        or isinstance(value, list | dict)
        or (isinstance(value, str) and len(value) > MAX_CUSTOM_TEXT)
    ]


@dataclass(slots=True)
class Claims:
    """Who is who inside one batch: `place[i]` is the lead of row i, `owner` whose each identity is."""

    place: list[UUID] = field(default_factory=list)
    owner: dict[Identity, UUID] = field(default_factory=dict)


def claim(
    rows: Sequence[Sequence[Identity]], fresh: Sequence[UUID], known: Mapping[Identity, UUID] | None = None
) -> Claims:
    """Give each row the lead that its strongest known identity belongs to, else a fresh one.

    An identity belongs to whom `known` says, else to the first row that has it. So a batch comes out as if its rows
    had come one by one; and an e-mail address decides before a phone number, because phones are shared more often
    than inboxes.
    """
    claims = Claims(owner=dict(known or {}))
    for keys, new in zip(rows, fresh, strict=True):
        lead = next((claims.owner[key] for key in keys if key in claims.owner), new)
        claims.place.append(lead)
        for key in keys:
            claims.owner.setdefault(key, lead)
    return claims


def stops_the_clock(touch: Touch) -> bool:
    """Whether this activity reached out to the lead: a note is about them, not to them."""
    return touch is not Touch.NOTE


@dataclass(frozen=True, slots=True)
class Move:
    """What a change of stage means."""

    kind: str
    closes: bool
    reopens: bool


def move(from_kind: StageKind, to_kind: StageKind) -> Move:
    """The event of moving between stages, and whether it closes or reopens the lead."""
    match to_kind:
        case StageKind.WON:
            return Move("lead.won", closes=True, reopens=False)
        case StageKind.LOST:
            return Move("lead.lost", closes=True, reopens=False)
        case StageKind.OPEN if from_kind is not StageKind.OPEN:
            return Move("lead.reopened", closes=False, reopens=True)
        case _:
            return Move("lead.stage_changed", closes=False, reopens=False)


def search_words(name: str, email: str, phone: str, company: str) -> str:
    """What search looks through; a phone number without what separates its digits."""
    return folded(" ".join(filter(None, (name, email, phone_digits(phone), company))))[:2000]


def phone_digits(phone: str) -> str:
    """The number without what separates its digits."""
    return _SEPARATORS.sub("", phone)


def folded(text: str) -> str:
    """Lower case, and letters without their marks: as search compares."""
    if text.isascii():
        return text.lower()
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not "\u0300" <= letter <= "\u036f")
    return bare.casefold()


def is_too_early(occurred_at: datetime, now: datetime) -> bool:
    """An event from the future (beyond a minute of clock skew) is a mistake of the sender."""
    return (occurred_at - now).total_seconds() > 60
