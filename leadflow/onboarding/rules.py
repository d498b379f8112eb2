"""Pure decisions of onboarding: what a sign-up needs, and how often one may guess a password."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadflow.identity.rules import account_problems
from leadflow.intake.commands import CreateForm, FormField
from leadflow.intake.rules import text_problem
from leadflow.kernel.errors import FieldProblem
from leadflow.onboarding.commands import SignUp

LONGEST_NAME = 120
LONGEST_EMAIL = 320
QUARTER_HOUR = 15 * 60
HOUR = 60 * 60
TRIES_FROM_STRANGE_ADDRESS = 5
TRIES_FROM_KNOWN_ADDRESS = 15
TRIES_PER_ACCOUNT = 10
"""In a window of an hour: where two windows meet, twice as many fall into sixty minutes, and 20 is the most we want."""
TRIES_PER_ADDRESS = 100
SIGN_UPS_PER_ADDRESS = 30
LINKS_PER_ADDRESS = 5
LINKS_PER_ACCOUNT = 5
USES_PER_ADDRESS = 30
INVITATIONS_PER_ORGANIZATION = 100


def sign_up_problems(command: SignUp) -> list[FieldProblem]:
    """Everything that is wrong, so that a person corrects it in one go."""
    problems = []
    if not command.organization.strip():
        problems.append(FieldProblem("organization", "Enter the name of your organization."))
    problems += account_problems(
        email=command.email.strip(),
        name=command.name,
        password=command.password,
        organization=command.organization,
    )
    for field, longest in (("organization", LONGEST_NAME), ("name", LONGEST_NAME), ("email", LONGEST_EMAIL)):
        if problem := text_problem(getattr(command, field), many_lines=False, longest=longest):
            problems.append(FieldProblem(field, problem))
    return problems


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried in a window of seconds."""

    key: str
    limit: int
    window_s: int


def log_in_limits(email_norm: str, address: str, last_success: datetime | None) -> list[Limit]:
    """What a log-in attempt counts against, checked before the password is.

    Guesses are counted per account and address since the last success from there, so a log-in that worked starts anew.
    From an address that this account has used before, the count over all addresses does not apply: strangers who
    guess cannot keep the owner out.
    """
    account = hashlib.sha256(email_norm.encode()).hexdigest()[:32]
    since = f"{last_success.timestamp():.0f}" if last_success else "never"
    known = last_success is not None
    tries = TRIES_FROM_KNOWN_ADDRESS if known else TRIES_FROM_STRANGE_ADDRESS
    limits = [
        Limit(f"login:{account}:{address}:{since}", tries, QUARTER_HOUR),
        Limit(f"login:from:{address}", TRIES_PER_ADDRESS, QUARTER_HOUR),
    ]
    return limits if known else [*limits, Limit(f"login:to:{account}", TRIES_PER_ACCOUNT, HOUR)]


def sign_up_limit(address: str) -> Limit:
    return Limit(f"signup:from:{address}", SIGN_UPS_PER_ADDRESS, HOUR)


def reset_limits(email_norm: str, address: str) -> tuple[Limit, Limit]:
    """How often one address may ask for links, and how many an account is sent, whoever asks."""
    account = hashlib.sha256(email_norm.encode()).hexdigest()[:32]
    return (
        Limit(f"reset:from:{address}", LINKS_PER_ADDRESS, HOUR),
        Limit(f"reset:to:{account}", LINKS_PER_ACCOUNT, HOUR),
    )


def link_use_limit(address: str) -> Limit:
    return Limit(f"link:from:{address}", USES_PER_ADDRESS, HOUR)


def verification_limit(account_id: UUID) -> Limit:
    return Limit(f"verify:to:{account_id}", LINKS_PER_ACCOUNT, HOUR)


def invitation_limits(organization_id: UUID, email: str) -> list[Limit]:
    """How often an organization may write to one address that has not asked for it, and how often at all."""
    address = hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]
    return [
        Limit(f"invite:to:{organization_id}:{address}", LINKS_PER_ACCOUNT, HOUR),
        Limit(f"invite:by:{organization_id}", INVITATIONS_PER_ORGANIZATION, HOUR),
    ]


def renewal_limits(organization_id: UUID, invitation_id: UUID) -> list[Limit]:
    """The same for an invitation that is mailed again."""
    return [
        Limit(f"invite:again:{organization_id}:{invitation_id}", LINKS_PER_ACCOUNT, HOUR),
        Limit(f"invite:by:{organization_id}", INVITATIONS_PER_ORGANIZATION, HOUR),
    ]


def wait(limit: Limit, now_s: float) -> int:
    """Seconds until the window of this limit is over."""
    return max(1, int(limit.window_s - now_s % limit.window_s))


def first_form(organization: str) -> CreateForm:
    """The form that a new organization starts with."""
    return CreateForm(
        title="Contact us",
        intro="Tell us what you are looking for.",
        fields=(FormField(key="name"), "email", FormField(key="company"), FormField(key="message")),
        consent_text=f"{organization} may use these details to answer me.",
    )
