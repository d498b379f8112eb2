"""Use cases of notifications: reading them, saying which are wanted, and forgetting what is old."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.notifications import queries, repository
from leadflow.notifications.errors import NotificationNotFound
from leadflow.notifications.jobs import tidy_at
from leadflow.notifications.rules import KEPT

AT_ONCE: Final = 500


async def mark_read(work: Work, notification_id: UUID) -> None:
    """Say that it was read, on all screens. Raises NotificationNotFound when it is not there, or not theirs to see."""
    await _mark(work, notification_id, work.clock.now())


async def mark_unread(work: Work, notification_id: UUID) -> None:
    """Take that back. Raises as `mark_read` does."""
    await _mark(work, notification_id, None)


async def _mark(work: Work, notification_id: UUID, at: datetime | None) -> None:
    work.scope.require(Permission.LEADS_READ)
    me = work.scope.person
    await queries.one(work, notification_id)
    if me is None:
        raise NotificationNotFound
    if await repository.set_read(work, me, [notification_id], at):
        work.notify([me])


async def mark_all_read(work: Work) -> list[UUID]:
    """Read all that somebody sees; what is out of their reach stays as it is. Says which were unread."""
    work.scope.require(Permission.LEADS_READ)
    me = work.scope.person
    if me is None:
        return []
    changed = await repository.set_read(work, me, await queries.unread_ids(work), work.clock.now())
    if changed:
        work.notify([me])
    return changed


async def mark_unread_again(work: Work, notification_ids: Sequence[UUID]) -> list[UUID]:
    """Take back that several were read; what is not theirs is passed over. Says which were read."""
    work.scope.require(Permission.LEADS_READ)
    me = work.scope.person
    if me is None:
        return []
    changed = await repository.set_read(work, me, notification_ids, None)
    if changed:
        work.notify([me])
    return changed


async def set_preference(work: Work, kind: str, *, in_app: bool) -> None:
    """Say whether notifications of a kind are wanted. What came before stays.

    Raises:
        Invalid: there is no such kind, or it is not for them.
        Forbidden: a key is nobody.

    """
    work.scope.require(Permission.LEADS_READ)
    if kind not in queries.offered(work.scope):
        raise Invalid(problems=[FieldProblem("kind", "Choose one of the kinds that are offered to you.")])
    if work.scope.person is None:
        raise Forbidden("Notifications are for people.")
    await repository.set_preference(work, work.scope.person, kind, in_app=in_app)


async def tidy(work: Work) -> None:
    """Forget what is older than it is kept, and come back when the next of it is; safe to repeat."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    await repository.forget(work, work.clock.now() - KEPT, AT_ONCE)
    if (oldest := await repository.oldest(work)) is not None:
        work.enqueue(tidy_at(oldest + KEPT))
