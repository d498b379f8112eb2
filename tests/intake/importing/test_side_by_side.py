"""Imports beside each other, beside the API, and after being killed: nobody twice, nothing lost, nothing doubled."""

import asyncio
import os
import random
import signal
import sys
import textwrap
import time
from pathlib import Path

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.intake.importing import TakenOver
from leadflow.intake.importing.running import SLICE_S
from leadflow.kernel.errors import Transient
from leadflow.leads import CaptureLead
from leadflow.settings import Settings
from tests.fixtures.cast import Member
from tests.intake.importing.conftest import Ask, Imports, committed, pieces, run_to_end, uploaded


def file_of(people: int, rows: int, seed: int) -> bytes:
    chance = random.Random(seed)
    lines = [
        f"p{(n := chance.randrange(people))}@example.com,{f'+4930{n:07d}' if n % 3 else ''},name {i}"
        for i in range(rows)
    ]
    return ("email,phone,name\n" + "\n".join(lines) + "\n").encode()


def nobody_is_there_twice(ask: Ask, member: Member) -> int:
    """Returns how many leads there are, each with a distinct address."""
    (leads_, addresses) = (
        ask(
            "SELECT count(*) AS n, count(DISTINCT email) AS d FROM lead WHERE organization_id = %s",
            member.organization_id,
        ),
        ask(
            "SELECT count(*) AS n FROM lead_identity i LEFT JOIN lead l ON l.organization_id = i.organization_id"
            " AND l.id = i.lead_id WHERE i.organization_id = %s AND l.id IS NULL",
            member.organization_id,
        ),
    )
    assert leads_[0]["n"] == leads_[0]["d"]
    assert addresses[0]["n"] == 0
    return int(leads_[0]["n"])


async def test_small_chunks_in_flight_capture_as_one_by_one(
    app: App, ada: Member, mallory: Member, imports: Imports, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadflow.intake.importing.chunks.CHUNK_ROWS", 7)
    content = file_of(people=90, rows=300, seed=3)
    await imports(ada, content)
    for line in content.decode().splitlines()[1:]:
        email, phone, name = line.split(",")
        async with app.work(mallory) as work:
            await leads.capture(work, CaptureLead(email=email, phone=phone, name=name, source="import"))
    columns = "SELECT email, phone, name FROM lead WHERE organization_id = %s ORDER BY email"
    assert ask(columns, ada.organization_id) == ask(columns, mallory.organization_id)
    told = (
        "SELECT l.email, array_agg(e.kind ORDER BY e.xid, e.seq) AS kinds FROM event e JOIN lead l ON l.id = e.lead_id"
        " WHERE e.organization_id = %s GROUP BY 1 ORDER BY 1"
    )
    assert ask(told, ada.organization_id) == ask(told, mallory.organization_id)


async def test_two_imports_of_one_file_and_the_api_meet_in_the_same_leads(
    app: App, ada: Member, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadflow.intake.importing.chunks.CHUNK_ROWS", 500)
    people, rows = 3000, 6000
    files = [await uploaded(app, ada, file_of(people, rows, seed)) for seed in (1, 1, 2)]
    for found in files:
        await committed(app, ada, found)
    is_over = asyncio.Event()

    async def api(seed: int) -> int:
        chance, sent = random.Random(seed), 0
        while not is_over.is_set():
            some = [
                CaptureLead(email=f"P{n}@example.com", phone=f"+4930{n:07d}") for n in chance.sample(range(people), 20)
            ]
            try:
                async with app.work(ada) as work:
                    await leads.capture_valid(work, some)
                sent += len(some)
            except Transient:
                await asyncio.sleep(0.01)
        return sent

    async def imports() -> None:
        await asyncio.gather(*(run_to_end(app, ada, found.id) for found in files))
        is_over.set()

    _, *sent = await asyncio.wait_for(asyncio.gather(imports(), api(1), api(2)), timeout=120)
    assert nobody_is_there_twice(ask, ada) <= people
    events = ask(
        "SELECT count(*) AS n FROM event WHERE organization_id = %s AND kind IN ('lead.captured', 'lead.joined')",
        ada.organization_id,
    )
    assert events[0]["n"] == 3 * rows + sum(sent)
    captured = ask(
        "SELECT count(*) AS n FROM event WHERE organization_id = %s AND kind = 'lead.captured'", ada.organization_id
    )
    assert captured[0]["n"] == nobody_is_there_twice(ask, ada)


async def test_two_runs_of_one_import_do_its_work_once(app: App, ada: Member, ask: Ask) -> None:
    found = await uploaded(app, ada, file_of(people=8000, rows=30_000, seed=5))
    await committed(app, ada, found)

    async def run() -> bool:
        try:
            return await importing.run_import(app, ada, found.id, seconds=SLICE_S)
        except TakenOver:
            return False

    await asyncio.wait_for(asyncio.gather(run(), run(), run()), timeout=120)
    done = await run_to_end(app, ada, found.id)
    assert (done["rows_done"], done["created"] + done["joined"]) == (30_000, 30_000)
    assert nobody_is_there_twice(ask, ada) == done["created"]


async def test_a_slice_ends_between_two_chunks_and_the_next_goes_on(app: App, ada: Member, ask: Ask) -> None:
    found = await uploaded(app, ada, file_of(people=12_000, rows=16_000, seed=6))
    await committed(app, ada, found)
    slices = 0
    while not await importing.run_import(app, ada, found.id, seconds=0.01):
        slices += 1
    assert slices >= 1
    done = await run_to_end(app, ada, found.id)
    assert done["rows_done"] == 16_000
    assert nobody_is_there_twice(ask, ada) == done["created"]


RUN_FOR_EVER = textwrap.dedent(
    """
    import asyncio, sys
    from uuid import UUID
    from leadflow.bootstrap import build
    from leadflow.intake import importing
    from leadflow.settings import settings
    from leadflow.tenancy.service import system_scope

    async def main() -> None:
        async with build(settings()) as app:
            scope = system_scope(UUID(sys.argv[1]))
            await importing.run_import(app, scope, UUID(sys.argv[2]), seconds=600)

    asyncio.run(main())
    """
)


@pytest.mark.parametrize("seed", range(2))
async def test_a_killed_import_goes_on_where_it_stood(
    app: App, ada: Member, ask: Ask, settings: Settings, tmp_path: Path, seed: int
) -> None:
    rows = 60_000
    content = file_of(people=45_000, rows=rows, seed=seed)
    found = await uploaded(app, ada, content)
    await committed(app, ada, found)
    chance, kills = random.Random(seed), 0
    (tmp_path / "run.py").write_text(RUN_FOR_EVER)
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "LEADFLOW_SECRET_KEY": settings.secret_key.get_secret_value(),
        "PYTHONPATH": str(Path(importing.__file__).parents[3]),
    }
    arguments = [str(tmp_path / "run.py"), str(ada.organization_id), str(found.id)]
    while kills < 3:
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment)
        before = _position(ask, ada)
        deadline = time.monotonic() + 60
        while _position(ask, ada) == before and process.returncode is None and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        await asyncio.sleep(chance.random() * 0.3)
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        kills += 1
    done = await run_to_end(app, ada, found.id)
    people = len({line.partition(",")[0] for line in content.decode().splitlines()[1:]})
    assert (done["created"], done["joined"], done["rejected"]) == (people, rows - people, 0)
    assert nobody_is_there_twice(ask, ada) == people
    events = ask(
        "SELECT kind, count(*) AS n FROM event WHERE organization_id = %s AND kind LIKE 'lead.%%' GROUP BY 1 ORDER BY 1",
        ada.organization_id,
    )
    assert events == [{"kind": "lead.captured", "n": people}, {"kind": "lead.joined", "n": rows - people}]
    assert (
        ask("SELECT count(*) AS n FROM lead_search WHERE organization_id = %s", ada.organization_id)[0]["n"] == people
    )


def _position(ask: Ask, member: Member) -> int:
    return int(
        ask("SELECT position FROM lead_import WHERE organization_id = %s", member.organization_id)[0]["position"]
    )


async def test_a_file_of_this_machine_is_imported_to_its_end(app: App, ada: Member, ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(file_of(people=900, rows=2000, seed=9) + b"nobody,,x\n")
    seen: list[tuple[int, int]] = []
    forecast = await importing.examine_file(app, ada, path)
    summary = await importing.import_file(app, ada, path, on_progress=lambda done, rows: seen.append((done, rows)))
    assert (summary.created, summary.joined, summary.rejected) == (
        forecast.new, forecast.duplicates_in_file, forecast.invalid,
    )  # fmt: skip
    assert seen[-1] == (2001, 2001)
    assert str(summary).startswith("2,001 rows in ")
    assert (
        ask("SELECT count(*) AS n FROM lead_search WHERE organization_id = %s", ada.organization_id)[0]["n"]
        == summary.created
    )


async def test_whoever_dies_while_importing_a_file_is_relieved(app: App, ada: Member, ask: Ask) -> None:
    found = await importing.upload(app, ada, pieces(file_of(people=10, rows=10, seed=1)), filename="x.csv")
    await committed(app, ada, found)
    async with app.work(ada) as work:
        assert not await importing.is_abandoned(work, found.id)
    (job,) = ask(
        "SELECT payload FROM job WHERE organization_id = %s AND dedupe_key LIKE '%%:rescue'", ada.organization_id
    )
    assert job["payload"] == {"import_id": str(found.id), "is_rescue": True}
    await run_to_end(app, ada, found.id)
    async with app.work(ada) as work:
        assert await importing.is_abandoned(work, found.id)
