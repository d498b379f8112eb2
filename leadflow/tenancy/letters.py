"""What an invitation says by mail: who invites, where to, the one link, how long it is good, and the way out."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from leadflow.identity.letters import Letter

LONGEST_NAME = 120
INVITATION = Letter(
    "{inviter} invites you to {organization} on LeadFlow",
    """Hello,

{inviter} invites you to join {organization} on LeadFlow, as {role}. Follow this link to come in:

{link}

It is for {email}, and works once, until {until}.

If you do not know {inviter} or {organization}, ignore this mail: nothing happens then.
""",
    "/join",
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter of invitation has to say."""

    inviter: str
    organization: str
    role: str
    email: str
    expires_at: datetime
    time_zone: str


def written(occasion: Occasion, *, origin: str, token: str) -> tuple[str, str]:
    """Subject and text of a mail."""
    names = {"inviter": _line(occasion.inviter) or "Somebody", "organization": _line(occasion.organization)}
    text = INVITATION.text.format(
        **names,
        role=_line(occasion.role),
        link=f"{origin}{INVITATION.page}/{token}",
        email=occasion.email,
        until=spelled(occasion.expires_at.astimezone(ZoneInfo(occasion.time_zone))),
    )
    return INVITATION.subject.format(**names), text


def spelled(at: datetime) -> str:
    """
    >>> spelled(datetime(2026, 12, 3, 9, 5, tzinfo=ZoneInfo("UTC")))
    '3 December 2026, 09:05 UTC'
    """
    return f"{at.day} {at:%B %Y, %H:%M} {at.tzname()}"


def _line(text: str) -> str:
    r"""Names are other people's words: they take one line, and no more room than names do.

    >>> _line("Ada\r\nBcc: x@y.example")
    'Ada Bcc: x@y.example'
    """
    return " ".join(text.split())[:LONGEST_NAME]
