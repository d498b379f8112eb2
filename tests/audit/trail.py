"""Trails to look at, and somebody with the whole database in their hands."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg

from leadflow.audit import chain
from leadflow.audit import service as audit
from leadflow.audit.chain import Sign
from leadflow.audit.service import Verdict
from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.commands import CreateApiKey
from leadflow.infra.projector import Projector
from leadflow.kernel.events import Event
from leadflow.kernel.projection import Projection
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold

AUDIT = "audit"


def sign_of(app: App) -> Sign:
    return chain.signer(app.settings.secret_key.get_secret_value())


async def make_key(app: App, member: Member, name: str = "website") -> UUID:
    """Something sensitive."""
    async with app.work(member) as work:
        command = CreateApiKey(name=name, scopes=("leads.write",))
        key, _ = await identity.create_api_key(work, command, grantable=frozenset({"leads.write"}))
        return key.id


async def happen(app: App, member: Member, *events: Event) -> None:
    async with app.work(member) as work:
        work.record_all(events)


async def write_trail(app: App, member: Member, number: int = 3) -> None:
    """Some sensitive events, told in more than one batch, and the trail that they leave."""
    for place in range(number):
        await make_key(app, member, f"key {place}")
        await fold(app, member.organization_id, AUDIT)


async def verify(app: App, organization_id: UUID) -> Verdict:
    return await audit.verify(app, system_scope(organization_id), sign_of(app))


def projector(app: App, projection: Projection) -> Projector:
    return Projector(app.database, projection, frozenset(SYSTEM_PERMISSIONS))


def entries(app: App, organization_id: UUID) -> list[tuple[int, str]]:
    """Number and kind, in order."""
    with as_superuser(app.settings) as admin:
        rows = admin.execute(
            "SELECT number, kind FROM audit_entry WHERE organization_id = %s ORDER BY number", (organization_id,)
        )
        return [(number, kind) for number, kind in rows]


@contextmanager
def tampering(app: App) -> Iterator[psycopg.Connection]:
    """A superuser who has switched the trigger off on purpose."""
    with as_superuser(app.settings) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin
