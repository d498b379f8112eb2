"""A bank's telephone campaign, 2008-05 to 2010-11 (Moro, Cortez, Rita 2014; CC BY 4.0).

The rows are in time order and carry no dates. The dates given here are made up: each working day from 2008-05-02 on has
a list of `PER_DAY` people, loaded in the morning and called through the day; the answers are entered in the evening.
The length of a call is known only when its outcome is, and is not read even where a file has it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from leadflow.simulation.dataset import Dataset, Warnings, rows, scalar
from leadflow.simulation.people import REPLAY_HOST
from leadflow.simulation.steps import Capture, Outcome, Scalar, Step, Touch

FILE = "bank_telemarketing.csv"
FIRST_DAY = datetime(2008, 5, 2, 8, tzinfo=UTC)
PER_DAY = 64
"""41,188 rows then end in October 2010, inside the campaign's true span."""
FIRST_CALL, BETWEEN_CALLS = timedelta(hours=1), timedelta(minutes=7)
EVENING = timedelta(hours=10)
WORKING_DAYS = 5

KNOWN_BEFORE = (
    "age", "job", "marital", "education", "default", "housing", "loan", "contact", "month", "day_of_week",
    "campaign", "pdays", "previous", "poutcome",
    "emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed",
)  # fmt: skip
"""Columns known before the outcome; nothing else becomes an attribute."""
NEVER_CONTACTED = "999"
ANSWERS: Mapping[str, bool] = {"1": True, "yes": True, "0": False, "no": False}
NO_ANSWER = "rows without a readable answer; captured, never closed"


def steps(folder: Path, warnings: Warnings) -> Iterator[Step]:
    """A day at a time: captures, calls, answers."""
    people = rows(folder / FILE, "y")
    start = FIRST_DAY
    while today := list(islice(people, PER_DAY)):
        yield from _day(start, today, warnings)
        start += timedelta(days=1)
        while start.weekday() >= WORKING_DAYS:
            start += timedelta(days=1)


def _day(start: datetime, today: list[tuple[int, Mapping[str, str]]], warnings: Warnings) -> Iterator[Step]:
    for place, (number, row) in enumerate(today):
        yield _capture(start + timedelta(seconds=place), number, row)
    for place, (number, row) in enumerate(today):
        at = start + FIRST_CALL + place * BETWEEN_CALLS
        text = f"Call {row['campaign']} of this campaign" if row.get("campaign") else "Campaign call"
        yield Touch(at=at, key=_key(number), ref=f"bank:{number}:call", kind="call", text=text)
    for place, (number, row) in enumerate(today):
        if (won := ANSWERS.get(row["y"].lower())) is None:
            warnings[NO_ANSWER] += 1
            continue
        at = start + EVENING + timedelta(seconds=place)
        reason = "Subscribed" if won else "Did not subscribe"
        ref = f"bank:{number}:outcome"
        yield Outcome(at=at, key=_key(number), ref=ref, result="won" if won else "lost", reason=reason)


def _capture(at: datetime, number: int, row: Mapping[str, str]) -> Capture:
    return Capture(
        at=at,
        key=_key(number),
        ref=f"bank:{number}:capture",
        name=f"Bank client {number:05}",
        email=_key(number),
        source="telemarketing",
        custom=_attributes(row),
    )


def _attributes(row: Mapping[str, str]) -> dict[str, Scalar]:
    known = {name: row[name] for name in KNOWN_BEFORE if row.get(name)}
    if known.get("pdays") == NEVER_CONTACTED:
        del known["pdays"]
    return {name.replace(".", "_"): scalar(value) for name, value in known.items()}


def _key(number: int) -> str:
    return f"bank-{number:05}@{REPLAY_HOST}"


DATASET = Dataset("Bank telephone campaign", (FILE,), steps)
