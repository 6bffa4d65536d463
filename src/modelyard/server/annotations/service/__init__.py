"""What the annotations room does: answers, steps and their undo, the queue, and what class changes do to answers."""

from modelyard.server.annotations.service.answers import (
    AnnotationChanged,
    AnswerDoesNotFit,
    ImageNotFound,
    RevisionInvalid,
    history,
    statistics,
    to_revision,
)
from modelyard.server.annotations.service.attribute_checks import AttributeValueInvalid
from modelyard.server.annotations.service.batches import BatchIsForOthers, BatchNotFound
from modelyard.server.annotations.service.bulk_classes import change_class, restore_classes
from modelyard.server.annotations.service.class_names import ClassUnknown
from modelyard.server.annotations.service.labelling import change_objects, get, get_objects, put
from modelyard.server.annotations.service.opinions import EnoughLabels, PictureDecided
from modelyard.server.annotations.service.queue import (
    add_images,
    keep_leases,
    next_images,
    release_leases,
    skip,
)
from modelyard.server.annotations.service.steps import label_many, restore

__all__ = [
    "AnnotationChanged",
    "AnswerDoesNotFit",
    "AttributeValueInvalid",
    "BatchIsForOthers",
    "BatchNotFound",
    "ClassUnknown",
    "EnoughLabels",
    "ImageNotFound",
    "PictureDecided",
    "RevisionInvalid",
    "add_images",
    "change_class",
    "change_objects",
    "get",
    "get_objects",
    "history",
    "keep_leases",
    "label_many",
    "next_images",
    "put",
    "release_leases",
    "restore",
    "restore_classes",
    "skip",
    "statistics",
    "to_revision",
]
