"""Every route of the API, found where the server finds it: none without a permission, and none lets the wrong in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute

from leadflow import leads
from leadflow.api import catcher, docs, live
from leadflow.api.app import build_api, guarded_routes, routers
from leadflow.api.deps import SIGNED_IN, requires, router, rule_of
from leadflow.api.v1 import stages as stages_module
from leadflow.bootstrap import App
from leadflow.kernel.errors import Permanent
from leadflow.kernel.permissions import Permission
from leadflow.leads import UpdateLead
from leadflow.settings import Settings
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, CreateTeam
from leadflow.tenancy.permissions import Role, permissions_of
from tests.api.bodies import BODIES
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint

RECORDED = {
    "GET /api/v1/audit/export": "that somebody took the audit trail with them is itself an event",
    "GET /api/v1/leads/export": "and so is that somebody took leads with them",
}
"""Routes that read, and are noted in the reader's own log; and why."""


@dataclass(frozen=True)
class Case:
    method: str
    path: str
    rule: str

    @property
    def has_id(self) -> bool:
        return "{" in self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def cases() -> Iterator[Case]:
    inside = [(router_, "/api/v1") for router_ in routers().values()] + [(docs.ROUTER, ""), (catcher.ROUTER, "")]
    for router_, prefix in inside:
        for route in router_.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield Case(method, prefix + route.path, rule_of(route.endpoint) or "")


ALL = list(cases())


QUERIES = {"GET /api/v1/tasks/read": "?line=call"}
"""Of routes that need one."""


async def attempt(client: httpx.AsyncClient, case: Case, things: dict[str, str]) -> httpx.Response:
    path = case.path + QUERIES.get(str(case), "")
    for name, value in things.items():
        path = path.replace("{" + name + "}", value)
    assert "{" not in path, f"{case}: say in `things` what this path can name"
    body = BODIES.get((case.method, case.path.removeprefix("/api/v1")))
    return await client.request(case.method, path, json=body)


def test_every_route_names_a_permission_that_exists() -> None:
    for route in guarded_routes():
        rule = rule_of(route.endpoint)
        assert rule == SIGNED_IN or Permission(rule or ""), route.path


def test_only_identity_and_documentation_ask_for_no_more_than_a_session() -> None:
    open_to_all = {str(case) for case in ALL if case.rule == SIGNED_IN}
    assert open_to_all == {"GET /api/v1/me", "GET /api/docs", "GET /api/openapi.json"}


def test_a_server_with_a_route_that_names_no_permission_does_not_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = router("stages")

    @forgetful.get("/secret")
    async def secret() -> None:
        return None

    monkeypatch.setattr(stages_module, "ROUTER", forgetful)
    with pytest.raises(Permanent, match="/stages/secret"):
        build_api(settings)


def test_a_marked_route_keeps_its_permission() -> None:
    @requires(Permission.KEYS_MANAGE)
    async def endpoint() -> None:
        return None

    assert rule_of(endpoint) == "keys.manage"
    assert rule_of(live.live) == "leads.read"


@pytest.mark.parametrize("case", ALL, ids=str)
async def test_nobody_gets_in_without_a_session(
    case: Case, anonymous: httpx.AsyncClient, things: dict[str, str], database: TestDatabase
) -> None:
    before = await fingerprint(database)
    assert (await attempt(anonymous, case, things)).status_code == 401
    assert await fingerprint(database) == before


FORBIDDEN_TO_VIEWERS = [case for case in ALL if case.rule != SIGNED_IN and case.rule not in permissions_of(Role.VIEWER)]


@pytest.mark.parametrize("case", FORBIDDEN_TO_VIEWERS, ids=str)
async def test_a_viewer_is_refused_and_nothing_changes(
    case: Case, browser: Opens, viewer: Member, things: dict[str, str], database: TestDatabase
) -> None:
    client = await browser(viewer)
    before = await fingerprint(database)
    answer = await attempt(client, case, things)
    assert answer.status_code == 403, answer.text
    assert f"This needs the permission {case.rule}." in answer.text
    assert await fingerprint(database) == before


WITH_IDS = [case for case in ALL if case.has_id]


@pytest.mark.parametrize("case", WITH_IDS, ids=str)
async def test_mallory_finds_none_of_northwinds_things(
    case: Case, browser: Opens, mallory: Member, things: dict[str, str], database: TestDatabase
) -> None:
    client = await browser(mallory)
    before = await fingerprint(database)
    answer = await attempt(client, case, things)
    assert answer.status_code == 404, answer.text
    assert "grace.hidden" not in answer.text
    assert await fingerprint(database) == before


@pytest.mark.parametrize("case", [case for case in ALL if case.method == "GET" and not case.has_id], ids=str)
async def test_mallorys_lists_hold_nothing_of_northwind(
    case: Case, browser: Opens, mallory: Member, ada: Member, things: dict[str, str], database: TestDatabase
) -> None:
    client = await browser(mallory)
    before = await fingerprint(database)
    answer = await attempt(client, case, things)
    assert answer.status_code == 200
    for secret in (*things.values(), "grace.hidden", ada.email, str(ada.actor.id), str(ada.organization_id)):
        assert secret not in answer.text
    assert (await fingerprint(database) == before) is (str(case) not in RECORDED)


@pytest.fixture
async def elsewhere(app: App, northwind: Company, things: dict[str, str]) -> Member:
    """The rep, in a team of their own, while the lead is another team's."""
    owner, rep, manager = northwind.owner, northwind.rep, northwind.manager
    assert rep.actor.id is not None
    assert manager.actor.id is not None
    async with app.work(owner) as work:
        own = await teams.create_team(work, CreateTeam(name="Elsewhere"))
        await teams.change_member(work, rep.actor.id, ChangeMember(team=own.id))
        await teams.change_member(work, manager.actor.id, ChangeMember(team=UUID(things["team_id"])))
        await leads.update(work, UUID(things["lead_id"]), UpdateLead(owner=manager.actor.id))
    return rep


@pytest.mark.parametrize("case", ALL, ids=str)
async def test_a_rep_of_another_team_reads_and_changes_nothing_of_its_leads(
    case: Case, browser: Opens, elsewhere: Member, things: dict[str, str], database: TestDatabase
) -> None:
    client = await browser(elsewhere)
    await client.get("/api/v1/me")  # the first sight of a session is noted
    before = await fingerprint(database)
    answer = await attempt(client, case, things)
    assert "grace.hidden" not in answer.text
    if case.rule not in permissions_of(Role.REP) | {SIGNED_IN}:
        assert answer.status_code == 403, answer.text
        assert await fingerprint(database) == before
    elif "{lead_id}" in case.path:
        assert answer.status_code == 404, answer.text
        assert await fingerprint(database) == before
    elif case.method == "GET":
        assert things["lead_id"] not in answer.text
        assert (await fingerprint(database) == before) is (str(case) not in RECORDED)


async def test_mallory_cannot_reach_northwind_through_a_body_or_a_filter(
    browser: Opens, mallory: Member, ada: Member, things: dict[str, str], database: TestDatabase
) -> None:
    client = await browser(mallory)
    own = (await client.post("/api/v1/leads", json={"email": "own@example.com"})).json()["lead"]["id"]
    before = await fingerprint(database)
    attempts = [
        await client.post("/api/v1/events", json={"kind": "page_viewed", "lead_id": things["lead_id"]}),
        await client.post("/api/v1/events", json={"kind": "page_viewed", "email": "grace.hidden@example.com"}),
        await client.patch(f"/api/v1/leads/{own}", json={"owner": str(ada.actor.id)}),
        await client.post("/api/v1/api-keys", json={"name": "x", "scopes": ["keys.manage"]}),
    ]
    assert [answer.status_code for answer in attempts] == [404, 404, 422, 422]
    assert (await client.get("/api/v1/leads", params={"owner": str(ada.actor.id)})).json()["items"] == []
    assert (await client.get("/api/v1/leads", params={"q": "grace.hidden"})).json()["items"] == []
    assert await fingerprint(database) == before


async def test_a_key_without_a_scope_is_refused_as_a_person_without_the_permission(
    system: Any, ada: Member, things: dict[str, str], database: TestDatabase
) -> None:
    client = await system(ada, "events.write")
    await client.get("/api/v1/me")  # the first use of a key is noted
    before = await fingerprint(database)
    for case in ALL:
        if case.path.startswith("/api/v1") and case.rule not in {SIGNED_IN, "events.write"}:
            answer = await attempt(client, case, things)
            assert answer.status_code == 403, f"{case}: {answer.text}"
    assert await fingerprint(database) == before
