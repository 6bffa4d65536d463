"""E-mail over a real SMTP server: gathered, plain, tried again, given up, and with no header that a text could add."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from pydantic import SecretStr

from modelyard.errors import Invalid
from modelyard.server.notifications.postman import DELAYS, Postman
from modelyard.server.notifications.service import notify
from modelyard.server.services import AppServices
from modelyard.server.settings import Settings
from modelyard.server.tables import Notification, now
from tests.server.members import Member, join
from tests.server.notifications.mailbox import Door, Mailbox, mail_server
from tests.server.webhooks.conftest import Clock


@pytest.fixture
def mailbox(services: AppServices) -> Iterator[Mailbox]:
    """Serve mail, without TLS as on loopback, and let the installation know."""
    with mail_server() as (found, port):
        settings = services.settings
        settings.smtp_host, settings.smtp_port, settings.smtp_security = "127.0.0.1", port, "none"
        settings.smtp_from = "Modelyard <modelyard@bakery.example>"
        yield found


# What differs between databases is tried with both: who takes what is due.
ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Post:
    """Ben, who is told things, and the postman whose clock stands until it is moved on."""

    def __init__(self, services: AppServices, ben: Member, project_id: str) -> None:
        self.services, self.ben, self.project_id = services, ben, UUID(project_id)
        self.clock = Clock()
        self.clock.at = now()
        self.postman = Postman(services, clock=self.clock)

    def tell(self, text: str = "Look here.", path: str = "/projects/1", kind: Any = "mention") -> None:
        with self.services.db.write() as session:
            notify(session, kind, [self.ben.user_id], project_id=self.project_id, text=text, path=path)
        self.clock.at = max(self.clock.at, now())  # However long it took to get here.

    def later(self, **by: float) -> None:
        """Move the clock on and send all that is due."""
        self.clock.move(**by)
        while self.postman.step():
            pass

    def row(self) -> Notification:
        with self.services.db.read() as session:
            return session.query(Notification).one()


@pytest.fixture
def post(app: FastAPI, services: AppServices, project: dict[str, Any]) -> Post:
    return Post(services, join(app, services, project["id"], "Ben"), project["id"])


def test_what_comes_together_goes_out_as_one_plain_message(post: Post, mailbox: Mailbox) -> None:
    post.tell("Ana mentioned you: “Is this a bun?”", "/projects/1")
    post.tell("Eve wrote in your thread.", "/projects/2", "reply")
    post.tell("Guidelines changed.", "/projects/3", "guidelines_changed")  # Not by e-mail, unless one asks for it.
    post.later(seconds=30)
    assert mailbox.messages == []
    post.later(seconds=40)
    (message,) = mailbox.messages
    assert (message["To"], message["Subject"]) == ("ben@bakery.example", "2 news from Pastries")
    assert message["From"] == "Modelyard <modelyard@bakery.example>" and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert "Pastries: Ana mentioned you: “Is this a bun?”" in text and "http://testserver:80/projects/2" in text
    assert "Guidelines" not in text and "/account/notifications" in text
    post.later(days=1)
    assert len(mailbox.messages) == 1


@ONE
def test_what_was_read_in_time_is_not_sent(post: Post, mailbox: Mailbox) -> None:
    post.tell()
    post.ben.post("/api/v1/me/notifications/read", json={})
    post.later(hours=1)
    assert mailbox.messages == []


@ONE
def test_a_server_that_is_busy_is_asked_again(post: Post, mailbox: Mailbox) -> None:
    post.tell()
    mailbox.answers = ["451 Later", "451 Later"]
    post.later(seconds=61)
    post.later(seconds=59)
    assert len(mailbox.answers) == 1
    post.later(seconds=2)
    assert mailbox.answers == [] and mailbox.messages == []
    post.later(minutes=6)
    assert len(mailbox.messages) == 1 and post.row().mailed_at is not None


@ONE
def test_a_server_that_is_away_is_given_up_in_the_end(post: Post, mailbox: Mailbox) -> None:
    post.services.settings.smtp_port = 1  # Nobody listens there.
    post.tell()
    post.later(seconds=61)
    for delay in DELAYS:
        assert post.row().mail_due_at is not None
        post.later(seconds=delay.total_seconds() + 1)
    row = post.row()
    assert (row.mail_due_at, row.mailed_at, row.mail_tries) == (None, None, len(DELAYS) + 1)


@ONE
def test_an_address_that_nobody_has_is_not_tried_again(post: Post, mailbox: Mailbox) -> None:
    mailbox.refused = {"ben@bakery.example"}
    post.tell()
    post.later(seconds=61)
    row = post.row()
    assert (row.mail_due_at, row.mailed_at, row.mail_tries) == (None, None, 1)


@ONE
def test_no_text_adds_a_header(post: Post, mailbox: Mailbox) -> None:
    with post.services.db.write() as session:  # As if somebody had found a way around the tidying of texts.
        row = Notification(user_id=post.ben.user_id, project_id=post.project_id, kind="mention", path="/projects/1")
        row.text = "Hello\r\nBcc: everybody@bakery.example\r\n\r\n<script>alert(1)</script>"
        row.mail_due_at = post.clock.at
        session.add(row)
    post.later(seconds=61)
    (message,) = mailbox.messages
    assert message["Bcc"] is None
    assert message["Subject"].strip().startswith("Pastries: Hello Bcc: everybody@bakery.example <script>")


@ONE
def test_whoever_may_not_see_it_any_more_gets_nothing(post: Post, mailbox: Mailbox, owner: Any) -> None:
    post.tell()
    assert owner.delete(f"/api/v1/projects/{post.project_id}/members/{post.ben.user_id}").is_success
    post.later(seconds=61)
    assert mailbox.messages == [] and post.row().mail_due_at is None


@ONE
def test_news_from_before_there_was_a_mail_server_stays_in_the_list(post: Post, mailbox: Mailbox) -> None:
    post.tell()
    post.later(days=3)
    assert mailbox.messages == [] and post.row().mail_due_at is None


def test_a_dead_worker_loses_nothing(post: Post, mailbox: Mailbox) -> None:
    from modelyard.server.notifications import repository
    from modelyard.server.notifications.postman import LEASE

    post.tell()
    at = now() + timedelta(seconds=61)
    with post.services.db.write() as session:  # A worker that took it and died.
        assert len(repository.claim_mail(session, at, LEASE)) == 1
    post.clock.at = at
    post.later(seconds=1)
    assert mailbox.messages == []
    post.later(seconds=LEASE.total_seconds())
    assert len(mailbox.messages) == 1


@ONE
@pytest.mark.filterwarnings("ignore:Session.login_data is deprecated")  # The mail server sets it itself.
def test_names_and_passwords_go_over_a_line_that_is_checked(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    settings = post.services.settings
    door = Door()
    with mail_server(tls_context=context, authenticator=door) as (mailbox, port):
        settings.smtp_host, settings.smtp_port, settings.smtp_security = "localhost", port, "starttls"
        settings.smtp_from = "modelyard@bakery.example"
        settings.smtp_user, settings.smtp_password = "ana", SecretStr("secret")
        post.tell()
        post.later(seconds=61)
        assert mailbox.messages == [] and door.signed_in == []  # Nobody vouches for this certificate.
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        post.later(seconds=61)
        assert len(mailbox.messages) == 1 and door.signed_in == [(b"ana", b"secret")]


def self_signed(folder: Path) -> Path:
    """Return a file with a fresh key and the certificate of "localhost" that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now(), now() + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    path = folder / "localhost.pem"
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


def test_settings_that_would_not_work_say_so() -> None:
    with pytest.raises(Invalid, match="MODELYARD_SMTP_FROM"):
        Settings(smtp_host="mail.bakery.example")
    with pytest.raises(Invalid, match="MODELYARD_SMTP_FROM"):
        Settings(smtp_host="mail.bakery.example", smtp_from="x@y.example\nBcc: z@y.example")
    with pytest.raises(Invalid, match="MODELYARD_SMTP_SECURITY"):
        Settings(smtp_user="ana", smtp_password=SecretStr("x"), smtp_security="none")
    shown = Settings(smtp_password=SecretStr("geheim")).masked()
    assert "geheim" not in str(shown)
