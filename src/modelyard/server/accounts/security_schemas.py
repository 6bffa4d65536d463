"""Shapes of second factors, sessions, connected accounts and the provider's settings over the API."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modelyard.server.accounts.schemas import Email, Out, Password
from modelyard.server.kit.inputs import Input

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class SignInMethods(BaseModel):
    """How people can sign in here; `provider` is what the button calls it, null where there is none."""

    password: bool
    provider: str | None


class SignedOut(BaseModel):
    """Where the browser goes to sign out at the provider too; null where that is not offered or not needed."""

    provider_url: str | None


class ProviderAddress(BaseModel):
    """Where the browser goes to sign in at the provider."""

    url: str


class SecondFactorSetup(BaseModel):
    """What an authenticator app needs; `picture` is a QR code of `uri`, as an SVG data address."""

    secret: str
    uri: str
    picture: str


class RecoveryCodes(BaseModel):
    """Codes that stand in for the authenticator app once each; they are shown this once."""

    recovery_codes: list[str]


class PasswordProof(Input):
    """The present password, asked for again before something that opens the account."""

    model_config = ConfigDict(json_schema_extra={"example": {"password": "a long password"}})

    password: Password


class SecondFactorCode(Input):
    """A code of the authenticator app."""

    model_config = ConfigDict(json_schema_extra={"example": {"code": "123456"}})

    code: Code


class SecondFactorProof(PasswordProof, SecondFactorCode):
    """The password and a code: of the authenticator app, or a recovery code."""

    model_config = ConfigDict(json_schema_extra={"example": {"password": "a long password", "code": "123456"}})


class FirstCode(Input):
    """Address, password and the first code of an app that is set up before the first sign-in with it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"email": "ana@bakery.example", "password": "a long password", "code": "123456"}}
    )

    email: Email
    password: Password
    code: Code


class Identity(Out):
    """A provider's person who opens one's account."""

    id: UUID
    issuer: str
    email: str
    created_at: datetime
    last_sign_in_at: datetime | None


class Security(BaseModel):
    """How one's own account is kept safe."""

    has_password: bool
    second_factor_since: datetime | None
    recovery_codes_left: int
    is_second_factor_required: bool
    provider: str | None = Field(description="What the sign-in provider is called; null where there is none.")
    identities: list[Identity]


class OpenSession(Out):
    """A browser that is signed in as oneself."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    via: str = Field(description="`password` or `provider`.")
    has_second_factor: bool
    browser: str = Field(description="What the browser says of itself.")
    address: str = Field(description="The network address that it signed in from.")
    is_current: bool


class ProviderSettings(BaseModel):
    """How people sign in here, as the settings say, and what is wrong with them."""

    password_sign_in: bool = Field(description="What the setting says.")
    is_password_accepted: bool = Field(description="What is so: they are taken until an administrator can do without.")
    second_factor_required: bool
    issuer: str
    client_id: str
    has_client_secret: bool
    name: str
    scopes: str
    algorithms: list[str]
    clock_skew_s: int
    new_people: bool
    trust_email: bool
    groups_claim: str
    groups: list[str] = Field(description="The rules, one a line.")
    unknown_projects: list[str] = Field(description="Projects that the rules name and that do not exist.")
    redirect_uri: str = Field(description="What the provider must have registered, to the letter.")
    sign_out_uri: str = Field(description="Where the provider sends people back to who sign out there.")
    fault: str | None = Field(description="What is wrong with the provider now; null: it answers as it should.")
    people: int = Field(description="How many accounts are connected with the provider.")
