"""Learning anew from the log gives what was learned as it was written."""

import random
from typing import Any
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.scoring import relearning
from leadflow.scoring.past import repository as past
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import behave, capture, close, forget, live_a_little

EXAMPLES = "SELECT * FROM scoring_example WHERE organization_id = %s ORDER BY lead_id"
MODELS = "SELECT name, state, signature FROM model_snapshot WHERE organization_id = %s"


def learned(app: App, organization_id: UUID) -> tuple[list[Any], list[Any]]:
    with as_superuser(app.settings) as admin:
        return tuple(admin.execute(asked, (organization_id,)).fetchall() for asked in (MODELS, EXAMPLES))  # type: ignore[return-value]


def without_learner(app: App, organization_id: UUID) -> None:
    """As the release before left it: scores, and a learner that nobody reads any more."""
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE model_snapshot SET name = 'logistic' WHERE organization_id = %s", (organization_id,))
        admin.execute("DELETE FROM scoring_example WHERE organization_id = %s", (organization_id,))


def asked_for(app: App, organization_id: UUID) -> bool:
    with as_superuser(app.settings) as admin:
        found = admin.execute(
            "SELECT 1 FROM job WHERE organization_id = %s AND kind = 'scoring.relearn' AND state = 'ready'",
            (organization_id,),
        )
        return found.fetchone() is not None


async def relearn(app: App, organization_id: UUID) -> None:
    sign = signer(app.settings.secret_key.get_secret_value())
    await relearning.run(app, system_scope(organization_id), sign)


@pytest.mark.parametrize("at_once", [1000, 7])
async def test_it_is_what_was_learned_as_the_log_was_written(
    office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    await live_a_little(office, ben, clock, random.Random(at_once), 80)
    before = learned(office, ben.organization_id)
    assert len(before[1]) > 5
    monkeypatch.setattr(past, "AT_ONCE", at_once)
    for _ in range(2):
        await relearn(office, ben.organization_id)
        assert learned(office, ben.organization_id) == before


async def test_an_organization_whose_learner_is_gone_learns_anew(office: App, ben: Member, clock: FixedClock) -> None:
    await live_a_little(office, ben, clock, random.Random(1), 60)
    assert not asked_for(office, ben.organization_id)
    without_learner(office, ben.organization_id)
    await capture(office, ben, email="new@acme.example")
    await fold(office, ben.organization_id, "scoring")
    assert asked_for(office, ben.organization_id)
    await relearn(office, ben.organization_id)
    (models, examples) = learned(office, ben.organization_id)
    forget(office, ben.organization_id)
    await fold(office, ben.organization_id, "scoring")
    assert learned(office, ben.organization_id) == ([row for row in models if row[0] == "learner"], examples)


async def test_what_is_scored_meanwhile_is_learned_too(
    office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live_a_little(office, ben, clock, random.Random(2), 40)
    read, is_late = past.read, False

    async def and_then_something_happens(*told: Any) -> Any:
        nonlocal is_late
        found = await read(*told)
        if not found[0] and not is_late:
            is_late = True
            lead = await capture(office, ben, email="late@acme.example")
            await behave(office, ben, lead, "page_viewed")
            await close(office, ben, lead, "won")
            await fold(office, ben.organization_id, "scoring")
        return found

    monkeypatch.setattr(past, "read", and_then_something_happens)
    await relearn(office, ben.organization_id)
    found = learned(office, ben.organization_id)
    forget(office, ben.organization_id)
    await fold(office, ben.organization_id, "scoring")
    assert learned(office, ben.organization_id) == found


async def test_a_lead_that_is_gone_leaves_no_example(office: App, ben: Member, clock: FixedClock) -> None:
    gone, stays = [await capture(office, ben, email=f"{name}@acme.example") for name in ("ada", "grace")]
    await fold(office, ben.organization_id, "scoring")
    with as_superuser(office.settings) as admin:
        admin.execute("DELETE FROM lead WHERE id = %s", (gone,))
    await relearn(office, ben.organization_id)
    assert [row[1] for row in learned(office, ben.organization_id)[1]] == [stays]


async def test_it_is_for_those_who_may_and_touches_nobody_else(
    office: App, ben: Member, mallory: Member, clock: FixedClock
) -> None:
    for member in (ben, mallory):
        await live_a_little(office, member, clock, random.Random(3), 30)
    hers = learned(office, mallory.organization_id)
    await relearn(office, ben.organization_id)
    assert learned(office, mallory.organization_id) == hers
    blind = Scope(ben.organization_id, Actor(ActorKind.API_KEY), frozenset())
    with pytest.raises(Forbidden):
        await relearning.run(office, blind, signer("x"))
    async with office.work(blind) as work:
        with pytest.raises(Forbidden):
            relearning.ask(work)
