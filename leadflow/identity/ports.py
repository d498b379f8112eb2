"""What identity needs from the outside."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, sent in the name of an organization to the holder of an account or to somebody it invites (None)."""

    organization_id: UUID
    account_id: UUID | None
    recipient: str
    subject: str
    body: str = field(repr=False)


class Mailer(Protocol):
    """Hands mail to whoever delivers it."""

    async def send(self, message: Mail) -> None:
        """Returns when the mail was taken over.

        Raises:
            Transient: it was not, and may be later.
            Permanent: it was not, and never will be.

        """
        ...
