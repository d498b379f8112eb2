"""Bulk capture ends where one capture after the other ends: same leads, identities, words, events and jobs."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, bulk, rules
from leadflow.leads.bulk import BulkRow, Staged
from leadflow.leads.bulk.staging import claim
from leadflow.tenancy import service as tenancy
from tests.fixtures.cast import Member
from tests.intake.importing.conftest import Ask

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def still(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.database, "clock", FixedClock(NOON))


def commands(chance: random.Random, count: int) -> list[CaptureLead]:
    """People who come again under some of their addresses, with more or other facts."""

    def any_of(*values: Any) -> Any:
        return chance.choice(values)

    return [
        CaptureLead(
            name=any_of("", "Ada\tL.", "Zoë Straße", 'back\\slash "q"', f"N{chance.randrange(9)}"),
            email=any_of(
                "", f"P{chance.randrange(count // 3)}@Example.com", f"p{chance.randrange(count // 3)}@b\u00fccher.de"
            ),
            phone=any_of("", f"+4930{chance.randrange(count // 3):07d}", "030 901820", "12345"),
            company=any_of("", "Acme", "Ünï\nco"),
            title=any_of("", "CEO"),
            source=any_of("import", "fair"),
            value=any_of(0, 0, 1200, 10**13),
            currency=any_of("EUR", "USD"),
            country=any_of("", "DE", "fr"),
            custom=any_of({}, {}, {"size": "L", "k": 'a"b\\c'}, {"k": "new"}),
        )
        for _ in range(count)
    ]


def row_of(command: CaptureLead) -> BulkRow:
    email_norm = rules.normalise_email(command.email)
    phone_norm = rules.normalise_phone(command.phone, command.country)
    return BulkRow(
        name=command.name,
        company=command.company,
        title=command.title,
        email=command.email,
        phone=phone_norm or command.phone,
        country=command.country.upper(),
        source=command.source,
        value=command.value,
        currency=command.currency,
        custom=command.custom,
        email_norm=email_norm,
        phone_norm=phone_norm,
    )


async def capture_staged(app: App, scope: Scope, staged: Staged) -> list[UUID]:
    """The lead of each row."""
    async with app.work(scope) as work:
        await bulk.load(work, staged)
        await bulk.claim(work, staged)
        created = await bulk.write(work, staged)
        created += await bulk.complete(work, staged)
    late, gone = iter(staged.late), set(staged.gone)
    ids = [staged.ids[place] for place in staged.claims.place]
    assert created <= len(set(ids))
    return [next(late)[0] if lead_id in gone else UUID(lead_id) for lead_id in ids]


async def index(app: App, scope: Scope) -> None:
    is_more = True
    while is_more:
        async with app.work(scope) as work:
            is_more = await bulk.index_backlog(work)


def picture(ask: Ask, organization_id: UUID, captured: Sequence[UUID]) -> dict[str, Any]:
    """Everything that was captured, with leads named by the order of their first rows instead of their random ids."""
    number = {lead_id: place for place, lead_id in enumerate(dict.fromkeys(captured))}
    events = ask(
        "SELECT lead_id, kind, actor_kind, actor_id, occurred_at, source, data FROM event"
        " WHERE organization_id = %s AND kind LIKE 'lead.%%' ORDER BY xid, seq",
        organization_id,
    )
    found = ask("SELECT * FROM lead WHERE organization_id = %s", organization_id)
    hidden = {"organization_id", "id", "version", "changed_xid"}
    identities = ask("SELECT kind, value, lead_id FROM lead_identity WHERE organization_id = %s", organization_id)
    words = ask("SELECT lead_id, words FROM lead_search WHERE organization_id = %s", organization_id)
    jobs = ask("SELECT payload FROM job WHERE organization_id = %s AND kind = 'enrichment.enrich'", organization_id)
    return {
        "leads": {number[row["id"]]: {k: v for k, v in row.items() if k not in hidden} for row in found},
        "identities": {(row["kind"], row["value"]): number[row["lead_id"]] for row in identities},
        "words": {number[row["lead_id"]]: set(row["words"].split()) for row in words},
        "events": sorted((number[event.pop("lead_id")], place, event) for place, event in enumerate(events)),
        "enriched": {number[UUID(lead_id)] for job in jobs for lead_id in job["payload"]["lead_ids"]},
    }


async def somewhere(app: App, member: Member) -> Scope:
    """Another organization, for the same actor."""
    scope = tenancy.system_scope(new_id())
    async with app.work(scope) as work:
        await tenancy.found_organization(work, "Elsewhere")
        await leads.lay_pipeline(work)
    return scope.acting_as(member.actor)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("seed", range(12))
async def test_many_at_once_are_as_many_one_by_one(app: App, ada: Member, ask: Ask, seed: int) -> None:
    chance = random.Random(seed)
    one_by_one, at_once = await somewhere(app, ada), await somewhere(app, ada)
    wanted = [command for command in commands(chance, 90) if not leads.problems_of(command, NOON)]
    singly = []
    for command in wanted:
        async with app.work(one_by_one) as work:
            singly.append((await leads.capture_valid(work, [command]))[0].lead_id)
    cuts = sorted(chance.sample(range(1, len(wanted)), chance.choice([0, 1, 3])))
    together = []
    for start, end in zip([0, *cuts], [*cuts, len(wanted)], strict=True):
        together += await capture_staged(app, at_once, bulk.stage([row_of(command) for command in wanted[start:end]]))
    await index(app, at_once)
    expected = picture(ask, one_by_one.organization_id, singly)
    found = picture(ask, at_once.organization_id, together)
    for part in ("leads", "identities", "words", "enriched"):
        assert found[part] == expected[part], part
    assert [(lead, event) for lead, _, event in found["events"]] == [
        (lead, event) for lead, _, event in expected["events"]
    ]


IDENTITIES = st.tuples(st.sampled_from(["", *"abcdef"]), st.sampled_from(["", *"123456"]))


@given(st.lists(IDENTITIES, max_size=25))
def test_a_chunk_claims_by_row_numbers_as_leads_do_by_ids(pairs: Sequence[tuple[str, str]]) -> None:
    rows = [row_of(CaptureLead(name="x"))._replace(email_norm=email, phone_norm=phone) for email, phone in pairs]
    fresh = [new_id() for _ in rows]
    expected = rules.claim([row.identities() for row in rows], fresh)
    found = claim(rows)
    assert [fresh[place] for place in found.place] == expected.place
    assert {key: fresh[found.place_of(key)] for key in expected.owner} == expected.owner


@given(st.lists(IDENTITIES, max_size=25), st.sets(st.sampled_from([*"abc", *"123"])))
def test_a_chunk_is_settled_as_leads_are(pairs: Sequence[tuple[str, str]], taken: set[str]) -> None:
    rows = [row_of(CaptureLead(name="x"))._replace(email_norm=email, phone_norm=phone) for email, phone in pairs]
    keys = [row.identities() for row in rows]
    known = {key: new_id() for row in keys for key in row if key[1] in taken}
    staged = bulk.stage(rows)
    fresh = [UUID(lead_id) for lead_id in staged.ids]
    first = rules.claim(keys, fresh)
    expected = rules.claim(keys, fresh, known)
    moved = staged.settle(known) if known else {}
    late, gone = iter(staged.late), {UUID(lead_id) for lead_id in staged.gone}
    places = [fresh[place] for place in staged.claims.place]
    assert [next(late)[0] if place in gone else place for place in places] == expected.place
    assert {key: staged.owner_of(key) for key in first.owner} == {key: expected.owner[key] for key in first.owner}
    assert moved == {k: v for k, v in expected.owner.items() if k not in known and first.owner[k] != v}
