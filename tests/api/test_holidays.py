"""Holidays and the calendar through the API, each for whom it is meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from leadflow.bootstrap import App
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.fixtures.floor import sales_floor

HOLIDAYS, ABSENCES, CALENDAR = "/api/v1/holidays", "/api/v1/absences", "/api/v1/calendar"
CHRISTMAS: dict[str, Any] = {"day": "2026-12-25", "name": "Christmas Day"}
DECEMBER = {"from": "2026-12-01", "to": "2026-12-31"}


async def test_a_holiday_is_added_listed_and_removed(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    made = (await client.post(HOLIDAYS, json=CHRISTMAS)).json()
    assert made == {"id": made["id"], **CHRISTMAS, "team": None, "person": None, "origin": ""}
    assert (await client.get(HOLIDAYS, params=DECEMBER)).json()["items"] == [made]
    assert (await client.get(HOLIDAYS, params={"from": "2026-12-26"})).json()["items"] == []
    assert (await client.delete(f"{HOLIDAYS}/{made['id']}")).status_code == 204
    assert (await client.delete(f"{HOLIDAYS}/{made['id']}")).status_code == 404
    assert (await client.delete(f"{HOLIDAYS}/nothing")).status_code == 404
    assert (await client.get(HOLIDAYS, params=DECEMBER)).json()["items"] == []


async def test_a_countrys_are_imported_once_and_say_where_they_are_from(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    bavaria = {"country": "DE", "region": "BY", "year": 2026}
    assert (await client.post(f"{HOLIDAYS}/import", json=bavaria)).json() == {"new": 12}
    assert (await client.post(f"{HOLIDAYS}/import", json=bavaria)).json() == {"new": 0}
    items = (await client.get(HOLIDAYS, params=DECEMBER)).json()["items"]
    assert [(each["day"], each["name"], each["origin"]) for each in items] == [
        ("2026-12-25", "Christmas Day", "DE-BY"),
        ("2026-12-26", "Second Day of Christmas", "DE-BY"),
    ]
    known = (await client.get(f"{HOLIDAYS}/countries")).json()["items"]
    assert {"code": "FR", "name": "France", "regions": None} in known
    (germany,) = (await client.get(f"{HOLIDAYS}/countries", params={"country": "DE"})).json()["items"]
    assert {"code": "BY", "name": "Bayern"} in germany["regions"]


async def test_what_cannot_be_names_its_field(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    for path, body, field in (
        ("", {"day": "1999-01-01", "name": "x"}, "day"),
        ("", {"day": "2026-02-30", "name": "x"}, "day"),
        ("", {"day": "2026-12-25", "name": " "}, "name"),
        ("", {**CHRISTMAS, "team": str(ada.organization_id)}, "team"),
        ("", {**CHRISTMAS, "person": str(ada.organization_id)}, "person"),
        ("/import", {"country": "XX", "year": 2026}, "country"),
        ("/import", {"country": "DE", "region": "Atlantis", "year": 2026}, "region"),
        ("/import", {"country": "DE", "year": 1815}, "year"),
    ):
        refused = await client.post(f"{HOLIDAYS}{path}", json=body)
        assert refused.status_code == 422, (body, refused.text)
        assert [each["field"] for each in refused.json()["errors"]] == [field]
    for params, field in (({"from": "2026-02-01", "to": "2026-01-01"}, "to"), ({"from": "0001-01-01"}, "from")):
        for path in (HOLIDAYS, CALENDAR):
            refused = await client.get(path, params=params)
            assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_reps_add_their_own_and_no_others(browser: Opens, northwind: Company) -> None:
    owner, rep, viewer = [await browser(each) for each in (northwind.owner, northwind.rep, northwind.viewer)]
    own = {**CHRISTMAS, "name": "Name day", "person": str(northwind.rep.actor.id)}
    made = (await rep.post(HOLIDAYS, json=own)).json()
    assert (await rep.post(HOLIDAYS, json=CHRISTMAS)).status_code == 403
    assert (await viewer.post(HOLIDAYS, json=own)).status_code == 403
    assert (await rep.post(f"{HOLIDAYS}/import", json={"country": "DE", "year": 2026})).status_code == 403
    assert (await viewer.get(HOLIDAYS, params=DECEMBER)).json()["items"] == []
    assert (await viewer.delete(f"{HOLIDAYS}/{made['id']}")).status_code == 404
    assert (await owner.delete(f"{HOLIDAYS}/{made['id']}")).status_code == 204


async def test_absences_of_the_past_are_there_for_who_asks(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    now = datetime.now(UTC)
    past, next_week = (
        {"starts_at": (now + timedelta(days=at)).isoformat(), "ends_at": (now + timedelta(days=at + 1)).isoformat()}
        for at in (-20, 7)
    )
    ids = [(await client.post(ABSENCES, json=each)).json()["id"] for each in (past, next_week)]

    async def listed(**params: Any) -> list[str]:
        answer = await client.get(ABSENCES, params={name.strip("_"): at.isoformat() for name, at in params.items()})
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert await listed() == [ids[1]]
    assert await listed(from_=now - timedelta(days=30)) == ids
    assert await listed(from_=now - timedelta(days=30), to=now) == [ids[0]]
    assert await listed(to=now - timedelta(days=19, hours=12)) == [ids[0]]
    backwards = {"from": now.isoformat(), "to": (now - timedelta(days=1)).isoformat()}
    assert (await client.get(ABSENCES, params=backwards)).status_code == 422


async def test_the_calendar_shows_each_what_their_rights_allow(app: App, browser: Opens, mallory: Member) -> None:
    floor = await sales_floor(app)
    owner, manager, rep = [await browser(each) for each in (floor.ada, floor.cleo, floor.ben)]
    day = {"starts_at": "2026-12-10T00:00:00Z", "ends_at": "2026-12-11T00:00:00Z", "note": "Dentist"}
    for client in (rep, await browser(floor.nora)):
        await client.post(ABSENCES, json=day)
    holidays = [
        (await owner.post(HOLIDAYS, json={**CHRISTMAS, **whose})).json()["id"]
        for whose in ({}, {"team": str(floor.central)})
    ]
    seen = (await owner.get(CALENDAR, params=DECEMBER)).json()
    assert [each["name"] for each in seen["groups"]] == ["Central", "Berlin", "North", ""]
    people = {each["name"]: each for group in seen["groups"] for each in group["people"]}
    assert people["Ben"]["holidays"] == people["Cleo"]["holidays"] == holidays
    assert people["Nora"]["holidays"] == people["Ada"]["holidays"] == holidays[:1]
    assert (seen["may_manage"], people["Ben"]["may_change"], people["Ben"]["zone"]) == (True, True, "UTC")
    assert [each["note"] for each in seen["absences"]] == ["Dentist", "Dentist"]

    hers = (await manager.get(CALENDAR, params=DECEMBER)).json()
    rows = {each["name"]: each["may_change"] for group in hers["groups"] for each in group["people"]}
    assert (rows, hers["may_manage"]) == ({"Cleo": True, "Ben": False}, False)
    assert [(each["person"], each["note"]) for each in hers["absences"]] == [(str(floor.ben.actor.id), "")]
    assert [each["note"] for each in (await manager.get(ABSENCES)).json()["items"]] == [""]
    assert (await manager.delete(f"{ABSENCES}/{hers['absences'][0]['id']}")).status_code == 403

    his = (await rep.get(CALENDAR, params=DECEMBER)).json()
    assert [[each["name"] for each in group["people"]] for group in his["groups"]] == [["Ben"]]
    assert [each["note"] for each in his["absences"]] == ["Dentist"]
    theirs = (await (await browser(mallory)).get(CALENDAR, params=DECEMBER)).json()
    assert [[each["name"] for each in group["people"]] for group in theirs["groups"]] == [["Mallory"]]
    assert theirs["absences"] == theirs["holidays"] == []
