"""What makes a row of a file a lead, and what keeps it from being one. Pure: no database, no clock."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from leadflow.intake.importing.limits import KEPT_OF_A_CELL
from leadflow.intake.importing.mapping import FIELDS, Columns
from leadflow.intake.importing.records import Flaw
from leadflow.intake.importing.values import country_of, currency_of, exponent_of, minor_units, money
from leadflow.kernel.errors import FieldProblem
from leadflow.leads import rules as leads
from leadflow.leads.bulk import BulkRow
from leadflow.leads.rules import MAX_CUSTOM_TEXT

Verdict = BulkRow | list[FieldProblem] | None
"""A row that can go in, what keeps it out, or nothing at all: an empty line."""

SOURCE = "import"
CURRENCY = "EUR"
LONGEST = {"name": 200, "email": 320, "phone": 40, "company": 200, "title": 200, "source": 80}
"""As `leads.commands.CaptureLead` has it; a test compares the two."""

# Whatever these accept, `leads.rules` accepts too and normalises alike; the rest it decides itself (tests compare).
_PLAIN_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9-]+\.)+[a-z0-9-]+")
_PLAIN_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_SEPARATORS = str.maketrans("", "", " .-/")
_PLAIN_MONEY = re.compile(r"[0-9]{1,10}(?:\.[0-9]{2})?")
_SHORT = 200
_WITH_CENTS = {"", "EUR", "USD", "GBP", "CHF"}
_REMEMBERED = 1000

FLAWS: Mapping[Flaw, str] = {
    Flaw.TOO_LONG: "This row is longer than 1 MB.",
    Flaw.UNDECODABLE: "This row has characters that are not in the file's encoding.",
    Flaw.LONG_CELL: "A cell of this row is longer than 100 kB.",
    Flaw.NUL: "This row contains the character NUL (U+0000).",
    Flaw.OPEN_QUOTE: "A quote is opened in this line and not closed where the row should end.",
}


def flaw_problem(flaw: Flaw, found: int, expected: int) -> FieldProblem:
    """Why a row cannot be read."""
    if flaw is Flaw.RAGGED:
        return FieldProblem("", f"This row has {found} cells, and the header has {expected}.")
    return FieldProblem("", FLAWS[flaw])


def judge_of(columns: Columns) -> Callable[[list[str]], Verdict]:
    """A function that judges rows. It is made for the columns, so that it looks nothing up twice.

    Plain rows take the short way; whatever is unusual in the least goes the careful one, with the same outcome.
    """
    place = columns.place
    at_name, at_first, at_last = place("name"), place("first_name"), place("last_name")
    at_email, at_phone, at_company, at_title = place("email"), place("phone"), place("company"), place("title")
    at_source, at_value, at_currency, at_country = place("source"), place("value"), place("currency"), place("country")
    custom, no_fields = columns.custom, dict[str, JsonValue]()
    countries = {"": ""}
    plain_email, plain_phone, plain_money = _PLAIN_EMAIL.fullmatch, _PLAIN_PHONE.fullmatch, _PLAIN_MONEY.fullmatch

    def judge(cells: list[str]) -> Verdict:
        cells.append("")
        email, phone, value = cells[at_email].strip(), cells[at_phone].strip(), cells[at_value].strip()
        name = cells[at_name].strip() or f"{cells[at_first].strip()} {cells[at_last].strip()}".strip()
        company, title, source = cells[at_company].strip(), cells[at_title].strip(), cells[at_source].strip()
        email_norm, phone_norm = email.lower(), phone.translate(_PHONE_SEPARATORS)
        country = countries.get(cells[at_country])
        kept = {key: cell for key, at in custom if (cell := cells[at].strip())} if custom else no_fields
        if (
            country is None
            or (email and not plain_email(email_norm))
            or (phone and not plain_phone(phone_norm))
            or (value and not plain_money(value))
            or cells[at_currency] not in _WITH_CENTS
            or not (email or phone or name)
            or len(name) > _SHORT or len(company) > _SHORT or len(title) > _SHORT or len(email) > _SHORT
            or len(source) > LONGEST["source"] or len(phone) > LONGEST["phone"]
            or (custom and max(len(cells[at]) for _, at in custom) > MAX_CUSTOM_TEXT)
        ):  # fmt: skip
            return _remembered(carefully(columns, cells), cells[at_country], countries)
        cents = int(value.replace(".", "")) if "." in value else int(value or 0) * 100
        return BulkRow(
            name, company, title, email, phone_norm, country, source or SOURCE, cents, cells[at_currency] or CURRENCY,
            kept, email_norm, phone_norm,
        )  # fmt: skip

    return judge


def _remembered(verdict: Verdict, spelling: str, countries: dict[str, str]) -> Verdict:
    """The verdict; the spelling of its country will be understood at once from now on."""
    if isinstance(verdict, BulkRow) and len(countries) < _REMEMBERED and len(spelling) < _SHORT:
        countries[spelling] = verdict.country
    return verdict


def carefully(columns: Columns, cells: Sequence[str]) -> Verdict:
    """Judge a row by the rules themselves; names every problem. `cells` ends with the empty one of absent columns."""
    if not any(cell.strip() for cell in cells):
        return None
    text = {field: cells[columns.place(field)].strip() for field in FIELDS}
    name = text["name"] or f"{text['first_name']} {text['last_name']}".strip()
    email, phone = text["email"], text["phone"]
    custom: dict[str, JsonValue] = {key: cell for key, at in columns.custom if (cell := cells[at].strip())}
    country = country_of(text["country"]) if text["country"] else ""
    currency, value, problems = _amount(text["value"], text["currency"])
    problems += _too_long({**text, "name": name})
    problems += leads.contact_problems(name, email, phone, country)
    problems += leads.custom_problems(custom)
    if text["country"] and not country:
        problems.append(
            FieldProblem("country", f"{text['country'][:40]!r} is no country: use its name or a code such as DE.")
        )
    if problems:
        return problems
    email_norm, phone_norm = leads.normalise_email(email), leads.normalise_phone(phone, country)
    return BulkRow(
        name, text["company"], text["title"], email, phone_norm or phone, country, text["source"] or SOURCE, value,
        currency, custom, email_norm, phone_norm,
    )  # fmt: skip


def _too_long(text: Mapping[str, str]) -> Iterator[FieldProblem]:
    for field, most in LONGEST.items():
        if len(text[field]) > most:
            yield FieldProblem(field, f"Use at most {most} characters.")


def _amount(value: str, currency: str) -> tuple[str, int, list[FieldProblem]]:
    """The currency and the amount in its minor units, or what is wrong with them."""
    code = currency_of(currency) if currency else ""
    if currency and not code:
        return "", 0, [FieldProblem("currency", f"{currency[:40]!r} is no currency: use a code such as EUR.")]
    if not value:
        return code or CURRENCY, 0, []
    found = money(value)
    if found is None:
        return "", 0, [FieldProblem("value", f"{value[:40]!r} is not an amount of money.")]
    amount, beside = found
    if code and beside and code != beside:
        return "", 0, [FieldProblem("currency", f"The amount is in {beside}, and the currency says {code}.")]
    code = code or beside or CURRENCY
    minor = minor_units(amount, code)
    if minor is None:
        most = exponent_of(code)
        return "", 0, [FieldProblem("value", f"Use at most {most} decimals and 11 digits before them for {code}.")]
    return code, minor, []


def shortened(cells: Sequence[str]) -> list[str]:
    """What is kept of a row that stays out."""
    return [cell if len(cell) <= KEPT_OF_A_CELL else f"{cell[:KEPT_OF_A_CELL]}…" for cell in cells]


def sentence(problems: Sequence[FieldProblem]) -> str:
    """All problems of a row in one cell."""
    return " ".join(f"{problem.field}: {problem.message}" if problem.field else problem.message for problem in problems)
