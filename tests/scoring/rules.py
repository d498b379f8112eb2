"""Rules to deploy, and what a worker would do after."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.scoring.backtest import running
from leadflow.scoring.backtest import service as backtests
from leadflow.scoring.backtest.commands import Backtest
from leadflow.scoring.config import DEFAULT, ScoringConfig
from leadflow.scoring.repository import signer
from leadflow.scoring.settings import service
from leadflow.scoring.settings.commands import Deploy, RollBack
from leadflow.scoring.settings.repository import Version
from leadflow.scoring.settings.rescoring import Rescoring
from leadflow.tenancy.service import system_scope


def config(**changes: Any) -> ScoringConfig:
    """The rules that everybody starts with, changed."""
    return ScoringConfig.model_validate(DEFAULT.model_dump() | changes)


def with_points(behaviour: str, points: float) -> ScoringConfig:
    engagement = [
        rule.model_dump() | ({"points": points, "limit": 200} if rule.behaviour == behaviour else {})
        for rule in DEFAULT.engagement
    ]
    return config(engagement=engagement, limits={})


async def deploy(app: App, scope: Scope, rules: ScoringConfig, based_on: int, reason: str = "A test") -> Version:
    async with app.work(scope) as work:
        return await service.deploy(work, Deploy(config=rules, reason=reason, based_on=based_on))


async def roll_back(app: App, scope: Scope, number: int, based_on: int) -> Version:
    async with app.work(scope) as work:
        return await service.roll_back(work, RollBack(number=number, reason="Back", based_on=based_on))


async def rescore(app: App, organization_id: UUID, number: int) -> None:
    """Do what the job does."""
    rescoring = Rescoring(signer(app.settings.secret_key.get_secret_value()))
    while await step(app, organization_id, number, rescoring):
        pass


async def step(app: App, organization_id: UUID, number: int, rescoring: Rescoring | None = None) -> bool:
    rescoring = rescoring or Rescoring(signer(app.settings.secret_key.get_secret_value()))
    async with app.work(system_scope(organization_id)) as work:
        return await rescoring.go_on(work, number)


async def live(app: App, scope: Scope) -> Version:
    async with app.work(scope) as work:
        return await service.look(work)


async def ask(app: App, scope: Scope, question: str, **values: Any) -> list[Any]:
    async with app.work(scope) as work:
        return list(await work.session.execute(text(question), values))


async def backtested(app: App, scope: Scope, rules: ScoringConfig, days: int = 90) -> dict[str, Any]:
    """Ask for a backtest, run it as the job does, and read it."""
    async with app.work(scope) as work:
        asked = await backtests.start(work, Backtest(config=rules, days=days))
    await running.run(app, system_scope(scope.organization_id), asked["id"])
    return await look(app, scope, asked["id"])


async def look(app: App, scope: Scope, backtest: UUID) -> dict[str, Any]:
    async with app.work(scope) as work:
        return await backtests.look(work, backtest)
