import pytest

from leadflow.identity import rules


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
        ("ada@example.com", "Ada", "x" * 10, []),
        ("nobody", "Ada", "x" * 10, ["email"]),
        ("ada@example.com", "  ", "x" * 10, ["name"]),
        ("ada@example.com", "Ada", "x" * 9, ["password"]),
        ("ada@example.com", "Ada", "x" * 257, ["password"]),
        ("", "", "", ["email", "name", "password"]),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(email: str, name: str, password: str, fields: list[str]) -> None:
    problems = rules.account_problems(email=email, name=name, password=password)
    assert [problem.field for problem in problems] == fields
