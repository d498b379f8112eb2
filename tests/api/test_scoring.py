"""Scoring rules through their door."""

from typing import Any

import httpx
import pytest

from leadflow.api.schemas import scoring as schemas
from leadflow.bootstrap import App
from leadflow.scoring import relearning
from leadflow.scoring.backtest import running
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope
from tests.api.conftest import Opens
from tests.fixtures.cast import Member
from tests.scoring.rules import rescore

RULES = "/api/v1/scoring"


async def rules(client: httpx.AsyncClient) -> schemas.ScoringRules:
    found = await client.get(RULES)
    assert found.status_code == 200, found.text
    return schemas.ScoringRules.model_validate(found.json())


def changed(found: schemas.ScoringRules, **changes: Any) -> dict[str, Any]:
    return found.config.model_dump(mode="json") | changes


@pytest.fixture
async def client(browser: Opens, ada: Member) -> httpx.AsyncClient:
    return await browser(ada)


async def test_rules_are_tried_deployed_and_taken_back(app: App, client: httpx.AsyncClient, ada: Member) -> None:
    first = await rules(client)
    assert (first.number, first.config, first.rescoring) == (0, first.defaults, None)
    assert first.model == "Mix of experts"
    config = changed(first, base=60)

    asked = await client.post(f"{RULES}/backtests", json={"config": config, "days": 30})
    assert asked.status_code == 202
    waiting = schemas.BacktestItem.model_validate(asked.json())
    assert (waiting.state, waiting.report, waiting.days) == ("waiting", None, 30)
    await running.run(app, system_scope(ada.organization_id), asked.json()["id"])  # type: ignore[arg-type]
    done = schemas.BacktestItem.model_validate((await client.get(f"{RULES}/backtests/{waiting.id}")).json())
    assert done.state == "done"
    assert done.report is not None

    body = {"config": config, "reason": "More leads are warm", "based_on": 0}
    answer = await client.post(f"{RULES}/deploy", json=body)
    assert answer.status_code == 200, answer.text
    live = schemas.ScoringRules.model_validate(answer.json())
    assert (live.number, live.author, live.reason, live.config.base) == (1, "Ada", "More leads are warm", 60)
    assert live.rescoring == schemas.Rescored(done=0, of=None, changed=0)
    await rescore(app, ada.organization_id, 1)
    assert (await rules(client)).rescoring is None

    back = await client.post(f"{RULES}/rollback", json={"number": 0, "reason": "Too many", "based_on": 1})
    assert schemas.ScoringRules.model_validate(back.json()).config == first.defaults
    page = schemas.Versions.model_validate((await client.get(f"{RULES}/versions")).json())
    assert [(each.number, each.restores, each.is_live) for each in page.items] == [
        (2, 0, True), (1, None, False), (0, None, False),
    ]  # fmt: skip
    assert page.items[0].changes == ["Score of a lead nothing is known of: 60 → 15"]


async def test_whatever_is_wrong_is_named_by_its_field(client: httpx.AsyncClient) -> None:
    first = await rules(client)
    fit = changed(first)["fit"]
    fit[2]["points"] = 5000
    for path, more in (("deploy", {"reason": "x", "based_on": 0}), ("backtests", {})):
        answer = await client.post(
            f"{RULES}/{path}", json={"config": changed(first, fit=fit, thresholds={"hot": 30, "warm": 40}), **more}
        )
        assert answer.status_code == 422
        assert {each["field"] for each in answer.json()["errors"]} == {"config.fit.2.points", "config.thresholds"}
    assert (await rules(client)).number == 0


async def test_a_stale_draft_is_refused_and_a_repeated_request_deploys_once(client: httpx.AsyncClient) -> None:
    first = await rules(client)
    body = {"config": changed(first, base=30), "reason": "x", "based_on": 0}
    answers = [await client.post(f"{RULES}/deploy", json=body, headers={"idempotency-key": "one"}) for _ in range(2)]
    assert [answer.json()["number"] for answer in answers] == [1, 1]
    stale = await client.post(f"{RULES}/deploy", json=body | {"config": changed(first, base=40)})
    assert (stale.status_code, "Version 1 is live" in stale.json()["detail"]) == (409, True)
    missing = await client.post(f"{RULES}/rollback", json={"number": 9, "reason": "x", "based_on": 1})
    assert missing.status_code == 404


async def test_versions_are_read_page_by_page(client: httpx.AsyncClient) -> None:
    first = await rules(client)
    for number in range(3):
        body = {"config": changed(first, base=20 + number), "reason": "x", "based_on": number}
        assert (await client.post(f"{RULES}/deploy", json=body)).status_code == 200
    one = (await client.get(f"{RULES}/versions", params={"limit": 2})).json()
    two = (await client.get(f"{RULES}/versions", params={"limit": 2, "cursor": one["next_cursor"]})).json()
    assert [each["number"] for each in one["items"] + two["items"]] == [3, 2, 1, 0]
    assert two["next_cursor"] is None


async def test_models_are_tried_promoted_and_stopped(app: App, client: httpx.AsyncClient, ada: Member) -> None:
    async def entries(answer: httpx.Response) -> dict[str, schemas.ModelItem]:
        assert answer.status_code == 200, answer.text
        return {each.name: each for each in schemas.Contest.model_validate(answer.json()).entries}

    assert (await entries(await client.get(f"{RULES}/models")))["mix"].place == "champion"
    tried = (await entries(await client.post(f"{RULES}/models/try", json={"model": "ftrl"})))["ftrl"]
    assert (tried.place, tried.outcomes, tried.verdict) == ("learning", None, "open")
    body = {"model": "ftrl", "reason": "I know it is good", "based_on": 0}
    too_soon = await client.post(f"{RULES}/models/promote", json=body)
    assert (too_soon.status_code, "has not learned" in too_soon.json()["detail"]) == (409, True)
    await relearning.run(app, system_scope(ada.organization_id), signer(app.settings.secret_key.get_secret_value()))
    promoted = await client.post(f"{RULES}/models/promote", json=body)
    assert schemas.ScoringRules.model_validate(promoted.json()).config.champion == "ftrl"
    versions = (await client.get(f"{RULES}/versions")).json()["items"]
    assert versions[0]["changes"] == ["Model: Mix of experts → Logistic regression, FTRL"]
    stopped = await entries(await client.post(f"{RULES}/models/stop", json={"model": "mix"}))
    assert stopped["mix"].place == "shelf"
    for path in ("try", "stop"):
        assert (await client.post(f"{RULES}/models/{path}", json={"model": "oracle"})).status_code == 404


async def test_rules_for_a_model_that_there_is_not_are_refused(client: httpx.AsyncClient) -> None:
    config = changed(await rules(client), champion="oracle")
    answer = await client.post(f"{RULES}/deploy", json={"config": config, "reason": "x", "based_on": 0})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "config.champion")
