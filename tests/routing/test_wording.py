"""What the numbers of a proof mean."""

from typing import Any
from uuid import UUID

from leadflow.routing.eligibility import AT_CAPACITY
from leadflow.routing.fairness import UNIT
from leadflow.routing.strategies import shelf
from leadflow.routing.wording import OUT, standings


def stood(person: int, **numbers: Any) -> dict[str, Any]:
    usual = {"weight": 1, "start": 0, "turn": 0, "credits": 0, "open": 0, "kin": ""}
    return {"id": UUID(int=person), **usual, **numbers}


def test_a_share_is_told_in_leads_and_who_is_out_with_the_reason() -> None:
    candidates = [
        stood(1, weight=2, start=UNIT // 2),
        stood(2, start=2 * UNIT, credits=1),
        {"id": UUID(int=3), "out": AT_CAPACITY},
    ]
    assert standings("weighted", {}, candidates) == [
        "1 lead short of their share, weighs 2",
        "1 lead ahead of their share, 1 turn owed",
        OUT[AT_CAPACITY],
    ]


def test_open_leads_are_told_where_they_were_counted_and_who_knows_the_lead() -> None:
    assert standings("least_loaded", {}, [stood(1, open=1), stood(2)]) == ["1 open lead", "0 open leads"]
    assert standings("round_robin", {}, [stood(1, open=7)]) == ["Has their share"]
    assert standings("sticky", {"fallback": "least_loaded"}, [stood(1, open=3, kin="company")]) == [
        "Has another lead of the company, 3 open leads"
    ]


def test_a_strategy_or_a_reason_that_is_gone_is_still_told() -> None:
    assert "horoscope" not in shelf()
    assert standings("horoscope", {}, [stood(1), {"id": UUID(int=2), "out": "asleep"}]) == ["Has their share", "asleep"]
    assert standings("", {}, []) == []
    assert standings("weighted", {"weights": "many"}, [stood(1)]) == ["Has their share"]
