"""Shapes of people, sessions, tokens and invitations over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modelyard.server.accounts.roles import Role
from modelyard.server.kit.inputs import Input

Email = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[str, StringConstraints(max_length=1000)]


class Out(BaseModel):
    """An answer read from a table row; it has no defaults, so every field is there."""

    model_config = ConfigDict(from_attributes=True)


class User(Out):
    """A person with an account."""

    id: UUID
    email: str
    name: str
    is_admin: bool
    disabled_at: datetime | None
    created_at: datetime


class Person(User):
    """An account as administrators see it."""

    has_second_factor: bool


class Session(BaseModel):
    """Who is signed in, and whether the installation still waits for its first person."""

    user: User | None
    needs_setup: bool


class SignIn(Input):
    """What a person signs in with."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"email": "ana@bakery.example", "password": "a long password"}}
    )

    email: Email
    password: Password
    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] | None = Field(
        default=None, description="Of the authenticator app, or a recovery code, where the account has a second factor."
    )


class Registration(Input):
    """What a new account needs."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"email": "ana@bakery.example", "name": "Ana", "password": "a long password"}}
    )

    email: Email
    name: Name
    password: Password


class Setup(Registration):
    """The first account, with the token of the set-up link."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "token": "setup_3fK2…",
                "email": "ana@bakery.example",
                "name": "Ana",
                "password": "a long password",
            }
        }
    )

    token: str


class Invitation(BaseModel):
    """What an invitation is for."""

    kind: str
    project_id: UUID | None
    project_name: str | None
    role: Role | None = Field(description="The role in the project that it gives.")
    invited_by: str | None
    expires_at: datetime


class Token(Out):
    """An API token, without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


class NewToken(Token):
    """A fresh token; `token` is shown this once."""

    token: str


class TokenCreate(Input):
    """What a new token may do, and for how long."""

    name: Name
    scopes: list[Literal["read", "write", "predict"]] = Field(min_length=1)
    expires_in_days: int | None = Field(default=90, ge=1, le=3650)


class PasswordChange(Input):
    """The present password and the next."""

    current: Password
    new: Password


class MeUpdate(Input):
    """Changes of one's own account."""

    name: Name | None = None
    password: PasswordChange | None = None


KeyName = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class KeyMap(Input):
    """Which keys do what in the browser, for one person: a preset, and the actions that were given other keys.

    The browser knows the actions and their names; it passes over those that it does not know.
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"preset": "cvat", "changes": {"draw.box": ["R", "W"], "draw.hand": []}}}
    )

    preset: Literal["modelyard", "cvat", "label_studio", "x_anylabeling"] = "modelyard"
    changes: dict[
        Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z]+\.[A-Za-z]+$")],
        Annotated[list[KeyName], Field(max_length=12)],
    ] = Field(default_factory=dict, max_length=300, description="Action to its keys; none: no key does it.")


class UserCreate(Registration):
    """An account made by an administrator."""

    is_admin: bool = False


class UserUpdate(Input):
    """What an administrator may change."""

    model_config = ConfigDict(json_schema_extra={"example": {"disabled": True}})

    disabled: bool | None = Field(None, description="Closed: signed out everywhere, and nobody signs in.")
    is_admin: bool | None = None
    successor_id: UUID | None = Field(
        None, description="Who becomes an owner of the projects that the person who is shut out owns alone."
    )
