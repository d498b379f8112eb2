"""Turns valid rows into the bytes of two COPYs. Pure, and the only part of bulk capture that costs Python time.

Ids are text here, and rows of a chunk know each other by number: a million `UUID` objects would cost more than reading
the file.
"""

from collections.abc import Mapping, Sequence

from orjson import dumps
from uuid_utils import uuid7

from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.bulk.staged import ChunkClaims, Staged
from leadflow.leads.models import IdentityKind
from leadflow.leads.rules import Identity, domain_of

CAPTURE_COLUMNS = (
    "lead_id", "event_id", "is_first", "name", "company", "title", "email", "phone", "domain", "country", "source",
    "value", "currency", "words", "custom", "data",
)  # fmt: skip
_TABS = len(CAPTURE_COLUMNS) - 1
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def stage(rows: Sequence[BulkRow], before: Sequence[Staged] = ()) -> Staged:
    """Give every row a tentative lead and write it down as COPY wants it.

    `before` are the chunks that may not have committed when this one claims its identities, oldest first.
    """
    claims = claim(rows)
    ids = [str(uuid7()) for _ in rows]
    inherited = _inherited(claims, before)
    identities = _identities(claims, ids, inherited)
    captures = _captures(rows, ids, claims.place)
    return Staged(rows, ids, claims, captures, identities, inherited)


def claim(rows: Sequence[BulkRow]) -> ChunkClaims:
    """`rules.claim` by row numbers: each row joins the first earlier one that shares an identity, e-mail first."""
    claims = ChunkClaims()
    place, emails, phones = claims.place, claims.emails, claims.phones
    for number, row in enumerate(rows):
        email, phone = row.email_norm, row.phone_norm
        lead = emails.get(email, -1) if email else -1
        if lead < 0:
            lead = phones.get(phone, number) if phone else number
        place.append(lead)
        if email:
            emails.setdefault(email, lead)
        if phone:
            phones.setdefault(phone, lead)
    return claims


def _identities(claims: ChunkClaims, ids: Sequence[str], inherited: Mapping[Identity, Staged]) -> bytes:
    """Sorted, which is the order they are claimed in: sorting what is sorted costs the database nothing."""
    lines = []
    for kind, owners in claims.by_kind():
        mine = [value for value in owners if (kind, value) not in inherited] if inherited else owners
        name = kind.value
        lines += [f"{name}\t{value}\t{ids[owners[value]]}\n" for value in sorted(mine)]
    return "".join(lines).replace("\\", "\\\\").encode()


def _inherited(claims: ChunkClaims, before: Sequence[Staged]) -> dict[Identity, Staged]:
    found: dict[Identity, Staged] = {}
    for earlier in before:
        found |= dict.fromkeys(((IdentityKind.EMAIL, v) for v in claims.emails.keys() & earlier.claims.emails), earlier)
        found |= dict.fromkeys(((IdentityKind.PHONE, v) for v in claims.phones.keys() & earlier.claims.phones), earlier)
    return found


def _captures(rows: Sequence[BulkRow], ids: Sequence[str], place: Sequence[int]) -> bytes:
    united = _united(rows, place)
    lines = []
    for number, (row, lead) in enumerate(zip(rows, place, strict=True)):
        if lead == number and number not in united:
            lines.append(_line(ids[number], "t", row, row.words(), row))
        elif lead == number:
            lines.append(_line(ids[number], "t", *united[number], row))
        else:
            lines.append(_line(ids[lead], "f", row, "", row))
    return "".join(lines).encode()


def _united(rows: Sequence[BulkRow], place: Sequence[int]) -> dict[int, tuple[BulkRow, str]]:
    """What is known in the end of each lead that several rows of the chunk speak of, and its search words."""
    united: dict[int, tuple[BulkRow, str]] = {}
    for number, lead in enumerate(place):
        if lead != number:
            known, words = united.get(lead) or (rows[lead], rows[lead].words())
            more = rows[number].words()
            united[lead] = known.united_with(rows[number]), words if more in words else f"{words} {more}"
    return united


def _line(lead_id: str, is_first: str, lead: BulkRow, words: str, row: BulkRow) -> str:
    """One row of the captures: `lead` is what the lead becomes, `row` what this capture said if that is less."""
    name, company, title, email, phone, country, source, value, currency, custom, email_norm, _ = lead
    line = (
        f"{lead_id}\t{uuid7()}\t{is_first}\t{name}\t{company}\t{title}\t{email}\t{phone}\t{email_norm.rpartition('@')[2]}"
        f"\t{country}\t{source}\t{value}\t{currency}\t{words}\t{_json(custom) if custom else '{}'}\t"
    )
    if line.count("\t") != _TABS or "\\" in line or "\n" in line or "\r" in line:
        line = _escaped(lead_id, is_first, lead, words)
    return line + "\\N\n" if lead is row else f"{line}{_json(_facts(row)).translate(_ESCAPES)}\n"


def _escaped(lead_id: str, is_first: str, lead: BulkRow, words: str) -> str:
    head = (lead_id, str(uuid7()), is_first, lead.name, lead.company, lead.title, lead.email, lead.phone)
    tail = (domain_of(lead.email_norm), lead.country, lead.source, str(lead.value), lead.currency, words)
    return "".join([f"{cell.translate(_ESCAPES)}\t" for cell in (*head, *tail, _json(lead.custom))])


def _json(value: object) -> str:
    return dumps(value).decode()


def _facts(row: BulkRow) -> dict[str, object]:
    """The same document as `capture.facts_of`, and as the database makes of a row itself; a test compares them."""
    return {
        "source": row.source,
        "company": row.company,
        "title": row.title,
        "domain": domain_of(row.email_norm),
        "country": row.country,
        "value": row.value,
        "currency": row.currency,
        "email": row.email != "",
        "phone": row.phone != "",
        "custom": row.custom,
    }
