"""Masks as pictures: a PNG for each image whose values are classes, 0 for none of them.

    images/a.jpg
    masks/a.png         8 bits a pixel with a palette, or grey; or in the colours of labelmap.txt
    labelmap.txt        name:red,green,blue::   (its first line is the background)

This is semantic: of each class an image has one mask, and a pixel has one class. 255 is nothing as well, unless it is
named. An image whose mask is empty says that there is nothing here; one without a mask says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.formats import losses
from modelyard.formats.documents import DocumentInvalid, decode, part
from modelyard.formats.drafts import Draft, Drafts, by_stem
from modelyard.formats.entries import Entry, Listing, unique_stems
from modelyard.geometry import masks, rle
from modelyard.geometry.kinds import Keypoints, Mask, Point, Polyline
from modelyard.geometry.shapes import to_mask

FOLDERS = ("masks", "SegmentationClass", "mask", "labels", "annotations", "gt")

_MOST_CLASSES = 254
_VOID = 255
_CARRIED = (losses.OBJECTS, losses.MASKS)

Color = tuple[int, int, int]


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
    colors = _labelmap(files, drafts)
    for name in [*(class_names or {}).values(), *colors.values()]:
        drafts.add_class(name)
    found = {name: key for name in files if name.lower().endswith(".png") and (key := _key(name)) is not None}
    pictures = {_picture_key(name): name for name in by_stem(sorted(files)).values() if name not in found}
    for name in sorted(found):
        draft = drafts.image(pictures.get(found[name], f"{found[name]}.png"))
        draft.answer = "objects"
        try:
            values, palette = _load(files[name], colors)
        except Invalid as error:
            draft.is_spoiled = True
            drafts.fault(error.detail, place=name)
            continue
        draft.height, draft.width = values.shape
        names = {value: colors[color] for value, color in enumerate(palette) if color in colors}
        _add_masks(drafts, draft, values, {**names, **(class_names or {})}, name)
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
    rows = ["background", *values]
    lines = (f"{name}:{','.join(map(str, _color(at)))}::\n" for at, name in enumerate(rows))
    yield "labelmap.txt", iter(["# label:color_rgb:parts:actions\n", *lines])
    for entry, place in zip(entries, places(entries), strict=True):
        if entry.answer == "objects" and entry.width and entry.height:
            stem = PurePosixPath(*PurePosixPath(place).parts[1:]).with_suffix(".png")
            yield f"masks/{stem}", iter([_png(_drawn(entry, entry.width, entry.height, values), len(rows))])


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


def _labelmap(files: Mapping[str, Path], drafts: Drafts) -> dict[Color, str]:
    found: dict[Color, str] = {}
    for name in sorted(name for name in files if PurePosixPath(name).name == "labelmap.txt"):
        for at, line in enumerate(decode(part(files[name])).splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.rsplit(":", 3)
            numbers = words[1].split(",") if len(words) == 4 else []
            if len(numbers) != 3 or not all(
                n.strip().isascii() and n.strip().isdigit() and len(n) < 5 for n in numbers
            ):
                drafts.fault("The line is not “name:red,green,blue::”.", at, f"{name}, line {at}")
            elif words[0].strip().lower() != "background":
                red, green, blue = map(int, numbers)
                found[red, green, blue] = words[0].strip()
    return found


def _load(path: Path, colors: Mapping[Color, str]) -> tuple[NDArray[np.integer], list[Color]]:
    """Return the values, shape (H, W), and the color of each value."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            if image.width * image.height > rle.MAX_PIXELS:
                raise DocumentInvalid(f"The mask has more than {rle.MAX_PIXELS:,} pixels.")
            if image.mode in ("RGB", "RGBA"):
                return _by_color(np.asarray(image.convert("RGB")), colors)
            if image.mode not in ("P", "L", "1", "I;16", "I"):
                raise DocumentInvalid(f"A mask is a PNG with a palette or of grey values; this one is “{image.mode}”.")
            flat = image.getpalette() if image.mode == "P" else None
            values = np.asarray(image).astype(np.int32)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DocumentInvalid("The mask cannot be opened as a picture.") from error
    return values, list(zip(flat[::3], flat[1::3], flat[2::3], strict=True)) if flat else []


def _by_color(pixels: NDArray[np.uint8], colors: Mapping[Color, str]) -> tuple[NDArray[np.integer], list[Color]]:
    if not colors:
        raise DocumentInvalid("The mask is a color picture, and no labelmap.txt says what its colors mean.")
    packed = pixels.astype(np.int32) @ np.array([65536, 256, 1], np.int32)  # (H, W)
    found = np.zeros(packed.shape, np.int32)
    palette: list[Color] = [(0, 0, 0)]
    for red, green, blue in colors:
        found[packed == red * 65536 + green * 256 + blue] = len(palette)
        palette.append((red, green, blue))
    return found, palette


def _add_masks(drafts: Drafts, draft: Draft, values: NDArray[np.integer], names: Mapping[int, str], place: str) -> None:
    present = np.unique(values).tolist()
    if len(present) > _MOST_CLASSES + 2:
        draft.is_spoiled = True
        drafts.fault(f"The mask has {len(present):,} values; it is a picture, not a mask.", place=place)
        return
    for value in present:
        if value == 0 or (value == _VOID and value not in names):
            continue
        shape = masks.from_array(values == value)
        if shape is not None:
            class_name = drafts.add_class(names.get(value, str(value)))
            drafts.put(draft, class_name, lambda shape=shape: shape, place=f"{place}, value {value}")  # type: ignore[misc]


def _drawn(entry: Entry, width: int, height: int, values: Mapping[str, int]) -> NDArray[np.uint8]:
    canvas = np.zeros((height, width), np.uint8)
    for item in entry.items:
        if isinstance(item.shape, Keypoints | Polyline | Point):
            continue
        mask: Mask = to_mask(item.shape, width, height)
        x, y = mask.x, mask.y
        canvas[y : y + mask.height, x : x + mask.width][mask.to_array()] = values[item.class_name]
    return canvas


def _png(values: NDArray[np.uint8], count: int) -> bytes:
    from PIL import Image

    image = Image.fromarray(values).convert("P")
    image.putpalette([part for at in range(count) for part in _color(at)])
    out = BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()


def _color(value: int) -> Color:
    """Return the color that Pascal VOC gives to a value: its bits, dealt to red, green and blue."""
    red = green = blue = 0
    for bit in range(8):
        red |= (value >> (3 * bit) & 1) << (7 - bit)
        green |= (value >> (3 * bit + 1) & 1) << (7 - bit)
        blue |= (value >> (3 * bit + 2) & 1) << (7 - bit)
    return red, green, blue
