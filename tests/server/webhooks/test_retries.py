"""What follows from an attempt, told by a clock that is passed in."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.server.webhooks.retries import DELAYS, JITTER, Verdict, judge

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def verdict(status: int | None = 500, **given: Any) -> Verdict:
    usual: dict[str, Any] = {"tries": 1, "is_test": False, "retry_after": "", "failing_since": None, "at": AT}
    return judge(status, **{**usual, "lot": lambda: 0.0, **given})


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_a_success(status: int) -> None:
    assert verdict(status) == Verdict("delivered")


@pytest.mark.parametrize("status", [None, 100, 301, 308, 400, 404, 429, 500, 503])
def test_everything_else_is_tried_again(status: int | None) -> None:
    assert verdict(status) == Verdict("waiting", AT + DELAYS[0])


def test_410_switches_off_at_once() -> None:
    found = verdict(410)
    assert (found.state, found.next_try_at) == ("failed", None) and "410" in found.stop


def test_ten_attempts_within_about_three_days() -> None:
    found = [verdict(tries=tries) for tries in range(1, 11)]
    assert [each.state for each in found] == ["waiting"] * 9 + ["failed"]
    assert timedelta(days=3) < sum(DELAYS, timedelta()) < timedelta(days=3.5)
    assert not found[-1].stop


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_a_delay_is_longer_by_lot_and_never_shorter(tries: int, lot: float) -> None:
    waits = (verdict(tries=tries, lot=lambda: lot).next_try_at or AT) - AT
    assert DELAYS[tries - 1] <= waits <= DELAYS[tries - 1] * (1 + JITTER)


def test_five_days_without_a_success_switch_off() -> None:
    assert verdict(failing_since=AT - timedelta(days=4, hours=23)).stop == ""
    assert "5 days" in verdict(failing_since=AT - timedelta(days=5)).stop
    assert verdict(200, failing_since=AT - timedelta(days=9)) == Verdict("delivered")


def test_a_test_is_tried_once_and_switches_nothing_off() -> None:
    assert verdict(is_test=True, failing_since=AT - timedelta(days=9)) == Verdict("failed")


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("120", timedelta(seconds=120)),
        ("999999999999", timedelta(days=1)),
        (format_datetime(AT + timedelta(minutes=9), usegmt=True), timedelta(minutes=9)),
        (format_datetime(AT - timedelta(minutes=9), usegmt=True), DELAYS[0]),
        ("1", DELAYS[0]),
        ("soon", DELAYS[0]),
        ("-5", DELAYS[0]),
    ],
)
def test_who_asks_for_time_gets_it(asked: str, waits: timedelta) -> None:
    assert verdict(503, retry_after=asked).next_try_at == AT + waits
