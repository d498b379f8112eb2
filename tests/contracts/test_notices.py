"""The contract of the shelf of notifications: whatever stands on it holds all of this."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.ids import new_id
from leadflow.leads import timeline
from leadflow.notifications.notice import PLACEHOLDERS, Known, Notice, Tell, Told
from leadflow.notifications.projection import PROJECTION
from leadflow.notifications.rules import news, parts
from leadflow.notifications.shelf import all_notices

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEAD, OWNER, OTHER, ACTOR = (new_id() for _ in range(4))
DATA: list[dict[str, Any]] = [
    {},
    {
        "to": str(OTHER), "from": str(OWNER), "owner": str(OWNER), "assignee": str(OTHER), "was_assignee": str(OWNER),
        "changes": ["assignee"], "mentions": [str(OTHER)], "text": "See this", "task_id": str(new_id()),
        "by": str(OTHER), "import_id": str(new_id()), "filename": "fair.csv", "created": 3, "joined": 2, "rejected": 1,
        "cause": "error:high", "reassignment_id": None,
    },
    dict.fromkeys(
        ("to", "owner", "assignee", "mentions", "text", "by", "changes", "created", "cause", "filename"), "nonsense"
    ),
    {"to": 7, "owner": {}, "assignee": [], "mentions": [7, None, "x"], "text": None, "by": 7, "changes": 7, "cause": 7},
]  # fmt: skip
member = pytest.mark.parametrize("name,notice", all_notices().items(), ids=list(all_notices()))


def event(kind: str, data: dict[str, Any], actor_kind: str = "person", actor: UUID | None = ACTOR) -> RecordedEvent:
    return RecordedEvent(1, 1, new_id(), kind, LEAD, actor_kind, actor, NOW, NOW, "", data)


def tells(notice: Notice) -> Iterator[tuple[RecordedEvent, Tell]]:
    for known in (Known(), Known({LEAD: OWNER}, frozenset({OTHER}))):
        for kind in notice.kinds:
            for data in DATA:
                for actor_kind in ("person", "system"):
                    told = event(kind, data, actor_kind, ACTOR if actor_kind == "person" else None)
                    for tell in notice.judge(told, known):
                        yield told, tell


@member
def test_it_says_what_it_is_and_listens_to_exact_kinds(name: str, notice: Notice) -> None:
    assert notice.label
    assert notice.help.endswith(".")
    assert notice.kinds
    for kind in notice.kinds:
        assert "." in kind
        assert not kind.endswith(".")
        assert kind in PROJECTION.kinds
    assert set(notice.kinds) <= set(timeline._TITLES) | {"import.finished", "scoring.alarm_raised"}


@member
def test_it_tells_somebody_and_survives_whatever_the_log_says(name: str, notice: Notice) -> None:
    told = list(tells(notice))
    assert told
    for _, tell in told:
        assert tell.person in {OWNER, OTHER}
        assert tell.group
        assert tell.group != "None"


@member
def test_the_same_event_is_judged_the_same(name: str, notice: Notice) -> None:
    known = Known({LEAD: OWNER}, frozenset({OTHER}))
    for kind in notice.kinds:
        told = event(kind, DATA[1])
        assert list(notice.judge(told, known)) == list(notice.judge(told, known))


@member
def test_its_words_are_one_line_of_known_placeholders(name: str, notice: Notice) -> None:
    names = {place: place.upper() for place in PLACEHOLDERS}
    for _, tell in tells(notice):
        for count, leads in ((1, 1), (2, 1), (1200, 1), (2, 2), (1200, 1200)):
            told = Told(tell.data, count, leads)
            words = notice.words(told)
            line = "".join(part.text for part in parts(words, names))
            assert line
            assert "\n" not in line
            assert "{" not in line
            assert not line.endswith((".", ":", " "))
            nameless = parts(words, {})
            assert nameless == [] or not nameless[0].text[:1].islower()
            assert notice.href(told).startswith("/") or (notice.is_about_leads and notice.href(told) == "")


@member
def test_nobody_hears_of_their_own_deeds(name: str, notice: Notice) -> None:
    known = Known({LEAD: ACTOR}, frozenset({ACTOR}))
    own = {key: str(ACTOR) if value == str(OTHER) else value for key, value in DATA[1].items()}
    own |= {"mentions": [str(ACTOR)], "owner": str(ACTOR)}
    for kind in notice.kinds:
        assert [each for each in news([event(kind, own)], known, NOW) if each.key.person == ACTOR] == []
        system = news([event(kind, own, "system", None)], known, NOW)
        assert {each.key.person for each in system} <= {ACTOR}
