"""What follows from an attempt: done, another one and when, given up, or the webhook switched off; pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# By the Standard Webhooks specification: ten attempts within about three days.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2  # a delay is up to so much longer, so that what failed together does not come back together
FAILING = timedelta(days=5)  # without one success: then the webhook is switched off
LONGEST_WAIT = timedelta(days=1)
GONE = 410


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery, and whether its webhook is switched off (`stop` says why)."""

    state: str  # "delivered" | "waiting" | "failed"
    next_try_at: datetime | None = None
    stop: str = ""


def judge(
    status: int | None,
    *,
    tries: int,
    is_test: bool,
    retry_after: str,
    failing_since: datetime | None,
    at: datetime,
    lot: Callable[[], float],
) -> Verdict:
    """Return what follows from an attempt.

    Args:
        status: What the receiver answered; None: nothing.
        tries: Attempts so far, this one among them.
        is_test: A test is tried once, and switches nothing off but by 410.
        retry_after: The header in which the receiver asks for time, "" for none.
        failing_since: Since when the webhook had no success.
        at: The present moment.
        lot: A random number in [0, 1).
    """
    if status is not None and 200 <= status < 300:
        return Verdict("delivered")
    if status == GONE:
        return Verdict("failed", stop="The receiver answered 410: it wants no more of these.")
    if is_test:
        return Verdict("failed")
    if failing_since is not None and at - failing_since >= FAILING:
        return Verdict("failed", stop=f"Nothing could be delivered for {FAILING.days} days.")
    if tries > len(DELAYS):
        return Verdict("failed")
    delay = DELAYS[tries - 1] * (1 + JITTER * lot())
    return Verdict("waiting", at + max(delay, _asked_for(retry_after, at)))


def _asked_for(retry_after: str, at: datetime) -> timedelta:
    """Return how long a receiver asks to be left alone, in seconds or until a date; a day at most."""
    if retry_after.isdecimal():
        return min(timedelta(seconds=min(int(retry_after[:9]), 10**6)), LONGEST_WAIT)
    try:
        asked = parsedate_to_datetime(retry_after) - at
    except (ValueError, TypeError):
        return timedelta(0)
    return min(max(asked, timedelta(0)), LONGEST_WAIT)
