"""Pure decisions of hosted forms: which questions there are, and what may be an answer."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadflow.intake.commands import FormField
from leadflow.kernel.errors import FieldProblem

CAMPAIGN_KEYS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
MAX_CAMPAIGN_TEXT = 200
MAX_CUSTOM_TEXT = 1000
SOURCE_PREFIX = "form:"
MAX_SOURCE = 80
RESERVED = frozenset({"website", "consent", "form_page", *CAMPAIGN_KEYS})
"""Names that the page uses for itself; `website` is the trap that only machines fill in."""

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Standard:
    """A question about a lead's own fields."""

    label: str
    longest: int
    input_type: str = "text"
    autocomplete: str = ""
    is_long: bool = False


STANDARD: Mapping[str, Standard] = {
    "name": Standard("Name", 200, autocomplete="name"),
    "email": Standard("E-mail", 320, "email", "email"),
    "phone": Standard("Phone", 40, "tel", "tel"),
    "company": Standard("Company", 200, autocomplete="organization"),
    "title": Standard("Job title", 200, autocomplete="organization-title"),
    "message": Standard("Message", 5000, is_long=True),
}
LEAD_FIELDS = ("name", "email", "phone", "company", "title")
CUSTOM = Standard("", MAX_CUSTOM_TEXT)


def standard(key: str) -> Standard:
    return STANDARD.get(key, CUSTOM)


def questions(fields: Iterable[FormField | str]) -> list[FormField]:
    """The form's questions in full: a bare key is its usual question; an e-mail address is always asked for sure."""
    full = []
    for given in fields:
        field = FormField(key=given, required=given == "email") if isinstance(given, str) else given
        known = standard(field.key)
        label = field.label or known.label or field.key.replace("_", " ").capitalize()
        full.append(field.model_copy(update={"label": label, "kind": "long" if known.is_long else field.kind}))
    return full


def form_problems(fields: Sequence[FormField]) -> list[FieldProblem]:
    """What keeps these questions from being a form that can bring in a lead."""
    keys = [field.key for field in fields]
    problems = []
    if len(set(keys)) < len(keys):
        problems.append(FieldProblem("fields", "Ask for each thing once."))
    if taken := sorted(RESERVED.intersection(keys)):
        problems.append(FieldProblem("fields", f"{', '.join(taken)} cannot be the key of a field."))
    if not {"email", "phone"}.intersection(keys):
        problems.append(FieldProblem("fields", "Ask for an e-mail address or a phone number."))
    return problems


def slug_of(title: str) -> str:
    """The readable part of an address.

    >>> slug_of("Über uns: Kontakt!")
    'uber-uns-kontakt'
    """
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", ascii_).strip("-")[:50].strip("-") or "form"


def source_of(title: str) -> str:
    return f"{SOURCE_PREFIX}{slug_of(title)}"[:MAX_SOURCE]


def text_problem(text: str, *, many_lines: bool, longest: int, plain: bool = False) -> str:
    """Why this cannot be an answer; '' when it can. `plain` text (addresses, numbers) has no invisible characters."""
    if len(text) > longest:
        return f"Use at most {longest} characters."
    allowed = "\n\r\t" if many_lines else ""
    if any(unicodedata.category(c) == "Cc" and c not in allowed for c in text):
        return "This contains characters that cannot be stored, such as a line break or a control character."
    if any(c in _BIDI or c in _INVISIBLE or (plain and unicodedata.category(c) == "Cf") for c in text):
        return "This contains invisible characters. Type it instead of pasting it."
    return ""


def read(fields: Sequence[FormField], sent: Mapping[str, str]) -> tuple[dict[str, str], list[FieldProblem]]:
    """The answers to the form's questions, trimmed, and what is wrong with them. Anything else that came is dropped."""
    answers, problems = {}, []
    for field in fields:
        known = standard(field.key)
        text = sent.get(field.key, "").strip()
        problem = text_problem(
            text, many_lines=field.kind == "long", longest=known.longest, plain=field.key in {"email", "phone"}
        )
        if not text and field.required:
            problem = f"Please fill in: {field.label}."
        if problem:
            problems.append(FieldProblem(field.key, problem))
        elif text:
            answers[field.key] = text
    return answers, problems


def campaign(sent: Mapping[str, str]) -> dict[str, str]:
    """The utm_* words that came along; what is not plain short text is left out rather than refused."""
    return {
        key: sent[key][:MAX_CAMPAIGN_TEXT]
        for key in CAMPAIGN_KEYS
        if sent.get(key) and not text_problem(sent[key], many_lines=False, longest=10_000)
    }
