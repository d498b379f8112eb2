"""Facts that were found out about a lead: each with its source, its age and how sure it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

Known = str | bool


class Key(StrEnum):
    EMAIL_VALID = "email_valid"
    EMAIL_DOMAIN = "email_domain"
    DOMAIN = "domain"
    EMAIL_KIND = "email_kind"
    DELIVERABLE = "deliverable"
    MAIL_PROVIDER = "mail_provider"
    COMPANY = "company"
    PHONE_VALID = "phone_valid"
    PHONE_TYPE = "phone_type"
    COUNTRY = "country"
    TIME_ZONE = "time_zone"


class Source(StrEnum):
    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    DNS = "dns"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of a lead; `confidence` is between 0 and 1."""

    key: str
    value: Known
    source: str
    at: datetime
    confidence: float

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "value": self.value,
            "source": self.source,
            "at": self.at.isoformat(),
            "confidence": self.confidence,
        }

    @classmethod
    def from_json(cls, key: str, stored: Mapping[str, object]) -> "Fact":
        """Reads what `to_json` wrote."""
        value = stored["value"]
        return cls(
            key=key,
            value=value if isinstance(value, bool) else str(value),
            source=str(stored["source"]),
            at=datetime.fromisoformat(str(stored["at"])),
            confidence=float(str(stored["confidence"])),
        )


def supersedes(found: Fact, known: Fact) -> bool:
    """Whether a new fact takes the place of an old one: never of what a person said, else the surer, then the newer."""
    if known.source == Source.PERSON:
        return found.source == Source.PERSON and found.at >= known.at
    if found.source == known.source:
        return found.at >= known.at
    return found.source == Source.PERSON or (found.confidence, found.at) > (known.confidence, known.at)


def merge(known: Mapping[str, Fact], found: Iterable[Fact]) -> dict[str, Fact]:
    """All that is known after an enrichment, by key."""
    merged = dict(known)
    for fact in found:
        before = merged.get(fact.key)
        if before is None or supersedes(fact, before):
            merged[fact.key] = fact
    return merged
