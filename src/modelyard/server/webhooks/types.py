"""The events that a webhook can be told of; a registry of names, nothing of how they come about."""

from collections.abc import Mapping
from typing import Literal, get_args

EventType = Literal[
    "annotations.changed",
    "batch.closed",
    "review.decided",
    "issue.opened",
    "issue.resolved",
    "import.finished",
    "export.finished",
    "version.frozen",
    "training.finished",
    "training.failed",
    "model.registered",
    "deployment.changed",
    "member.changed",
]
TEST = "webhook.test"  # sent on request only, to whomever

EVENT_TEXTS: Mapping[EventType, str] = {
    "annotations.changed": "Annotations changed, by people or an import; told together, every ten seconds at most",
    "batch.closed": "A batch of pictures was closed",
    "review.decided": "A reviewer accepted a label, corrected it or sent it back, or took that back",
    "issue.opened": "Somebody opened an issue on a picture",
    "issue.resolved": "Somebody resolved an issue",
    "import.finished": "An import ended, with how many pictures it brought and refused",
    "export.finished": "An export ended and can be downloaded, or failed",
    "version.frozen": "A dataset version was frozen",
    "training.finished": "A run ended with a model",
    "training.failed": "A run failed",
    "model.registered": "A model was added to the project, with how good it is",
    "deployment.changed": "A deployment was made, given another model, started, stopped or deleted",
    "member.changed": "Somebody came to the project, left it, or has another role",
}
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
