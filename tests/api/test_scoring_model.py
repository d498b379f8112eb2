"""The model page's door."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.events import Event
from leadflow.scoring.goals import Goal
from leadflow.scoring.monitoring import repository, service
from leadflow.scoring.monitoring.inputs import Day
from leadflow.scoring.monitoring.tally import Tally
from leadflow.scoring.success import WORDS
from leadflow.tenancy.service import system_scope
from tests.api.conftest import Opens
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold
from tests.scoring.lives import score_by
from tests.scoring.test_success import OF_A_DEAL


async def some_weeks(app: App, member: Member) -> None:
    """Sixty outcomes, and page views that stopped coming two days ago."""
    today = datetime.now(UTC).date()
    tally = Tally()
    for number in range(60):
        tally.add(-1.0 if number % 2 else 1.0, 1.0, 0.0, won=number % 2 == 0)
    days = {
        today - timedelta(days=back): Day(4, {"source": {"web": 4}}, {"page_viewed": 60} if back > 2 else {})
        for back in range(1, 35)
    }
    async with app.work(system_scope(member.organization_id)) as work:
        await repository.add_grades(work, {("mix", today): tally})
        await repository.save_inputs(work, days)
    async with app.work(system_scope(member.organization_id)) as work:
        await service.check(work)


async def test_a_manager_reads_how_the_model_does(app: App, browser: Opens, cleo: Member) -> None:
    await some_weeks(app, cleo)
    answer = await (await browser(cleo)).get("/api/v1/scoring/model", params={"days": 14})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    (model,) = told["models"]
    assert (model["name"], model["figures"]["outcomes"], model["figures"]["auc"]) == ("mix", 60.0, 1.0)
    assert len(model["points"]) == 14
    assert [each["band"] for each in model["bands"]] == ["hot", "warm", "cold"]
    assert [each["outcomes"] for each in model["groups"]] == [30.0, 30.0]
    assert [each["says"] for each in told["alarms"]] == ["“Viewed a page” has stopped coming in"]
    assert told["alarms"][0]["because"].startswith("In 2 days from ")
    assert [each["label"] for each in told["behaviours"]] == ["New leads", "Viewed a page"]
    assert told["behaviours"][1]["silence"] is not None
    assert told["trust"]["stops"] is False


def texts(told: Any) -> Iterator[str]:
    """Everything in an answer that is read, and not looked up."""
    if isinstance(told, str):
        yield told
    for each in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from texts(each)


@pytest.mark.parametrize(
    ("goal", "headline"),
    [("meeting", r"and 50% came to a meeting: well calibrated"), ("reply", r"and 50% answered: well calibrated")],
)
async def test_another_goal_is_what_all_of_it_speaks_of(
    app: App, browser: Opens, ada: Member, goal: str, headline: str
) -> None:
    await score_by(app, ada, {"goal": goal})
    await some_weeks(app, ada)
    client = await browser(ada)
    told = (await client.get("/api/v1/scoring/model")).json()
    models = (await client.get("/api/v1/scoring/models")).json()
    assert headline in told["models"][0]["headline"]
    assert told["words"] == models["words"] == WORDS[Goal(goal)].to_json()
    assert len(told["models"][0]["evidence"]) == 3
    said = [*texts(told), *texts(models)]
    assert len(said) > 50
    assert [each for each in said if OF_A_DEAL.search(each)] == []


async def test_a_deal_is_won(app: App, browser: Opens, cleo: Member) -> None:
    await some_weeks(app, cleo)
    told = (await (await browser(cleo)).get("/api/v1/scoring/model")).json()
    assert "and 50% were won: well calibrated" in told["models"][0]["headline"]
    assert (told["words"]["title"], told["words"]["ends"]) == ("Won", "is won or lost")


async def test_leads_may_wait_while_there_is_an_alarm_and_somebody_says_go_on(
    app: App, browser: Opens, cleo: Member
) -> None:
    client = await browser(cleo)
    assert (await client.put("/api/v1/scoring/model/stop", json={"stops": True})).json()["is_stopped"] is False
    data = {"alarm": str(uuid4()), "cause": "error:more", "stops": True, "says": "Something is wrong"}
    async with app.work(system_scope(cleo.organization_id)) as work:
        work.record(Event("scoring.alarm_raised", data={**data}))
    await fold(app, cleo.organization_id, "routing")
    assert (await client.get("/api/v1/scoring/model")).json()["trust"]["is_stopped"] is True
    answer = await client.post("/api/v1/scoring/model/resume", json={"reason": "It was the fair"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["is_stopped"], told["passed"], told["reason"]) == (False, ["Something is wrong"], "It was the fair")
    assert told["passed_by"] == "Cleo"


async def test_it_needs_a_reason(browser: Opens, cleo: Member) -> None:
    client = await browser(cleo)
    assert (await client.post("/api/v1/scoring/model/resume", json={"reason": " "})).status_code == 422
    assert (await client.put("/api/v1/scoring/model/stop", json={"stops": "yes"})).status_code == 422
    assert (await client.get("/api/v1/scoring/model", params={"days": 1})).status_code == 422


async def test_mallory_sees_nothing_of_it(app: App, browser: Opens, cleo: Member, mallory: Member) -> None:
    await some_weeks(app, cleo)
    told = (await (await browser(mallory)).get("/api/v1/scoring/model")).json()
    assert (told["alarms"], told["behaviours"], told["models"][0]["outcomes"]) == ([], [], 0.0)
