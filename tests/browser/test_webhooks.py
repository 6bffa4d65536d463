"""Webhooks in a real browser: add one, see what arrives and what does not, send it again, delete it."""

from typing import Any

import pytest

from tests.browser.conftest import Installation
from tests.server.receiver import Answer, receiving


def test_a_webhook_is_added_tested_and_its_log_read(
    page: Any, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.services.settings, "outgoing_allowed", "127.0.0.1")
    monkeypatch.setattr(installation.services.settings, "outgoing_http", True)
    project_id = installation.project("Told")
    with receiving() as receiver:
        receiver.answers = [Answer(status=500, body=b"The oven is off.")]
        page.goto(f"/projects/{project_id}/settings?tab=webhooks")
        page.click("text=Add a webhook")
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_label("A dataset version was frozen").check()
        page.get_by_role("button", name="Save").click()
        assert page.get_by_role("textbox", name="Secret").input_value().startswith("whsec_")
        page.click("text=I have kept it")
        card = page.get_by_test_id("webhook")
        card.get_by_text("version.frozen").wait_for()
        card.get_by_role("button", name="Send a test").click()
        card.get_by_text("Failed", exact=True).wait_for()
        card.get_by_role("button", name="What was sent: webhook.test").click()
        page.get_by_text("The oven is off.").wait_for()
        page.keyboard.press("Escape")
        card.get_by_role("button", name="Send again").click()
        card.get_by_text("Delivered", exact=True).wait_for()
        assert len({message.headers["webhook-id"] for message in receiver.messages}) == 1
    card.get_by_role("button", name="More for").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    page.wait_for_selector("text=Nobody outside is told")
