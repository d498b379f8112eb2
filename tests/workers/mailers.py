"""A mail server that says what a test wants, and the worker that writes to it."""

from dataclasses import dataclass, field

from leadflow.bootstrap import App
from leadflow.identity.ports import Mail
from tests.fixtures.installation import as_superuser
from tests.fixtures.post import Arrived, deliver


@dataclass
class Flaky:
    """Takes every mail, and says what it was told to say afterwards."""

    says: list[Exception] = field(default_factory=list)
    taken: list[Mail] = field(default_factory=list)

    async def send(self, message: Mail) -> None:
        self.taken.append(message)
        if self.says:
            raise self.says.pop(0)

    def tokens(self) -> list[str]:
        return [Arrived(mail.subject, mail.body).token for mail in self.taken]


async def run(app: App, post: Flaky) -> None:
    """Hand over what waits, and what is to be tried again later."""
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE job SET run_at = now() - interval '1 second' WHERE state = 'ready'")
    mailer = app.mailer
    object.__setattr__(app, "mailer", post)
    try:
        await deliver(app)
    finally:
        object.__setattr__(app, "mailer", mailer)
