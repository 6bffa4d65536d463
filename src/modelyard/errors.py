"""Every error this product raises on purpose; it holds no error of a single room.

* ProductError
  - NotFound            404   the thing named does not exist, or you may not see it
  - Unauthenticated     401   nobody is signed in, or the token is not valid
  - Forbidden           403   you may see it, but not do this
  - Conflict            409   the request is fine; the present state forbids it
  - PreconditionFailed  412   somebody else changed it since you read it
  - Invalid             422   the request itself is wrong
  - TooMany             429   slow down, then try again
  - Unavailable         503   try again later

Concrete errors live beside the code that raises them. The class name is the machine code, the docstring the
default message.
"""

import re
from typing import Any, ClassVar


class ProductError(Exception):
    """The request could not be completed."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str | None = None, **context: Any) -> None:
        super().__init__(detail or (self.__doc__ or "").strip())
        self.context = context

    @property
    def detail(self) -> str:
        """The sentence for the person who reads it."""
        return str(self)

    @classmethod
    def code(cls) -> str:
        """Return the stable, machine-readable name: `DatasetVersionFrozen` -> `dataset-version-frozen`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


class NotFound(ProductError):
    """There is no such thing, or you may not see it."""

    status = 404


class Unauthenticated(ProductError):
    """Sign in, or send a valid API token, and try again."""

    status = 401


class Forbidden(ProductError):
    """You may see this, but not do that."""

    status = 403


class Conflict(ProductError):
    """The present state does not allow this."""

    status = 409


class PreconditionFailed(ProductError):
    """Somebody changed this since you read it. Look at the present state and decide again."""

    status = 412


class Invalid(ProductError):
    """The request is not valid.

    `errors` in the context lists every fault at once: `[{"pointer": "/name", "detail": "…"}]`.
    """

    status = 422


class TooMany(ProductError):
    """Too many requests. Wait a little and try again."""

    status = 429


class Unavailable(ProductError):
    """This is not available right now. Try again in a moment."""

    status = 503
