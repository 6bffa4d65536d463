"""Masks as pictures: a PNG for each image whose values are classes, 0 for none of them.

    images/a.jpg
    masks/a.png         8 bits a pixel with a palette, or grey; or in the colours of labelmap.txt
    labelmap.txt        name:red,green,blue::   (its first line is the background)

or, read only, a folder for each class, in which every pixel that is not 0 is of this class: masks/bun/a.png

This is semantic: of each class an image has one mask, and a pixel has one class. 255 is nothing as well, unless it is
named. An image whose mask is empty says that there is nothing here; one without a mask says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.formats import losses
from modelyard.formats.documents import DocumentInvalid
from modelyard.formats.drafts import Draft, Drafts, by_stem
from modelyard.formats.entries import Entry, Listing, unique_stems
from modelyard.formats.palettes import LABELMAP, VOID, Color, labelmap, load, pack, png, read_labelmaps
from modelyard.formats.voc_masks import is_drawn
from modelyard.geometry import masks
from modelyard.geometry.kinds import Mask
from modelyard.geometry.shapes import to_mask

FOLDERS = ("masks", "SegmentationClass", "mask", "labels", "annotations", "gt")

_MOST_CLASSES = 254
_CARRIED = (losses.OBJECTS, losses.MASKS)


class TooManyClasses(Invalid):
    """A mask as a picture can tell 254 classes apart; there are more."""


def read(files: Mapping[str, Path], *, class_names: Mapping[int, str] | None = None) -> Listing:
    """Return one mask for each class in each picture of masks.

    Args:
        files: Every file of the data set, by its path with `/`: masks, labelmap.txt, pictures.
        class_names: Names of values, such as {1: "nerve"}. Otherwise labelmap.txt names them by their colours, else
            they are called "1", "2", ….

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    colors = read_labelmaps(files, drafts)
    for name in [*(class_names or {}).values(), *colors.values()]:
        drafts.add_class(name)
    found = {name: key for name in files if name.lower().endswith(".png") and (key := _key(name)) is not None}
    pictures = {_picture_key(name): name for name in by_stem(sorted(files)).values() if name not in found}
    for name in sorted(found):
        key, class_name = _of_class(found[name], pictures)
        draft = drafts.image(pictures.get(key, f"{key}.png"))
        draft.answer = "objects"
        try:
            values, names = _load(files[name], colors, class_name)
        except Invalid as error:
            draft.is_spoiled = True
            drafts.fault(error.detail, place=name)
            continue
        draft.height, draft.width = values.shape
        _add_masks(drafts, draft, values, names if class_name else {**names, **(class_names or {})}, name)
    for name in pictures.values():
        drafts.image(name)
    return drafts.listing()


def places(entries: Sequence[Entry]) -> list[str]:
    """Return the path of each picture, no two with the same mask.

    Example:
        >>> places([Entry(name="a/1.jpg"), Entry(name="a/1.png")])
        ['images/a/1.jpg', 'images/a/1 (2).png']
    """
    return unique_stems(f"images/{entry.name.lstrip('/')}" for entry in entries)


def write(entries: Sequence[Entry], class_names: Sequence[str] = ()) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Yield (path, pieces) of labelmap.txt and of each mask; the pictures belong to `places`.

    Where objects overlap, the later one is on top.

    Raises:
        TooManyClasses: There are more than 254.

    Example:
        >>> [path for path, _ in write([Entry(name="1.jpg", answer="objects", width=4, height=4)])]
        ['labelmap.txt', 'masks/1.png']
    """
    used = {item.class_name for entry in entries for item in entry.items} - set(class_names)
    values = {name: at for at, name in enumerate([*class_names, *sorted(used)], start=1)}
    if len(values) > _MOST_CLASSES:
        raise TooManyClasses
    yield LABELMAP, labelmap(list(values))
    for whole, place in zip(entries, places(entries), strict=True):
        entry = losses.kept(whole, is_drawn)
        if entry.answer == "objects" and entry.width and entry.height:
            stem = PurePosixPath(*PurePosixPath(place).parts[1:]).with_suffix(".png")
            yield f"masks/{stem}", iter([png(_drawn(entry, entry.width, entry.height, values))])


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what masks as pictures cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", split="val")])
        {'splits': 1}
    """
    found = losses.count(entries, _CARRIED)
    more = sum(len(entry.items) - len({item.class_name for item in entry.items}) for entry in entries)
    unsized = sum(entry.answer == "objects" and not (entry.width and entry.height) for entry in entries)
    counts = {"objects that become one with others of their class": more, "images of unknown size": unsized}
    return found | {kind: count for kind, count in counts.items() if count}


def _key(name: str) -> str | None:
    """Return the path of a mask within its folder without its ending; None if it lies in none."""
    parts = PurePosixPath(name).with_suffix("").parts
    at = next((at for at, folder in enumerate(parts[:-1]) if folder in FOLDERS), None)
    return None if at is None else "/".join(parts[at + 1 :])


def _picture_key(name: str) -> str:
    parts = PurePosixPath(name).with_suffix("").parts
    at = next((at for at, folder in enumerate(parts[:-1]) if folder in ("images", "JPEGImages", "image", "img")), -1)
    return "/".join(parts[at + 1 :])


def _of_class(key: str, pictures: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the key of the picture that a mask is of, and the class where its folder is one."""
    folder, _, rest = key.partition("/")
    return (rest, folder) if key not in pictures and rest in pictures else (key, None)


def _load(
    path: Path, colors: Mapping[Color, str], class_name: str | None
) -> tuple[NDArray[np.integer], dict[int, str]]:
    """Return the values, shape (H, W), and the class of each value that is known."""
    values, palette = load(path)
    if class_name is not None:
        return (values > 0).astype(np.int32), {1: class_name}
    if palette is not None:
        return values, {value: colors[color] for value, color in enumerate(palette) if color in colors}
    if not colors:
        raise DocumentInvalid("The mask is a color picture, and no labelmap.txt says what its colors mean.")
    found = np.zeros(values.shape, np.int32)
    for at, color in enumerate(colors, start=1):
        found[values == pack(*color)] = at
    return found, dict(enumerate(colors.values(), start=1))


def _add_masks(drafts: Drafts, draft: Draft, values: NDArray[np.integer], names: Mapping[int, str], place: str) -> None:
    present = np.unique(values).tolist()
    if len(present) > _MOST_CLASSES + 2:
        draft.is_spoiled = True
        drafts.fault(f"The mask has {len(present):,} values; it is a picture, not a mask.", place=place)
        return
    for value in present:
        if value == 0 or (value == VOID and value not in names):
            continue
        shape = masks.from_array(values == value)
        if shape is not None:
            class_name = drafts.add_class(names.get(value, str(value)))
            drafts.put(draft, class_name, lambda shape=shape: shape, place=f"{place}, value {value}")  # type: ignore[misc]


def _drawn(entry: Entry, width: int, height: int, values: Mapping[str, int]) -> NDArray[np.uint8]:
    canvas = np.zeros((height, width), np.uint8)
    for item in entry.items:
        mask: Mask = to_mask(item.shape, width, height)
        x, y = mask.x, mask.y
        canvas[y : y + mask.height, x : x + mask.width][mask.to_array()] = values[item.class_name]
    return canvas
