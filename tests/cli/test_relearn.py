"""`leadflow relearn`: a worker is asked to learn anew from the log."""

from leadflow.bootstrap import App
from leadflow.tenancy.permissions import Role
from tests.cli.terminal import leadflow
from tests.fixtures import cast
from tests.fixtures.installation import as_superuser


async def test_it_asks_a_worker_for_one_organization(alone: App) -> None:
    oslo, _ = [(await cast.found_company(alone, name, ("Ada", Role.OWNER)))[0] for name in ("Oslo", "Bergen")]
    code, words = await leadflow(alone, "relearn", "--organization", str(oslo.organization_id))
    assert (code, words) == (0, "Oslo: a worker is going to learn anew from its log.\n")
    with as_superuser(alone.settings) as admin:
        asked = admin.execute("SELECT organization_id FROM job WHERE kind = 'scoring.relearn'").fetchall()
    assert [row[0] for row in asked] == [oslo.organization_id]
    assert (await leadflow(alone, "relearn", "--organization", "Nowhere"))[0] == 1
