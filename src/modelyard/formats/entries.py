"""What every interchange format says about an image; it reads and writes no file itself."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import overload

from modelyard.geometry.kinds import Shape, Whole

ANSWERS = ("class", "objects", "does_not_belong", "not_sure", "none")
SPLITS = ("train", "val", "test")
MAX_CLASS_NAME = 100

_SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One object in an image: its class, its shape in pixels of the upright image, and what else is said of it."""

    class_name: str
    shape: Shape
    attributes: Mapping[str, str | float | bool] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)  # what only the lossless format carries

    @property
    def is_whole(self) -> bool:
        """Whether this is said of the image as a whole."""
        return isinstance(self.shape, Whole)


class LazyItems(Sequence[Item]):  # noqa: PLW1641 - its objects have no hash either
    """The objects of one image, made whenever somebody looks at them: their number is known, they take no memory."""

    __slots__ = ()

    @property
    @abstractmethod
    def has_attributes(self) -> bool:
        """Whether any of them has attributes."""

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, at: int | slice) -> Item | tuple[Item, ...]:
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __repr__(self) -> str:
        return repr(tuple(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One image: its name with folders, the answer that was given for it, its split, and what else is known of it.

    The answer "objects" says that `items` are all there is to see: without any, there is nothing here. Where an image
    has several classes, each is an item whose shape is the whole image.
    """

    name: str
    class_name: str | None = None
    answer: str = "none"  # "class" | "objects" | "does_not_belong" | "not_sure" | "none"
    split: str | None = None
    content_hash: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)  # what only the lossless format carries
    items: Sequence[Item] = ()
    width: int | None = None
    height: int | None = None
    attributes: Mapping[str, str | float | bool] = field(default_factory=dict)  # of the image as a whole

    @property
    def whole_classes(self) -> list[str]:
        """The classes of the image as a whole, each once, in their order."""
        first = [self.class_name] if self.class_name else []
        return list(dict.fromkeys([*first, *(item.class_name for item in self.items if item.is_whole)]))


@dataclass(frozen=True)
class Fault:
    """A line that could not be used, and why; `place` says where in a file that has no lines, or in which of many."""

    line: int
    reason: str
    place: str = ""

    @property
    def where(self) -> str:
        """Return the place as a message names it."""
        return self.place or f"line {self.line}"


@dataclass(frozen=True)
class Listing:
    """What a file of labels says, with the classes in their order where the format keeps one."""

    entries: list[Entry]
    faults: list[Fault]
    classes: list[Mapping[str, object]] = field(default_factory=list)


def to_split(word: str | None) -> str | None:
    """Return the split that a word or folder name means, or None.

    Example:
        >>> to_split("Validation"), to_split("apples")
        ('val', None)
    """
    return _SPLIT_WORDS.get((word or "").strip().lower())


def to_class_name(text: str) -> str | None:
    """Return a class name as the product keeps it, or None if nothing is left of it.

    Example:
        >>> to_class_name("  red   apple "), to_class_name(" ")
        ('red apple', None)
    """
    plain = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return plain[:MAX_CLASS_NAME].rstrip() or None


def unique_stems(paths: Iterable[str]) -> list[str]:
    """Return the paths, changed where two differ only in their ending, or in upper and lower case.

    Example:
        >>> unique_stems(["a/1.jpg", "a/1.PNG"])
        ['a/1.jpg', 'a/1 (2).PNG']
    """
    taken: set[str] = set()
    found = []
    for given in paths:
        plain = path = PurePosixPath(given)
        number = 1
        while (stem := str(path.with_suffix("")).lower()) in taken:
            number += 1
            path = plain.with_name(f"{plain.stem} ({number}){plain.suffix}")
        taken.add(stem)
        found.append(str(path))
    return found


def match_names(listed: Iterable[str], present: Collection[str]) -> dict[str, str]:
    """Return which present file each listed name means; names that match nothing are left out.

    A name matches the same path, else the same path whatever its case, else the only file of which it is the end
    (or which is the end of it), folder by folder. A name without an ending matches whatever ending a file has.

    Example:
        >>> match_names(["data/a/1.jpg", "2.JPG", "3.jpg"], ["a/1.jpg", "a/2.jpg"])
        {'data/a/1.jpg': 'a/1.jpg', '2.JPG': 'a/2.jpg'}
    """
    exact = {_plain(name): name for name in present}
    lower = {plain.lower(): name for plain, name in exact.items()}
    by_file: dict[str, list[str]] = defaultdict(list)
    bare: dict[str, list[str]] = defaultdict(list)  # by the file's name without its ending
    for plain in lower:
        file = plain.rsplit("/", 1)[-1]
        by_file[file].append(plain)
        bare[file.rsplit(".", 1)[0]].append(plain)
    found: dict[str, str] = {}
    for name in listed:
        plain = _plain(name)
        if plain in exact:
            found[name] = exact[plain]
        elif plain.lower() in lower:
            found[name] = lower[plain.lower()]
        elif (end := _by_end(plain.lower(), by_file) or _by_end(plain.lower(), bare)) is not None:
            found[name] = lower[end]
    return found


def _by_end(name: str, by_file: Mapping[str, list[str]]) -> str | None:
    *folders, file = name.split("/")
    agreeing = [
        candidate
        for candidate in by_file.get(file, [])
        if all(a == b for a, b in zip(reversed(folders), reversed(candidate.split("/")[:-1]), strict=False))
    ]
    return agreeing[0] if len(agreeing) == 1 else None


def _plain(name: str) -> str:
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    return "/".join(parts)


def where(entries: Sequence[Entry], condition: Callable[[Entry], bool]) -> Sequence[Entry]:
    """Return the entries that fulfil a condition, which may not ask for their items: those may be looked up later.

    Example:
        >>> found = where([Entry(name="1.jpg"), Entry(name="2.jpg", split="val")], lambda entry: entry.split == "val")
        >>> [entry.name for entry in found]
        ['2.jpg']
    """
    chosen: Sequence[Entry] = (
        entries.where(condition) if hasattr(entries, "where") else [entry for entry in entries if condition(entry)]
    )
    return chosen


def by_split(entries: Sequence[Entry]) -> Iterator[tuple[str, Sequence[Entry]]]:
    """Yield each split with its entries, as `where` has them; "" for those that are in none.

    Example:
        >>> [(split, len(own)) for split, own in by_split([Entry(name="1.jpg"), Entry(name="2.jpg", split="val")])]
        [('', 1), ('val', 1)]
    """
    splits = {entry.split or "" for entry in getattr(entries, "heads", entries)}
    for split in sorted(splits):
        yield split, where(entries, partial(_is_in, split))


def _is_in(split: str, entry: Entry) -> bool:
    return (entry.split or "") == split
