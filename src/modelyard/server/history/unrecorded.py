"""The operations of the API that change something and leave no entry in the history, each with its reason."""

from collections.abc import Mapping

_ASKS = "It is sent by POST because the question is long, and changes nothing."
_LEASE = "Who looks at which picture is forgotten within minutes; what they say of it is recorded."
_UPLOAD = "Files on their way are no pictures yet; the import is recorded when it begins."
_GUESS = "What a model suggests changes nothing until a person takes it over, and that is recorded."
_BEGUN = "A second factor that is being set up counts once it is confirmed, and that is recorded."

_THREAD = "What people write stands in its thread, with author and time; what is deleted there is recorded."

UNRECORDED: Mapping[str, str] = {
    "classes.skeleton_impact": _ASKS,
    "classes.split_impact": _ASKS,
    "comments.create": _THREAD,
    "comments.update": _THREAD,
    "deployments.predict": "A prediction changes nothing; kept ones are listed with their deployment.",
    "detectors.suggest": _GUESS,
    "guidelines.read": "What a person has read is their own affair and touches nobody's work.",
    "imports.announce": _UPLOAD,
    "imports.create": _UPLOAD,
    "imports.send": _UPLOAD,
    "me.connect": "It only leads to the provider; what is connected on the way back is recorded.",
    "me.set_keys": "Which keys a person likes is their own affair and touches nobody's work.",
    "me.set_up_second_factor": _BEGUN,
    "notifications.choose": "What a person is told of is their own affair and touches nobody's work.",
    "notifications.read": "What a person has read is their own affair and touches nobody's work.",
    "object_suggestions.create": _GUESS,
    "objects.outlines": _ASKS,
    "queue.heartbeat": _LEASE,
    "queue.release": _LEASE,
    "queue.skip": _LEASE,
    "reviews.heartbeat": _LEASE,
    "reviews.release": _LEASE,
    "reviews.skip": _LEASE,
    "session.set_up_second_factor": _BEGUN,
    "smart.find": _ASKS,
    "smart.path": _ASKS,
    "smart.prepare": _GUESS,
    "smart.send_file": "A file that was sent is not used until it is chosen, and that is recorded.",
    "suggestions.refresh": _GUESS,
    "webhooks.replay": "Every message is in the webhook's own log.",
    "webhooks.test": "Every message is in the webhook's own log.",
}
