"""Saved views through the API."""

from uuid import uuid4

import pytest

from tests.api.conftest import Opens
from tests.fixtures.cast import Member

VIEWS = "/api/v1/views"
HOT = {"name": "Hot", "layout": "list", "params": {"band": "hot", "owner": "me"}}


async def test_a_view_is_saved_shared_pinned_and_opened_by_default(
    browser: Opens, ada: Member, ben: Member, viewer: Member
) -> None:
    hers, his, client = await browser(ada), await browser(viewer), await browser(ben)
    made = await client.post(VIEWS, json={**HOT, "icon": "Flame", "is_pinned": True})
    assert made.status_code == 201, made.text
    view = made.json()
    assert (view["params"], view["pin"], view["owner_name"], view["is_mine"]) == (HOT["params"], 1, "Ben", True)
    assert (await his.get(VIEWS)).json()["items"] == []
    path = f"{VIEWS}/{view['id']}"
    assert (await client.patch(path, json={"is_shared": True, "name": "Hot leads"})).json()["version"] == 2
    assert [each["name"] for each in (await his.get(VIEWS)).json()["items"]] == ["Hot leads"]
    assert (await his.put(f"{path}/pin")).json()["pin"] == 1
    assert (await his.patch(path, json={"name": "Mine"})).status_code == 403
    default = {"layout": "list", "view": view["id"], "whose": "organization"}
    assert (await client.put(f"{VIEWS}/default", json=default)).status_code == 403
    assert (await hers.put(f"{VIEWS}/default", json=default)).json()["defaults"]["list"]["opens"] == view["id"]
    assert (await his.put(f"{VIEWS}/default", json={"layout": "list", "view": "all"})).json()["defaults"]["list"] == {
        "mine": "all", "organization": view["id"], "opens": "all",
    }  # fmt: skip
    assert (await client.put(f"{VIEWS}/pins", json={"views": [view["id"]]})).status_code == 200
    assert (await his.delete(f"{path}/pin")).json()["pin"] is None
    assert (await client.delete(path)).status_code == 204
    assert (await client.delete(path)).status_code == 204
    assert (await his.get(VIEWS)).json()["items"] == []
    assert (await client.patch(path, json={"name": "x"})).status_code == 409
    assert (await client.post(f"{path}/restore")).json()["name"] == "Hot leads"
    assert (await hers.patch(path, json={"is_shared": False})).json() == {"id": view["id"]}


async def test_the_same_key_makes_one_view(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    made = [(await client.post(VIEWS, json=HOT, headers={"idempotency-key": "a"})) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert (await client.post(VIEWS, json=HOT)).status_code == 422


async def test_a_stale_version_is_answered_with_how_it_stands(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    path = f"{VIEWS}/{(await client.post(VIEWS, json=HOT)).json()['id']}"
    assert (await client.patch(path, json={"params": {"band": "warm"}, "version": 1})).status_code == 200
    stale = await client.patch(path, json={"params": {"band": "cold"}, "version": 1})
    assert (stale.status_code, stale.json()["current"]["params"]) == (409, {"band": "warm"})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\tb"}, "name"),
        ({"layout": "calendar"}, "layout"),
        ({"icon": "Skull"}, "icon"),
        ({"params": {"owner": "ben"}}, "params.owner"),
        ({"params": {"colour": "red"}}, "params.colour"),
        ({"params": {"sort": "a b"}}, "params.sort"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_bad_input_names_the_field(browser: Opens, ben: Member, given: dict[str, object], field: str) -> None:
    client = await browser(ben)
    answer = await client.post(VIEWS, json={**HOT, **given})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await client.get(VIEWS)).json()["items"] == []


@pytest.mark.parametrize("view", [str(uuid4()), "nonsense"])
async def test_a_default_is_a_view_that_is_there(browser: Opens, ben: Member, view: str) -> None:
    client = await browser(ben)
    answer = await client.put(f"{VIEWS}/default", json={"layout": "list", "view": view})
    assert answer.status_code == (404 if view != "nonsense" else 422), answer.text
