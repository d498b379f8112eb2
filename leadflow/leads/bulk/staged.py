"""A chunk on its way into the database, and how it is settled once it is known who exists already. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from leadflow.leads import rules
from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.models import IdentityKind
from leadflow.leads.rules import Identity


@dataclass(slots=True)
class ChunkClaims:
    """Who is who inside one chunk: `place[i]` is the number of the row that row `i` is one lead with."""

    place: list[int] = field(default_factory=list)
    emails: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)

    def by_kind(self) -> tuple[tuple[IdentityKind, dict[str, int]], ...]:
        return (IdentityKind.EMAIL, self.emails), (IdentityKind.PHONE, self.phones)

    def place_of(self, identity: Identity) -> int:
        kind, value = identity
        return (self.emails if kind is IdentityKind.EMAIL else self.phones)[value]


@dataclass(slots=True)
class Staged:
    """A chunk of rows, ready to be sent. `ids[i]` is the tentative lead that row `i` would become.

    `inherited` are the identities that chunks before this one claim, perhaps without having committed yet: asking the
    database for them would mean to wait. `late` are the rows that share an identity with somebody who exists already,
    with their leads; only claiming tells. All other rows are written as they were staged.
    """

    rows: Sequence[BulkRow]
    ids: Sequence[str]
    claims: ChunkClaims
    captures: bytes
    identities: bytes
    inherited: "dict[Identity, Staged]"
    late: list[tuple[UUID, BulkRow]] = field(default_factory=list)
    late_known: frozenset[UUID] = frozenset()
    gone: list[str] = field(default_factory=list)
    owners: dict[Identity, UUID] = field(default_factory=dict)

    def owner_of(self, identity: Identity) -> UUID:
        """Whose an identity of this chunk is, once it is claimed."""
        return self.owners.get(identity) or UUID(self.ids[self.claims.place_of(identity)])

    def settle(self, known: Mapping[Identity, UUID]) -> dict[Identity, UUID]:
        """Resolve again every row that is tied to a `known` identity, as if rows had come one by one.

        Returns the identities that were claimed for another lead than they belong to after all.
        """
        disturbed = {self.claims.place_of(identity) for identity in known}
        numbers = [number for number, place in enumerate(self.claims.place) if place in disturbed]
        keys = [self.rows[number].identities() for number in numbers]
        settled_before = dict(known) | dict(self._undisturbed(keys, disturbed))
        settled = rules.claim(keys, [UUID(self.ids[number]) for number in numbers], settled_before)
        self.owners = settled.owner
        self.late = [(lead, self.rows[number]) for lead, number in zip(settled.place, numbers, strict=True)]
        self.late_known = frozenset(settled_before.values())
        self.gone = [self.ids[place] for place in disturbed]
        return {
            key: lead
            for key, lead in settled.owner.items()
            if key not in settled_before and self.ids[self.claims.place_of(key)] != str(lead)
        }

    def _undisturbed(self, keys: Sequence[Sequence[Identity]], disturbed: set[int]) -> Iterator[tuple[Identity, UUID]]:
        """Identities that disturbed rows share with leads that are new and stay so."""
        for row in keys:
            for key in row:
                place = self.claims.place_of(key)
                if place not in disturbed:
                    yield key, UUID(self.ids[place])
