"""What a mailer must do, asked of a real mail server on a real socket."""

import asyncio
import ssl
from uuid import uuid4

import pytest
from pydantic import SecretStr

from leadflow.bootstrap import App
from leadflow.identity.ports import Mail
from leadflow.infra import mail
from leadflow.infra.mail import MailCatcher, NoMailer, SmtpMailer, mailer
from leadflow.kernel.clock import SystemClock
from leadflow.kernel.errors import Permanent, Transient
from leadflow.settings import Settings
from tests.fixtures.smtp import SmtpServer, smtp_server, trusting

SENDER = "LeadFlow <leads@northwind.example>"
MAIL = Mail(
    uuid4(), uuid4(), "ada@northwind.example", "Grüße aus dem Büro", "Hello Ada,\n\nhttps://leads.example/x?token=t\n"
)


def smtp(
    server: SmtpServer, scheme: str = "smtp+plain", login: str = "", trust: ssl.SSLContext | None = None
) -> SmtpMailer:
    return SmtpMailer(f"{scheme}://{login}localhost:{server.port}", SENDER, SystemClock(), trust=trust)


class TestDelivery:
    async def test_the_mail_arrives_as_it_was_written(self) -> None:
        async with smtp_server(SmtpServer()) as server:
            await smtp(server).send(MAIL)
        (arrived,) = server.mails
        assert (arrived["From"], arrived["To"], arrived["Subject"]) == (SENDER, MAIL.recipient, MAIL.subject)
        assert arrived.get_content().splitlines() == MAIL.body.splitlines()
        assert arrived["Message-ID"].endswith("@northwind.example>")
        assert arrived["Auto-Submitted"] == "auto-generated"
        assert arrived["Date"]
        ((sender, recipient),) = server.envelopes
        assert "<leads@northwind.example>" in sender
        assert "<ada@northwind.example>" in recipient

    @pytest.mark.parametrize(("scheme", "tls"), [("smtp", False), ("smtps", True)])
    async def test_it_is_encrypted_and_logged_in_as_the_address_says(self, scheme: str, tls: bool) -> None:
        async with smtp_server(SmtpServer(password="p@ss:w/rd", offers_tls=not tls), tls=tls) as server:
            await smtp(server, scheme, "leadflow:p%40ss%3Aw%2Frd@", trusting()).send(MAIL)
        assert server.encrypted == [True]

    async def test_few_connections_are_open_at_once(self) -> None:
        async with smtp_server(SmtpServer()) as server:
            mailer = smtp(server)
            await asyncio.gather(*(mailer.send(MAIL) for _ in range(12)))
        assert len(server.mails) == 12
        assert server.most_at_once <= mail.AT_ONCE


class TestRefusal:
    @pytest.mark.parametrize(
        ("says", "kind"),
        [
            ({"RCPT": "550 no such user"}, Permanent),
            ({"RCPT": "450 mailbox busy"}, Transient),
            ({"MAIL": "451 try later"}, Transient),
            ({"MAIL": "553 not you"}, Permanent),
            ({"DATA": "554 no"}, Permanent),
            ({"DATA": ""}, Transient),
            ({"END": "552 too much"}, Permanent),
            ({"END": "452 disk full"}, Transient),
            ({"CONNECT": "421 closing"}, Transient),
            ({"CONNECT": "554 go away"}, Permanent),
        ],
        ids=str,
    )
    async def test_what_may_work_later_is_told_from_what_never_will(
        self, says: dict[str, str], kind: type[Exception]
    ) -> None:
        async with smtp_server(SmtpServer(says=says)) as server:
            with pytest.raises(kind) as refused:
                await smtp(server).send(MAIL)
        assert server.mails == []
        assert "token" not in str(refused.value)

    async def test_a_wrong_password_is_said_in_the_servers_words(self) -> None:
        async with smtp_server(SmtpServer(password="right")) as server:
            with pytest.raises(Permanent, match="535 wrong password"):
                await smtp(server, login="leadflow:wrong@").send(MAIL)

    async def test_a_server_without_encryption_gets_nothing_unless_told_so(self) -> None:
        async with smtp_server(SmtpServer(password="secret")) as server:
            with pytest.raises(Permanent, match=r"smtp\+plain://"):
                await smtp(server, "smtp", "leadflow:secret@").send(MAIL)
        assert server.mails == []

    async def test_a_certificate_that_nobody_vouches_for_is_refused(self) -> None:
        async with smtp_server(SmtpServer(offers_tls=True)) as server:
            with pytest.raises(Transient, match="SSLCertVerificationError"):
                await smtp(server, "smtp").send(MAIL)
        assert server.mails == []

    async def test_nobody_there_is_no_reason_to_give_up(self) -> None:
        with pytest.raises(Transient):
            await smtp(SmtpServer(port=1)).send(MAIL)

    async def test_silence_ends_at_the_deadline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mail, "TIMEOUT_S", 0.3)

        async with smtp_server(SmtpServer(pause_s=1)) as server:
            with pytest.raises(Transient):
                await smtp(server).send(MAIL)

    async def test_an_address_cannot_smuggle_a_header_in(self) -> None:
        async with smtp_server(SmtpServer()) as server:
            for bad in (f"{MAIL.recipient}\nBcc: eve@example.com", "ada@x.example\r\nRCPT TO:<eve@example.com>"):
                with pytest.raises(Permanent):
                    await smtp(server).send(Mail(uuid4(), uuid4(), bad, "Hello", "text"))
        assert server.mails == []


class TestChoice:
    def chosen(self, app: App, **changes: object) -> object:
        base = {"smtp_url": SecretStr(""), "mail_catcher": False, "public_url": "https://leads.example"}
        return mailer(app.settings.model_copy(update=base | changes), app.database)

    def test_a_mail_server_is_used_where_there_is_one(self, app: App) -> None:
        found = self.chosen(app, smtp_url=SecretStr("smtps://mail.example"), mail_catcher=True)
        assert isinstance(found, SmtpMailer)
        assert (found._server, found._sender) == (("mail.example", 465), "LeadFlow <no-reply@leads.example>")

    @pytest.mark.parametrize("public_url", ["http://localhost:8000", "http://127.0.0.1:8001", "http://[::1]:8000"])
    def test_on_ones_own_machine_mail_is_caught(self, app: App, public_url: str) -> None:
        assert isinstance(self.chosen(app, public_url=public_url), MailCatcher)

    def test_elsewhere_only_who_asks_for_the_catcher_gets_it(self, app: App) -> None:
        assert isinstance(self.chosen(app), NoMailer)
        assert isinstance(self.chosen(app, public_url="https://localhost.evil.example"), NoMailer)
        assert isinstance(self.chosen(app, mail_catcher=True), MailCatcher)

    async def test_without_either_the_job_fails_and_says_what_to_set(self) -> None:
        with pytest.raises(Permanent, match="LEADFLOW_SMTP_URL"):
            await NoMailer().send(MAIL)

    @pytest.mark.parametrize("url", ["mail.example:587", "http://mail.example", "smtp://", "smtp:mail.example"])
    def test_an_address_that_is_none_stops_the_start(self, app: App, url: str) -> None:
        with pytest.raises(Permanent, match="LEADFLOW_SMTP_URL"):
            self.chosen(app, smtp_url=SecretStr(url))

    def test_a_sender_that_is_none_stops_the_start(self, app: App) -> None:
        with pytest.raises(Permanent, match="LEADFLOW_MAIL_FROM"):
            self.chosen(app, smtp_url=SecretStr("smtp://mail.example"), mail_from="LeadFlow")

    def test_the_password_of_the_server_is_in_no_representation(self) -> None:
        assert "otters" not in repr(Settings(smtp_url=SecretStr("smtp://me:otters@mail.example")))
