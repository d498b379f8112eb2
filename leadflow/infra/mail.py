"""Mail to the holders of accounts: through an SMTP server, kept for reading here, or refused where neither is set."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from leadflow.identity import mailing
from leadflow.identity.ports import Mail, Mailer
from leadflow.infra.db import Database
from leadflow.kernel.clock import Clock
from leadflow.kernel.errors import Permanent, Transient
from leadflow.settings import Settings
from leadflow.tenancy.service import system_scope

TIMEOUT_S: Final = 15.0
"""For each step of the conversation; a job's lease is extended meanwhile."""
AT_ONCE: Final = 4
"""Connections of one process: what servers take from one client without complaint."""


class Security(StrEnum):
    """How a connection is encrypted, as the scheme of the server's address says it."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+plain"


PORTS: Final = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class SmtpMailer:
    """Satisfies `identity.ports.Mailer`. A certificate is checked against `trust`, the machine's own when None."""

    def __init__(self, url: str, sender: str, clock: Clock, *, trust: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in set(Security) or not parts.hostname:
            raise Permanent("LEADFLOW_SMTP_URL is not like smtp://user:password@mail.example.com:587.")
        if "@" not in parseaddr(sender)[1]:
            raise Permanent("LEADFLOW_MAIL_FROM is not like LeadFlow <leads@example.com>.")
        self._security = Security(parts.scheme)
        self._server = parts.hostname, parts.port or PORTS[self._security]
        self._login = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._clock = clock
        self._trust = trust
        self._free = asyncio.Semaphore(AT_ONCE)

    async def send(self, message: Mail) -> None:
        async with self._free:
            await asyncio.to_thread(self._send, message)

    def _send(self, message: Mail) -> None:
        with _translated(), self._connected() as server:
            server.send_message(self._written(message), to_addrs=[message.recipient])

    def _connected(self) -> smtplib.SMTP:
        host, port = self._server
        trust = self._trust or ssl.create_default_context()
        if self._security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=trust)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        try:
            if self._security is Security.STARTTLS:
                server.starttls(context=trust)
            if self._login[0]:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return server

    def _written(self, message: Mail) -> EmailMessage:
        written = EmailMessage()
        written["From"] = self._sender
        written["To"] = message.recipient
        written["Subject"] = message.subject
        written["Date"] = format_datetime(self._clock.now())
        written["Message-ID"] = make_msgid(domain=parseaddr(self._sender)[1].rpartition("@")[2])
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(message.body)
        return written


@contextmanager
def _translated() -> Iterator[None]:
    """The server's own words are kept: they say what to change. What was sent is in none of them."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        advice = "without encryption, in one's own network, its address begins with smtp+plain://"
        raise Permanent(f"The mail server cannot do what is needed ({error}); {advice}.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Transient(f"The mail server cannot be reached: {type(error).__name__}: {error}.") from error
    except (MessageError, ValueError) as error:
        raise Permanent(f"This mail cannot be written: {type(error).__name__}.") from error


def _refusal(code: int, words: bytes | str) -> Permanent | Transient:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    kind = Permanent if code >= 500 else Transient
    return kind(f"The mail server said {code} {said[:300]}")


class MailCatcher:
    """Satisfies `identity.ports.Mailer`: keeps what it is given, for owners and admins to read at /mail-catcher."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def send(self, message: Mail) -> None:
        async with self._database.work(system_scope(message.organization_id)) as work:
            mailing.keep(work, message)


class NoMailer:
    """Satisfies `identity.ports.Mailer` where mail can go nowhere."""

    async def send(self, message: Mail) -> None:
        raise Permanent(f"{message.subject}: not sent. Set LEADFLOW_SMTP_URL to your mail server.")


def mailer(settings: Settings, database: Database) -> Mailer:
    """What the settings ask for.

    Raises:
        Permanent: the server's address or the sender's cannot be understood.

    """
    if url := settings.smtp_url.get_secret_value():
        host = urlsplit(settings.public_url).hostname or "localhost"
        return SmtpMailer(url, settings.mail_from or f"LeadFlow <no-reply@{host}>", database.clock)
    return MailCatcher(database) if settings.catches_mail else NoMailer()
