"""Pure decisions of identity: what a token looks like, and what a password and an address must be."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from leadflow.identity.breached import is_breached
from leadflow.identity.models import Purpose
from leadflow.identity.passwords import MAX_LENGTH, MIN_LENGTH
from leadflow.kernel.errors import FieldProblem

SESSION_LIFETIME = timedelta(hours=12)
TOKEN_LIFETIMES: Mapping[Purpose, timedelta] = {
    Purpose.VERIFY_EMAIL: timedelta(hours=24),
    Purpose.RESET_PASSWORD: timedelta(minutes=30),
}
"""How long a link that was sent can be used. A mail of another purpose has no link."""
CAUGHT_FOR = timedelta(days=1)
SHORTEST_WORD = 4
"""Words of fewer letters are in too many good passwords by chance."""
KEY_PREFIX = "lf_"


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_api_secret() -> str:
    return KEY_PREFIX + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_problem(email: str) -> FieldProblem | None:
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return FieldProblem("email", "Enter an e-mail address like ada@example.com.")
    return None


def account_problems(*, email: str, name: str, password: str, organization: str = "") -> list[FieldProblem]:
    problems = []
    if problem := email_problem(email):
        problems.append(problem)
    if not name.strip():
        problems.append(FieldProblem("name", "Enter your name."))
    return problems + password_problems(password, email=email, organization=organization)


def password_problems(password: str, *, email: str = "", organization: str = "") -> list[FieldProblem]:
    """What keeps this from being a password, in words that name the way out; at most one thing, the first."""
    if len(password) < MIN_LENGTH:
        return [FieldProblem("password", f"Use at least {MIN_LENGTH} characters.")]
    if len(password) > MAX_LENGTH:
        return [FieldProblem("password", f"Use at most {MAX_LENGTH} characters.")]
    if any(word in password.casefold() for word in _words_to_avoid(email, organization)):
        message = "Leave your e-mail address and your organization's name out of the password."
        return [FieldProblem("password", message)]
    if is_breached(password):
        message = "This password is on lists of stolen ones. Take a few words that nobody else would put together."
        return [FieldProblem("password", message)]
    return []


def _words_to_avoid(email: str, organization: str) -> Iterator[str]:
    """What is tried first by somebody who knows whose account it is."""
    name = " ".join(organization.split())
    for word in (email.strip().partition("@")[0], name, name.replace(" ", "")):
        if len(word) >= SHORTEST_WORD:
            yield word.casefold()
