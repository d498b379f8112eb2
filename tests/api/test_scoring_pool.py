"""The pool's door."""

import pytest

from leadflow.bootstrap import App
from tests.api.conftest import Opens
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold

PATH = "/api/v1/scoring/pool"
NOTHING = {"joined": False, "since": None, "at": None, "organizations": None, "leads": None}


async def test_an_owner_joins_and_leaves_and_the_trail_says_so(app: App, browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    assert (await client.get(PATH)).json() == NOTHING
    for _ in range(2):
        answer = await client.put(PATH, json={"joined": True})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["joined"], told["at"], told["organizations"]) == (True, None, None)
        assert told["since"] > 0
    assert (await client.get(PATH)).json() == told
    assert (await client.put(PATH, json={"joined": False})).json() == NOTHING
    await fold(app, ada.organization_id, "audit")
    trail = (await client.get("/api/v1/audit")).json()["items"]
    assert [each["words"] for each in trail[:2]] == [
        "Ada left the pool of what organizations learn from their leads",
        "Ada joined the pool of what organizations learn from their leads",
    ]


@pytest.mark.parametrize("body", [{}, {"joined": "yes"}, {"joined": 1}, {"joined": True, "organization": "other"}])
async def test_it_takes_yes_or_no_and_nothing_else(browser: Opens, ada: Member, body: dict[str, object]) -> None:
    client = await browser(ada)
    assert (await client.put(PATH, json=body)).status_code == 422
    assert (await client.get(PATH)).json() == NOTHING


async def test_mallory_joins_for_herself_alone(browser: Opens, ada: Member, mallory: Member) -> None:
    assert (await (await browser(mallory)).put(PATH, json={"joined": True})).json()["joined"] is True
    assert (await (await browser(ada)).get(PATH)).json() == NOTHING


async def test_managers_do_not_decide_it(browser: Opens, cleo: Member, ben: Member) -> None:
    for member in (cleo, ben):
        client = await browser(member)
        assert (await client.get(PATH)).status_code == 403
        assert (await client.put(PATH, json={"joined": True})).status_code == 403
