"""A line as a person writes it, and the task that it means."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.tasks.models import TaskKind
from leadflow.tasks.reading import understand, whom

NOW = datetime(2026, 3, 2, 9, 7, tzinfo=UTC)  # a Monday, 10:07 in Berlin
BERLIN = "Europe/Berlin"


def read(line: str) -> tuple[str, str | None, bool]:
    said = understand(line, NOW, BERLIN)
    due = said.due_at.astimezone(ZoneInfo(BERLIN)) if said.due_at else None
    return said.title, f"{due:%Y-%m-%d}" + ("" if said.all_day else f" {due:%H:%M}") if due else None, said.all_day


@pytest.mark.parametrize(
    ("line", "title", "due"),
    [
        ("Call Ada tomorrow 10:00", "Call Ada", "2026-03-03 10:00"),
        ("Call Ada", "Call Ada", None),
        ("Send offer today", "Send offer", "2026-03-02"),
        ("Send offer TODAY 4pm", "Send offer", "2026-03-02 16:00"),
        ("tonight check the demo", "check the demo", "2026-03-02 20:00"),
        ("tonight 21:30 check the demo", "check the demo", "2026-03-02 21:30"),
        ("Call Ben at 10am monday", "Call Ben", "2026-03-09 10:00"),
        ("Call Ben on wed 3 p.m.", "Call Ben", "2026-03-04 15:00"),
        ("Call Ben thursday at 9", "Call Ben", "2026-03-05 09:00"),
        ("Call Ben next friday", "Call Ben", "2026-03-13"),
        ("Follow up next week", "Follow up", "2026-03-09"),
        ("Follow up in 2 days", "Follow up", "2026-03-04"),
        ("Follow up in a week 9:30", "Follow up", "2026-03-09 09:30"),
        ("Follow up in 3 weeks", "Follow up", "2026-03-23"),
        ("Ring back in 30 min", "Ring back", "2026-03-02 10:37"),
        ("Ring back in an hour", "Ring back", "2026-03-02 11:07"),
        ("Pay 24.12. the bill", "Pay the bill", "2026-12-24"),
        ("Renew by 2027-01-31", "Renew", "2027-01-31"),
        ("Demo 12 March at noon", "Demo", "2026-03-12 12:00"),
        ("Demo March 12th, 2027", "Demo", "2027-03-12"),
        ("Look back on 1 march", "Look back", "2027-03-01"),
        ("Lunch 12:30", "Lunch", "2026-03-02 12:30"),
        ("Breakfast 8:00", "Breakfast", "2026-03-03 08:00"),
        ("12am backup", "backup", "2026-03-03 00:00"),
    ],
)
def test_when_it_is_due_is_understood_and_no_longer_in_the_title(line: str, title: str, due: str | None) -> None:
    assert read(line)[:2] == (title, due)


@pytest.mark.parametrize(
    "line",
    [
        "Call 030 901820",
        "Look at https://acme.example/10:00",
        "Meet Sun Inc about Wednesdays",
        "May follow up",
        "Read 99:99",
        "Ask for 25:00 and 13pm",
        "Write ada@monday.example",
        "Offer 3.5 % to Mont Blanc",
        "Version 1.2.3",
    ],
)
def test_what_only_looks_like_a_time_stays_in_the_title(line: str) -> None:
    assert read(line) == (line, None, False)


def test_a_line_that_says_only_when_is_its_own_title() -> None:
    assert read("tomorrow 10:00") == ("tomorrow 10:00", "2026-03-03 10:00", False)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Call Ada", TaskKind.CALL),
        ("tomorrow: phone Ada", TaskKind.CALL),
        ("E-mail the offer", TaskKind.EMAIL),
        ("Demo for Acme", TaskKind.MEETING),
        ("Callback list", TaskKind.PLAIN),
    ],
)
def test_its_first_word_says_what_kind_it_is(line: str, kind: TaskKind) -> None:
    assert understand(line, NOW, BERLIN).kind is kind


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Call Ada", "Ada"),
        ("call ada", "ada"),
        ("call back", None),
        ("Call Grace Hopper about the offer", "Grace Hopper"),
        ("Send Grace O'Neill-Smith the prices of Acme", "Grace O'Neill-Smith"),
        ("اتصل بفاطمة", "بفاطمة"),
        ("Call Élodie", "Élodie"),
        ("Tidy up the list", None),
        ("Call 4711", None),
        ("Call", None),
    ],
)
def test_whom_it_may_be_about(title: str, name: str | None) -> None:
    assert whom(title) == name


def test_a_time_reminds_and_a_day_does_not() -> None:
    timed = understand("Call Ada tomorrow 10:00", NOW, BERLIN)
    assert timed.remind_at == timed.due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert understand("Call Ada tomorrow", NOW, BERLIN).remind_at is None
    past = understand("Call Ada today 8:00", NOW, BERLIN)
    assert (past.due_at, past.remind_at) == (datetime(2026, 3, 2, 7, tzinfo=UTC), None)


def test_a_day_ends_where_somebody_is() -> None:
    line = "Call Ada tomorrow"
    assert understand(line, NOW, BERLIN).due_at == datetime(2026, 3, 3, 22, 59, 59, tzinfo=UTC)
    assert understand(line, NOW, "America/Los_Angeles").due_at == datetime(2026, 3, 4, 7, 59, 59, tzinfo=UTC)
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # the third already, in Berlin
    assert understand(line, late, BERLIN).due_at == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)


def test_days_are_of_the_calendar_also_where_the_clock_is_changed() -> None:
    saturday = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
    assert understand("Call tomorrow 10:00", saturday, BERLIN).due_at == datetime(2026, 3, 29, 8, tzinfo=UTC)
    assert understand("Call in 24 hours", saturday, BERLIN).due_at == datetime(2026, 3, 29, 9, tzinfo=UTC)


@given(st.text(min_size=1, max_size=300))
def test_whatever_is_written_is_some_task(line: str) -> None:
    said = understand(line, NOW, BERLIN)
    assert len(said.title) <= 200
    assert bool(said.title) is bool(line.strip()) or said.title == ""
    assert said.due_at is None or said.due_at.tzinfo is not None


@given(
    st.sampled_from(
        ["call", "Ada", "tomorrow", "10:00", "monday", "in", "2", "days", "at", "5pm", "31.2.", "next", "may"]
    )
    .flatmap(
        lambda word: st.lists(st.just(word) | st.sampled_from(["on", "today", "12", "friday", "noon"]), max_size=6)
    )
    .map(" ".join)
)
def test_words_of_time_in_any_order_are_survived(line: str) -> None:
    said = understand(line or "x", NOW, BERLIN)
    assert said.title
