"""The audit trail as a projection: each sensitive event of the log becomes, once, the next entry of the chain."""

from collections.abc import Sequence

from leadflow.audit import repository, rules
from leadflow.audit.chain import Sign, digest, is_ours, sealed
from leadflow.audit.repository import NewEntry
from leadflow.kernel.errors import Permanent
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work

NAME = "audit"


class Audit:
    """Folds events into entries. The projector lets one worker at a time read an organization's log."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign

    def projection(self) -> Projection:
        return Projection(NAME, rules.KINDS, self.fold, batch=1000)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        """Add one organization's next entries, in order.

        Raises:
            Permanent: the end that is stored is not one of ours, and must not be signed as if it were.

        """
        head = await repository.head(work)
        if head.number and not is_ours(work.organization_id, head, self._sign):
            raise Permanent("The end of this audit trail was not signed here: run `leadflow audit verify`.")
        number, previous, added = head.number, head.hash, []
        for event, columns in await repository.unrecorded(work, events):
            number += 1
            hash_ = digest({**columns, "number": number, "previous_hash": previous})
            added.append(NewEntry(event, number, previous, hash_))
            previous = hash_
        if added:
            await repository.append(work, added, sealed(work.organization_id, number, previous, self._sign))
