"""How the demonstration's people look at their leads: views that are shared, and pinned by everybody."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from leadflow.kernel.scope import Actor, ActorKind
from leadflow.kernel.work import Work
from leadflow.views import saved
from leadflow.views.saved import SaveView, queries
from leadflow.views.saved.commands import Icon
from leadflow.views.saved.models import Layout


def _view(name: str, layout: Layout, icon: Icon, **params: str) -> SaveView:
    return SaveView(name=name, layout=layout, icon=icon, params=params, is_shared=True)


VIEWS: Final = (
    _view("My hot leads", Layout.LIST, "Flame", owner="me", band="hot"),
    _view("New this week", Layout.LIST, "Timer", captured="7d", sort="-captured_at"),
    _view("Nobody's yet", Layout.LIST, "User", owner="none"),
    _view("My board", Layout.BOARD, "User", owner="me"),
)


async def share(work: Work, owner: UUID, people: Sequence[UUID]) -> None:
    """The owner's views, as tabs of the owner and of these people; twice is once."""
    with work.acting_as(Actor(ActorKind.PERSON, owner)):
        known = {each["name"] for each in (await queries.listed(work)).items}
        made = [await saved.save(work, view) for view in VIEWS if view.name not in known]
    for person in dict.fromkeys((owner, *people)):
        with work.acting_as(Actor(ActorKind.PERSON, person)):
            for view in made:
                await saved.pin(work, view)
