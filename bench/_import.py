"""Files to import, and the raw COPY that imports are measured beside."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime

import psycopg

from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope

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


def people(count: int, seed: int, start: int = 0) -> list[Person]:
    """Believable rows, numbered from `start`; nobody is in them twice."""
    chance = random.Random(seed)
    last = [_word(chance, 3) for _ in range(5000)]
    companies = [_word(chance, 2) + chance.choice((" GmbH", " Ltd", " Group", " SA", "")) for _ in range(20_000)]
    rows = []
    for number in range(start, start + count):
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


def spoiled(rows: list[Person], seed: int, *, has_header: bool = True) -> bytes:
    """The rows as a file: 2 % of them bad in one way or another, 5 % said twice."""
    chance = random.Random(seed)
    lines = [",".join(HEADER)] if has_header else []
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


def copy_lines(scope: Scope, rows: Iterable[Person]) -> bytes:
    """Rows as COPY wants them, ready to be written."""
    now = datetime.now(UTC).isoformat()
    return "".join(
        f"{scope.organization_id}\t{new_id()}\t{name}\t{email}\t{phone}\t{company}\t{title}\t{country}\t{source}"
        f"\t{int(value or 0) * 100}\t{email.rpartition('@')[2]}\t{{}}\t{now}\t{now}\n"
        for name, email, phone, company, title, country, source, value in rows
    ).encode()


def copy_in(admin: psycopg.Connection, blocks: Iterable[bytes]) -> None:
    """A raw COPY into `lead`, by somebody without walls."""
    with admin.cursor().copy(f"COPY lead ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)


async def run_to_end(app: App, scope: Scope, found: importing.Description) -> None:
    """What the import's job does, as often as it takes."""
    is_whole = False
    while not is_whole:
        is_whole = await importing.run_import(app, scope, found.id)
        async with app.work(scope) as work:
            await importing.conclude(work, found.id, is_whole=is_whole)
