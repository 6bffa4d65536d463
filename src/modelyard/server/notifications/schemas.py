"""Shapes of notifications and of what people chose about them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from modelyard.server.kit.inputs import Input
from modelyard.server.notifications.kinds import NotificationKind


class Notification(BaseModel):
    """One thing that concerns oneself."""

    id: UUID
    kind: NotificationKind
    project_id: UUID
    project: str = Field(description="The project's name.")
    actor_name: str | None = Field(description="Who caused it; nobody where the server itself did.")
    text: str = Field(description="One plain sentence.")
    path: str = Field(description="Where in the browser application it leads.")
    count: int = Field(description="How often the same happened since it was last read.")
    updated_at: datetime
    read_at: datetime | None


class UnreadCount(BaseModel):
    """How many notifications wait to be read."""

    unread: int


class NotificationsRead(Input):
    """Which notifications to mark: some, or all where `ids` is left out."""

    model_config = ConfigDict(json_schema_extra={"example": {"ids": ["0192f0c8-0000-7000-8000-000000000000"]}})

    ids: Annotated[list[UUID], Field(max_length=500)] | None = None
    is_read: bool = Field(True, description="False marks some as not read; it needs `ids`.")


class KindSetting(BaseModel):
    """A kind of notification, and what happens to it."""

    kind: NotificationKind
    text: str
    bell: bool = Field(description="Whether it comes into one's list.")
    mail: bool = Field(description="Whether it also comes by e-mail; only what comes into the list does.")


class NotificationSettings(BaseModel):
    """What one is told of, and how."""

    kinds: list[KindSetting]
    sends_mail: bool = Field(description="Whether this installation can send e-mail.")
    address: str = Field(description="Where e-mail goes.")


class KindChoice(Input):
    """What is to happen to a kind of notification."""

    kind: NotificationKind
    bell: bool
    mail: bool


class NotificationChoices(Input):
    """What to change; kinds that are left out stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kinds": [{"kind": "mention", "bell": True, "mail": False}]}}
    )

    kinds: Annotated[list[KindChoice], Field(max_length=50)]
