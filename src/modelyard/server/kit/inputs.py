"""The base of everything that callers send: a field that nobody knows is an error, never silently passed over."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Input(BaseModel):
    """A body or a query whose every field is known: a filter with a slip in its name must not mean "all images".

    Texts hold no NUL, which PostgreSQL keeps in none.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _has_no_nul(cls, data: Any) -> Any:
        for name, value in data.items() if isinstance(data, dict) else ():
            if _has_nul(value):
                raise ValueError(f"“{name}” has a NUL in a text; no text can be kept with one")
        return data


def _has_nul(value: Any) -> bool:
    """Say whether a text, or one right inside a list or an object, has a NUL; inputs inside look for themselves."""
    if isinstance(value, dict):
        return any(_has_nul(text) for text in (*value.keys(), *value.values()) if isinstance(text, str))
    if isinstance(value, list):
        return any(_has_nul(text) for text in value if isinstance(text, str))
    return isinstance(value, str) and "\0" in value
