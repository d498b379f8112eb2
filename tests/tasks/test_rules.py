"""Who reaches a task: the rule and the statement agree, whoever asks."""

from itertools import product

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.ids import new_id
from leadflow.kernel.reach import ALL, NOTHING, Reach
from leadflow.tasks.errors import TaskNotFound
from leadflow.tasks.rules import Standing, reaches
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.tasks.desk import add, change, look, me

BEN, NORA, TEAM = new_id(), new_id(), new_id()


@pytest.mark.parametrize("reach", [ALL, NOTHING, Reach(frozenset({TEAM})), Reach(frozenset(), BEN)])
def test_ones_own_and_what_one_has_asked_for_is_always_reached(reach: Reach) -> None:
    assert reaches(reach, BEN, Standing(BEN))
    assert reaches(reach, BEN, Standing(NORA, creator=BEN, has_lead=True))


def test_others_tasks_are_reached_through_the_lead_or_else_through_the_assignee() -> None:
    reach = Reach(frozenset({TEAM}))
    assert reaches(reach, BEN, Standing(NORA, has_lead=True, lead_team=TEAM))
    assert not reaches(reach, BEN, Standing(NORA, assignee_team=TEAM, has_lead=True))
    assert reaches(reach, BEN, Standing(NORA, assignee_team=TEAM))
    assert not reaches(reach, BEN, Standing(NORA))
    assert not reaches(reach, None, Standing(NORA))


async def sees(app: App, member: Member, task: object) -> bool:
    try:
        await look(app, member, task)  # type: ignore[arg-type]
    except TaskNotFound:
        return False
    return True


async def changes(app: App, member: Member, task: object) -> bool:
    try:
        await change(app, member, task, note="seen")  # type: ignore[arg-type]
    except (TaskNotFound, Forbidden):
        return False
    return True


async def test_everybody_sees_and_changes_what_their_place_says(office: App, floor: Floor) -> None:
    """Ben sells in Berlin, which is below Cleo's Central; Nora and Ole sell in North; Rita is in no team."""
    lead = await given_to(office, floor, floor.ben, "Grace")
    of_lead = await add(office, floor.ben, lead=lead)
    of_none = await add(office, floor.ben)
    asked = await add(office, floor.ada, assignee=me(floor.nora), lead=lead)
    people = (floor.ada, floor.cleo, floor.ben, floor.nora, floor.ole, floor.rita)
    expected = {
        of_lead: {floor.ada.name, floor.cleo.name, floor.ben.name},
        of_none: {floor.ada.name, floor.cleo.name, floor.ben.name},
        asked: {floor.ada.name, floor.cleo.name, floor.ben.name, floor.nora.name},
    }
    for task, member in product(expected, people):
        assert await sees(office, member, task) is (member.name in expected[task]), (member.name, task)
        assert await changes(office, member, task) is (member.name in expected[task]), (member.name, task)


async def test_of_a_lead_out_of_reach_its_task_tells_nothing(office: App, floor: Floor) -> None:
    lead = await given_to(office, floor, floor.ben, "Grace")
    task = await look(office, floor.nora, await add(office, floor.ada, assignee=me(floor.nora), lead=lead))
    assert (task["lead"], task["lead_name"], task["lead_company"]) == (None, None, None)
