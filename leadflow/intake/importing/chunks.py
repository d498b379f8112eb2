"""Reads a file chunk by chunk: what can go in, staged for the database, and what cannot, with its problems.

Runs in a thread of its own, beside the database that writes the chunk before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from leadflow.intake.importing import rules
from leadflow.intake.importing.encodings import Encoding
from leadflow.intake.importing.limits import CHUNK_BYTES, CHUNK_ROWS
from leadflow.intake.importing.mapping import Columns
from leadflow.intake.importing.records import Records
from leadflow.intake.importing.source import Source, blocks
from leadflow.kernel.errors import FieldProblem
from leadflow.leads.bulk import BulkRow


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read a file from where to where: all that a run needs to know of an import."""

    encoding: Encoding
    delimiter: str
    columns: Columns
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that stays out. `row` is the line of the file on which it begins."""

    row: int
    cells: list[str]
    problems: list[FieldProblem]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two positions of a file."""

    begin: int
    end: int
    line: int
    rows: list[BulkRow]
    rejects: list[Reject]


def chunks(source: Source, plan: Plan) -> Iterator[Chunk]:
    """All chunks from the plan's position on; the same file always gives the same ones."""
    records = Records(
        partial(blocks, source, plan.encoding),
        plan.encoding.codec_of_blocks,
        plan.delimiter,
        width=plan.columns.width,
        position=plan.position,
        line=plan.line,
    )
    cells_of = iter(records)
    begin = plan.position
    while True:
        chunk = _chunk(records, cells_of, plan.columns, begin)
        if chunk.end == begin:
            return
        yield chunk
        begin = chunk.end


def _chunk(records: Records, cells_of: Iterator[list[str]], columns: Columns, begin: int) -> Chunk:
    judge = rules.judge_of(columns)
    rows: list[BulkRow] = []
    rejects: list[Reject] = []
    full = begin + CHUNK_BYTES
    for cells in cells_of:
        if records.flaw:
            problem = rules.flaw_problem(records.flaw, len(cells), columns.width)
            rejects.append(Reject(records.row, rules.shortened(cells), [problem]))
        else:
            verdict = judge(cells)
            if isinstance(verdict, BulkRow):
                rows.append(verdict)
            elif verdict:
                rejects.append(Reject(records.row, rules.shortened(cells[:-1]), verdict))
        if len(rows) >= CHUNK_ROWS or len(rejects) >= CHUNK_ROWS or records.position >= full:
            break
    return Chunk(begin, records.position, records.line, rows, rejects)
