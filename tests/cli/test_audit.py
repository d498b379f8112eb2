"""`leadflow audit verify`: a line for each organization, and a status that a script can act upon."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from leadflow.bootstrap import App
from leadflow.cli import product
from leadflow.kernel.errors import NotFound
from leadflow.tenancy.permissions import Role
from tests.audit.trail import make_key, tampering, write_trail
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.engines import Engines
from tests.fixtures.installation import ROOT, installation


@pytest.fixture(scope="module")
async def alone(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An installation with two organizations and nobody else's."""
    async with installation(engines, tmp_path_factory.mktemp("alone")) as app:
        yield app


@pytest.fixture(scope="module")
async def owners(alone: App) -> dict[str, Member]:
    found = {}
    for name in ("Oslo", "Bergen"):
        (found[name],) = await cast.found_company(alone, name, ("Ada", Role.OWNER))
        await write_trail(alone, found[name], 2)
    return found


async def verified(app: App, name: str = "") -> tuple[bool, list[str]]:
    lines: list[str] = []
    return await product.verify_audit(app.settings, organization=name, report=lines.append), lines


async def command(app: App, *arguments: str) -> tuple[int | None, str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": app.settings.database_url,
        "REDIS_URL": app.settings.redis_url,
        "LEADFLOW_SECRET_KEY": app.settings.secret_key.get_secret_value(),
        "LEADFLOW_HOME": str(app.settings.home),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "leadflow.cli", "audit", "verify", *arguments,
        cwd=Path(ROOT), env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_every_organization_has_its_line(alone: App, owners: dict[str, Member]) -> None:
    assert await verified(alone) == (True, ["Bergen: 5 entries, unbroken", "Oslo: 5 entries, unbroken"])
    assert await verified(alone, "oslo") == (True, ["Oslo: 5 entries, unbroken"])
    with pytest.raises(NotFound, match="Nowhere"):
        await verified(alone, "Nowhere")


async def test_late_is_not_broken_and_broken_is_status_one(alone: App, owners: dict[str, Member]) -> None:
    await make_key(alone, owners["Bergen"])
    assert await command(alone) == (
        0,
        "Bergen: 5 entries, unbroken; 1 more wait for the worker\nOslo: 5 entries, unbroken\n",
    )
    with tampering(alone) as admin:
        own = (owners["Oslo"].organization_id,)
        admin.execute("UPDATE audit_entry SET source = 'x' WHERE organization_id = %s AND number = 4", own)
    code, said = await command(alone)
    assert code == 1
    assert said.splitlines()[-1] == "Oslo: broken: entry 4 was changed after it was written"
    assert (await command(alone, "-o", "Bergen"))[0] == 0
    assert (await command(alone, "-o", "Nowhere"))[0] == 1
