"""Image folders: the folder in which a picture lies is its class, above it may stand the split. No file is touched.

train/croissant/IMG_1.jpg
test/bagel/IMG_7.jpg
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from modelyard.formats import losses
from modelyard.formats.entries import Entry, to_class_name, to_split

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*' + "".join(map(chr, range(32))), "_"))
_OF_CAMERAS = re.compile(r"dcim|camera|\d{3}[a-z0-9_]{5}|(19|20)\d\d([-_. ]?\d\d){0,2}", re.IGNORECASE)


def read(names: Sequence[str], *, is_asked: bool = True) -> list[Entry]:
    """Return what the folders say about pictures of these names, in the same order.

    Args:
        names: Relative paths with `/`.
        is_asked: Whether folders are known to be classes. Otherwise they count only if there are two or more of
            them and they do not look like a camera's or a date's.

    Example:
        >>> [(e.split, e.class_name) for e in read(["x/train/bagel/1.jpg", "x/test/bun/2.jpg"])]
        [('train', 'bagel'), ('test', 'bun')]
    """
    paths = [PurePosixPath(name).parts for name in names]
    at = _depth_of_split(paths)
    splits = [to_split(path[at]) if at is not None and len(path) > at + 1 else None for path in paths]
    least = 1 if at is None else at + 2
    classes = [to_class_name(path[-2]) if len(path) > least else None for path in paths]
    if not (is_asked or _look_like_classes(classes)):
        classes = [None] * len(paths)
    return [
        Entry(name=name, class_name=class_name, answer="class" if class_name else "none", split=split)
        for name, class_name, split in zip(names, classes, splits, strict=True)
    ]


def write(entries: Sequence[Entry]) -> list[str]:
    """Return the path of each entry in a tree of folders, no two alike even where upper and lower case are one.

    Only the last part of a name is kept: its folders make room for split and class. An entry without a class lies
    beside the class folders.

    Example:
        >>> write([Entry(name="in/1.jpg", class_name="bun", answer="class", split="train"), Entry(name="2.jpg")])
        ['train/bun/1.jpg', '2.jpg']
    """
    folders = _folders({entry.class_name for entry in entries if entry.class_name})
    taken: set[str] = set()
    found = []
    for entry in entries:
        file = _safe(PurePosixPath(entry.name.replace("\\", "/")).name)
        parts = [entry.split, folders.get(entry.class_name or ""), file]
        path = _free("/".join(part for part in parts if part), taken)
        taken.add(path.lower())
        found.append(path)
    return found


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what image folders cannot carry: kind to number of images.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure"), Entry(name="a/2.jpg")])
        {'answers other than a class': 1, 'folders in names': 1}
    """
    folders = _folders({entry.class_name for entry in entries if entry.class_name})
    counts = {
        "answers other than a class": sum(entry.answer in ("does_not_belong", "not_sure") for entry in entries),
        losses.IMAGE_ATTRIBUTES: sum(bool(entry.attributes) for entry in entries),
        "folders in names": sum("/" in entry.name for entry in entries),
        "class names that are no folder name": sum(
            entry.class_name is not None and folders[entry.class_name] != entry.class_name for entry in entries
        ),
    }
    return {kind: count for kind, count in counts.items() if count}


def _depth_of_split(paths: Sequence[tuple[str, ...]]) -> int | None:
    """Return at which depth every picture has a split's folder, or None."""
    if not paths:
        return None
    for depth in range(min(len(path) for path in paths) - 1):
        if all(to_split(path[depth]) for path in paths):
            return depth
        if len({path[depth] for path in paths}) > 1:
            return None
    return None


def _look_like_classes(classes: Sequence[str | None]) -> bool:
    named = {name for name in classes if name}
    return len(named) > 1 and not all(_OF_CAMERAS.fullmatch(name) for name in named)


def _folders(class_names: set[str]) -> dict[str, str]:
    taken: set[str] = set()
    found = {}
    for name in sorted(class_names):
        safe = _safe(name)
        found[name] = _free(f"{safe}_" if to_split(safe) else safe, taken)
        taken.add(found[name].lower())
    return found


def _safe(part: str) -> str:
    return part.translate(_FORBIDDEN).rstrip(". ").lstrip() or "_"


def _free(path: str, taken: set[str]) -> str:
    plain, number, candidate = PurePosixPath(path), 1, path
    while candidate.lower() in taken:
        number += 1
        candidate = str(plain.with_name(f"{plain.stem} ({number}){plain.suffix}"))
    return candidate
