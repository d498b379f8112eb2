"""The chain by itself: any change of any entry is found, and so is any missing, added or swapped one."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from leadflow.audit.chain import BEGINNING, Break, Columns, Head, Walk, digest, is_ours, sealed, signer

NORTHWIND, RIVAL = UUID(int=1), UUID(int=2)
SIGN = signer("the installation's key")
TEXTS = ("event_id", "at", "recorded_at", "actor_kind", "actor_id", "kind", "lead_id", "source", "data")

Entry = tuple[dict[str, str | int | None], str]
contents = st.fixed_dictionaries({name: st.text(max_size=5) for name in TEXTS})


def chained(told: Sequence[Columns], organization_id: UUID = NORTHWIND) -> tuple[list[Entry], Head]:
    entries: list[Entry] = []
    previous = BEGINNING
    for number, content in enumerate(told, 1):
        columns = {
            **content,
            "organization_id": str(organization_id),
            "number": number,
            "previous_hash": previous,
        }
        previous = digest(columns)
        entries.append((columns, previous))
    return entries, sealed(organization_id, len(entries), previous, SIGN)


def walked(entries: Sequence[Entry], head: Head | None) -> Break | None:
    walk = Walk(NORTHWIND, SIGN)
    for columns, hash_ in entries:
        if broken := walk.step(columns, hash_):
            return broken
    return walk.end(head)


trails = st.lists(contents, min_size=1, max_size=8)


@given(st.lists(contents, max_size=8))
def test_what_was_written_is_unbroken(told: list[Columns]) -> None:
    entries, head = chained(told)
    assert walked(entries, head if entries else None) is None


@given(trails, st.data())
def test_any_changed_column_is_found_at_its_number(told: list[Columns], data: st.DataObject) -> None:
    entries, head = chained(told)
    at = data.draw(st.integers(0, len(entries) - 1))
    column = data.draw(st.sampled_from([*TEXTS, "organization_id", "previous_hash"]))
    value = data.draw(st.none() | st.text(max_size=5))
    columns, hash_ = entries[at]
    assume(columns[column] != value)
    entries[at] = ({**columns, column: value}, hash_)
    broken = walked(entries, head)
    assert broken
    assert broken.number == at + 1


@given(trails, st.data())
def test_a_changed_entry_with_its_hash_made_anew_is_found_too(told: list[Columns], data: st.DataObject) -> None:
    """Whoever knows how hashes are made, and not the key, can go on to the end and no further."""
    entries, head = chained(told)
    at = data.draw(st.integers(0, len(entries) - 1))
    until = data.draw(st.integers(at, len(entries) - 1))
    changed = [columns if place != at else {**columns, "kind": "x" * 9} for place, (columns, _) in enumerate(entries)]
    forged, end = chained([{name: columns[name] for name in TEXTS} for columns in changed])
    entries[at : until + 1] = forged[at : until + 1]
    assert walked(entries, head)
    assert walked(entries, replace(end, signature=head.signature))


@given(trails, st.data())
def test_any_missing_entries_are_found_at_the_first(told: list[Columns], data: st.DataObject) -> None:
    entries, head = chained(told)
    first = data.draw(st.integers(0, len(entries) - 1))
    last = data.draw(st.integers(first, len(entries) - 1))
    broken = walked(entries[:first] + entries[last + 1 :], head)
    assert broken
    assert broken.number == first + 1
    assert "missing" in broken.how


@given(st.lists(contents, min_size=2, max_size=8, unique_by=str), st.data())
def test_swapped_entries_are_found(told: list[Columns], data: st.DataObject) -> None:
    entries, head = chained(told)
    one, two = sorted(data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True)))
    swapped = list(entries)
    for here, there in ((one, two), (two, one)):
        columns, hash_ = entries[there]
        swapped[here] = ({**columns, "number": here + 1}, hash_)
    broken = walked(swapped, head)
    assert broken
    assert broken.number == one + 1


@given(trails, contents, st.data())
def test_an_added_entry_is_found_wherever_it_stands(told: list[Columns], more: Columns, data: st.DataObject) -> None:
    entries, head = chained(told)
    at = data.draw(st.integers(0, len(entries)))
    longer, _ = chained([*told[:at], {**more, "kind": "forged"}, *told[at:]])
    assert walked(longer, head)
    before = {**entries[0][0], "number": data.draw(st.integers(-(2**63), 0))}
    assert walked([(before, digest(before)), *entries], head)


@given(trails)
def test_the_end_is_signed_by_this_installation_for_this_organization(told: list[Columns]) -> None:
    entries, head = chained(told)
    assert walked(entries, None)
    assert walked(entries, sealed(NORTHWIND, head.number, head.hash, signer("another key")))
    assert walked(entries, sealed(RIVAL, head.number, head.hash, SIGN))
    assert walked(entries, replace(head, signature="é"))
    assert not is_ours(NORTHWIND, replace(head, number=head.number + 1), SIGN)


def test_a_break_is_said_in_words() -> None:
    assert str(Break(1204, "is missing")) == "entry 1,204 is missing"
    entries, head = chained([dict.fromkeys(TEXTS, "x")] * 5)
    assert str(walked(entries[:2], head)) == "entry 3 is missing, and so is every one up to 5"
    assert str(walked(entries[:4], head)) == "entry 5 is missing"
