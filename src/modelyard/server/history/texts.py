"""What was done, in a sentence without the person; names come from the entry, as they were when it was written."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# By action; what stands in braces is taken from the entry's details, and from what it was before and after.
SENTENCES: Mapping[str, str] = {
    "account.admin_granted": "made {name} an administrator",
    "account.admin_withdrawn": "made {name} no administrator any more",
    "account.changed": "changed their name",
    "account.created": "the account of {name} was made",
    "account.disabled": "closed the account of {name}",
    "account.enabled": "opened the account of {name} again",
    "account.groups_applied": "got what the groups of the sign-in provider give",
    "account.password_changed": "changed their password",
    "attribute.add": "{summary}",
    "attribute.edit": "{summary}",
    "attribute.end": "{summary}",
    "batch.created": "made the batch “{name}” of {pictures} pictures",
    "batch.decided": "decided a picture of the batch “{name}”",
    "batch.deleted": "put the batch “{name}” away",
    "batch.undecided": "took back a decision in the batch “{name}”",
    "batch.updated": "changed the batch “{name}”",
    "class.add": "{summary}",
    "class.delete": "{summary}",
    "class.merge": "{summary}",
    "class.skeleton": "{summary}",
    "class.split": "{summary}",
    "class.undo": "took back: {summary}",
    "class.update": "{summary}",
    "comment.deleted": "deleted a comment at {name}",
    "deployment.changed": "changed what the deployment “{name}” keeps",
    "deployment.created": "deployed model {model} as “{name}”",
    "deployment.deleted": "deleted the deployment “{name}”",
    "deployment.model_changed": "gave the deployment “{name}” model {model}",
    "deployment.started": "started the deployment “{name}”",
    "deployment.stopped": "stopped the deployment “{name}”",
    "detector.changed": "changed the detector “{name}”",
    "detector.created": "brought the detector “{name}”",
    "detector.deleted": "put the detector “{name}” away",
    "detector.restored": "brought the detector “{name}” back",
    "evaluation.made": "measured {name} on {split}",
    "export.finished": "an export of {images} pictures ended: {state}",
    "export.started": "exported as {format}",
    "gold.marked": "marked {pictures} pictures as known",
    "gold.paused": "somebody was paused: {wrong} of {known} known pictures were wrong",
    "gold.removed": "took {pictures} pictures off the known ones",
    "gold.resumed": "let somebody label again who was paused",
    "guidelines.changed": "wrote version {number} of the guidelines of {about}",
    "identity.connected": "connected a person of the sign-in provider",
    "identity.disconnected": "disconnected a person of the sign-in provider",
    "image.added": "added {pictures} pictures",
    "image.deleted": "deleted {pictures} pictures",
    "image.restored": "restored {pictures} pictures",
    "import.finished": "the import of {name} ended: {state}",
    "import.labels_applied": "applied the labels of the import {name}",
    "import.labels_left_out": "left the labels of the import {name} out",
    "import.labels_taken_back": "took back the labels of the import {name}",
    "import.started": "imported {name}",
    "issue.deleted": "deleted an issue at {name}",
    "issue.opened": "opened an issue at {name}",
    "issue.reopened": "opened an issue at {name} again",
    "issue.resolved": "resolved an issue at {name}",
    "job.cancelled": "cancelled the job “{name}”",
    "job.retried": "ran the job “{name}” again",
    "member.added": "added {name} as {role}",
    "member.removed": "removed {name}",
    "member.role_changed": "changed the role of {name} to {role}",
    "model.registered": "model {number} was added",
    "opinion.given": "labelled a picture of the batch “{name}”",
    "project.changed": "changed the project's settings",
    "project.created": "created the project",
    "project.deleted": "deleted the project",
    "project.invitation_withdrawn": "withdrew an invitation",
    "project.invited": "made an invitation for the role {role}",
    "project.restored": "brought the project back",
    "project.taken_over": "took the project over as an administrator: {reason}",
    "queue.added": "sent {pictures} pictures to be labelled: {reason}",
    "review.accepted": "accepted a label of the batch “{batch}”",
    "review.corrected": "corrected a label of the batch “{batch}”",
    "review.rejected": "sent a label of the batch “{batch}” back: {reason}",
    "review.accepted-undone": "took back that a label of the batch “{batch}” was accepted",
    "review.corrected-undone": "took back a correction in the batch “{batch}”",
    "review.rejected-undone": "took back that a label of the batch “{batch}” was sent back",
    "run.cancelled": "cancelled {name}",
    "run.failed": "{name} failed",
    "run.finished": "{name} ended with a model",
    "run.started": "started {name}",
    "second_factor.recovery_code_used": "signed in with a recovery code",
    "second_factor.recovery_codes_renewed": "made new recovery codes",
    "second_factor.removed": "removed their second factor",
    "second_factor.reset": "took the second factor off {user}",
    "second_factor.set_up": "set up a second factor",
    "session.closed": "signed out",
    "session.ended": "signed one of their browsers out",
    "session.opened": "signed in by {via}",
    "session.others_ended": "signed {sessions} other browsers out",
    "session.refused": "a sign-in as {user} failed",
    "smart.networks_chosen": "chose networks for the smart tool",
    "smart.networks_forgotten": "took the networks of the smart tool away",
    "token.created": "made the API token “{name}”",
    "token.revoked": "revoked the API token “{name}”",
    "version.frozen": "froze version {number} with {images} pictures",
    "webhook.changed": "changed the webhook {url}",
    "webhook.created": "added the webhook {url}",
    "webhook.deleted": "deleted the webhook {url}",
    "webhook.secret_changed": "gave the webhook {url} a new secret",
    "webhook.stopped": "the webhook {url} was switched off: {reason}",
}
# By the action of a revision, as `annotations.service` names it; the part before a colon counts.
STEPS: Mapping[str, str] = {
    "adjudicate": "decided {what}",
    "bulk": "labelled {what}",
    "class-delete": "a class was deleted: {what}",
    "class-merge": "classes were merged: {what}",
    "class-skeleton": "the points of a class changed: {what}",
    "class-split": "a class was split: {what}",
    "class-undo": "a change of classes was taken back: {what}",
    "classes": "gave or took a class: {what}",
    "classes-undo": "took back a change of {what}",
    "confirm": "confirmed {what}",
    "consensus": "the labels of several people agreed on {what}",
    "describe": "described {what}",
    "draw": "drew into {what}",
    "import": "an import labelled {what}",
    "import-undo": "the labels of an import were taken back: {what}",
    "label": "labelled {what}",
    "review-reject": "a review sent {what} back",
    "review-undo": "a review of {what} was taken back",
    "restore": "took back what was said of {what}",
    "restore-state": "restored an earlier state of {what}",
    "undo": "took back a decision on {what}",
    "withdraw": "withdrew the answer for {what}",
}


def sentence(action: str, *facts: Mapping[str, Any] | None) -> str:
    """Return what an entry says; one of an action that has no sentence is told by its name.

    Example:
        >>> sentence("member.removed", {"name": "Ben"}, {"role": "owner"}, None)
        'removed Ben'
        >>> sentence("oven.lit", None)
        'oven: lit'
    """
    known: dict[str, Any] = defaultdict(str)
    for said in facts:
        known.update(said or {})
    if action not in SENTENCES:
        return action.replace(".", ": ").replace("_", " ")
    text = SENTENCES[action].format_map(known)
    return text.replace(" 1 pictures", " 1 picture") if known.get("pictures") == 1 else text


def step(action: str, images: int, name: str | None) -> str:
    """Return what a step of annotations did.

    Example:
        >>> step("bulk", 3, None), step("label", 1, "a.jpg")
        ('labelled 3 pictures', 'labelled a.jpg')
    """
    what = name if images == 1 and name else f"{images:,} pictures"
    kind = action.partition(":")[0]
    return STEPS.get(kind, kind.replace("-", " ") + ": {what}").replace("{what}", what)
