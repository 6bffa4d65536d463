"""The worker's way to people's mailboxes: gathers what waits for one person into one plain message, and tries again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

import structlog

from modelyard.server.kit.mail import Mailer, MailFailed
from modelyard.server.notifications import repository
from modelyard.server.services import AppServices
from modelyard.server.tables import Notification, User, now

log = structlog.get_logger()

LEASE = timedelta(minutes=3)  # a worker that died in the middle: another one tries again after this
DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
TOO_OLD = timedelta(days=2)  # News that could not be sent for so long, or from before there was a mail server.
LINES = 20  # in one message
_SUBJECT_LENGTH = 120


class Postman:
    """Sends what waits, person by person; several workers may each have one.

    Args:
        services: What the process shares.
        clock: Says what time it is.
    """

    def __init__(self, services: AppServices, *, clock: Callable[[], datetime] = now) -> None:
        self._services = services
        self._db = services.db.after_people()
        self._clock = clock

    def step(self) -> bool:
        """Send to one person; say whether there was anything to do."""
        if not self._services.settings.sends_mail:
            return False
        at = self._clock()
        with self._db.read() as session:  # A look costs no writer's lock; most looks find nothing.
            if not repository.is_mail_due(session, at):
                return False
        with self._db.write() as session:
            rows = repository.claim_mail(session, at, LEASE)
        if rows:
            self._send(rows, at)
        return bool(rows)

    def _send(self, rows: Sequence[Notification], at: datetime) -> None:
        fresh = [row for row in rows if at - row.updated_at < TOO_OLD]
        with self._db.read() as session:
            user = repository.addressee(session, rows[0].user_id)
            projects = repository.readable(session, [row.id for row in fresh]) if user else {}
        told = [row for row in fresh if row.id in projects]
        due_at: datetime | None = None
        is_sent = False
        if user and told:
            message = compose(user, told, projects, url=self._services.settings.effective_url, at=at)
            try:
                Mailer(self._services.settings).send(message)
                is_sent = True
            except MailFailed as error:
                due_at = None if error.is_final else next_try(max(row.mail_tries for row in told), at)
                log.warning("mail_failed", user=str(user.id), tries=told[0].mail_tries, reason=error.detail)
        others = [row for row in rows if row.id not in projects]
        with self._db.write() as session:
            repository.settle_mail(session, others, due_at=None, mailed_at=None)
            repository.settle_mail(session, told, due_at=due_at, mailed_at=at if is_sent else None)


def next_try(tries: int, at: datetime) -> datetime | None:
    """Return when to try again after so many attempts; None: not any more."""
    return at + DELAYS[tries - 1] if tries <= len(DELAYS) else None


def compose(
    user: User, rows: Sequence[Notification], projects: Mapping[UUID, str], *, url: str, at: datetime
) -> EmailMessage:
    """Return one plain message about these notifications; no text can add a header to it."""
    message = EmailMessage()
    message["To"] = user.email
    message["Subject"] = _subject(rows, projects)
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    # The same in every attempt, so that a mailbox shows a repetition once.
    message["Message-ID"] = f"<{rows[0].id}.{int(rows[-1].updated_at.timestamp())}@modelyard>"
    lines = [f"Hello {user.name},", ""]
    for row in rows[-LINES:]:
        times = f" ({row.count} times)" if row.count > 1 else ""
        lines += [f"{projects[row.id]}: {row.text}{times}", url + row.path, ""]
    if len(rows) > LINES:
        lines += [f"{len(rows) - LINES} more are in your list.", ""]
    lines += ["--", f"Choose what you are told of: {url}/account/notifications", ""]
    message.set_content("\n".join(lines))
    return message


def _subject(rows: Sequence[Notification], projects: Mapping[UUID, str]) -> str:
    names = list(dict.fromkeys(projects[row.id] for row in rows))
    text = f"{names[0]}: {rows[0].text}" if len(rows) == 1 else f"{len(rows)} news from {', '.join(names)}"
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= _SUBJECT_LENGTH else plain[: _SUBJECT_LENGTH - 1].rstrip() + "…"
