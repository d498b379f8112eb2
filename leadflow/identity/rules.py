"""Pure decisions of identity: what a token looks like, and what a password and an address must be."""

import hashlib
import secrets
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from leadflow.identity.passwords import MAX_LENGTH, MIN_LENGTH
from leadflow.kernel.errors import FieldProblem

SESSION_LIFETIME = timedelta(hours=12)
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


def account_problems(*, email: str, name: str, password: str) -> list[FieldProblem]:
    problems = []
    if problem := email_problem(email):
        problems.append(problem)
    if not name.strip():
        problems.append(FieldProblem("name", "Enter your name."))
    if len(password) < MIN_LENGTH:
        problems.append(FieldProblem("password", f"Use at least {MIN_LENGTH} characters."))
    if len(password) > MAX_LENGTH:
        problems.append(FieldProblem("password", f"Use at most {MAX_LENGTH} characters."))
    return problems
