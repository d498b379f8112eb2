"""Looking leads up: once per domain, twice without harm, and never more certain than the world has said."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.enrichment import service
from leadflow.enrichment.facts import Key
from leadflow.enrichment.ports import MxResolver, MxResult, MxStatus
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
GOOGLE = MxResult(MxStatus.HAS_MX, ("aspmx.l.google.com",))
BERLIN = "+4930901820"


@dataclass
class Directory:
    """Answers from a list, notes who was asked for and how many at a time; unknown is whoever is not on it."""

    answers: Mapping[str, MxResult] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0

    async def lookup(self, domain: str) -> MxResult:
        self.asked.append(domain)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        return self.answers.get(domain, MxResult(MxStatus.UNKNOWN, reason="no answer in time"))


async def capture(app: App, scope: Scope, *commands: CaptureLead) -> list[UUID]:
    async with app.work(scope) as work:
        return [captured.lead_id for captured in await leads.capture_valid(work, commands)]


async def enrich(app: App, scope: Scope, lead_ids: Sequence[UUID], resolver: MxResolver, at: datetime = NOON) -> None:
    """What the worker does: read, ask with no transaction open, store."""
    async with app.work(scope) as work:
        found = await service.contacts(work, lead_ids)
    known = await service.look_up(found, resolver, at)
    async with app.work(scope) as work:
        await service.store(work, known)


async def facts(app: App, scope: Scope, lead_id: UUID) -> dict[str, Any]:
    async with app.work(system_scope(scope.organization_id)) as work:
        row = await work.session.execute(text("SELECT facts FROM lead WHERE id = :id"), {"id": lead_id})
        return {key: fact["value"] for key, fact in row.scalar_one().items()}


async def country(app: App, scope: Scope, lead_id: UUID) -> str:
    async with app.work(system_scope(scope.organization_id)) as work:
        row = await work.session.execute(text("SELECT country FROM lead WHERE id = :id"), {"id": lead_id})
        return str(row.scalar_one())


async def told(app: App, scope: Scope) -> list[tuple[UUID, set[str]]]:
    """Which leads the timeline says were enriched, in order, and with what."""
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT lead_id, data -> 'facts' FROM event WHERE kind = 'lead.enriched' ORDER BY xid, seq")
        )
        return [(lead, set(found)) for lead, found in rows]


@pytest.fixture
async def zoe(app: App, ada: Member) -> UUID:
    """A lead with a business address and a number in Berlin."""
    (lead,) = await capture(app, ada, CaptureLead(name="Zoe", email="zoe@straylight.io", phone=BERLIN))
    return lead


async def test_what_is_found_out_is_stored_and_told(app: App, ada: Member, zoe: UUID) -> None:
    await enrich(app, ada, [zoe], Directory({"straylight.io": GOOGLE}))
    known = await facts(app, ada, zoe)
    assert known[Key.DELIVERABLE] == "yes"
    assert known[Key.MAIL_PROVIDER] == "Google Workspace"
    assert known[Key.COMPANY] == "Straylight"
    assert known[Key.COUNTRY] == "DE"
    assert await told(app, ada) == [(zoe, set(known))]


async def test_looking_up_again_what_has_not_changed_records_nothing(app: App, ada: Member, zoe: UUID) -> None:
    world = Directory({"straylight.io": GOOGLE})
    await enrich(app, ada, [zoe], world)
    before = await told(app, ada)
    await enrich(app, ada, [zoe], world, NOON + timedelta(days=1))
    assert await told(app, ada) == before


async def since(app: App, scope: Scope, lead: UUID) -> list[datetime]:
    """When the timeline says that a lead was looked up."""
    async with app.work(system_scope(scope.organization_id)) as work:
        asked = text("SELECT occurred_at FROM event WHERE kind = 'lead.enriched' AND lead_id = :id ORDER BY xid, seq")
        return list((await work.session.execute(asked, {"id": lead})).scalars())


@pytest.mark.parametrize("days", [0, 400])
async def test_what_is_found_first_counts_from_when_the_lead_came_in(app: App, ada: Member, days: int) -> None:
    now = app.database.clock.now()
    came = now - timedelta(days=days)
    (lead,) = await capture(app, ada, CaptureLead(email="zoe@straylight.io", occurred_at=came))
    await enrich(app, ada, [lead], Directory())
    await enrich(app, ada, [lead], Directory({"straylight.io": GOOGLE}))
    first, second = await since(app, ada, lead)
    assert first == came if days else first >= came
    assert now <= second <= app.database.clock.now()


async def test_only_what_is_new_is_told_the_second_time(app: App, ada: Member, zoe: UUID) -> None:
    await enrich(app, ada, [zoe], Directory())
    await enrich(app, ada, [zoe], Directory({"straylight.io": GOOGLE}), NOON + timedelta(days=1))
    assert (await told(app, ada))[1:] == [(zoe, {Key.DELIVERABLE, Key.MAIL_PROVIDER})]


async def test_two_workers_with_the_same_lead_leave_one_set_of_facts(app: App, ada: Member, zoe: UUID) -> None:
    world = Directory({"straylight.io": GOOGLE})
    await asyncio.gather(*(enrich(app, ada, [zoe], world) for _ in range(4)))
    assert (await facts(app, ada, zoe))[Key.DELIVERABLE] == "yes"


async def test_each_domain_is_asked_once_however_many_leads_it_has(app: App, ada: Member) -> None:
    addresses = ["a@one.io", "b@one.io", "C@ONE.io", "d@two.io", "no address"]
    async with app.work(ada) as work:
        captured = await leads.capture_valid(work, [CaptureLead(name="x", email=address) for address in addresses])
    world = Directory()
    await enrich(app, ada, [each.lead_id for each in captured], world)
    assert sorted(world.asked) == ["one.io", "two.io"]


async def test_only_so_many_are_asked_at_a_time(app: App, ada: Member) -> None:
    commands = [CaptureLead(email=f"a@firm{number}.io") for number in range(3 * service.AT_ONCE)]
    world = Directory()
    await enrich(app, ada, await capture(app, ada, *commands), world)
    assert len(world.asked) == len(commands)
    assert world.most_at_once == service.AT_ONCE


@pytest.mark.parametrize("domain", ["acme.example", "mail.example.com", "acme.test"])
async def test_names_reserved_for_documentation_are_never_asked(app: App, ada: Member, domain: str) -> None:
    (lead,) = await capture(app, ada, CaptureLead(email=f"zoe@{domain}"))
    world = Directory({domain: GOOGLE})
    await enrich(app, ada, [lead], world)
    assert world.asked == []
    assert (await facts(app, ada, lead))[Key.DELIVERABLE] == "unknown"


async def test_what_cannot_be_reached_stays_unknown(app: App, ada: Member, zoe: UUID) -> None:
    for day in range(2):
        await enrich(app, ada, [zoe], Directory(), NOON + timedelta(days=day))
        known = await facts(app, ada, zoe)
        assert known[Key.DELIVERABLE] == "unknown"
        assert Key.MAIL_PROVIDER not in known


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(MxStatus.NO_DOMAIN, "no"), (MxStatus.NULL_MX, "no"), (MxStatus.NO_MX, "no"), (MxStatus.IMPLICIT, "unknown")],
)
async def test_an_answer_without_a_mail_server_is_weighed(
    app: App, ada: Member, zoe: UUID, status: MxStatus, verdict: str
) -> None:
    await enrich(app, ada, [zoe], Directory({"straylight.io": MxResult(status)}))
    assert (await facts(app, ada, zoe))[Key.DELIVERABLE] == verdict


@pytest.mark.parametrize(("given", "kept"), [("", "DE"), ("FR", "FR")])
async def test_a_country_is_filled_in_and_never_corrected(app: App, ada: Member, given: str, kept: str) -> None:
    (lead,) = await capture(app, ada, CaptureLead(phone=BERLIN, country=given))
    await enrich(app, ada, [lead], Directory())
    assert await country(app, ada, lead) == kept


async def test_a_number_that_could_not_be_read_says_nothing(app: App, ada: Member) -> None:
    (lead,) = await capture(app, ada, CaptureLead(phone="030 901820"))
    await enrich(app, ada, [lead], Directory())
    assert await facts(app, ada, lead) == {}
    assert await told(app, ada) == []


async def test_leads_that_went_meanwhile_are_left_out(app: App, ada: Member, zoe: UUID) -> None:
    (gone,) = await capture(app, ada, CaptureLead(email="gone@straylight.io"))
    async with app.work(ada) as work:
        found = await service.contacts(work, [zoe, gone])
        await work.session.execute(text("DELETE FROM lead WHERE id = :id"), {"id": gone})
    known = await service.look_up(found, Directory(), NOON)
    async with app.work(ada) as work:
        await service.store(work, known)
    assert await facts(app, ada, zoe)
    assert [lead for lead, _ in await told(app, ada)] == [zoe]


async def test_two_look_ups_at_the_same_time_tell_one_story(app: App, ada: Member, zoe: UUID) -> None:
    world = Directory({"straylight.io": GOOGLE})
    async with app.work(ada) as work:
        found = await service.contacts(work, [zoe])
    known = [await service.look_up(found, world, NOON) for _ in range(2)]
    for each in known:
        async with app.work(ada) as work:
            await service.store(work, each)
    assert [lead for lead, _ in await told(app, ada)] == [zoe]


async def test_the_log_says_which_facts_and_no_address_or_number(app: App, ada: Member, zoe: UUID) -> None:
    await enrich(app, ada, [zoe], Directory({"straylight.io": GOOGLE}))
    async with app.work(ada) as work:
        rows = await work.session.execute(text("SELECT data::text FROM event WHERE kind = 'lead.enriched'"))
        (written,) = rows.scalars()
    assert "zoe@" not in written
    assert BERLIN not in written


async def test_mallory_can_neither_look_at_nor_change_northwinds_lead(
    app: App, ada: Member, mallory: Member, zoe: UUID
) -> None:
    world = Directory({"straylight.io": GOOGLE})
    await enrich(app, mallory, [zoe], world)
    assert world.asked == []
    async with app.work(ada) as work:
        stolen = await service.contacts(work, [zoe])
    known = await service.look_up(stolen, world, NOON)
    async with app.work(mallory) as work:
        await service.store(work, known)
    assert await facts(app, ada, zoe) == {}
    assert await country(app, ada, zoe) == ""
    assert await told(app, ada) == await told(app, mallory) == []


async def test_whoever_may_only_look_stores_nothing(app: App, viewer: Member, zoe: UUID) -> None:
    async with app.work(viewer) as work:
        found = await service.contacts(work, [zoe])
    known = await service.look_up(found, Directory(), NOON)
    with pytest.raises(Forbidden, match=r"leads\.write"):
        async with app.work(viewer) as work:
            await service.store(work, known)
    assert await facts(app, viewer, zoe) == {}
