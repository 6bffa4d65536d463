"""The one way to a mail server (SMTP); it knows messages, not what they are about."""

import smtplib
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from typing import Literal, Protocol

from pydantic import SecretStr

from modelyard.errors import Unavailable

TIMEOUT_S = 20.0


class MailSettings(Protocol):
    """Where the mail server is and how it is spoken to."""

    smtp_host: str
    smtp_port: int
    smtp_security: Literal["starttls", "tls", "none"]
    smtp_user: str
    smtp_password: SecretStr
    smtp_from: str


class MailFailed(Unavailable):
    """The message could not be handed to the mail server."""

    def __init__(self, detail: str, *, is_final: bool) -> None:
        super().__init__(detail)
        self.is_final = is_final  # the server refuses this message or its addressee for good


class Mailer:
    """Hands messages to the mail server that the settings name."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        """Send a message to whoever stands in its header To; raises `MailFailed`."""
        settings = self._settings
        message["From"] = settings.smtp_from
        try:
            with self._connect() as server:
                if settings.smtp_security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise MailFailed(f"The mail server refused the address: {codes}.", is_final=min(codes) >= 500) from error
        except smtplib.SMTPDataError as error:
            text = f"The mail server refused the message: {error.smtp_code}."
            raise MailFailed(text, is_final=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:  # A wrong certificate is a ValueError too.
            raise MailFailed(
                f"The mail server does not take messages: {type(error).__name__}.", is_final=False
            ) from error
        except (MessageError, UnicodeError, ValueError) as error:
            raise MailFailed(f"This message cannot be sent: {type(error).__name__}.", is_final=True) from error

    def _connect(self) -> smtplib.SMTP:
        host, port = self._settings.smtp_host, self._settings.smtp_port
        if self._settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=TIMEOUT_S)
