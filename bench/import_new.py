"""Import of new leads from a CSV file with 2 % bad lines and 5 % duplicates, from the stored file to the last commit.

Parsed, validated, resolved; leads, identities, events, rejects and enrichment jobs written. The words to search by are
noted in the same transactions and indexed by a job of their own; the second metric is the same import with that job
running beside it, until the last lead can be found. Baseline of both: a superuser's raw COPY of as many ready rows into
the same table with the same indexes.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg

from bench._stand import Metric, Stand, analyze, application, beside, organization, stand
from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.leads import bulk

ROWS, ROUNDS = 100_000, 5
HEADER = ("Name", "E-mail", "Phone", "Company", "Job title", "Country", "Lead source", "Value")
FIRST = (
    "Anna",
    "Bernd",
    "Carla",
    "David",
    "Eva",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jan",
    "Kira",
    "Lars",
    "Maria",
    "Nils",
)
TITLES = ("CEO", "VP Sales", "Head of Marketing", "Operations manager", "Engineer", "Buyer", "")
COUNTRIES = ("DE", "AT", "CH", "FR", "NL", "US", "GB")
SOURCES = ("Google Ads", "Organic", "Referral", "LinkedIn", "Webinar", "Trade fair")
COLUMNS = (
    "organization_id", "id", "name", "email", "phone", "company", "title", "country", "source", "value", "domain",
    "custom", "captured_at", "stage_at",
)  # fmt: skip

Person = tuple[str, ...]
RunToEnd = Callable[[App, Scope, importing.Description], Awaitable[None]]


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


def people(count: int, seed: int) -> list[Person]:
    """Believable rows; nobody is in them twice."""
    chance = random.Random(seed)
    last = [_word(chance, 3) for _ in range(5000)]
    companies = [_word(chance, 2) + chance.choice((" GmbH", " Ltd", " Group", " SA", "")) for _ in range(20_000)]
    rows = []
    for number in range(count):
        first, surname, company = chance.choice(FIRST), chance.choice(last), chance.choice(companies)
        domain = f"{company.split()[0].lower()}.example"
        phone = f"+49{1_000_000_000 + number * 7919 % 8_999_999_999}" if chance.random() < 0.6 else ""
        value = str(chance.randrange(100, 90_000)) if chance.random() < 0.7 else ""
        rows.append(
            (f"{first} {surname}", f"{first}.{surname}{number}@{domain}".lower(), phone, company, chance.choice(TITLES),
             chance.choice(COUNTRIES), chance.choice(SOURCES), value)
        )  # fmt: skip
    return rows


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(syllables)).capitalize()


def spoiled(rows: list[Person], seed: int) -> bytes:
    """The rows as a file: 2 % of them bad in one way or another, 5 % said twice."""
    chance = random.Random(seed)
    lines = [",".join(HEADER)]
    for number, row in enumerate(rows):
        fate = chance.random()
        if fate < 0.005:
            row = (row[0], "not an address", *row[2:])
        elif fate < 0.01:
            row = row[:5]
        elif fate < 0.015:
            row = (*row[:7], "a lot")
        elif fate < 0.02:
            row = (*row, "one too many")
        elif fate < 0.07 and number:
            row = rows[chance.randrange(number)]
        lines.append(",".join(row))
    return ("\n".join(lines) + "\n").encode()


async def _measure(where: Stand) -> dict[str, Metric]:
    ours, raw = Rates(), Rates()
    async with application(where) as app:
        for turn in range(ROUNDS + 1):
            rows = people(ROWS, turn)
            for rates, run_to_end in ((ours.new, _run), (ours.searchable, _run_and_index)):
                bare = await _copied(app, where, rows)
                own = await _imported(app, where, spoiled(rows, turn), run_to_end)
                if turn:
                    rates.append(own)
                    (raw.new if rates is ours.new else raw.searchable).append(bare)
            if not turn:
                analyze(where)
    return {
        "import.new_rows_per_s": beside("rows/s", ours.new, raw.new, ">= 0.5x"),
        "import.searchable_rows_per_s": beside("rows/s", ours.searchable, raw.searchable, ">= 0.3x"),
    }


@dataclass(frozen=True)
class Rates:
    """Rows a second, a figure per round."""

    new: list[float] = field(default_factory=list)
    searchable: list[float] = field(default_factory=list)


async def _copied(app: App, where: Stand, rows: list[Person]) -> float:
    """Rows a second of a raw COPY into `lead`."""
    scope, _ = await organization(app)
    now = datetime.now(UTC).isoformat()
    body = "".join(
        f"{scope.organization_id}\t{new_id()}\t{name}\t{email}\t{phone}\t{company}\t{title}\t{country}\t{source}"
        f"\t{int(value or 0) * 100}\t{email.rpartition('@')[2]}\t{{}}\t{now}\t{now}\n"
        for name, email, phone, company, title, country, source, value in rows
    ).encode()
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        started = time.perf_counter()
        with admin.cursor().copy(f"COPY lead ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            copy.write(body)
        return len(rows) / (time.perf_counter() - started)


async def _imported(app: App, where: Stand, content: bytes, run_to_end: RunToEnd) -> float:
    """Rows a second of the import job, from a stored file to its last commit."""
    scope, _ = await organization(app)
    found = await importing.upload(app, scope, _body(content), filename="leads.csv")
    async with app.work(scope) as work:
        await importing.commit(work, found.id, found.suggested)
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
    started = time.perf_counter()
    await run_to_end(app, scope, found)
    seconds = time.perf_counter() - started
    async with app.work(scope) as work:
        ended = await importing.progress_of(work, found.id)
    assert ended["status"] == "done", ended
    assert ended["rows_done"] == found.rows == ROWS, ended
    return ROWS / seconds


async def _run(app: App, scope: Scope, found: importing.Description) -> None:
    is_whole = False
    while not is_whole:
        is_whole = await importing.run_import(app, scope, found.id)
        async with app.work(scope) as work:
            await importing.conclude(work, found.id, is_whole=is_whole)


async def _run_and_index(app: App, scope: Scope, found: importing.Description) -> None:
    is_over = asyncio.Event()

    async def index() -> None:
        while not is_over.is_set():
            await _index(app, scope)
            await asyncio.sleep(0.02)
        await _index(app, scope)

    indexing = asyncio.create_task(index())
    await _run(app, scope, found)
    is_over.set()
    await indexing


async def _index(app: App, scope: Scope) -> None:
    """What the indexing job does."""
    is_more = True
    while is_more:
        async with app.work(scope) as work:
            is_more = await bulk.index_backlog(work)


async def _body(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]
