"""`leadflow audit verify`: a line for each organization, and a status that a script can act upon."""

import pytest

from leadflow.bootstrap import App
from leadflow.cli import product
from leadflow.kernel.errors import NotFound
from leadflow.tenancy.permissions import Role
from tests.audit.trail import make_key, tampering, write_trail
from tests.cli.terminal import leadflow
from tests.fixtures import cast
from tests.fixtures.cast import Member


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


async def test_every_organization_has_its_line(alone: App, owners: dict[str, Member]) -> None:
    assert await verified(alone) == (True, ["Bergen: 5 entries, unbroken", "Oslo: 5 entries, unbroken"])
    assert await verified(alone, "oslo") == (True, ["Oslo: 5 entries, unbroken"])
    with pytest.raises(NotFound, match="Nowhere"):
        await verified(alone, "Nowhere")


async def test_late_is_not_broken_and_broken_is_status_one(alone: App, owners: dict[str, Member]) -> None:
    await make_key(alone, owners["Bergen"])
    assert await leadflow(alone, "audit", "verify") == (
        0,
        "Bergen: 5 entries, unbroken; 1 more wait for the worker\nOslo: 5 entries, unbroken\n",
    )
    with tampering(alone) as admin:
        own = (owners["Oslo"].organization_id,)
        admin.execute("UPDATE audit_entry SET source = 'x' WHERE organization_id = %s AND number = 4", own)
    code, said = await leadflow(alone, "audit", "verify")
    assert code == 1
    assert said.splitlines()[-1] == "Oslo: broken: entry 4 was changed after it was written"
    assert (await leadflow(alone, "audit", "verify", "-o", "Bergen"))[0] == 0
    assert (await leadflow(alone, "audit", "verify", "-o", "Nowhere"))[0] == 1
