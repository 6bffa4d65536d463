"""The base of everything that callers send: a field that nobody knows is an error, never silently passed over."""

from pydantic import BaseModel, ConfigDict


class Input(BaseModel):
    """A body or a query whose every field is known: a filter with a slip in its name must not mean "all images"."""

    model_config = ConfigDict(extra="forbid")
