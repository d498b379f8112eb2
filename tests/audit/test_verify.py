"""Somebody with the whole database in their hands changes one thing, and `verify` says which."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.audit import service as audit
from leadflow.audit.chain import signer
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.events import Event
from leadflow.tenancy.service import system_scope
from tests.audit.trail import AUDIT, entries, happen, make_key, sign_of, tampering, verify, write_trail
from tests.fixtures import cast
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold

SIZE = 14
OTHER = UUID(int=7)

EDITS: dict[str, tuple[LiteralString, ...]] = {
    "organization_id": ("'00000000-0000-0000-0000-000000000007'",),
    "number": ("number + 1000", "-number", "0", "9223372036854775807", "-9223372036854775808"),
    "event_id": ("gen_random_uuid()",),
    "at": (
        "at + interval '1 microsecond'",
        "at - interval '1 day'",
        "'infinity'",
        "'-infinity'",
        "(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ' UTC BC')::timestamptz",
    ),
    "recorded_at": ("recorded_at + interval '1 microsecond'", "'infinity'"),
    "actor_kind": ("'person '", "''", "'form'"),
    "actor_id": ("gen_random_uuid()", "CASE WHEN actor_id IS NULL THEN gen_random_uuid() END"),
    "kind": ("kind || ' '", "''", "upper(kind)"),
    "lead_id": ("gen_random_uuid()",),
    "source": ("source || 'x'",),
    "data": (
        "data || '{\"x\": 1}'",
        "data || '{\"exact\": 12345678901234567890124}'",
        "data || '{\"exact\": 12345678901234567890123.0}'",
        "'[]'",
        "'null'",
    ),
    "previous_hash": ("'x'", "hash"),
    "hash": ("'x'", "previous_hash", "upper(hash)"),
}
HEAD_EDITS: dict[str, tuple[LiteralString, ...]] = {
    "organization_id": ("'00000000-0000-0000-0000-000000000007'",),
    "number": ("number - 1", "number + 1", "0", "-1"),
    "hash": ("'x'", "upper(hash)"),
    "signature": ("'x'", "upper(signature)", "''", "'é'"),
}
ROW = "(event_id, at, recorded_at, actor_kind, actor_id, kind, lead_id, source, data, previous_hash, hash)"

Damage = Callable[[psycopg.Connection, UUID], int]
"""Does one thing to an organization's trail; how many rows it changed."""


def run(admin: psycopg.Connection, organization_id: UUID, statement: str, **values: object) -> int:
    own = {"o": organization_id, **values}
    return admin.execute(statement, own).rowcount  # type: ignore[call-overload, no-any-return]  # written below


numbers = st.integers(1, SIZE)


@st.composite
def edits(draw: st.DrawFn) -> Damage:
    column = draw(st.sampled_from(sorted(EDITS)))
    number, value = draw(numbers), draw(st.sampled_from(EDITS[column]))
    statement = (
        f"UPDATE audit_entry SET {column} = {value} WHERE organization_id = %(o)s AND number = %(n)s"
        f" AND ({column})::text IS DISTINCT FROM ({value})::text"
    )
    return lambda admin, own: run(admin, own, statement, n=number)


@st.composite
def written(draw: st.DrawFn) -> Damage:
    """Any text in place of another."""
    column = draw(st.sampled_from(["actor_kind", "kind", "source", "previous_hash", "hash"]))
    value = draw(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8))
    number = draw(numbers)
    statement = f"UPDATE audit_entry SET {column} = %(v)s WHERE organization_id = %(o)s AND number = %(n)s AND {column} <> %(v)s"
    return lambda admin, own: run(admin, own, statement, n=number, v=value)


@st.composite
def head_edits(draw: st.DrawFn) -> Damage:
    column = draw(st.sampled_from(sorted(HEAD_EDITS)))
    statement = (
        f"UPDATE audit_head SET {column} = {draw(st.sampled_from(HEAD_EDITS[column]))} WHERE organization_id = %(o)s"
    )
    return lambda admin, own: run(admin, own, statement)


@st.composite
def deletions(draw: st.DrawFn) -> Damage:
    first, last = sorted((draw(numbers), draw(numbers)))
    statement = "DELETE FROM audit_entry WHERE organization_id = %(o)s AND number BETWEEN %(first)s AND %(last)s"
    return lambda admin, own: run(admin, own, statement, first=first, last=last)


@st.composite
def truncations(draw: st.DrawFn) -> Damage:
    """The last entries go, and the end is moved to where they began; without the key it cannot be signed."""
    left = draw(st.integers(0, SIZE - 1))

    def truncate(admin: psycopg.Connection, own: UUID) -> int:
        gone = run(admin, own, "DELETE FROM audit_entry WHERE organization_id = %(o)s AND number > %(n)s", n=left)
        moved = run(
            admin,
            own,
            "UPDATE audit_head h SET number = e.number, hash = e.hash FROM audit_entry e WHERE h.organization_id = %(o)s"
            " AND e.organization_id = h.organization_id AND e.number = %(n)s",
            n=left,
        )
        if not moved:
            run(admin, own, "DELETE FROM audit_head WHERE organization_id = %(o)s")
        return gone

    return truncate


@st.composite
def swaps(draw: st.DrawFn) -> Damage:
    one, two = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    statement = (
        f"UPDATE audit_entry a SET {ROW} = ROW {ROW.replace('(', '(b.').replace(', ', ', b.')} FROM audit_entry b"
        " WHERE a.organization_id = %(o)s AND b.organization_id = %(o)s"
        " AND (a.number, b.number) IN ((%(one)s, %(two)s), (%(two)s, %(one)s))"
    )

    def swap(admin: psycopg.Connection, own: UUID) -> int:
        admin.execute("DROP INDEX uq_audit_entry_event_id")
        swapped = run(admin, own, statement, one=one, two=two)
        admin.execute("CREATE UNIQUE INDEX uq_audit_entry_event_id ON audit_entry (organization_id, event_id)")
        return swapped

    return swap


@st.composite
def insertions(draw: st.DrawFn) -> Damage:
    like, at = draw(numbers), draw(st.sampled_from([0, -5, SIZE + 1, SIZE + 2, 2**63 - 1]))
    statement = (
        "INSERT INTO audit_entry SELECT organization_id, %(at)s, gen_random_uuid(), at, recorded_at, actor_kind,"
        " actor_id, kind, lead_id, source, data, previous_hash, hash FROM audit_entry"
        " WHERE organization_id = %(o)s AND number = %(like)s"
    )
    return lambda admin, own: run(admin, own, statement, like=like, at=at)


damages = st.one_of(
    edits(), written(), head_edits(), deletions(), truncations(), swaps(), insertions(),
    st.just(lambda admin, own: run(admin, own, "DELETE FROM audit_head WHERE organization_id = %(o)s")),
)  # fmt: skip


@dataclass(frozen=True)
class Trail:
    """A whole trail, and a copy of it to put back."""

    app: App
    organization_id: UUID
    admin: psycopg.Connection

    def restore(self) -> None:
        for table in ("audit_entry", "audit_head"):
            self.admin.execute(f"DELETE FROM {table} WHERE organization_id = ANY(%s)", ([self.organization_id, OTHER],))
            self.admin.execute(f"INSERT INTO {table} SELECT * FROM pg_temp.kept_{table}")


@pytest.fixture(scope="module")
async def trail(app: App) -> AsyncIterator[Trail]:
    owner = (await cast.northwind(app)).owner
    async with app.work(owner) as work:
        await work.session.execute(
            text("""
                INSERT INTO event (id, organization_id, kind, occurred_at, data)
                VALUES (gen_random_uuid(), :o, 'form.changed', now(), '{"exact": 12345678901234567890123, "r": 1.10}')
            """),
            {"o": owner.organization_id},
        )
    await happen(app, owner, Event("lead.won", lead_id=uuid4(), source="test", data={"value": 1.5, "näme": '"\\ü🔥'}))
    await write_trail(app, owner, SIZE - 11)
    assert len(entries(app, owner.organization_id)) == SIZE
    with tampering(app) as admin:
        for table in ("audit_entry", "audit_head"):
            admin.execute(
                f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table} WHERE organization_id = '{owner.organization_id}'"
            )
        yield Trail(app, owner.organization_id, admin)


@with_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages)
async def test_whatever_is_done_to_it_is_found(trail: Trail, damage: Damage) -> None:
    try:
        changed = damage(trail.admin, trail.organization_id)
        verdict = await verify(trail.app, trail.organization_id)
        assert bool(verdict.broken) == bool(changed)
    finally:
        trail.restore()


async def test_put_back_it_is_whole(trail: Trail) -> None:
    trail.restore()
    assert str(await verify(trail.app, trail.organization_id)) == f"{SIZE} entries, unbroken"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE audit_entry SET data = '{}' WHERE number = 7", "entry 7 was changed after it was written"),
        ("DELETE FROM audit_entry WHERE number = 7", "entry 7 is missing"),
        ("DELETE FROM audit_entry WHERE number > 11", "entry 12 is missing, and so is every one up to 14"),
        ("DELETE FROM audit_head WHERE number > 0", "entry 14 is the last, but nothing signed says so"),
        ("UPDATE audit_head SET number = 7 WHERE true", "entry 7 is not signed as the last by this installation's key"),
    ],
)
async def test_it_says_which_and_how(trail: Trail, statement: str, message: str) -> None:
    try:
        run(trail.admin, trail.organization_id, f"{statement} AND organization_id = %(o)s")
        assert str((await verify(trail.app, trail.organization_id)).broken) == message
    finally:
        trail.restore()


async def test_an_older_end_with_its_true_signature_is_found_by_the_log(app: App, ada: Member) -> None:
    await write_trail(app, ada)
    with tampering(app) as admin:
        own = (ada.organization_id,)
        old = admin.execute("SELECT number, hash, signature FROM audit_head WHERE organization_id = %s", own).fetchone()
        assert old
        await write_trail(app, ada, 2)
        admin.execute("DELETE FROM audit_entry WHERE organization_id = %s AND number > %s", (*own, old[0]))
        admin.execute(
            "UPDATE audit_head SET (number, hash, signature) = (%s, %s, %s) WHERE organization_id = %s", (*old, *own)
        )
    verdict = await verify(app, ada.organization_id)
    assert str(verdict) == f"broken: entry {old[0]} is the last, but 2 older events of the log have no entry"


async def test_a_trail_that_is_gone_altogether_is_found_by_the_log(app: App, ada: Member) -> None:
    await write_trail(app, ada, 1)
    with tampering(app) as admin:
        for table in ("audit_entry", "audit_head"):
            admin.execute(f"DELETE FROM {table} WHERE organization_id = %s", (ada.organization_id,))
    assert (await verify(app, ada.organization_id)).broken


async def test_a_kind_that_became_sensitive_later_breaks_nothing(
    app: App, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    await happen(app, ada, Event("gadget.used"))
    await write_trail(app, ada, 1)
    monkeypatch.setattr("leadflow.audit.rules.KINDS", ("gadget.", "api_key.", "account.", "member.", "organization."))
    assert (await verify(app, ada.organization_id)).broken is None


async def test_what_the_worker_has_yet_to_read_is_late_and_not_broken(app: App, ada: Member) -> None:
    assert str(await verify(app, ada.organization_id)) == "0 entries, unbroken; 9 more wait for the worker"
    await fold(app, ada.organization_id, AUDIT)
    await make_key(app, ada)
    verdict = await verify(app, ada.organization_id)
    assert (verdict.entries, verdict.waiting, verdict.broken) == (9, 1, None)
    assert str(verdict) == "9 entries, unbroken; 1 more wait for the worker"


async def test_more_entries_than_are_read_at_a_stretch(app: App, ada: Member) -> None:
    await happen(app, ada, *(Event("form.changed", data={"place": place}) for place in range(audit.CHUNK * 2)))
    await fold(app, ada.organization_id, AUDIT)
    assert str(await verify(app, ada.organization_id)) == "1,009 entries, unbroken"
    with tampering(app) as admin:
        last = (ada.organization_id, audit.CHUNK)
        admin.execute("DELETE FROM audit_entry WHERE organization_id = %s AND number = %s", last)
    assert str(await verify(app, ada.organization_id)) == "broken: entry 500 is missing"


async def test_another_key_proves_nothing(app: App, ada: Member) -> None:
    await write_trail(app, ada, 1)
    verdict = await audit.verify(app, system_scope(ada.organization_id), signer("another"))
    assert verdict.broken


async def test_only_those_who_may_read_it_may_prove_it(app: App, northwind: Company) -> None:
    for member in (northwind.manager, northwind.rep, northwind.viewer):
        with pytest.raises(Forbidden):
            await audit.verify(app, member, sign_of(app))
    assert (await audit.verify(app, northwind.owner, sign_of(app))).broken is None
