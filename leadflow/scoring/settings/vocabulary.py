"""What rules can be about, in words: attributes and behaviours that are known without looking at anybody's leads."""

from dataclasses import dataclass
from typing import Final

from leadflow.scoring.config import DEFAULT
from leadflow.scoring.features import TEAM
from leadflow.scoring.wording import sentence

_YES: Final = ("yes",)
_DEALS: Final = ("under 1k", "1k to 10k", "10k to 100k", "over 100k")


@dataclass(frozen=True, slots=True)
class Attribute:
    """`values` are all that it can have; empty: any word."""

    key: str
    label: str
    values: tuple[str, ...] = ()


ATTRIBUTES: Final = (
    Attribute("source", "Source"),
    Attribute("seniority", "Seniority, by job title", ("executive", "director", "manager", "staff", "student")),
    Attribute("has_company", "Company named", _YES),
    Attribute("has_email", "E-mail address left", _YES),
    Attribute("has_phone", "Phone number left", _YES),
    Attribute("email_kind", "Kind of e-mail address", ("business", "free", "role", "disposable")),
    Attribute("deliverable", "E-mail can be delivered", ("yes", "no", "unknown")),
    Attribute("mail_provider", "Mail provider"),
    Attribute("country", "Country, two letters"),
    Attribute("value", "Deal value, as it stands", _DEALS),
    Attribute("value_given", "Deal value, as the lead put it", _DEALS),
)
"""An organization's own fields are attributes as well: "custom:" and the field's name."""


def behaviours() -> dict[str, str]:
    """Names of behaviours by key; whatever else is reported of leads can have a rule too."""
    known = {rule.behaviour: rule.label for rule in DEFAULT.engagement}
    return known | {f"{TEAM}{what}": sentence(f"{TEAM}{what}") for what in ("call", "email")}
