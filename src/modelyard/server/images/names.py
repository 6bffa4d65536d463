"""Names that people and archives give to files: kept for people to read, never used as a path on the server."""

import re
import unicodedata

from modelyard.errors import Invalid

MAX_LENGTH = 1000

_DRIVE = re.compile(r"[A-Za-z]:")
_MISLEADING = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # turn reading direction


class NameRefused(Invalid):
    """A file's name must be a relative path without `..`, at most 1,000 characters long."""


def clean(name: str) -> str:
    """Return the name as it is kept: `/` between folders, composed letters, nothing that turns its direction.

    Raises:
        NameRefused: It points outside, or cannot be shown.

    Example:
        >>> clean("apples\\\\IMG 1.jpg"), clean("./a//b.png")
        ('apples/IMG 1.jpg', 'a/b.png')
    """
    plain = unicodedata.normalize("NFC", name).translate(_MISLEADING).replace("\\", "/")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in plain):
        raise NameRefused("The name has characters that cannot be shown.")
    parts = [part.strip() for part in plain.split("/")]
    if plain.startswith("/") or _DRIVE.match(plain) or ".." in parts:
        raise NameRefused("The name points outside of the folder or archive.")
    cleaned = "/".join(part for part in parts if part not in ("", "."))
    if not cleaned:
        raise NameRefused("The name is empty.")
    if len(cleaned) > MAX_LENGTH:
        raise NameRefused(f"The name has {len(cleaned):,} characters; at most {MAX_LENGTH:,} are kept.")
    return cleaned


def shown(name: str) -> str:
    """Return any name so that it can be stored and shown in a report.

    Example:
        >>> shown("../\\0x")
        '../?x'
    """
    plain = unicodedata.normalize("NFC", name).translate(_MISLEADING)
    plain = "".join("?" if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in plain)
    return plain[:MAX_LENGTH] or "?"
