"""A capture that is valid and normalised: what bulk capture takes."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import JsonValue

from leadflow.leads.models import IdentityKind
from leadflow.leads.repository import LeadRow
from leadflow.leads.rules import Identity, domain_of, search_words


class BulkRow(NamedTuple):
    """A tuple, because a frozen dataclass costs ten times as much to make, and there are a million of them.

    `phone` is as `leads.capture` stores it; `email_norm` and `phone_norm` are what the lead is recognised by.
    """

    name: str
    company: str
    title: str
    email: str
    phone: str
    country: str
    source: str
    value: int
    currency: str
    custom: Mapping[str, JsonValue]
    email_norm: str
    phone_norm: str

    def identities(self) -> list[Identity]:
        """What `rules.identities` says of the same input."""
        pairs = ((IdentityKind.EMAIL, self.email_norm), (IdentityKind.PHONE, self.phone_norm))
        return [(kind, value) for kind, value in pairs if value]

    def united_with(self, later: "BulkRow") -> "BulkRow":
        """This row, its gaps filled from a later one of the same lead."""
        return self._replace(
            name=self.name or later.name,
            company=self.company or later.company,
            title=self.title or later.title,
            email=self.email or later.email,
            phone=self.phone or later.phone,
            country=self.country or later.country,
            value=self.value or later.value,
            currency=later.currency if later.value and not self.value else self.currency,
            custom={**later.custom, **self.custom},
            email_norm=self.email_norm or later.email_norm,
        )

    def words(self) -> str:
        """What search looks through."""
        return search_words(self.name, self.email, self.phone, self.company)

    def as_lead(self, lead_id: UUID, at: datetime) -> LeadRow:
        return LeadRow(
            id=lead_id,
            name=self.name,
            company=self.company,
            title=self.title,
            email=self.email,
            phone=self.phone,
            domain=domain_of(self.email_norm),
            country=self.country,
            source=self.source,
            value=self.value,
            currency=self.currency,
            custom=self.custom,
            captured_at=at,
        )
