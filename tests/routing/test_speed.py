"""Speed to lead: what is due, who is asked next, and how long it took, in working time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, CloseLead, LogActivity
from leadflow.routing import projection, queries, service
from leadflow.routing.clock.queries import By, speed
from leadflow.routing.commands import DefineRule
from leadflow.routing.dealing import HAD_IT
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import fold
from tests.routing.desk import away, captured, owners, rule, some, suspend, works

MINUTE = timedelta(minutes=1)


class Shifted:
    """The clock of a moment to come."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@contextmanager
def later(app: App, by: timedelta) -> Iterator[None]:
    own, app.database.clock = app.database.clock, Shifted(by)
    try:
        yield
    finally:
        app.database.clock = own


async def struck(app: App, scope: Scope, by: timedelta = timedelta()) -> None:
    """What the job does when the moment has come."""
    with later(app, by):
        async with app.work(system_scope(scope.organization_id)) as work:
            projection.strike(work)
        await fold(app, scope.organization_id, "routing")


async def clock_of(app: App, scope: Scope, lead: UUID) -> dict[str, Any]:
    async with app.work(system_scope(scope.organization_id)) as work:
        found = await work.session.execute(
            text("""
                SELECT c.*, l.touch_due_at, l.touch_remind_at FROM lead l
                LEFT JOIN lead_clock c ON c.organization_id = l.organization_id AND c.lead_id = l.id
                WHERE l.id = :lead
            """),
            {"lead": lead},
        )
        return dict(found.mappings().one())


async def told(app: App, scope: Scope, lead: UUID) -> list[str]:
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(
            text("""
                SELECT kind FROM event WHERE lead_id = :lead
                AND kind IN ('lead.assigned', 'lead.reminded', 'lead.breached') ORDER BY seq
            """),
            {"lead": lead},
        )
        return list(rows.scalars())


async def call(app: App, scope: Scope, lead: UUID, at: datetime | None = None) -> None:
    async with app.work(scope) as work:
        await leads.log_activity(work, lead, LogActivity(kind="call", outcome="reached", occurred_at=at))
    await fold(app, scope.organization_id, "routing")


def promise(minutes: int = 15, *fallbacks: Member, **more: Any) -> dict[str, Any]:
    return {"minutes": minutes, "fallbacks": [{"people": [str(each.actor.id)]} for each in fallbacks], **more}


async def inbound(app: App, floor: Floor, *fallbacks: Member, **more: Any) -> None:
    """Ben has a quarter of an hour."""
    await rule(
        app,
        floor.ada,
        name="Inbound",
        pool={"people": [str(floor.ben.actor.id)]},
        promise=promise(15, *fallbacks, **more),
    )


async def new_lead(app: App, scope: Scope, **fields: Any) -> UUID:
    (lead,) = await some(app, scope, 1, **fields)
    await fold(app, scope.organization_id, "routing")
    return lead


async def test_the_clock_runs_from_the_moment_a_lead_is_given_to_somebody(app: App, floor: Floor) -> None:
    await inbound(app, floor, remind_before=5)
    before = datetime.now(UTC)
    lead = await new_lead(app, floor.ada)
    clock = await clock_of(app, floor.ada, lead)
    assert before + 15 * MINUTE <= clock["due_at"] <= datetime.now(UTC) + 15 * MINUTE
    assert clock["touch_due_at"] == clock["due_at"]
    assert clock["next_at"] == clock["touch_remind_at"] == clock["due_at"] - 5 * MINUTE


async def test_reminded_then_passed_on_from_one_fallback_to_the_next(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora, floor.ole, remind_before=5)
    lead = await new_lead(app, floor.ada)
    await struck(app, floor.ada, 9 * MINUTE)
    assert await told(app, floor.ada, lead) == ["lead.assigned"]
    await struck(app, floor.ada, 11 * MINUTE)
    await struck(app, floor.ada, 12 * MINUTE)
    assert await told(app, floor.ada, lead) == ["lead.assigned", "lead.reminded"]
    for minutes, owner in ((16, floor.nora), (32, floor.ole), (48, floor.ole), (64, floor.ole)):
        await struck(app, floor.ada, minutes * MINUTE)
        assert await owners(app, floor.ada, [lead]) == [owner.actor.id], minutes
    kinds = await told(app, floor.ada, lead)
    assert kinds.count("lead.assigned") == 3
    assert kinds.count("lead.breached") == 3, "the last one has nobody to go to, and is told all the same"
    clock = await clock_of(app, floor.ada, lead)
    assert (clock["step"], clock["next_at"]) == (2, None)


async def test_it_is_proved_who_was_left_out_because_they_had_it(app: App, floor: Floor) -> None:
    await rule(
        app, floor.ada, name="Inbound", pool={"people": [str(floor.ben.actor.id)]},
        promise={"minutes": 15, "fallbacks": [{"people": [str(each.actor.id) for each in (floor.ben, floor.nora)]}]},
    )  # fmt: skip
    lead = await new_lead(app, floor.ada)
    await struck(app, floor.ada, 16 * MINUTE)
    async with app.work(floor.ada) as work:
        latest, _ = await queries.proofs(work, lead)
    assert latest["rule_name"] == "Inbound, fall-back 1"
    assert {each["name"]: each.get("out") for each in latest["candidates"]} == {"Ben": HAD_IT, "Nora": None}


async def test_a_fallback_without_anybody_is_passed_over(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora, floor.ole)
    await away(app, floor.nora)
    lead = await new_lead(app, floor.ada)
    await struck(app, floor.ada, 16 * MINUTE)
    assert await owners(app, floor.ada, [lead]) == [floor.ole.actor.id]
    assert (await clock_of(app, floor.ada, lead))["step"] == 2


async def test_with_nobody_else_it_stays_and_is_late(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora)
    await suspend(app, floor.ada, floor.nora)
    lead = await new_lead(app, floor.ada)
    await struck(app, floor.ada, 16 * MINUTE)
    assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]
    assert (await clock_of(app, floor.ada, lead))["breached_at"] is not None
    await struck(app, floor.ada, 40 * MINUTE)
    assert (await told(app, floor.ada, lead)).count("lead.breached") == 1


@pytest.mark.parametrize("ended", ["called", "won"])
async def test_nothing_is_due_from_a_lead_that_was_called_or_closed(app: App, floor: Floor, ended: str) -> None:
    await inbound(app, floor, floor.nora)
    lead = await new_lead(app, floor.ada)
    if ended == "called":
        await call(app, floor.ben, lead)
    else:
        async with app.work(floor.ben) as work:
            await leads.close(work, lead, CloseLead(outcome="won"))
    await struck(app, floor.ada, 16 * MINUTE)
    assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]
    assert await told(app, floor.ada, lead) == ["lead.assigned"]


async def test_a_note_is_no_answer(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora)
    lead = await new_lead(app, floor.ada)
    async with app.work(floor.ben) as work:
        await leads.log_activity(work, lead, LogActivity(kind="note", text="Looks good"))
    await struck(app, floor.ada, 16 * MINUTE)
    assert await owners(app, floor.ada, [lead]) == [floor.nora.actor.id]


async def test_it_is_still_measured_after_the_breach(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora)
    lead = await new_lead(app, floor.ada)
    await struck(app, floor.ada, 16 * MINUTE)
    with later(app, 40 * MINUTE):
        await call(app, floor.nora, lead)
    clock = await clock_of(app, floor.ada, lead)
    assert clock["worked_s"] == pytest.approx(2400, abs=60)
    async with app.work(floor.ada) as work:
        report = await speed(work, By.PERSON, 30)
    (nora,) = report["items"]
    assert (nora["name"], nora["leads"], nora["answered"], nora["promised"], nora["breached"]) == ("Nora", 1, 1, 1, 1)
    assert nora["median_s"] == nora["p90_s"] == clock["worked_s"]


async def test_an_answer_after_the_end_is_a_breach_even_if_nobody_had_looked(app: App, floor: Floor) -> None:
    await inbound(app, floor)
    lead = await new_lead(app, floor.ada)
    with later(app, 20 * MINUTE):
        await call(app, floor.ben, lead)
    assert (await clock_of(app, floor.ada, lead))["breached_at"] is not None


async def test_only_working_time_counts(app: App, floor: Floor) -> None:
    """Ben works for an hour at the same time tomorrow, and not before: nobody else is there, so he gets it now."""
    now = datetime.now(UTC)
    tomorrow = (now + timedelta(days=1)).strftime("%A").lower()
    await works(app, floor.ada, floor.ben, {"hours": {tomorrow: [["10:00", "11:00"]]}, "time_zone": "UTC"})
    await inbound(app, floor)
    lead = await new_lead(app, floor.ada)
    clock = await clock_of(app, floor.ada, lead)
    opens = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    assert clock["due_at"] == opens + 15 * MINUTE
    with later(app, opens + 10 * MINUTE - now):
        await call(app, floor.ben, lead)
    assert (await clock_of(app, floor.ada, lead))["worked_s"] == pytest.approx(600, abs=30)


async def test_leads_without_a_promise_are_measured_too(app: App, floor: Floor) -> None:
    lead = await new_lead(app, floor.ada, source="fair")
    with later(app, 3 * MINUTE):
        await call(app, floor.ada, lead)
    async with app.work(floor.ada) as work:
        report = await speed(work, By.SOURCE, 30)
    (fair,) = report["items"]
    assert (fair["key"], fair["promised"], fair["breached"]) == ("fair", 0, 0)
    assert fair["median_s"] == pytest.approx(180, abs=30)
    assert report["total"]["leads"] == 1


async def test_an_old_lead_is_promised_nothing(app: App, floor: Floor) -> None:
    await inbound(app, floor)
    old = datetime.now(UTC) - timedelta(days=30)
    (lead,) = await captured(app, floor.ada, CaptureLead(name="Old", email="old@lead.example", occurred_at=old))
    await fold(app, floor.ada.organization_id, "routing")
    assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]
    assert (await clock_of(app, floor.ada, lead))["touch_due_at"] is None


async def test_a_removed_rule_passes_nothing_on(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora)
    lead = await new_lead(app, floor.ada)
    async with app.work(floor.ada) as work:
        (known,) = await service.rules(work)
        await service.remove(work, known.id)
    await struck(app, floor.ada, 16 * MINUTE)
    assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]


async def test_many_at_once_are_all_passed_on_each_once(app: App, floor: Floor) -> None:
    await inbound(app, floor, floor.nora)
    fresh = await some(app, floor.ada, 450)
    await fold(app, floor.ada.organization_id, "routing")
    for _ in range(3):  # each says itself that there is more; the job that it asks for is not run here
        await struck(app, floor.ada, 16 * MINUTE)
    assert set(await owners(app, floor.ada, fresh)) == {floor.nora.actor.id}
    async with app.work(system_scope(floor.ada.organization_id)) as work:
        said = "SELECT lead_id, count(*) FROM event WHERE kind = 'lead.breached' GROUP BY 1 HAVING count(*) <> 1"
        assert (await work.session.execute(text(said))).all() == []


async def test_the_report_reaches_as_far_as_whoever_asks(app: App, floor: Floor, mallory: Member) -> None:
    await inbound(app, floor)
    lead = await new_lead(app, floor.ada)
    await call(app, floor.ben, lead)
    seen = {}
    for member in (floor.ada, floor.cleo, floor.nora, mallory):
        async with app.work(member) as work:
            seen[member] = (await speed(work, By.PERSON, 30))["total"]["leads"]
    assert list(seen.values()) == [1, 1, 0, 0]


async def test_a_fallback_names_people_of_the_organization(app: App, floor: Floor, mallory: Member) -> None:
    with pytest.raises(Invalid) as refused:
        await inbound(app, floor, mallory)
    assert [each.field for each in refused.value.problems] == ["promise.fallbacks.0.people"]


async def test_a_rep_promises_nothing(app: App, floor: Floor) -> None:
    async with app.work(floor.ben) as work:
        with pytest.raises(Forbidden):
            await service.define(work, DefineRule.model_validate({"name": "Mine", "promise": promise()}))
