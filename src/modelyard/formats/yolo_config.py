"""What YOLO's data.yaml says, or Darknet's obj.data: classes, keypoints, and which pictures are in which split.

It is a part of `yolo`. Nothing in it is ever fetched or run, whatever `download` says.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.errors import Invalid
from modelyard.formats.documents import decode, load_yaml, part
from modelyard.formats.drafts import Drafts
from modelyard.formats.entries import SPLITS, match_names, to_split

_NAMES = ("classes.txt", "obj.names")
_SPLITS = {"train": "train", "valid": "val", "val": "val", "test": "test"}
_SMALL = frozenset(str(count) for count in range(1, 1001))
_PLACES = _SMALL | {"0"}


def load(files: Mapping[str, Path], drafts: Drafts) -> Mapping[str, Any]:
    """Return the fields of the uppermost file that has `names`, else the splits of obj.data."""
    found = [name for name in files if name.lower().endswith((".yaml", ".yml"))]
    for name in sorted(found, key=lambda name: (name.count("/"), PurePosixPath(name).stem != "data", name)):
        try:
            config = load_yaml(part(files[name]))
        except Invalid as error:
            drafts.fault(error.detail, place=name)
            continue
        if isinstance(config, dict) and "names" in config:
            return {key: value for key, value in config.items() if isinstance(key, str)}
    darknet = next((name for name in sorted(files) if PurePosixPath(name).name == "obj.data"), None)
    pairs = [line.partition("=") for line in _lines(darknet, files, drafts)]
    return {_SPLITS.get(key.strip(), ""): value.strip() for key, _, value in pairs if key.strip() in _SPLITS}


def is_darknet(folder: str) -> bool:
    """Say whether this is a folder of Darknet's layout, in which label files lie beside the pictures.

    Example:
        >>> is_darknet("obj_train_data"), is_darknet("train")
        (True, False)
    """
    return folder.startswith("obj_") and folder.endswith("_data")


def listed(
    config: Mapping[str, Any], files: Mapping[str, Path], pictures: Sequence[str], drafts: Drafts
) -> dict[str, str]:
    """Return the split of each picture that is named in a list: train.txt instead of a folder."""
    texts = [name for name in files if name.lower().endswith(".txt")]
    found: dict[str, str] = {}
    for split in SPLITS:
        given = config.get(split)
        named = [str(name) for name in (given if isinstance(given, list) else [given]) if str(name).endswith(".txt")]
        for name in match_names(named, texts).values():
            lines = [line.strip() for line in _lines(name, files, drafts) if line.strip()]
            found |= dict.fromkeys(match_names(lines, pictures).values(), split)
    return found


def class_names(config: Mapping[str, Any], files: Mapping[str, Path], drafts: Drafts) -> dict[int, str]:
    """Return the class of each number, by `names` as a list or as pairs, else by a list of names beside."""
    given = config.get("names")
    if given is None:
        beside = next((name for name in sorted(files) if PurePosixPath(name).name in _NAMES), None)
        given = _lines(beside, files, drafts)
    pairs = given.items() if isinstance(given, dict) else enumerate(given if isinstance(given, list) else [])
    found: dict[int, str] = {}
    for key, value in pairs:
        at = int(key) if isinstance(key, int) or (isinstance(key, str) and key.isdecimal() and len(key) < 10) else None
        name = drafts.add_class(value)
        if at is None or name is None:
            drafts.fault(f"The class “{str(key)[:50]}” has no name or no number.", place="data.yaml")
        else:
            found[at] = name
    return found


def kpt_shape(config: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return how many keypoints an object has, and of how many numbers each is."""
    given = config.get("kpt_shape")
    if not isinstance(given, list) or len(given) != 2:
        return None
    count, parts = (int(value) if isinstance(value, str) and value in _SMALL else 0 for value in given)
    return (count, parts) if count and parts in (2, 3) else None


def skeletons(config: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, dict[str, object]]:
    """Return the points of each class: named by `kpt_names`, else numbered, with the pairs that `flip_idx` tells.

    Example:
        >>> skeletons({"kpt_shape": ["2", "3"], "flip_idx": ["1", "0"]}, {0: "arm"})
        {'arm': {'points': ['1', '2'], 'edges': [], 'pairs': [[0, 1]]}}

    Where classes have different numbers of points, `kpt_shape` is the largest, and shorter lists of names are right.
    """
    shape = kpt_shape(config)
    if shape is None:
        return {}
    count, given, flips = shape[0], config.get("kpt_names"), config.get("flip_idx")
    plain = list(map(str, range(1, count + 1)))
    turned = [int(value) if value in _PLACES else -1 for value in map(str, flips)] if isinstance(flips, list) else []
    pairs = [[a, b] for a, b in enumerate(turned) if a < b < len(turned) == count and turned[b] == a]
    told = {at: _names_of(given.get(str(at)) if isinstance(given, dict) else given) for at in names}
    fitting = {count} if all(len(points) != count for points in told.values()) else range(1, count + 1)
    found = {}
    for at, name in names.items():
        points = told[at] if len(told[at]) in fitting else plain
        found[name] = {"points": points, "edges": [], "pairs": pairs if len(points) == count else []}
    return found


def _names_of(told: object) -> list[str]:
    """Return names of points, if these are some, each of them once."""
    points = list(map(str, told)) if isinstance(told, list) else []
    return points if len({point.lower() for point in points}) == len(points) else []


def split_of(picture: str, config: Mapping[str, Any]) -> str | None:
    """Return the split whose folder in data.yaml holds the picture, else the one that its folders are named after."""
    for split in SPLITS:
        given = config.get(split)
        for folder in given if isinstance(given, list) else [given]:
            parts = [p for p in str(folder or "").replace("\\", "/").split("/") if p not in ("", ".", "..")]
            if parts and f"/{'/'.join(parts)}/" in f"/{picture}":
                return split
    words = [folder[4:-5] if is_darknet(folder) else folder for folder in PurePosixPath(picture).parts[:-1]]
    return next((found for word in reversed(words) if (found := to_split(word))), None)


def _lines(name: str | None, files: Mapping[str, Path], drafts: Drafts) -> list[str]:
    """Return the lines of a file; none if there is none, or it cannot be read, which is a fault."""
    try:
        return decode(part(files[name])).splitlines() if name else []
    except Invalid as error:
        drafts.fault(error.detail, place=name or "")
        return []
