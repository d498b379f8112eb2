"""What `leadflow seed` does: finds or founds the organization, and plants in it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadflow import onboarding
from leadflow.bootstrap import App, build
from leadflow.cli import product
from leadflow.infra.projector import Projector
from leadflow.kernel.errors import NotFound
from leadflow.kernel.scope import Scope
from leadflow.settings import Settings
from leadflow.simulation import planting
from leadflow.simulation.people import slug
from leadflow.tenancy import service as tenancy

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    organization: str
    leads: int
    events: int
    seed: int
    until: datetime
    is_among_others: bool


async def plant(settings: Settings, wanted: Wanted, report: Say, say: Say) -> str:
    """Plant, or go on planting; returns what there is to say at the end.

    Raises:
        Conflict: it cannot be planted here; says why and what to do.
        NotFound: several organizations have this name.

    """
    plan = planting.Plan(wanted.leads, wanted.events, wanted.seed, wanted.until)
    async with build(settings) as app:
        scope = tenancy.system_scope(await _organization(app, wanted.organization, say))
        await _read(app, scope)
        readers = [projection.name for projection in app.projections]
        async with app.work(scope) as work:
            plan, done = await planting.begin(work, plan, readers, is_among_others=wanted.is_among_others)
        await _read(app, scope)  # who sells is known before there is anything to sell to
        reached = await planting.plant(app, scope, plan, done, lambda progress: report(progress.line()))
    return reached.summary()


async def _read(app: App, scope: Scope) -> None:
    """Have every projection read what is in the organization's log."""
    for projection in app.projections:
        await Projector(app.database, projection, scope.permissions).catch_up(scope.organization_id)


async def _organization(app: App, name: str, say: Say) -> UUID:
    found = await product.organizations_named(app, name)
    if len(found) > 1:
        raise NotFound(f"There is more than one organization called {name!r}.")
    return found[0] if found else await _founded(app, name, say)


async def _founded(app: App, name: str, say: Say) -> UUID:
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    email = f"owner@{slug(name) or 'measured'}-{secrets.token_hex(2)}.example"
    entered = await onboarding.found(
        app, onboarding.SignUp(organization=name, name="Owner", email=email, password=password)
    )
    say(f"Founded {name}. Its owner logs in as {email} with the password {password}, which is said only here.")
    return entered.organization_id
