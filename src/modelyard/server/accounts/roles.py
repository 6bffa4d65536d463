"""The one table of what each role may do, and of what every operation and kind of job needs; it asks no database.

The checks, the buttons of the browser application and the page of the documentation are all made from it. Whatever
is not in it is refused: a new operation works once it stands below its permission here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

Role = Literal["viewer", "annotator", "reviewer", "manager", "owner"]
Permission = Literal[
    "view",
    "label",
    "comment",
    "predict",
    "review",
    "manage_data",
    "manage_classes",
    "manage_guidelines",
    "manage_batches",
    "export",
    "train",
    "deploy",
    "change_settings",
    "manage_members",
    "manage_webhooks",
    "see_history",
    "delete_project",
]
# What an operation needs that belongs to no project: nobody signed in, anybody signed in, or an administrator.
General = Literal["everybody", "signed_in", "administer"]
Need = Permission | General

ROLES: tuple[Role, ...] = get_args(Role)  # from the lowest to the highest; each may do what those before it may


@dataclass(frozen=True)
class Grant:
    """What a permission allows, in plain words that follow “may”, and the lowest role that has it."""

    text: str
    role: Role


ROLE_TEXTS: Mapping[Role, str] = {
    "viewer": "Looks at everything and changes nothing: a customer, or whoever wants to follow the work.",
    "annotator": "Labels and draws.",
    "reviewer": "Also checks what others labelled.",
    "manager": "Runs the project: pictures, classes, people, models.",
    "owner": "Also decides about the project itself and about its owners.",
}

PERMISSIONS: Mapping[Permission, Grant] = {
    "view": Grant("see pictures, labels, models and reports", "viewer"),
    "label": Grant("label pictures and draw into them", "annotator"),
    "comment": Grant("open issues on pictures, comment on them and resolve them", "annotator"),
    "predict": Grant("send pictures to a deployed model", "annotator"),
    "review": Grant("review what others labelled, and send pictures back to be labelled", "reviewer"),
    "manage_data": Grant("import, delete and restore pictures", "manager"),
    "manage_classes": Grant("change classes, attributes and skeletons", "manager"),
    "manage_guidelines": Grant("write the guidelines, and bring older versions back", "manager"),
    "manage_batches": Grant(
        "make batches, say who labels them, how and until when, and keep pictures with known answers", "manager"
    ),
    "export": Grant("export pictures and labels, and download models", "manager"),
    "train": Grant("freeze versions, train and measure models, and bring detectors", "manager"),
    "deploy": Grant("deploy models, and change or stop deployments", "manager"),
    "change_settings": Grant("change the project's name, wishes and backbone", "manager"),
    "manage_members": Grant("invite people, remove them, and give roles up to their own", "manager"),
    "manage_webhooks": Grant("add, change and test webhooks, and see what they sent", "manager"),
    "see_history": Grant("see and export the history of the project: who changed what", "manager"),
    "delete_project": Grant("delete the project and bring it back", "owner"),
}

OPERATIONS: Mapping[Need, tuple[str, ...]] = {
    "everybody": (
        *("health.get", "invitations.accept", "invitations.get"),
        *("session.confirm_second_factor", "session.create", "session.delete", "session.get", "session.methods"),
        *("session.return_from_provider", "session.set_up_second_factor", "session.start_at_provider"),
        "setup.create",
    ),
    "signed_in": (
        *("invitations.join", "me.confirm_second_factor", "me.connect", "me.disconnect", "me.end_other_sessions"),
        *("me.end_session", "me.keys", "me.remove_second_factor", "me.renew_recovery_codes", "me.security"),
        *("me.sessions", "me.set_keys", "me.set_up_second_factor", "me.update", "me.work"),
        *("notifications.choose", "notifications.count", "notifications.list", "notifications.read"),
        *("notifications.settings", "openapi.get"),
        *("projects.create", "roles.list", "tokens.create", "tokens.delete", "tokens.list"),
        "webhooks.types",
    ),
    "administer": (
        *("installation.export_history", "installation.history", "installation.history_kinds"),
        *("installation.history_people", "installation.projects", "installation.take_over", "metrics.get"),
        *("smart.choose_networks", "smart.forget_networks", "smart.networks", "smart.send_file"),
        *("sign_in_settings.get", "users.create", "users.list", "users.reset_second_factor", "users.update"),
    ),
    "view": (
        *("annotations.get", "annotations.history", "annotations.state", "annotations.statistics"),
        "attributes.list",
        *("batches.get", "batches.list", "batches.on_screens", "work.people", "work.people_csv"),
        *("class_changes.list", "classes.list", "deployments.get", "deployments.list", "deployments.picture"),
        *("deployments.predictions", "detectors.list", "detectors.statistics", "evaluations.get"),
        *("guidelines.list", "guidelines.read", "guidelines.versions", "issues.get", "issues.list", "issues.of_image"),
        *("evaluations.images", "features.similar", "images.counts", "images.full", "images.get", "images.ids"),
        *("images.list", "images.original", "images.pages", "images.preview", "images.thumbnail", "images.tile"),
        *("images.values", "imports.change", "imports.changes", "imports.files", "imports.get", "imports.list"),
        *("jobs.cancel", "jobs.events", "jobs.get", "jobs.list", "jobs.retry"),  # see also JOBS, below
        *("label_errors.list", "members.leave", "members.list", "models.compare", "models.get", "models.list"),
        *("object_suggestions.list", "objects.list", "objects.outlines", "projects.events", "projects.get"),
        *("projects.list", "projects.status", "runs.get", "runs.list", "suggestions.status"),
        *("versions.diff", "versions.get", "versions.images", "versions.list", "versions.preview"),
    ),
    "label": (
        *("annotations.bulk", "annotations.change_class", "annotations.put", "annotations.restore"),
        *("annotations.restore_classes", "annotations.restore_state", "object_suggestions.create", "objects.change"),
        *("queue.heartbeat", "queue.next", "queue.release", "queue.skip"),
        *("smart.find", "smart.path", "smart.prepare", "suggestions.refresh"),
    ),
    "comment": (
        *("comments.create", "comments.delete", "comments.update"),
        *("issues.create", "issues.delete", "issues.update"),
    ),
    "predict": ("deployments.predict",),
    "review": (
        *(
            "adjudication.decide",
            "adjudication.undo",
            "agreement.get",
            "agreement.images",
            "batches.disputed",
            "evaluations.send_to_queue",
            "opinions.list",
        ),
        "queue.add",
        *("reviews.decide", "reviews.get", "reviews.heartbeat", "reviews.list", "reviews.next"),
        *("reviews.release", "reviews.skip", "reviews.undo"),
    ),
    "manage_data": (
        *("deployments.send_doubtful", "images.create", "images.delete", "images.restore"),
        *("imports.announce", "imports.apply", "imports.create", "imports.create_local", "imports.discard"),
        *("imports.finish", "imports.send", "imports.take_back"),
    ),
    "manage_classes": (
        *("attributes.create", "attributes.delete", "attributes.impact", "attributes.update"),
        *("class_changes.undo", "classes.create", "classes.delete", "classes.impact", "classes.merge"),
        *("classes.set_skeleton", "classes.skeleton_impact", "classes.split", "classes.split_impact", "classes.update"),
    ),
    "manage_guidelines": ("guidelines.restore", "guidelines.save"),
    "manage_batches": (
        *("batches.create", "batches.delete", "batches.update"),
        *("gold.answers", "gold.list", "gold.mark", "gold.people", "gold.remove", "gold.resume"),
        *("batches.audit", "work.classes", "work.classes_csv"),
    ),
    "export": ("exports.create", "exports.download", "models.download"),
    "train": (
        *("detectors.create", "detectors.delete", "detectors.restore", "detectors.suggest", "detectors.update"),
        *("evaluations.create", "runs.cancel", "runs.create", "versions.create"),
    ),
    "deploy": ("deployments.create", "deployments.delete", "deployments.update"),
    "change_settings": ("backbones.choose", "projects.update"),
    "manage_members": (
        *("invitations.create", "invitations.delete", "invitations.list"),
        *("members.add", "members.remove", "members.update"),
    ),
    "manage_webhooks": (
        *("webhooks.create", "webhooks.delete", "webhooks.deliveries", "webhooks.delivery", "webhooks.list"),
        *("webhooks.replay", "webhooks.rotate_secret", "webhooks.test", "webhooks.update"),
    ),
    "see_history": ("history.export", "history.kinds", "history.list", "history.people"),
    "delete_project": ("members.transfer", "projects.delete", "projects.restore"),
}


@dataclass(frozen=True)
class Work:
    """What cancelling and retrying a kind of job needs; a personal one ends when whoever asked for it is shut out."""

    permission: Permission
    is_personal: bool = True


JOBS: Mapping[str, Work] = {
    "images.import": Work("manage_data"),
    "images.apply_labels": Work("manage_data"),
    "images.take_back_labels": Work("manage_data"),
    "images.clean": Work("manage_data", is_personal=False),
    "features.embed": Work("manage_data", is_personal=False),
    "annotations.compare": Work("manage_batches", is_personal=False),
    "annotations.weigh": Work("manage_batches", is_personal=False),
    "datasets.export": Work("export"),
    "datasets.clean": Work("export", is_personal=False),
    "datasets.freeze": Work("train"),
    "training.run": Work("train"),
    "assist.refresh": Work("label", is_personal=False),
    "assist.embed": Work("label"),
    "assist.suggest_now": Work("label"),
    "assist.suggest_objects": Work("train"),
    "deployments.clean": Work("deploy", is_personal=False),
    "deployments.forget": Work("deploy", is_personal=False),
}

NEEDS: Mapping[str, Need] = {operation: need for need, operations in OPERATIONS.items() for operation in operations}


def rank(role: Role) -> int:
    """Return the place of a role, from 0 for the lowest."""
    return ROLES.index(role)


def grant_of(need: str | None) -> Grant | None:
    """Return what is said of a permission; None for what is no permission of a project."""
    return PERMISSIONS.get(cast(Permission, need))


def who_may(need: str) -> tuple[Role, ...]:
    """Return the roles that have a permission, lowest first; none has what is no permission of a project.

    Example:
        >>> who_may("manage_data"), who_may("administer"), who_may("")
        (('manager', 'owner'), (), ())
    """
    grant = grant_of(need)
    return () if grant is None else ROLES[rank(grant.role) :]


def permissions_of(role: Role) -> list[Permission]:
    """Return what a role may do.

    Example:
        >>> permissions_of("annotator")
        ['view', 'label', 'comment', 'predict']
    """
    return [name for name, grant in PERMISSIONS.items() if rank(grant.role) <= rank(role)]
