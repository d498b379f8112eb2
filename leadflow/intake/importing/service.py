"""Use cases of an uploaded file: try it out, import it, ask how far it is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import JsonValue

from leadflow.intake.importing import repository
from leadflow.intake.importing.chunks import Chunk, Plan, chunks
from leadflow.intake.importing.errors import ImportNotReady
from leadflow.intake.importing.jobs import run_job
from leadflow.intake.importing.limits import SHOWN_PROBLEMS
from leadflow.intake.importing.seen import Seen
from leadflow.intake.importing.source import Source
from leadflow.intake.importing.stored import StoredSource
from leadflow.intake.importing.views import plan_of, progress
from leadflow.intake.tables import LeadImport
from leadflow.kernel.jobs import Job
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.leads import bulk
from leadflow.leads.rules import Identity

Choice = Mapping[str, str | None]
"""Which column becomes which field; columns that are absent or None are left out."""


@dataclass(slots=True)
class Forecast:
    """What an import would do. Rows about a lead that we have count as existing, the others once as new."""

    new: int = 0
    existing: int = 0
    duplicates_in_file: int = 0
    invalid: int = 0
    problems: list[JsonValue] = field(default_factory=list)

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "rows": self.new + self.existing + self.duplicates_in_file + self.invalid,
            "new": self.new,
            "existing": self.existing,
            "duplicates_in_file": self.duplicates_in_file,
            "invalid": self.invalid,
            "problems": self.problems,
        }


async def dry_run(app: OpensWork, scope: Scope, import_id: UUID, mapping: Choice) -> Forecast:
    """Read the whole file and write nothing.

    Raises:
        ImportNotFound: it is not there, or not ours.
        ImportNotReady: it is not uploaded yet, or imported already.
        Invalid: the mapping is impossible.

    """
    scope.require(Permission.LEADS_IMPORT)
    async with app.work(scope) as work:
        found = await repository.get(work, import_id)
        _must_be_uploaded(found)
        plan = plan_of(found, mapping, from_start=True)
    return await forecast(app, scope, StoredSource(app, scope, import_id), plan)


async def forecast(app: OpensWork, scope: Scope, source: Source, plan: Plan) -> Forecast:
    """What importing `source` by `plan` would do."""
    scope.require(Permission.LEADS_IMPORT)
    outcome, seen, iterator = Forecast(), Seen(), chunks(source, plan)
    while (chunk := await asyncio.to_thread(next, iterator, None)) is not None:
        _add_rejects(outcome, chunk)
        keys = [row.identities() for row in chunk.rows]
        async with app.work(scope) as work:
            known = await bulk.owners(work, {key for row in keys for key in row})
        _add_rows(outcome, keys, known, seen)
    return outcome


def _add_rejects(outcome: Forecast, chunk: Chunk) -> None:
    outcome.invalid += len(chunk.rejects)
    for reject in chunk.rejects:
        for problem in reject.problems:
            if len(outcome.problems) < SHOWN_PROBLEMS:
                outcome.problems.append({"row": reject.row, "field": problem.field, "message": problem.message})


def _add_rows(
    outcome: Forecast, keys: Sequence[Sequence[Identity]], known: Mapping[Identity, UUID], seen: Seen
) -> None:
    for row in keys:
        is_first = [seen.add(value) for _, value in row]
        if any(key in known for key in row):
            outcome.existing += 1
        elif all(is_first):
            outcome.new += 1
        else:
            outcome.duplicates_in_file += 1


def _must_be_uploaded(found: LeadImport) -> None:
    if found.state == "uploading":
        raise ImportNotReady("The file is still being uploaded.")
    if found.state != "uploaded":
        raise ImportNotReady("This file is imported already. Upload it again to import it with other columns.")


async def commit(work: Work, import_id: UUID, mapping: Choice, *, job: Job | None = None) -> dict[str, JsonValue]:
    """Let the import begin; repeating it changes nothing. `job` instead of the one that a worker runs at once.

    Raises:
        ImportNotFound: it is not there, or not ours.
        ImportNotReady: it is not uploaded yet, or committed with another mapping.
        Invalid: the mapping is impossible.

    """
    work.scope.require(Permission.LEADS_IMPORT)
    found = await repository.get(work, import_id, lock=True)
    chosen = {column: chosen for column, chosen in mapping.items() if chosen}
    if found.state == "uploading" or (found.state != "uploaded" and found.mapping != chosen):
        _must_be_uploaded(found)
    plan_of(found, chosen, from_start=True)
    if found.state == "uploaded":
        found.state, found.mapping = "queued", chosen
    if found.state != "done":
        work.enqueue(job or run_job(import_id))
    return progress(found, work.clock.now())


async def progress_of(work: Work, import_id: UUID) -> dict[str, JsonValue]:
    """How far it is. Raises ImportNotFound when it is not there, or not ours."""
    work.scope.require(Permission.LEADS_IMPORT)
    return progress(await repository.get(work, import_id), work.clock.now())
