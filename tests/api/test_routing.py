"""Routing through the API: rules, hours, absences and proofs, each for whom it is meant."""

from typing import Any
from uuid import UUID

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import UpdateLead
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, CreateTeam
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold

RULES, ABSENCES = "/api/v1/assignment-rules", "/api/v1/absences"
GERMANY: dict[str, Any] = {
    "name": "Germany",
    "conditions": {"all": [{"field": "country", "operator": "one of", "value": ["DE"]}]},
    "strategy": "capacity",
    "options": {"most": 3, "per": "week"},
}
DAY = {"starts_at": "2027-01-04T00:00:00Z", "ends_at": "2027-01-05T00:00:00Z"}


async def test_a_rule_from_its_making_to_its_end(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    made = (await client.post(RULES, json=GERMANY)).json()
    assert made["conditions"] == GERMANY["conditions"]
    assert made["pool"] == {"people": [], "teams": [], "everybody": True}
    assert made["options"] == {"most": 3, "per": "week", "when_nobody_is_on_shift": "assign"}
    rest = (await client.post(RULES, json={"name": "Rest"})).json()
    ordered = await client.put(f"{RULES}/order", json={"rules": [rest["id"], made["id"]]})
    assert [each["name"] for each in ordered.json()["items"]] == ["Rest", "Germany"]
    assert {each["key"] for each in ordered.json()["strategies"]} >= {"round_robin", "weighted", "sticky"}
    changed = await client.put(f"{RULES}/{rest['id']}", json={"name": "Rest", "is_on": False})
    assert (changed.json()["is_on"], changed.json()["position"]) == (False, 0)
    assert (await client.delete(f"{RULES}/{rest['id']}")).status_code == 204
    assert [each["id"] for each in (await client.get(RULES)).json()["items"]] == [made["id"]]


async def test_a_bad_rule_names_the_field(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    wrong = {"all": [{"field": "value", "operator": "at least", "value": "much"}]}
    for said, field in (
        ({"conditions": wrong}, "conditions.all.0.value"),
        ({"strategy": "horoscope"}, "strategy"),
        ({"strategy": "capacity", "options": {"most": 0}}, "options.most"),
    ):
        refused = await client.post(RULES, json={"name": "Bad", **said})
        assert refused.status_code == 422, refused.text
        assert field in {each["field"] for each in refused.json()["errors"]}
    nameless = (await client.post(RULES, json={"name": " ", "pool": {}})).json()["errors"]
    assert {each["field"]: each["message"] for each in nameless} == {
        "name": "This field is required.",
        "pool": "Name people or teams, or say everybody.",
    }
    assert (await client.get(RULES)).json()["items"] == []


async def test_a_dry_run_says_who_would_get_what(browser: Opens, ada: Member, ben: Member) -> None:
    client = await browser(ada)
    for country in ("DE", "DE", "FR"):
        await client.post("/api/v1/leads", json={"name": "Somebody", "country": country})
    tried = (await client.post(f"{RULES}/dry-run", json={"rules": [GERMANY], "days": 1})).json()
    assert (tried["leads"], tried["unmatched"]) == (3, 1)
    assert tried["rules"][0]["people"] == [{"person": str(ben.actor.id), "name": "Ben", "leads": 2}]


async def test_one_lead_is_tried_on_the_rules_as_they_are_and_nothing_is_written(
    app: App, browser: Opens, ada: Member, ben: Member
) -> None:
    client = await browser(ada)
    lead = (await client.post("/api/v1/leads", json={"name": "Somebody", "country": "DE"})).json()["lead"]["id"]
    path = f"{RULES}/dry-run/{lead}"
    unruled = (await client.post(path)).json()
    assert (unruled["rule"], unruled["rule_name"]) == (None, "Everybody in turn")
    rule = (await client.post(RULES, json=GERMANY)).json()
    tried = (await client.post(path)).json()
    assert (tried["rule"], tried["rule_name"], tried["how"]) == (rule["id"], "Germany", "within capacity")
    (candidate,) = tried["candidates"]
    assert tried["chosen"] == candidate["id"] == str(ben.actor.id)
    assert (candidate["name"], candidate["said"]) == ("Ben", "Has their share")
    assert tried == (await client.post(path)).json()
    assert (await client.get(f"/api/v1/leads/{lead}")).json()["lead"]["owner"] is None
    assert (await client.get(f"/api/v1/leads/{lead}/assignments")).json() == {"items": []}


async def test_one_lead_is_tried_when_nobody_can_take_it(app: App, browser: Opens, ada: Member, ben: Member) -> None:
    client = await browser(ada)
    lead = (await client.post("/api/v1/leads", json={"name": "Somebody", "country": "FR"})).json()["lead"]["id"]
    path = f"{RULES}/dry-run/{lead}"
    rule = (await client.post(RULES, json=GERMANY)).json()
    unmatched = (await client.post(path)).json()
    assert (unmatched["rule_name"], unmatched["how"], unmatched["candidates"]) == ("", "no rule is about this lead", [])
    await client.put(f"{RULES}/{rule['id']}", json={"name": "Everywhere"})
    away = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2099-01-01T00:00:00Z", "person": str(ben.actor.id)}
    await client.post(ABSENCES, json=away)
    waits = (await client.post(path)).json()
    assert (waits["chosen"], waits["how"], waits["retry_at"]) == (None, "nobody can take it", 4_070_908_800_000)
    assert [each["said"] for each in waits["candidates"]] == ["Away"]


async def test_one_lead_is_tried_by_those_who_manage_rules_and_see_it(
    app: App, browser: Opens, northwind: Company, mallory: Member
) -> None:
    owner, rep, manager = northwind.owner, northwind.rep, northwind.manager
    lead = (await (await browser(owner)).post("/api/v1/leads", json={"name": "Somebody"})).json()["lead"]["id"]
    path = f"{RULES}/dry-run/{lead}"
    assert (await (await browser(manager)).post(path)).status_code == 200
    assert (await (await browser(rep)).post(path)).status_code == 403
    assert (await (await browser(mallory)).post(path)).status_code == 404
    assert rep.actor.id is not None
    assert manager.actor.id is not None
    async with app.work(owner) as work:
        his, theirs = [await teams.create_team(work, CreateTeam(name=name)) for name in ("His", "Theirs")]
        await teams.change_member(work, rep.actor.id, ChangeMember(team=his.id))
        await teams.change_member(work, manager.actor.id, ChangeMember(team=theirs.id))
        await leads.update(work, UUID(lead), UpdateLead(owner=rep.actor.id))
    assert (await (await browser(manager)).post(path)).status_code == 404
    assert (await (await browser(owner)).post(path)).status_code == 200


async def test_hours_are_set_by_those_who_manage_people_and_seen_by_all(
    browser: Opens, ada: Member, ben: Member
) -> None:
    owner, rep = await browser(ada), await browser(ben)
    path = f"/api/v1/people/{ben.actor.id}/hours"
    assert (await rep.get(path)).json() == {"hours": None, "time_zone": ""}
    week = {"hours": {"monday": [["09:00", "17:00"]]}, "time_zone": "Europe/Berlin"}
    assert (await rep.put(path, json=week)).status_code == 403
    assert (await owner.put(path, json=week)).json() == week
    assert (await owner.put(path, json={**week, "time_zone": "Atlantis"})).status_code == 422
    assert (await rep.get(path)).json() == week


async def test_absences_are_ones_own_or_the_managers_of_people(browser: Opens, northwind: Company) -> None:
    owner, rep, viewer = [await browser(each) for each in (northwind.owner, northwind.rep, northwind.viewer)]
    own = (await rep.post(ABSENCES, json={**DAY, "note": "Dentist"})).json()
    assert own["person"] == str(northwind.rep.actor.id)
    assert (await viewer.get(ABSENCES)).json()["items"] == []
    assert (await viewer.patch(f"{ABSENCES}/{own['id']}", json={"note": "x"})).status_code == 404
    assert (await viewer.post(ABSENCES, json={**DAY, "person": own["person"]})).status_code == 403
    assert (await rep.patch(f"{ABSENCES}/{own['id']}", json={"ends_at": DAY["starts_at"]})).status_code == 422
    moved = await owner.patch(f"{ABSENCES}/{own['id']}", json={"ends_at": "2027-01-06T00:00:00Z"})
    assert moved.json()["ends_at"] - own["ends_at"] == 24 * 3600 * 1000
    assert len((await owner.get(ABSENCES)).json()["items"]) == 1
    assert (await rep.delete(f"{ABSENCES}/{own['id']}")).status_code == 204
    assert (await rep.get(ABSENCES)).json()["items"] == []


async def test_why_somebody_got_a_lead_is_told_within_reach_alone(
    app: App, browser: Opens, northwind: Company, mallory: Member
) -> None:
    owner, rep, manager = northwind.owner, northwind.rep, northwind.manager
    client = await browser(owner)
    lead = (await client.post("/api/v1/leads", json={"name": "Somebody"})).json()["lead"]["id"]
    await fold(app, owner.organization_id, "routing")
    path = f"/api/v1/leads/{lead}/assignments"
    (proof,) = (await client.get(path)).json()["items"]
    assert proof["chosen"] == str(rep.actor.id)
    assert [each["name"] for each in proof["candidates"]] == ["Ben"]
    assert (await (await browser(mallory)).get(path)).status_code == 404
    assert manager.actor.id is not None
    assert rep.actor.id is not None
    async with app.work(owner) as work:
        team = await teams.create_team(work, CreateTeam(name="Elsewhere"))
        await teams.change_member(work, rep.actor.id, ChangeMember(team=team.id))
        await leads.update(work, UUID(lead), UpdateLead(owner=manager.actor.id))
    assert (await (await browser(rep)).get(path)).status_code == 404
