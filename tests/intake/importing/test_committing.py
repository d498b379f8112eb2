"""When an import runs: once, after it is committed, and what is kept of it for how long."""

from datetime import timedelta

import pytest

from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.intake.importing import ImportNotFound, ImportNotReady
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Invalid
from tests.fixtures.cast import Member
from tests.intake.importing.conftest import PEOPLE, Ask, Imports, committed, run_to_end, uploaded


async def test_an_import_is_committed_once(app: App, ada: Member, imports: Imports) -> None:
    found = await uploaded(app, ada, PEOPLE)
    await committed(app, ada, found)
    await committed(app, ada, found)
    first = await run_to_end(app, ada, found.id)
    again = await run_to_end(app, ada, found.id)
    assert first == again
    with pytest.raises(ImportNotReady):
        await importing.dry_run(app, ada, found.id, found.suggested)
    with pytest.raises(ImportNotReady):
        await committed(app, ada, found, {"E-mail": "email"})


async def test_an_import_does_not_run_before_it_is_committed(app: App, ada: Member) -> None:
    found = await uploaded(app, ada, PEOPLE)
    with pytest.raises(ImportNotReady):
        await importing.run_import(app, ada, found.id)
    with pytest.raises(Invalid):
        await committed(app, ada, found, {"Company": "company"})


async def test_an_upload_with_the_same_id_is_answered_again(app: App, ada: Member) -> None:
    found = await uploaded(app, ada, PEOPLE)
    again = await uploaded(app, ada, b"something else", import_id=found.id)
    assert again == found


async def test_files_and_rejects_are_forgotten_in_time(
    app: App, ada: Member, imports: Imports, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, unused = await imports(ada, PEOPLE), await uploaded(app, ada, PEOPLE)
    assert ask("SELECT import_id FROM import_part WHERE organization_id = %s", ada.organization_id) == [
        {"import_id": unused.id}
    ]
    async with app.work(ada) as work:
        await importing.forget(work, done.id)
    assert len(ask("SELECT * FROM import_reject WHERE organization_id = %s", ada.organization_id)) == 2
    monkeypatch.setattr(app.database, "clock", FixedClock(app.clock.now() + timedelta(days=8)))
    for import_id in (done.id, unused.id):
        async with app.work(ada) as work:
            await importing.forget(work, import_id)
    assert ask("SELECT * FROM import_reject WHERE organization_id = %s", ada.organization_id) == []
    assert [row["id"] for row in ask("SELECT id FROM lead_import WHERE organization_id = %s", ada.organization_id)] == [
        done.id
    ]
    with pytest.raises(ImportNotFound, match="seven days"):
        await importing.rejected_csv(app, ada, done.id)
