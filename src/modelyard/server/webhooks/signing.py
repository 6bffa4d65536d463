"""Secrets and signed headers, by the Standard Webhooks specification."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook as Signer

import modelyard
from modelyard.server.tables import Webhook

_SECRET_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret, "whsec_" and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def message_id(delivery_id: UUID) -> str:
    """Return the id by which a receiver tells a repetition from a new message."""
    return f"msg_{delivery_id.hex}"


def signed_headers(hook: Webhook, delivery_id: UUID, body: str, *, at: datetime) -> dict[str, str]:
    """Return the headers of one attempt; for a while after a change of the secret, the old one signs too."""
    keys = [hook.secret]
    if hook.old_secret and hook.old_secret_until and hook.old_secret_until > at:
        keys.append(hook.old_secret)
    name = message_id(delivery_id)
    signatures = [Signer(key).sign(name, at, body) for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Modelyard/{modelyard.__version__}",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
