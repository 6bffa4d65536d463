"""The kinds of notifications, in one table from which the settings of each person are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

NotificationKind = Literal[
    "mention",
    "reply",
    "issue_resolved",
    "batch_assigned",
    "sent_back",
    "paused",
    "guidelines_changed",
]
KINDS: tuple[NotificationKind, ...] = get_args(NotificationKind)


@dataclass(frozen=True)
class Kind:
    """What a kind means, and what happens to it unless a person chose otherwise."""

    text: str  # a whole phrase, as it stands in the settings
    mails: bool


KIND_TABLE: Mapping[NotificationKind, Kind] = {
    "mention": Kind("Somebody mentions you", mails=True),
    "reply": Kind("Somebody writes in a thread that you wrote in", mails=True),
    "issue_resolved": Kind("An issue that you wrote in is resolved or opened again", mails=False),
    "batch_assigned": Kind("A batch is assigned to you", mails=True),
    "sent_back": Kind("A reviewer sends your work back", mails=True),
    "paused": Kind(
        "Work is paused after a check against known answers: yours, or of somebody whom you lead", mails=True
    ),
    "guidelines_changed": Kind("Guidelines of a project change", mails=False),
}
