"""What to say of names in labels that mean no picture: the first of each side, and why they may differ."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath

_SHOWN = 5
_LOOKED_AT = 2000


def explain(source: str, missed: Sequence[str], listed: int, present: Collection[str]) -> str:
    """Return sentences about the names of a source that match no picture.

    Args:
        source: The file of labels.
        missed: Names that matched nothing.
        listed: How many names it has in all.
        present: Names of the pictures that were there to be matched, or the first thousands of them.

    Example:
        >>> explain("a.csv", ["1.png"], 1, ["1.jpg"])  # doctest: +NORMALIZE_WHITESPACE
        'The only file name in a.csv matches no picture: “1.png”. Here are “1.jpg”.
         It seems that only the ending differs: “1.png” there, “1.jpg” here.'
    """
    first = _quoted(missed)
    if listed == 1:
        text = f"The only file name in {source} matches no picture: {first}."
    elif len(missed) == listed:
        text = f"None of the {listed:,} file names in {source} matches a picture; the first: {first}."
    elif len(missed) == 1:
        text = f"1 of the {listed:,} file names in {source} matches no picture: {first}."
    else:
        text = f"{len(missed):,} of the {listed:,} file names in {source} match no picture; the first: {first}."
    if len(missed) < listed:
        return text
    here = f" Here are {_quoted(present)}." if present else " There are no pictures here yet."
    cause = likely_cause(missed, present)
    return f"{text}{here}{' ' + cause if cause else ''}"


def likely_cause(missed: Iterable[str], present: Collection[str]) -> str:
    """Return a sentence on how names differ, or nothing where none of the usual reasons fits.

    Example:
        >>> likely_cause(["a/1.jpg"], ["b/1.jpg", "c/1.jpg"])
        'Several pictures are called like “a/1.jpg”, in different folders, so that it is not clear which is meant.'
    """
    names: dict[str, list[str]] = {}
    stems: dict[str, str] = {}
    plain: dict[str, str] = {}
    for name in present:
        path = PurePosixPath(name.lower())
        names.setdefault(path.name, []).append(name)
        stems.setdefault(path.stem, name)
        plain.setdefault(_letters(path.stem), name)
    for name in list(missed)[:_LOOKED_AT]:
        path = PurePosixPath(name.replace("\\", "/").lower())
        found = names.get(path.name, [])
        if len(found) > 1:
            where = "in different folders, so that it is not clear which is meant."
            return f"Several pictures are called like “{name}”, {where}"
        if found:
            return f"It seems that the folders differ: “{name}” there, “{found[0]}” here."
        if path.stem in stems:
            return f"It seems that only the ending differs: “{name}” there, “{stems[path.stem]}” here."
        if _letters(path.stem) and _letters(path.stem) in plain:
            return f"It seems that names are written differently: “{name}” there, “{plain[_letters(path.stem)]}” here."
    return ""


def _letters(stem: str) -> str:
    """Return what is left of a name without signs and leading zeros, as tools change them."""
    return "".join(part.lstrip("0") for part in _words(stem))


def _words(stem: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in stem).split()


def _quoted(names: Iterable[str]) -> str:
    found = [f"“{name[:100]}”" for name, _ in zip(names, range(_SHOWN), strict=False)]
    return ", ".join(found)
