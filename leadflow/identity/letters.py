"""What mails to the holders of accounts say: plain text, one link at most, and the way out for whoever did not ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadflow.identity.models import Purpose


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and a text with places for `name`, `link`, `email` and `origin`; a link leads to `page`."""

    subject: str
    text: str
    page: str = ""


LETTERS: Mapping[Purpose, Letter] = {
    Purpose.VERIFY_EMAIL: Letter(
        "Confirm your e-mail address for LeadFlow",
        """Hello {name},

please confirm that {email} is your address:

{link}

The link works once, within 24 hours. If you did not sign up for LeadFlow, ignore this mail: nothing is confirmed then.
""",
        "/verify-email",
    ),
    Purpose.RESET_PASSWORD: Letter(
        "Set a new password for LeadFlow",
        """Hello {name},

somebody asked for a new password for your account {email}. Set it here:

{link}

The link works once, within 30 minutes. If it was not you, ignore this mail: your password stays as it is.
""",
        "/reset-password",
    ),
    Purpose.PASSWORD_CHANGED: Letter(
        "Your password for LeadFlow was changed",
        """Hello {name},

the password of your account {email} was changed just now, and every browser that was logged in has been logged out.

If it was not you, set a new password at once, and check who else can read your mail:

{origin}/forgot-password
""",
    ),
}


def written(purpose: Purpose, *, name: str, email: str, origin: str, token: str = "") -> tuple[str, str]:
    """Subject and text of a mail."""
    letter = LETTERS[purpose]
    link = f"{origin}{letter.page}?token={token}" if letter.page else ""
    return letter.subject, letter.text.format(name=name, email=email, link=link, origin=origin)
