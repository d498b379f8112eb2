from datetime import UTC, datetime

import pytest

from leadflow.onboarding import SignUp, rules
from leadflow.onboarding.rules import Limit

AT = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = {"organization": "Acme", "name": "Wile", "email": "wile@acme.example", "password": "roadrunner tastes"}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"organization": "\t"}, ["organization"]),
        ({"organization": "Ac\nme"}, ["organization"]),
        ({"name": "x" * 121}, ["name"]),
        ({"email": "x" * 400}, ["email"]),
        ({"organization": "", "name": "", "email": "", "password": ""}, ["organization", "email", "name", "password"]),
    ],
)
def test_a_sign_up_is_told_everything_that_is_wrong(change: dict[str, str], fields: list[str]) -> None:
    problems = rules.sign_up_problems(SignUp(**(GOOD | change)))
    assert list(dict.fromkeys(problem.field for problem in problems)) == fields


def test_a_password_is_in_no_representation() -> None:
    assert "roadrunner" not in repr(SignUp(**GOOD))


def test_a_known_address_is_not_held_up_by_guesses_from_elsewhere() -> None:
    strange = rules.log_in_limits("ada@example.com", "10.0.0.1", None)
    known = rules.log_in_limits("ada@example.com", "10.0.0.1", AT)
    assert [limit.limit for limit in strange] == [5, 100, 10]
    assert [limit.limit for limit in known] == [15, 100]


def test_a_success_starts_the_count_anew_and_no_key_holds_an_address_of_a_person() -> None:
    first, second = (rules.log_in_limits("ada@example.com", "10.0.0.1", at)[0] for at in (None, AT))
    assert first.key != second.key
    assert "ada" not in first.key


def test_the_wait_is_what_is_left_of_the_window() -> None:
    limit = Limit("x", 5, 900)
    assert rules.wait(limit, 900 * 7 + 1) == 899
    assert rules.wait(limit, 900 * 7 + 899.9) == 1
