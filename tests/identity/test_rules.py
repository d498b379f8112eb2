import pytest

from leadflow.identity import rules

GOOD = "mauve otters"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("password123", "lists of stolen ones"),
        ("PassWord123", "lists of stolen ones"),
        ("1234567890", "lists of stolen ones"),
        ("ada.lovelace", "Leave your e-mail address"),
        ("xx Ada.Lovelace xx", "Leave your e-mail address"),
        ("ada.lovelace@example.com", "Leave your e-mail address"),
        ("northwind traders", "Leave your e-mail address"),
        ("NorthwindTraders2026", "Leave your e-mail address"),
    ],
)
def test_what_others_would_try_first_is_no_password(password: str, words: str) -> None:
    (problem,) = rules.password_problems(password, email="ada.lovelace@example.com", organization=" Northwind  Traders")
    assert problem.field == "password"
    assert words in problem.message


def test_short_names_keep_nobody_from_a_good_password() -> None:
    assert rules.password_problems("italian otters", email="it@example.com", organization="It") == []


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {rules.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
    assert rules.new_api_secret().startswith("lf_")


def test_a_fingerprint_does_not_hold_what_it_is_of() -> None:
    token = rules.new_token()
    assert token not in rules.fingerprint(token)
    assert rules.fingerprint(token) == rules.fingerprint(token)


@pytest.mark.parametrize(
    ("email", "name", "password", "fields"),
    [
        ("ada@example.com", "Ada", GOOD, []),
        ("nobody", "Ada", GOOD, ["email"]),
        ("ada@example.com", "  ", GOOD, ["name"]),
        ("ada@example.com", "Ada", "x" * 9, ["password"]),
        ("ada@example.com", "Ada", "x" * 257, ["password"]),
        ("", "", "", ["email", "name", "password"]),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(email: str, name: str, password: str, fields: list[str]) -> None:
    problems = rules.account_problems(email=email, name=name, password=password)
    assert [problem.field for problem in problems] == fields
