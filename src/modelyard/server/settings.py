"""Every setting of the server; the only place that reads the environment."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from modelyard.errors import Invalid

_SIGNATURES = frozenset({f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)} | {"EdDSA"})


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


class SettingsWrong(Invalid):
    """A setting has a value that it cannot have."""


class Settings(BaseSettings):
    """Settings from `MODELYARD_…` variables; `modelyard config` prints them."""

    model_config = SettingsConfigDict(env_prefix="MODELYARD_", extra="ignore")

    data: Path = Field(Path("modelyard-data"), description="The data directory: database, pictures, models.")
    database_url: str = Field("", description="SQLAlchemy address of a PostgreSQL database; empty: SQLite in `data`.")
    storage_url: str = Field("", description="Address of a bucket (s3://, gs://, az://); empty: files in `data`.")
    host: str = Field("127.0.0.1", description="The address that the server listens on.")
    port: int = Field(8400, description="The port that the server listens on.")
    public_url: str = Field("", description="How people reach the server, if not by host and port.")
    allowed_hosts: str = Field("", description="Further host names that requests may name, separated by commas.")
    session_days: int = Field(14, description="Days that a sign-in lasts without use.")
    password_sign_in: bool = Field(
        True, description="Whether people may sign in with a password; counts once an administrator can by provider."
    )
    second_factor_required: bool = Field(
        False, description="Whether everybody who signs in with a password needs a code of an authenticator app too."
    )
    oidc_issuer: str = Field("", description="Address of an OpenID Connect provider (its issuer); empty: none.")
    oidc_client_id: str = Field("", description="The name by which the provider knows this installation.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="The secret that goes with it; empty for a public client."
    )
    oidc_name: str = Field("your organisation", description="What the button says: Sign in with ….")
    oidc_scopes: str = Field("openid email profile", description="What the provider is asked for, `openid` among it.")
    oidc_algorithms: str = Field(
        "RS256", description="How the provider may sign, separated by commas: RS256, PS256, ES256, EdDSA or similar."
    )
    oidc_clock_skew_s: int = Field(
        60, ge=0, le=600, description="Seconds by which the provider's clock may differ from the server's."
    )
    oidc_new_people: bool = Field(
        False, description="Whether whoever the provider lets in gets an account at their first sign-in."
    )
    oidc_trust_email: bool = Field(
        False, description="Whether an e-mail address that the provider has verified opens the account that has it."
    )
    oidc_groups_claim: str = Field("groups", description="Where the provider says a person's groups; dots lead inside.")
    oidc_groups: str = Field(
        "", description="What groups mean: GROUP = administrator; GROUP = ROLE in PROJECT (name, id or *); …"
    )
    outgoing_allowed: str = Field(
        "", description="Networks, addresses and host names inside that webhooks may call, separated by commas."
    )
    outgoing_http: bool = Field(False, description="Whether webhooks may call addresses without TLS (http://).")
    smtp_host: str = Field("", description="The mail server that notifications are sent by; empty: no e-mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="The port of the mail server.")
    smtp_user: str = Field("", description="The name to sign in to the mail server with; empty: without signing in.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password that goes with `smtp_user`.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls (usually port 587), tls (465), or none, inside one's own network only."
    )
    smtp_from: str = Field(
        "", validate_default=True, description="Who e-mail comes from, such as Modelyard <modelyard@bakery.example>."
    )
    max_image_mb: int = Field(400, description="Largest file that is accepted as one picture, in megabytes.")
    max_image_megapixels: int = Field(250, description="Largest picture that is decoded, in megapixels.")
    tiles_gb: int = Field(
        20, ge=1, description="Space for tiles of large pictures, in gigabytes; the oldest make room."
    )
    max_archive_gb: int = Field(20, description="Largest unpacked size of a zip, in gigabytes.")
    upload_days: int = Field(7, ge=1, description="Days after which an upload that was never finished is given up.")
    export_days: int = Field(7, ge=1, description="Days that a finished export can be downloaded.")
    workers: int = Field(1, description="Worker processes that `modelyard serve` starts.")
    lease_s: float = Field(20, gt=2, description="Seconds after which a silent worker's job goes to another worker.")
    runtime: str = Field("auto", description="What computes features: auto, onnxruntime or openvino.")
    sam_encoder: str = Field("", description="Path of a SAM-class encoder (.onnx) for the smart tool; see the how-to.")
    sam_decoder: str = Field("", description="Path of the decoder that belongs to `sam_encoder`.")
    sam_ahead: int = Field(4, ge=0, le=50, description="Pictures of a person's queue that the encoder sees beforehand.")
    sam_cache_mb: int = Field(2000, ge=1, description="Disk space for what the encoder saw, in megabytes.")
    log_level: str = Field("info", description="debug, info, warning or error.")
    worker_memory_mb: int = Field(4096, description="Memory that one helper process may take to decode pictures.")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            faults = [f"MODELYARD_{fault['loc'][0]}".upper() + f": {fault['msg']}." for fault in error.errors()]
            raise SettingsWrong(" ".join(faults).replace("Value error, ", "")) from error

    @field_validator("oidc_groups")
    @classmethod
    def _groups_are_understood(cls, value: str) -> str:
        from modelyard.server.accounts.groups import parse_rules

        parse_rules(value)
        return value

    @field_validator("outgoing_allowed")
    @classmethod
    def _networks_are_understood(cls, value: str) -> str:
        from modelyard.server.kit.egress import Allowed

        Allowed.parse(value)
        return value

    @field_validator("oidc_algorithms")
    @classmethod
    def _algorithms_are_public(cls, value: str) -> str:
        unknown = sorted(set(_listed(value)) - _SIGNATURES)
        if unknown or not _listed(value):
            named, known = ", ".join(unknown) or "nothing", ", ".join(sorted(_SIGNATURES))
            raise ValueError(f"names {named}; known are {known}")
        return value

    @field_validator("smtp_security")
    @classmethod
    def _no_password_is_sent_readable(cls, value: str, info: ValidationInfo) -> str:
        if value == "none" and info.data.get("smtp_user"):
            raise ValueError("would send the password readable by others; use starttls or tls")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _mail_has_a_sender(cls, value: str, info: ValidationInfo) -> str:
        from email.utils import parseaddr

        address = parseaddr(value)[1]
        if (value or info.data.get("smtp_host")) and ("@" not in address or not value.isprintable()):
            raise ValueError("must be an e-mail address, as MODELYARD_SMTP_HOST is set")
        return value

    @property
    def sends_mail(self) -> bool:
        """Whether e-mail can be sent."""
        return bool(self.smtp_host)

    @property
    def oidc_signatures(self) -> list[str]:
        """The algorithms that the provider may sign with; none that works without its private key."""
        return _listed(self.oidc_algorithms)

    @property
    def effective_database_url(self) -> str:
        """The database's address: the one given, or the embedded default."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'modelyard.db'}"

    @property
    def effective_url(self) -> str:
        """The address that people use."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    def masked(self) -> dict[str, str]:
        """Return every effective value as text, with passwords hidden."""
        from sqlalchemy import make_url

        values = {name: str(value) for name, value in self.model_dump().items()}
        values["database_url"] = make_url(self.effective_database_url).render_as_string(hide_password=True)
        return values
