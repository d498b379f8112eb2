"""Fields that a role does not see: in no answer of any route, in no filter or order, and not to be set either."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from leadflow import leads
from leadflow.api.deps import SIGNED_IN
from leadflow.bootstrap import App
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.leads import CaptureLead, RecordBehaviour, UpdateLead
from leadflow.scoring.queries import WITHHELD
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, DefineRole
from leadflow.tenancy.permissions import Extent
from leadflow.views import saved
from leadflow.views.saved import SaveView
from leadflow.views.saved.models import Layout
from tests.api.conftest import Opens
from tests.api.test_registry import ALL, Case
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint
from tests.fixtures.installation import fold

GRANTS = {
    Permission.LEADS_READ: Extent.ALL,
    Permission.LEADS_WRITE: Extent.ALL,
    Permission.EVENTS_WRITE: Extent.ALL,
    Permission.INSIGHT_READ: Extent.ALL,
}
SECRETS = {
    "email": "grace.secret@hushmail.example",
    "phone": "+4930777888999",
    "company": "Clandestine Cooperative",
    "title": "Chief secretive officer",
    "country": "IS",
    "source": "whispered hint",
    "value": 7_654_321,
    "custom": {"plan": "moonlight tariff"},
}
ASKED_BY_VIEWS = (
    {"source": "whispered hint"},
    {"q": "grace.secret@hushmail.example"},
    {"q": "clandestine"},
    {"where": '{"field": "title", "op": "contains", "value": "secretive"}'},
    {
        "where": '{"any": [{"field": "value", "op": "gte", "value": 7654321}, {"field": "stage", "op": "any_of", "value": ["new"]}]}'
    },
)
CANARIES = (
    "secret",
    "hushmail",
    "777888999",
    "clandestine",
    "secretive",
    '"country":"is"',
    "whispered",
    "7654321",
    "moonlight",
)


@dataclass(frozen=True)
class Scene:
    """A lead full of secrets, and somebody whose role has none of its fields."""

    lead: UUID
    hers: httpx.AsyncClient
    his: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/api/v1/leads/{self.lead}"


async def role_without(app: App, ada: Member, levels: dict[LeadField, FieldLevel]) -> str:
    async with app.work(ada) as work:
        role = await teams.define_role(work, DefineRole(name=uuid4().hex, grants=GRANTS, fields=levels))
        return str(role.id)


async def give(app: App, ada: Member, ben: Member, levels: dict[LeadField, FieldLevel]) -> None:
    role = await role_without(app, ada, levels)
    assert ben.actor.id is not None
    async with app.work(ada) as work:
        await teams.change_member(work, ben.actor.id, ChangeMember(role=role))


@pytest.fixture
async def scene(app: App, browser: Opens, ada: Member, ben: Member) -> Scene:
    hidden = dict.fromkeys(set(LeadField) - {LeadField.NAME}, FieldLevel.NONE)
    await give(app, ada, ben, hidden | {LeadField.NAME: FieldLevel.READ})
    async with app.work(ada) as work:
        captured = await leads.capture(work, CaptureLead.model_validate({"name": "Grace", **SECRETS}))
        await leads.record_behaviour(work, [RecordBehaviour(kind="demo_requested", lead_id=captured.lead_id)])
    async with app.work(ada) as work:
        await leads.update(work, captured.lead_id, UpdateLead(company="Clandestine Cooperative Ltd", value=7_654_321))
        for number, params in enumerate(ASKED_BY_VIEWS):
            await saved.save(work, SaveView(name=str(number), layout=Layout.LIST, params=params, is_shared=True))
    await fold(app, ada.organization_id)
    return Scene(captured.lead_id, await browser(ada), await browser(ben))


def names_a_lead_at_most(case: Case) -> bool:
    return case.method == "GET" and "{" not in case.path.replace("{lead_id}", "")


DOCUMENTATION = {"/api/docs", "/api/openapi.json"}
READABLE = [
    case
    for case in ALL
    if names_a_lead_at_most(case) and case.path not in DOCUMENTATION and (case.rule == SIGNED_IN or case.rule in GRANTS)
]


ASKED = {"/api/v1/tasks/read": {"line": "Call Grace", "find": "true"}}
"""Of routes that answer no bare question."""


@pytest.mark.parametrize("case", READABLE, ids=str)
async def test_no_route_tells_a_hidden_field(case: Case, scene: Scene) -> None:
    answer = await scene.his.get(case.path.replace("{lead_id}", str(scene.lead)), params=ASKED.get(case.path))
    assert answer.status_code == (403 if case.path.endswith("/sources") else 200), answer.text
    said = answer.text.lower()
    assert [canary for canary in CANARIES if canary in said] == []


async def test_the_owner_is_told_all_of_it(scene: Scene) -> None:
    said = "".join(
        [(await scene.hers.get(f"{scene.path}{part}")).text.lower() for part in ("", "/timeline")]
        + [(await scene.hers.get(f"/api/v1/leads?q={SECRETS['email']}")).text.lower()]
    )
    assert [canary for canary in CANARIES if canary not in said] == []


async def test_null_stands_for_what_is_hidden_and_the_score_still_adds_up(scene: Scene) -> None:
    theirs, ours = (await scene.his.get(scene.path)).json(), (await scene.hers.get(scene.path)).json()
    assert {name for name, value in theirs["lead"].items() if value is None and ours["lead"][name] is not None} == {
        "email", "domain", "phone", "company", "title", "country", "source", "value", "currency", "custom",
    }  # fmt: skip
    score = theirs["score"]
    assert score["base"] + sum(each["points"] for each in score["contributions"]) == pytest.approx(score["score"])
    assert score["score"] == ours["score"]["score"]
    assert [each["label"] for each in score["contributions"]] == ["Requested a demo", WITHHELD]
    assert theirs["lead"]["reason"] == "Requested a demo"
    assert WITHHELD not in [each["label"] for each in ours["score"]["contributions"]]


async def test_a_reason_about_a_hidden_field_makes_room_for_the_next(app: App, browser: Opens, ada: Member) -> None:
    async with app.work(ada) as work:
        lead = (await leads.capture(work, CaptureLead(name="Grace", title="CEO", phone="+493012345678"))).lead_id
    await fold(app, ada.organization_id)
    hers = await browser(ada)
    assert (await hers.get(f"/api/v1/leads/{lead}")).json()["lead"]["reason"] == "Executive"


@pytest.mark.parametrize("query", ["source=whispered hint", "sort=value", "sort=-value", "sort=company"], ids=str)
async def test_a_list_is_not_sorted_or_sorted_out_by_what_is_hidden(scene: Scene, query: str) -> None:
    assert (await scene.his.get(f"/api/v1/leads?{query}")).status_code == 403
    assert (await scene.hers.get(f"/api/v1/leads?{query}")).status_code == 200


@pytest.mark.parametrize(
    ("words", "found"), [("grace", True), ("secret@", False), ("777888", False), ("clandestine", False)]
)
async def test_search_finds_nobody_by_what_is_hidden(scene: Scene, words: str, found: bool) -> None:
    async def hits(client: httpx.AsyncClient) -> list[str]:
        return [row["id"] for row in (await client.get(f"/api/v1/leads?q={words}")).json()["items"]]

    assert (str(scene.lead) in await hits(scene.his)) is found
    assert str(scene.lead) in await hits(scene.hers)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        *(("PATCH", "", {name: value}) for name, value in SECRETS.items() if name != "custom"),
        ("PATCH", "", {"name": "Somebody else"}),
        ("PATCH", "", {"currency": "USD"}),
        ("POST", "/outcome", {"outcome": "won", "value": 1}),
        ("POST", "NEW", {"name": "New", "source": "by hand"}),
        ("POST", "NEW", {"email": "new@lead.example"}),
        ("POST", "BATCH", {"leads": [{"phone": "+4930999888777"}]}),
    ],
    ids=str,
)
async def test_what_is_locked_is_not_set(
    scene: Scene, database: TestDatabase, method: str, path: str, body: dict[str, Any]
) -> None:
    target = {"NEW": "/api/v1/leads", "BATCH": "/api/v1/leads/batch"}.get(path, f"{scene.path}{path}")
    await scene.his.get("/api/v1/me")  # the first sight of a session is noted
    before = await fingerprint(database)
    answer = await scene.his.request(method, target, json=body)
    assert answer.status_code == 403, answer.text
    assert answer.json()["errors"], answer.text
    assert await fingerprint(database) == before


async def test_leads_come_in_with_what_is_not_locked(app: App, browser: Opens, ada: Member, ben: Member) -> None:
    await give(app, ada, ben, dict.fromkeys(map(LeadField, ("email", "value", "source", "custom")), FieldLevel.NONE))
    his = await browser(ben)
    made = await his.post("/api/v1/leads", json={"name": "Grace", "phone": "+493055554444", "company": "Navy"})
    assert made.status_code == 201, made.text
    assert made.json()["lead"]["company"] == "Navy"
    many = await his.post("/api/v1/leads/batch", json={"leads": [{"name": "Kay"}, {"name": "Joan", "title": "CEO"}]})
    assert [each["status"] for each in many.json()["results"]] == ["created", "created"]
    refused = await his.post("/api/v1/leads", json={"name": "Grace", "consent": "yes"})
    assert refused.status_code == 403


async def test_what_is_only_read_is_told_and_not_set(app: App, browser: Opens, ada: Member, ben: Member) -> None:
    await give(app, ada, ben, {LeadField.VALUE: FieldLevel.READ})
    hers, his = await browser(ada), await browser(ben)
    lead = (await hers.post("/api/v1/leads", json={"name": "Grace", "value": 500})).json()["lead"]
    seen = (await his.get(f"/api/v1/leads/{lead['id']}")).json()["lead"]
    assert seen["value"] == 500
    assert (await his.patch(f"/api/v1/leads/{lead['id']}", json={"value": 1})).status_code == 403
    changed = await his.patch(f"/api/v1/leads/{lead['id']}", json={"company": "Navy", "stage": "contacted"})
    assert changed.status_code == 200
    me = (await his.get("/api/v1/me")).json()
    assert (me["hidden_fields"], me["locked_fields"]) == ([], ["value"])


async def test_a_conflict_shows_no_hidden_field(scene: Scene) -> None:
    answer = await scene.his.patch(scene.path, json={"stage": "contacted", "version": 1})
    assert answer.status_code == 409
    assert [canary for canary in CANARIES if canary in answer.text.lower()] == []


async def test_a_role_is_read_as_it_was_written(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    body = {"name": "Partner", "grants": {"leads.read": "team"}, "fields": {"email": "none", "value": "read"}}
    made = (await client.post("/api/v1/roles", json=body | {"fields": body["fields"] | {"phone": "write"}})).json()  # type: ignore[operator]
    assert made["fields"] == body["fields"]
    listed = [role for role in (await client.get("/api/v1/roles")).json()["items"] if role["id"] == made["id"]]
    assert listed == [made]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grants": {"leads.read": "team"}, "fields": {"name": "none"}}, "fields.name"),
        ({"grants": {"leads.read": "team", "routing.manage": "all"}, "fields": {"email": "read"}}, "fields"),
        ({"grants": {"leads.read": "team", "audit.read": "all"}, "fields": {"email": "none"}}, "fields"),
        ({"grants": {"leads.read": "team"}, "fields": {"shoe size": "none"}}, "fields.shoe size"),
        ({"grants": {"leads.read": "team"}, "fields": {"email": "perhaps"}}, "fields.email"),
    ],
)
async def test_a_role_that_cannot_be_is_refused(browser: Opens, ada: Member, body: dict[str, Any], field: str) -> None:
    client = await browser(ada)
    answer = await client.post("/api/v1/roles", json={"name": "Odd", **body})
    assert answer.status_code == 422
    assert [problem["field"].startswith(field) for problem in answer.json()["errors"]] == [True], answer.text
