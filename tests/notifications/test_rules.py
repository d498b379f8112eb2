"""Pure decisions: what a batch tells, where it is cut, and how a line reads."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.ids import new_id
from leadflow.notifications.notice import Known
from leadflow.notifications.rules import LONGEST_NOTE, NEWS, Key, Part, excerpt, news, parts, unheard

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE, LEADS = [new_id() for _ in range(3)], [new_id() for _ in range(5)]
KNOWN = Known(dict(zip(LEADS, PEOPLE * 2, strict=False)))


def event(number: int, kind: str, lead: UUID, actor: UUID | None = None, age: timedelta = timedelta()) -> RecordedEvent:
    at = NOW - age
    kind_of_actor = "person" if actor else "system"
    return RecordedEvent(number, 7, new_id(), kind, lead, kind_of_actor, actor, at, NOW, "", {})


def random_log(seed: int) -> list[RecordedEvent]:
    dice = random.Random(seed)
    kinds = ("lead.became_hot", "behaviour.email_replied", "behaviour.meeting_booked", "lead.joined", "lead.scored")
    return [
        event(number, dice.choice(kinds), dice.choice(LEADS), dice.choice([*PEOPLE, None]), timedelta(minutes=number))
        for number in range(dice.randrange(60))
    ]


@pytest.mark.parametrize("seed", range(50))
def test_wherever_a_batch_is_cut_the_same_is_told(seed: int) -> None:
    log, dice = random_log(seed), random.Random(seed)
    cut = dice.randrange(len(log) + 1)
    whole = {each.key: each.count for each in news(log, KNOWN, NOW)}
    pieces = Counter[Key]()
    for piece in (log[:cut], log[cut:]):
        for each in news(piece, KNOWN, NOW):
            pieces[each.key] += each.count
    assert pieces == Counter(whole)


@pytest.mark.parametrize("seed", range(50))
def test_only_owners_are_told_and_never_of_their_own_deeds(seed: int) -> None:
    log = random_log(seed)
    told = sum(each.count for each in news(log, KNOWN, NOW))
    wanted = [each for each in log if each.kind != "lead.scored" and each.lead_id]
    assert told == sum(KNOWN.owner(each) not in {None, each.actor_id} for each in wanted)
    for each in news(log, KNOWN, NOW):
        assert each.first_at <= each.last_at
        assert {KNOWN.owners[lead] for lead in each.leads} == {each.key.person}


def test_a_day_ago_is_news_and_longer_ago_is_history() -> None:
    assert len(news([event(1, "lead.became_hot", LEADS[0], age=NEWS)], KNOWN, NOW)) == 1
    assert news([event(1, "lead.became_hot", LEADS[0], age=NEWS + timedelta(seconds=1))], KNOWN, NOW) == []


def test_what_stands_before_the_mark_has_been_told() -> None:
    log = [event(number, "lead.became_hot", LEADS[0]) for number in range(4)]
    assert [each.seq for each in unheard(log, (7, 1))] == [2, 3]
    assert unheard(log, (8, 0)) == []
    assert unheard(log, (6, 99)) == log


class TestLines:
    def test_what_is_looked_up_stands_apart_from_our_words(self) -> None:
        names = {"who": "Ben", "lead": "eBay", "note": "“Hi”"}
        assert parts("{who} wrote on {lead}: {note}", names) == [
            Part("Ben", "name"), Part(" wrote on "), Part("eBay", "name"), Part(": "), Part("“Hi”", "quote"),
        ]  # fmt: skip
        assert parts("{lead} became hot", names)[0] == Part("eBay", "name"), "a name is written as it is"

    def test_who_and_what_is_not_told_has_words_of_ours(self) -> None:
        assert "".join(part.text for part in parts("{who} gave you {lead}", {})) == "Somebody gave you a lead"
        assert "".join(part.text for part in parts("{lead} became hot", {"lead": ""})) == "A lead became hot"

    def test_braces_in_a_name_are_no_place_for_another(self) -> None:
        assert "".join(part.text for part in parts("{lead} became hot", {"lead": "{who}", "who": "Ben"})) == (
            "{who} became hot"
        )

    def test_long_notes_are_cut(self) -> None:
        assert excerpt("") == ""
        assert excerpt(" \n ") == ""
        assert excerpt("x" * LONGEST_NOTE) == f"“{'x' * LONGEST_NOTE}”"
        assert len(excerpt("x" * 5000)) == LONGEST_NOTE + 2
