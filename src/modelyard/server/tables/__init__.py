"""Every table, one file per aggregate; relations cross rooms. "Model" always means a trained network."""

from modelyard.server.tables.accounts import (
    ApiToken,
    AuditEntry,
    Identity,
    Invitation,
    RecoveryCode,
    SecondFactor,
    SignInAttempt,
    SignInFlow,
    SignInSession,
    User,
)
from modelyard.server.tables.agreement import NOTHING, Comparison, Skill
from modelyard.server.tables.annotations import Annotation, AnnotationRevision
from modelyard.server.tables.assist import Detector, ObjectSuggestion, Suggestion, SuggestionModel
from modelyard.server.tables.base import Base, new_id, now
from modelyard.server.tables.batches import AuditPicture, Batch, BatchPerson, Opinion, Postponement, QueueItem
from modelyard.server.tables.datasets import DatasetVersion
from modelyard.server.tables.deployments import Deployment, KeptPrediction
from modelyard.server.tables.evaluations import Evaluation
from modelyard.server.tables.features import Embedding, EmbeddingShard
from modelyard.server.tables.gold import GoldAnswer, GoldPause, GoldPicture
from modelyard.server.tables.guidelines import GuidelineReading, GuidelineVersion
from modelyard.server.tables.images import Image, Import, ImportChange, ImportFile
from modelyard.server.tables.jobs import IdempotencyKey, Job
from modelyard.server.tables.notifications import Notification
from modelyard.server.tables.objects import Object, shape_columns, shape_json
from modelyard.server.tables.projects import Attribute, Class, ClassChange, Project, ProjectMember
from modelyard.server.tables.reviews import Review
from modelyard.server.tables.talk import Issue, IssueComment, IssuePerson
from modelyard.server.tables.training import Model, Run
from modelyard.server.tables.webhooks import Webhook, WebhookChange, WebhookDelivery

__all__ = [
    "NOTHING",
    "Annotation",
    "AnnotationRevision",
    "ApiToken",
    "Attribute",
    "AuditEntry",
    "AuditPicture",
    "Base",
    "Batch",
    "BatchPerson",
    "Class",
    "ClassChange",
    "Comparison",
    "DatasetVersion",
    "Deployment",
    "Detector",
    "Embedding",
    "EmbeddingShard",
    "Evaluation",
    "GoldAnswer",
    "GoldPause",
    "GoldPicture",
    "GuidelineReading",
    "GuidelineVersion",
    "IdempotencyKey",
    "Identity",
    "Image",
    "Import",
    "ImportChange",
    "ImportFile",
    "Invitation",
    "Issue",
    "IssueComment",
    "IssuePerson",
    "Job",
    "KeptPrediction",
    "Model",
    "Notification",
    "Object",
    "ObjectSuggestion",
    "Opinion",
    "Postponement",
    "Project",
    "ProjectMember",
    "QueueItem",
    "RecoveryCode",
    "Review",
    "Run",
    "SecondFactor",
    "SignInAttempt",
    "SignInFlow",
    "SignInSession",
    "Skill",
    "Suggestion",
    "SuggestionModel",
    "User",
    "Webhook",
    "WebhookChange",
    "WebhookDelivery",
    "new_id",
    "now",
    "shape_columns",
    "shape_json",
]
