"""A lead that has gone quiet leaves its band, and time passing writes nothing else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.scoring import cooling
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import behave, capture, close, forget, look, stored


async def cool(app: App, organization_id: UUID) -> None:
    """What a worker does some times a day."""
    await cooling.run(app, system_scope(organization_id), signer(app.settings.secret_key.get_secret_value()))
    await fold(app, organization_id, "scoring")


async def hot_lead(app: App, who: Member, email: str) -> UUID:
    lead = await capture(app, who, email=email, title="CEO", company="Acme")
    for kind in ("demo_requested", "pricing_visited", "pricing_visited"):
        await behave(app, who, lead, kind)
    await fold(app, who.organization_id, "scoring")
    return lead


def events(app: App, organization_id: UUID) -> list[tuple[str, Any]]:
    with as_superuser(app.settings) as admin:
        asked = "SELECT kind, data FROM event WHERE organization_id = %s ORDER BY xid, seq"
        return admin.execute(asked, (organization_id,)).fetchall()


def jobs(app: App, organization_id: UUID) -> int:
    with as_superuser(app.settings) as admin:
        asked = "SELECT count(*) FROM job WHERE organization_id = %s AND kind = 'scoring.cool' AND state = 'ready'"
        row = admin.execute(asked, (organization_id,)).fetchone()
        assert row
        return int(row[0])


async def test_a_quiet_lead_falls_when_what_it_did_has_faded(office: App, ben: Member, clock: FixedClock) -> None:
    lead = await hot_lead(office, ben, "ada@acme.example")
    assert jobs(office, ben.organization_id) == 1
    before = (await look(office, ben, lead))[0]
    assert before["band"] == "hot"
    bands = []
    for _ in range(60):
        clock.at += timedelta(days=1)
        await cool(office, ben.organization_id)
        bands.append((await look(office, ben, lead))[0]["band"])
    assert bands == sorted(bands, key=["hot", "warm", "cold"].index)
    assert bands[-1] == "cold"
    told = [data for kind, data in events(office, ben.organization_id) if kind == "lead.scored"]
    assert [each["because"] for each in told][-2:] == ["band.cooled", "band.cooled"]
    assert told[-1]["reason"].startswith("Quiet for ")
    after, score = await look(office, ben, lead)
    assert after["score"] == round(score["score"]) < before["score"]


async def test_it_writes_nothing_while_no_band_changes(office: App, ben: Member, clock: FixedClock) -> None:
    for number in range(5):
        await hot_lead(office, ben, f"p{number}@acme.example")
    before, scores = events(office, ben.organization_id), stored(office, ben.organization_id)
    clock.at += timedelta(days=1)
    await cool(office, ben.organization_id)
    assert events(office, ben.organization_id) == before
    assert stored(office, ben.organization_id) == scores


async def test_said_twice_it_happens_once_and_a_replay_gives_the_same(
    office: App, ben: Member, clock: FixedClock
) -> None:
    leads = [await hot_lead(office, ben, f"p{number}@acme.example") for number in range(3)]
    clock.at += timedelta(days=30)
    async with office.work(system_scope(ben.organization_id)) as work:
        cooling.tell(work, leads)
        cooling.tell(work, leads[:2])
    await cool(office, ben.organization_id)
    told = [data["because"] for kind, data in events(office, ben.organization_id) if kind == "lead.scored"]
    assert told.count("band.cooled") == len(leads)
    await behave(office, ben, leads[0], "demo_requested")
    await fold(office, ben.organization_id, "scoring")
    assert (await look(office, ben, leads[0]))[0]["band"] == "hot"
    before = stored(office, ben.organization_id)
    forget(office, ben.organization_id)
    await fold(office, ben.organization_id, "scoring")
    assert stored(office, ben.organization_id) == before


async def test_what_is_closed_or_somebody_elses_is_left_alone(
    office: App, ben: Member, mallory: Member, clock: FixedClock
) -> None:
    closed, hers = await hot_lead(office, ben, "ada@acme.example"), await hot_lead(office, mallory, "eve@acme.example")
    await close(office, ben, closed, "lost")
    await fold(office, ben.organization_id, "scoring")
    before = stored(office, ben.organization_id), stored(office, mallory.organization_id)
    clock.at += timedelta(days=90)
    async with office.work(system_scope(ben.organization_id)) as work:
        cooling.tell(work, [hers, closed])
    await cool(office, ben.organization_id)
    assert (stored(office, ben.organization_id), stored(office, mallory.organization_id)) == before
    with pytest.raises(Forbidden):
        await cooling.run(office, ben, signer("x"))
