"""Shapes of members, roles and invitations over the API."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modelyard.server.accounts.roles import Permission, Role
from modelyard.server.kit.inputs import Input


class RoleEntry(BaseModel):
    """A role and what it may do."""

    name: Role
    text: str
    permissions: list[Permission]


class PermissionEntry(BaseModel):
    """A permission: `text` follows the word “may”; `role` is the lowest that has it."""

    name: Permission
    text: str
    role: Role


class RoleTable(BaseModel):
    """What each role may do in a project, from the lowest role to the highest."""

    roles: list[RoleEntry]
    permissions: list[PermissionEntry]


class Member(BaseModel):
    """A person who belongs to the project."""

    user_id: UUID
    name: str
    email: str
    role: Role
    is_disabled: bool = Field(description="Whether the account is closed, so that nobody signs in with it.")
    since: datetime


class MemberAdd(Input):
    """Somebody who has an account already."""

    model_config = ConfigDict(json_schema_extra={"example": {"email": "ben@bakery.example", "role": "annotator"}})

    email: str
    role: Role = "annotator"


class MemberUpdate(Input):
    """The role to give."""

    role: Role


class Handover(Input):
    """The member who becomes an owner."""

    user_id: UUID


class InvitationCreate(Input):
    """What whoever uses the link is to be."""

    role: Role = "annotator"


class InvitationLink(BaseModel):
    """A link for one person; shown this once."""

    id: UUID
    url: str
    role: Role
    expires_at: datetime


class OpenInvitation(BaseModel):
    """An invitation that nobody has used yet, without its secret."""

    id: UUID
    role: Role
    invited_by: str | None
    created_at: datetime
    expires_at: datetime


class InstalledProject(BaseModel):
    """A project as an administrator sees it who is no member: whose it is, and nothing of what is in it."""

    id: UUID
    name: str
    owners: list[str]
    members: int
    is_member: bool = Field(description="Whether whoever asks is a member.")
    deleted_at: datetime | None
    created_at: datetime


class TakeOver(Input):
    """Why an administrator becomes an owner; the project's members can read it."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Its owner has left the company."}})

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]
