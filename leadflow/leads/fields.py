"""What tells of each field of a lead: the columns, facts and words of the log that field rights keep back."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from leadflow.kernel.fields import OPEN, FieldRights, LeadField

COLUMNS: Final[Mapping[str, LeadField]] = {
    "email": LeadField.EMAIL,
    "domain": LeadField.EMAIL,
    "phone": LeadField.PHONE,
    "company": LeadField.COMPANY,
    "title": LeadField.TITLE,
    "country": LeadField.COUNTRY,
    "source": LeadField.SOURCE,
    "value": LeadField.VALUE,
    "currency": LeadField.VALUE,
    "custom": LeadField.CUSTOM,
}
"""Of the row, and of what the log says of it."""
FACTS: Final[Mapping[str, LeadField]] = {
    "email_valid": LeadField.EMAIL,
    "email_domain": LeadField.EMAIL,
    "email_kind": LeadField.EMAIL,
    "deliverable": LeadField.EMAIL,
    "mail_provider": LeadField.EMAIL,
    "domain": LeadField.EMAIL,
    "company": LeadField.COMPANY,
    "phone_valid": LeadField.PHONE,
    "phone_type": LeadField.PHONE,
    "country": LeadField.COUNTRY,
    "time_zone": LeadField.COUNTRY,
}
"""Of what was found out. What is in neither list is told to everybody."""
_SET: Final[Mapping[str, LeadField]] = {
    **{column: field for column, field in COLUMNS.items() if column != "domain"},
    "name": LeadField.NAME,
}


def visible(given: Mapping[str, Any], fields: FieldRights) -> dict[str, Any]:
    """A lead's columns and facts as somebody with these rights sees them: null instead of what is hidden."""
    if fields == OPEN:
        return dict(given)
    seen = {name: None if COLUMNS.get(name) in fields.hidden else value for name, value in given.items()}
    if "facts" in seen:
        seen["facts"] = _known(given["facts"], fields)
    return seen


def visible_data(data: Mapping[str, Any], fields: FieldRights) -> dict[str, Any]:
    """The data of an event without what is hidden."""
    if not fields.hidden:
        return dict(data)
    seen = {name: value for name, value in data.items() if COLUMNS.get(name) not in fields.hidden}
    if isinstance(changes := seen.get("changes"), Mapping):
        seen["changes"] = {name: each for name, each in changes.items() if COLUMNS.get(name) not in fields.hidden}
    if isinstance(facts := seen.get("facts"), Mapping):
        seen["facts"] = _known(facts, fields)
    if "score" in seen:
        seen.pop("reason", None)  # a score's words may be about any field
    return seen


def fields_of(columns: Iterable[str]) -> set[LeadField]:
    """The fields that are set when these columns are."""
    return {_SET[column] for column in columns if column in _SET}


def _known(facts: Mapping[str, Any], fields: FieldRights) -> dict[str, Any]:
    return {key: fact for key, fact in facts.items() if FACTS.get(key) not in fields.hidden}
