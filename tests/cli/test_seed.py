"""`leadflow seed`: an organization for measuring, from the command line."""

from leadflow.bootstrap import App
from tests.cli.terminal import leadflow
from tests.fixtures.installation import as_superuser

COUNTED = """
    SELECT (SELECT count(*) FROM lead l WHERE l.organization_id = o.id),
           (SELECT count(*) FROM event e WHERE e.organization_id = o.id AND e.lead_id IS NOT NULL)
    FROM organization o WHERE name = 'Vast'
"""


async def test_it_founds_plants_goes_on_and_refuses(alone: App) -> None:
    vast = ("seed", "--organization", "Vast", "--events", "900")
    code, words = await leadflow(alone, *vast, "--leads", "300")
    assert code == 0
    assert "Its owner logs in as owner@vast-" in words
    assert "300 leads and 900 events in" in words
    with as_superuser(alone.settings) as admin:
        assert admin.execute(COUNTED).fetchall() == [(300, 900)]

    code, words = await leadflow(alone, *vast, "--leads", "300")
    assert (code, words.splitlines()[-1]) == (0, "All 300 leads are there already.")

    code, words = await leadflow(alone, *vast, "--leads", "301")
    assert code == 1
    assert words.splitlines()[-1].startswith("leadflow: Here 300 leads and 900 events with seed 1 have been begun")
    with as_superuser(alone.settings) as admin:
        assert admin.execute(COUNTED).fetchall() == [(300, 900)]
