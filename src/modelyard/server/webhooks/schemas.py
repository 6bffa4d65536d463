"""Shapes of webhooks and deliveries over the API; a secret is in the answers that make one, and nowhere else."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modelyard.server.kit.inputs import Input
from modelyard.server.webhooks.types import EVENT_TYPES, EventType

__all__ = ["EVENT_TYPES", "EventType"]

Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=2000)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=50)]


class EventTypeEntry(BaseModel):
    """A kind of event that a webhook can be told of."""

    name: EventType
    text: str


class Webhook(BaseModel):
    """An address outside that is told of events, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    project_id: UUID
    url: str
    description: str
    event_types: list[str]
    is_active: bool
    failing_since: datetime | None = Field(description="The first failure after the last success.")
    stopped_at: datetime | None = Field(description="When the server itself switched it off.")
    stopped_because: str
    old_secret_until: datetime | None = Field(description="Until when the secret before this one signs too.")
    created_at: datetime


class NewWebhook(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: str


class WebhookCreate(Input):
    """Where to send and what."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"url": "https://hooks.bakery.example/in", "event_types": ["version.frozen"]}}
    )

    url: Url
    event_types: EventTypes
    description: Description = ""
    is_active: bool = True


class WebhookUpdate(Input):
    """What to change; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"example": {"is_active": True}})

    url: Url | None = None
    event_types: EventTypes | None = None
    description: Description | None = None
    is_active: bool | None = None


class Attempt(BaseModel):
    """One try to deliver: what the receiver answered, or why nobody did."""

    at: datetime
    status: int | None
    duration_ms: int
    reply: str = Field(description="The first kilobyte of the answer, as text.")
    error: str


class Delivery(BaseModel):
    """One event on its way to one webhook."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    message_id: str = Field(description="The header `webhook-id`, the same in every attempt and every replay.")
    event_type: str
    state: Literal["waiting", "delivered", "failed"]
    tries: int = Field(description="Attempts since it was made or last replayed.")
    next_try_at: datetime | None
    attempts: list[Attempt] = Field(description="The last twenty, oldest first.")
    created_at: datetime
    finished_at: datetime | None


class DeliveryWithBody(Delivery):
    """A delivery with exactly what is sent."""

    body: str
