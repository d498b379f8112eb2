"""The audit trail through its door: read in words, filtered, exported, proved; and closed to all but those in charge."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from leadflow import leads
from leadflow.api.schemas import audit as schemas
from leadflow.bootstrap import App
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.leads import CaptureLead, CloseLead, UpdateLead
from leadflow.tenancy.permissions import Role
from tests.api.conftest import Opens
from tests.audit.trail import AUDIT, entries, happen, make_key, tampering, write_trail
from tests.fixtures import cast
from tests.fixtures.cast import Company, Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint
from tests.fixtures.installation import fold

TRAIL = "/api/v1/audit"
PATHS = (TRAIL, f"{TRAIL}/proof", f"{TRAIL}/export")


async def found(client: httpx.AsyncClient, **params: Any) -> list[schemas.AuditEntryItem]:
    answer = await client.get(TRAIL, params=params)
    assert answer.status_code == 200, answer.text
    return schemas.AuditPage.model_validate(answer.json()).items


@pytest.fixture
async def busy(app: App, northwind: Company) -> Company:
    """Ada made a key; Ben took Grace, and won her."""
    await make_key(app, northwind.owner, "website")
    async with app.work(northwind.rep) as work:
        lead = await leads.capture(work, CaptureLead(name="Grace Hopper", email="grace@navy.example"))
        await leads.update(work, lead.lead_id, UpdateLead(owner=northwind.rep.actor.id))
        await leads.close(work, lead.lead_id, CloseLead(outcome="won", reason="price"))
    await fold(app, northwind.owner.organization_id, AUDIT)
    return northwind


async def test_it_says_what_happened_in_words_latest_first(browser: Opens, busy: Company) -> None:
    items = await found(await browser(busy.owner))
    assert [item.words for item in items[:5]] == [
        "Ben marked Grace Hopper as won",
        "Ben took Grace Hopper",
        "Ada created the API key website",
        "Vera joined as viewer",
        "An account was made for Vera",
    ]
    assert items[-1].words == "Northwind was founded"
    assert [item.number for item in items] == list(range(len(items), 0, -1))
    assert (items[0].actor.kind, items[0].actor.name) == ("person", "Ben")
    assert items[0].detail == "reason: price"
    assert items[0].lead
    assert items[0].previous_hash == items[1].hash


async def test_pages_follow_one_another_without_gaps(browser: Opens, busy: Company) -> None:
    client = await browser(busy.owner)
    numbers: list[int] = []
    cursor = ""
    while True:
        page = schemas.AuditPage.model_validate(
            (await client.get(TRAIL, params={"limit": 5, **({"cursor": cursor} if cursor else {})})).json()
        )
        numbers += [item.number for item in page.items]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert numbers == list(range(12, 0, -1))


async def test_filters_add_up(app: App, browser: Opens, busy: Company) -> None:
    client = await browser(busy.owner)
    ben = str(busy.rep.actor.id)
    assert [item.kind for item in await found(client, actor=ben)] == ["lead.won", "lead.assigned"]
    assert [item.kind for item in await found(client, actor=ben, kind="lead.won")] == ["lead.won"]
    assert {item.kind for item in await found(client, kind="lead,api_key")} == {
        "lead.won", "lead.assigned", "api_key.created",
    }  # fmt: skip
    assert len(await found(client, kind=["member", "organization"])) == 5
    assert await found(client, kind="role") == []
    now = app.clock.now()
    assert await found(client, since=(now + timedelta(minutes=1)).isoformat()) == []
    assert len(await found(client, until=(now + timedelta(minutes=1)).isoformat())) == 12
    assert await found(client, until=datetime(2020, 1, 1, tzinfo=UTC).isoformat()) == []


@pytest.mark.parametrize(
    ("q", "kinds"),
    [
        ("WEBSITE", ["api_key.created"]),
        ("api key", ["api_key.created"]),
        ("lead.won", ["lead.won"]),
        ("price", ["lead.won"]),
        ("hopper", ["lead.won", "lead.assigned"]),
        ("Ben", ["lead.won", "lead.assigned"]),
        ("%", []),
        ("_ey", []),
        ("' OR '1'='1", []),
        ("\\", []),
        ("\u202e", []),
    ],
)
async def test_search_looks_into_kind_data_and_names(browser: Opens, busy: Company, q: str, kinds: list[str]) -> None:
    assert [item.kind for item in await found(await browser(busy.owner), q=q)] == kinds


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("actr=1", "actr"),
        ("sort=number", "sort"),
        ("actor=ada", "actor"),
        ("kind=' OR 1=1", "kind.0"),
        ("kind=lead.won.twice", "kind.0"),
        ("since=yesterday", "since"),
        ("until=2026-01-01T00:00:00", "until"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=abc", "cursor"),
        ("cursor=-1", "cursor"),
        ("cursor=99999999999999999999", "cursor"),
        ("cursor=٣", "cursor"),
        ("q=" + "x" * 201, "q"),
    ],
)
async def test_a_question_it_does_not_know_is_refused(browser: Opens, ada: Member, query: str, field: str) -> None:
    answer = await (await browser(ada)).get(f"{TRAIL}?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("query", ["actr=1", "cursor=5", "limit=5", "kind=*"])
async def test_an_export_takes_the_same_filters_and_no_page(
    browser: Opens, ada: Member, query: str, database: TestDatabase
) -> None:
    client = await browser(ada)
    before = await fingerprint(database)
    assert (await client.get(f"{TRAIL}/export?{query}")).status_code == 422
    assert await fingerprint(database) == before


async def exported(client: httpx.AsyncClient, **params: Any) -> list[dict[str, str]]:
    answer = await client.get(f"{TRAIL}/export", params=params)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "audit-trail.csv" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_an_export_is_everything_and_is_itself_recorded(app: App, browser: Opens, busy: Company) -> None:
    client = await browser(busy.owner)
    rows = await exported(client)
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 13)]
    assert rows[-1]["what"] == "Ben marked Grace Hopper as won"
    assert rows[-1]["previous_hash"] == rows[-2]["hash"]
    assert [row["kind"] for row in await exported(client, q="grace", kind="lead.won")] == ["lead.won"]
    await fold(app, busy.owner.organization_id, AUDIT)
    told, first = await found(client, kind="audit")
    assert (told.words, first.data) == ("Ada exported the audit trail", {})
    assert told.data == {"kinds": ["lead.won"], "searched": True}


async def test_an_export_longer_than_a_page_of_it(
    app: App, browser: Opens, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadflow.audit.exporting.PAGE", 4)
    await write_trail(app, ada)
    assert [row["number"] for row in await exported(await browser(ada))] == [str(n) for n in range(1, 13)]


async def test_nothing_in_an_export_runs_as_a_formula(app: App, browser: Opens, ada: Member) -> None:
    await make_key(app, ada, "=HYPERLINK(1)")
    await fold(app, ada.organization_id, AUDIT)
    cells = [cell for row in await exported(await browser(ada)) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\t"))]


async def test_the_proof_says_whole_late_or_broken(app: App, browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    await write_trail(app, ada, 1)
    await make_key(app, ada)
    proof = schemas.AuditProof.model_validate((await client.get(f"{TRAIL}/proof")).json())
    assert (proof.entries, proof.waiting, proof.broken) == (11, 1, None)
    assert proof.head == (await found(client, limit=1))[0].hash
    with tampering(app) as admin:
        own = (ada.organization_id,)
        admin.execute("UPDATE audit_entry SET actor_id = NULL WHERE organization_id = %s AND number = 11", own)
    proof = schemas.AuditProof.model_validate((await client.get(f"{TRAIL}/proof")).json())
    assert proof.broken
    assert (proof.broken.number, proof.broken.message) == (11, "Entry 11 was changed after it was written.")


@pytest.mark.parametrize("data", ["[]", "null", "7", '{"name": {"x": [1]}, "to": [], "role": {}}'])
async def test_an_entry_that_was_tampered_with_hides_no_others(
    app: App, browser: Opens, busy: Company, data: str
) -> None:
    with tampering(app) as admin:
        own = (data, busy.owner.organization_id)
        admin.execute("UPDATE audit_entry SET data = %s, kind = 'member.added' WHERE organization_id = %s", own)
    assert len(await found(await browser(busy.owner))) == 12


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", ["manager", "rep", "viewer"])
async def test_it_is_for_owners_and_admins(
    browser: Opens, busy: Company, path: str, role: str, database: TestDatabase
) -> None:
    client = await browser(getattr(busy, role))
    before = await fingerprint(database)
    answer = await client.get(path)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This needs the permission audit.read."
    assert await fingerprint(database) == before


async def test_an_admin_may_read_it(app: App, browser: Opens) -> None:
    _, admin = await cast.found_company(app, "Southwind", ("Olga", Role.OWNER), ("Adam", Role.ADMIN))
    client = await browser(admin)
    assert [(await client.get(path)).status_code for path in PATHS] == [200, 200, 200]


async def test_mallory_gets_nothing_of_northwinds(app: App, browser: Opens, busy: Company, mallory: Member) -> None:
    client = await browser(mallory)
    await fold(app, mallory.organization_id, AUDIT)
    ben = str(busy.rep.actor.id)
    assert await found(client, actor=ben) == []
    assert await found(client, q="grace") == []
    assert await exported(client, actor=ben) == []
    texts = [(await client.get(path)).text for path in PATHS]
    for secret in ("Grace", "website", "Ada", ben, str(busy.owner.organization_id)):
        assert not [text for text in texts if secret in text]
    await fold(app, mallory.organization_id, AUDIT)
    assert len(entries(app, busy.owner.organization_id)) == 12
    assert (await client.get(f"{TRAIL}/proof")).json()["entries"] == len(entries(app, mallory.organization_id))


async def test_a_person_who_left_has_no_name_here(app: App, browser: Opens, busy: Company) -> None:
    with tampering(app) as admin:
        admin.execute("DELETE FROM membership WHERE account_id = %s", (busy.rep.actor.id,))
    first = (await found(await browser(busy.owner)))[0]
    assert first.words == "Somebody who is no longer here marked Grace Hopper as won"


async def test_happenings_of_systems_and_forms_name_them(app: App, browser: Opens, ada: Member, form: Any) -> None:
    key = await make_key(app, ada, "website")
    for actor in (Actor(ActorKind.API_KEY, key), Actor(ActorKind.FORM, None), Actor(ActorKind.SYSTEM)):
        async with app.work(ada) as work:
            with work.acting_as(actor):
                work.record(Event("lead.lost"))
    await happen(app, ada, Event("lead.lost"))
    await fold(app, ada.organization_id, AUDIT)
    names = [item.actor.name for item in await found(await browser(ada), kind="lead.lost")]
    assert names == ["Ada", "LeadFlow", "A form", "The API key website"]
    assert form["title"] in (await found(await browser(ada), kind="form"))[0].words
