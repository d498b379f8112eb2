"""While scores are in alarm, leads that go by them wait, if that is what the organization wants; none is lost."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Scope
from leadflow.routing.conditions import Condition, holds, surely
from leadflow.routing.trust import service
from leadflow.routing.trust.commands import GoOn, StopOnAlarm
from leadflow.routing.trust.rules import WAITS
from leadflow.routing.trust.service import Standing
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import as_superuser, fold
from tests.routing.desk import ROUTING, happened, only, owners, proofs, routed, rule, some

COLD = {"field": "band", "operator": "is", "value": "cold"}
FROM_FAIR = {"field": "source", "operator": "is", "value": "fair"}

LEAF = st.builds(
    lambda field, value: {"field": field, "operator": "is", "value": value},
    st.sampled_from(["band", "source", "country"]), st.sampled_from(["hot", "cold", "a"]),
)  # fmt: skip
TREE = st.recursive(
    LEAF,
    lambda parts: st.one_of(
        st.lists(parts, max_size=3).map(lambda some: {"all": some}),
        st.lists(parts, max_size=3).map(lambda some: {"any": some}),
    ),
    max_leaves=6,
)


async def alarm(app: App, scope: Scope, alarm_id: UUID, *, stops: bool = True, over: bool = False) -> None:
    """What scoring tells the log."""
    data: dict[str, Any] = {"alarm": str(alarm_id), "cause": "error:more", "stops": stops, "says": "Something is wrong"}
    async with app.work(system_scope(scope.organization_id)) as work:
        work.record(Event("scoring.alarm_cleared" if over else "scoring.alarm_raised", data=data))


async def stop(app: App, scope: Scope, *, stops: bool = True) -> Standing:
    async with app.work(scope) as work:
        return await service.set_stop(work, StopOnAlarm(stops=stops))


async def go_on(app: App, scope: Scope, reason: str = "I have looked") -> Standing:
    async with app.work(scope) as work:
        return await service.go_on(work, GoOn(reason=reason))


async def standing(app: App, scope: Scope) -> Standing:
    async with app.reading(scope) as work:
        return await service.look(work)


def told(app: App, scope: Scope) -> list[tuple[str, Any, Any]]:
    with as_superuser(app.settings) as admin:
        return admin.execute(
            """
            SELECT kind, actor_id, data FROM event WHERE organization_id = %s AND kind IN ('routing.stop_set',
            'routing.gone_on') ORDER BY xid, seq
            """,
            (scope.organization_id,),
        ).fetchall()


@pytest.fixture
async def desk(app: App, floor: Floor) -> Floor:
    """Cold leads go to Nora, all others to Ole, if scores can be trusted."""
    await rule(app, floor.ada, conditions=COLD, pool=only(floor.nora))
    await rule(app, floor.ada, name="Rest", pool=only(floor.ole))
    return floor


class TestWaiting:
    async def test_without_the_wish_an_alarm_changes_nothing(self, app: App, desk: Floor) -> None:
        await alarm(app, desk.ada, uuid4())
        assert await routed(app, desk.ada) == [desk.nora.actor.id]

    async def test_without_an_alarm_the_wish_changes_nothing(self, app: App, desk: Floor) -> None:
        await stop(app, desk.ada)
        assert await routed(app, desk.ada) == [desk.nora.actor.id]

    async def test_an_alarm_that_does_not_touch_scores_changes_nothing(self, app: App, desk: Floor) -> None:
        await stop(app, desk.ada)
        await alarm(app, desk.ada, uuid4(), stops=False)
        assert await routed(app, desk.ada) == [desk.nora.actor.id]

    async def test_leads_wait_with_the_reason_and_go_when_it_is_over(self, app: App, desk: Floor) -> None:
        await stop(app, desk.ada)
        first, second = uuid4(), uuid4()
        for each in (first, second):
            await alarm(app, desk.ada, each)
        leads = await some(app, desk.ada, 3)
        assert await owners(app, desk.ada, leads) == [None] * 3
        assert [proof["how"] for proof in await proofs(app, desk.ada, leads[0])] == [WAITS]
        found = await standing(app, desk.ada)
        assert (found.trust.is_stopped, found.waiting) == (True, 3)
        await alarm(app, desk.ada, first, over=True)
        assert await owners(app, desk.ada, leads) == [None] * 3
        assert len(await proofs(app, desk.ada, leads[0])) == 1
        await alarm(app, desk.ada, second, over=True)
        assert await owners(app, desk.ada, leads) == [desk.nora.actor.id] * 3
        assert (await standing(app, desk.ada)).waiting == 0

    async def test_rules_that_do_not_ask_for_the_score_go_on(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, conditions=FROM_FAIR, pool=only(floor.ben))
        await rule(app, floor.ada, name="Cold ones", conditions=COLD, pool=only(floor.nora))
        await stop(app, floor.ada)
        await alarm(app, floor.ada, uuid4())
        assert await routed(app, floor.ada, source="fair") == [floor.ben.actor.id]
        assert await routed(app, floor.ada, source="web") == [None]

    async def test_a_rule_that_fails_whatever_the_score_is_passed_over(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, conditions={"all": [COLD, FROM_FAIR]}, pool=only(floor.nora))
        await rule(app, floor.ada, name="Rest", pool=only(floor.ole))
        await stop(app, floor.ada)
        await alarm(app, floor.ada, uuid4())
        assert await routed(app, floor.ada, source="web") == [floor.ole.actor.id]
        assert await routed(app, floor.ada, source="fair") == [None]

    async def test_the_wish_taken_back_lets_them_go(self, app: App, desk: Floor) -> None:
        await stop(app, desk.ada)
        await alarm(app, desk.ada, uuid4())
        leads = await some(app, desk.ada, 2)
        assert await owners(app, desk.ada, leads) == [None] * 2
        await stop(app, desk.ada, stops=False)
        assert await owners(app, desk.ada, leads) == [desk.nora.actor.id] * 2

    async def test_nobody_who_is_gone_between_alarm_and_end_is_forgotten(self, app: App, desk: Floor) -> None:
        """What the log says before the first batch is read is one batch; all of it counts."""
        await stop(app, desk.ada)
        gone = uuid4()
        await alarm(app, desk.ada, gone)
        leads = await some(app, desk.ada, 1)
        await alarm(app, desk.ada, gone, over=True)
        assert await owners(app, desk.ada, leads) == [desk.nora.actor.id]
        await happened(app, desk.ada, "routing.resumed", leads[0])
        assert await owners(app, desk.ada, leads) == [desk.nora.actor.id]


class TestGoingOn:
    async def test_somebody_has_looked_and_leads_go_by_their_scores(self, app: App, desk: Floor) -> None:
        await stop(app, desk.cleo)
        await alarm(app, desk.ada, uuid4())
        leads = await some(app, desk.ada, 2)
        assert await owners(app, desk.ada, leads) == [None] * 2
        found = await go_on(app, desk.cleo)
        assert (found.trust.is_stopped, found.trust.by_name, found.trust.reason) == (False, "Cleo", "I have looked")
        await go_on(app, desk.cleo, "again")
        assert await owners(app, desk.ada, leads) == [desk.nora.actor.id] * 2
        assert told(app, desk.ada) == [
            ("routing.stop_set", desk.cleo.actor.id, {"stops": True}),
            ("routing.gone_on", desk.cleo.actor.id, {"reason": "I have looked", "alarms": ["Something is wrong"]}),
        ]

    async def test_the_next_alarm_makes_them_wait_again(self, app: App, desk: Floor) -> None:
        await stop(app, desk.ada)
        for _ in range(2):
            await alarm(app, desk.ada, uuid4())
            assert await routed(app, desk.ada) == [None]
            await go_on(app, desk.ada)
            assert await routed(app, desk.ada) == [desk.nora.actor.id]

    async def test_it_is_for_those_who_assign(self, app: App, desk: Floor, mallory: Member) -> None:
        for asked in (stop, go_on, standing):
            with pytest.raises(Forbidden):
                await asked(app, desk.ben)
        await stop(app, desk.ada)
        await alarm(app, desk.ada, uuid4())
        await fold(app, desk.ada.organization_id, ROUTING)
        assert not (await standing(app, mallory)).trust.alarms
        await go_on(app, mallory)
        await stop(app, mallory, stops=False)
        assert (await standing(app, desk.ada)).trust.is_stopped


class TestSurely:
    @given(TREE, st.sampled_from(["hot", "cold", "a"]), st.sampled_from(["hot", "cold", "a"]))
    def test_it_is_what_holds_whatever_the_band(self, tree: dict[str, Any], source: str, country: str) -> None:
        condition = Condition.model_validate(tree)
        answers = {
            holds(condition, {"source": source, "country": country, "band": band}) for band in ("hot", "cold", "a", "")
        }
        facts = {"source": source, "country": country, "band": "hot"}
        said = surely(condition, facts, frozenset({"band"}))
        assert said is None or answers == {said}
        assert surely(condition, facts, frozenset()) is holds(condition, facts)
