"""Olist's marketing funnel: sellers who asked to join a marketplace, 2017-06 to 2018-11 (CC BY-NC-SA 4.0).

Of the closed deals only the id and the date are read: every other column there is known only after the sale. A lead is
closed as lost when it has not been won within `PATIENCE`, as a firm without foresight would; a later win reopens it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from pathlib import Path

from leadflow.simulation.dataset import Dataset, Warnings, rows
from leadflow.simulation.people import REPLAY_HOST
from leadflow.simulation.steps import Capture, Outcome, Step

PATIENCE = timedelta(days=90)
LEADS, DEALS = "olist_leads.csv", "olist_closed_deals.csv"
WON_EARLY = "wins dated before the first contact; replayed right after it"
NO_DATE = "leads without a readable first contact date; left out"
NO_WON_DATE = "wins without a readable date; left out"
NO_LEAD = "wins of a lead that is not in the leads file; left out"
TWICE = "ids that occur a second time; left out"


@dataclass(frozen=True, slots=True)
class _Contact:
    id: str
    at: datetime
    origin: str
    landing_page: str


def steps(folder: Path, warnings: Warnings) -> Iterator[Step]:
    """Captures at the first contact date, outcomes at their dates. A day's leads keep the order of the file."""
    won = _won_dates(folder / DEALS, warnings)
    contacts = _contacts(folder / LEADS, warnings)
    if unknown := won.keys() - {contact.id for contact in contacts}:
        warnings[NO_LEAD] += len(unknown)
    due: list[tuple[datetime, int, Outcome]] = []
    for number, contact in enumerate(contacts):
        while due and due[0][0] < contact.at:
            yield heappop(due)[2]
        yield _capture(contact)
        for outcome in _outcomes(contact, won.get(contact.id), warnings):
            heappush(due, (outcome.at, 2 * number + outcome.reopens, outcome))
    while due:
        yield heappop(due)[2]


def _contacts(path: Path, warnings: Warnings) -> list[_Contact]:
    found: dict[str, _Contact] = {}
    for _, row in rows(path, "mql_id", "first_contact_date", "landing_page_id", "origin"):
        day = _day(row["first_contact_date"])
        if day is None:
            warnings[NO_DATE] += 1
        elif row["mql_id"] in found:
            warnings[TWICE] += 1
        else:
            found[row["mql_id"]] = _Contact(row["mql_id"], day, row["origin"], row["landing_page_id"])
    return sorted(found.values(), key=lambda contact: contact.at)


def _won_dates(path: Path, warnings: Warnings) -> dict[str, datetime]:
    won: dict[str, datetime] = {}
    for _, row in rows(path, "mql_id", "won_date"):
        try:
            at = datetime.fromisoformat(row["won_date"]).replace(tzinfo=UTC)
        except ValueError:
            warnings[NO_WON_DATE] += 1
            continue
        if row["mql_id"] in won:
            warnings[TWICE] += 1
        won.setdefault(row["mql_id"], at)
    return won


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text[:10]), time(), UTC)
    except ValueError:
        return None


def _capture(contact: _Contact) -> Capture:
    short = contact.id[:12]
    return Capture(
        at=contact.at,
        key=_key(contact),
        ref=f"olist:{contact.id}:capture",
        name=f"Olist seller {short}",
        email=_key(contact),
        source=contact.origin or None,
        custom={"landing_page": contact.landing_page} if contact.landing_page else {},
    )


def _outcomes(contact: _Contact, won: datetime | None, warnings: Warnings) -> list[Outcome]:
    given_up = contact.at + PATIENCE
    closing: list[Outcome] = []
    if won is not None and won < contact.at:
        warnings[WON_EARLY] += 1
        won = contact.at
    reopens = won is not None and won > given_up
    if won is None or reopens:
        ref = f"olist:{contact.id}:lost"
        reason = f"Not won within {PATIENCE.days} days"
        closing.append(Outcome(at=given_up, key=_key(contact), ref=ref, result="lost", reason=reason))
    if won is not None:
        ref = f"olist:{contact.id}:won"
        closing.append(Outcome(at=won, key=_key(contact), ref=ref, result="won", reopens=reopens))
    return closing


def _key(contact: _Contact) -> str:
    return f"olist-{contact.id[:12]}@{REPLAY_HOST}"


DATASET = Dataset("Olist marketing funnel", (LEADS, DEALS), steps)
