"""Images while a file of labels is being read: objects are put in, cut to their image, and faults are kept."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from modelyard.errors import Invalid
from modelyard.formats.entries import Entry, Fault, Item, Listing, to_class_name
from modelyard.formats.spool import NOTHING, Chain, Spool, Stored
from modelyard.geometry.kinds import LIMIT, Mask, Shape, Whole
from modelyard.geometry.masks import trim
from modelyard.geometry.shapes import clip

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
_TURNED = (5, 6, 7, 8)  # marks of orientation under which width and height change places
_ORIENTATION = 0x0112
MOST_ATTRIBUTES, LONGEST_NAME, LONGEST_TEXT = 200, 100, 2000  # of an object, as people may save them
SLACK_PX = 1.0  # so far may a shape stand out of its image before anybody is told

Sizes = Mapping[str, tuple[int, int]]


@dataclass(slots=True)
class Draft:
    """An image of which more may yet be said."""

    name: str
    width: int | None = None
    height: int | None = None
    split: str | None = None
    answer: str = "none"
    extra: dict[str, object] = field(default_factory=dict)
    attributes: Mapping[str, str | float | bool] = field(default_factory=dict)  # of the image as a whole
    objects: Chain = NOTHING  # in the spool of all drafts
    fitted_to: tuple[int | None, int | None] | None = None  # the size to which all objects are cut, if it is one
    boxes: Sequence[Item] = ()  # In place of objects, where all are plain and lie within the image.
    wholes: dict[str, Item] = field(default_factory=dict)  # classes of the image as a whole, each once
    is_spoiled: bool = False  # An object could not be used, so that no object is not “nothing here”.


class Drafts:
    """The images of a file of labels, by name, in the order in which they came; what is drawn goes to the disk."""

    def __init__(self) -> None:
        self.images: dict[str, Draft] = {}
        self.faults: list[Fault] = []
        self._spool = Spool()
        self._plain_wholes: dict[str, Item] = {}  # one object for all images of a class
        self.classes: dict[str, Mapping[str, object]] = {}

    def image(self, name: str) -> Draft:
        """Return the draft of a name, a new one if there is none yet."""
        plain = text(name)
        return self.images.setdefault(plain, Draft(plain))

    def add_class(self, name: object, **more: object) -> str | None:
        """Keep a class in its order; return its name as the product keeps it."""
        plain = to_class_name(str(name)) if isinstance(name, str | int) else None
        if plain is not None:
            self.classes.setdefault(plain, {"name": plain, **more})
        return plain

    def fault(self, reason: str, line: int = 0, place: str = "") -> None:
        """Keep what could not be used, and where."""
        self.faults.append(Fault(line, reason, place))

    def put(
        self,
        draft: Draft,
        class_name: str | None,
        make: Callable[[], Shape],
        *,
        line: int = 0,
        place: str = "",
        attributes: Mapping[str, str | float | bool] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        """Put an object into an image, or keep why it cannot be."""
        draft.answer = "objects"
        try:
            shape = make()
            reason = "" if class_name else "The object has no class."
        except Invalid as error:
            reason = error.detail
        if reason or class_name is None:
            draft.is_spoiled = True
            self.fault(reason, line, place)
            return
        if class_name not in self.classes:
            self.add_class(class_name)
        item = Item(class_name=class_name, shape=shape, attributes=attributes or {}, extra=extra or {})
        size = (draft.width, draft.height)
        if not draft.objects.length:
            draft.fitted_to = size
        elif draft.fitted_to != size:
            draft.fitted_to = None
        self._keep(draft, item, line, place)

    def put_whole(
        self, draft: Draft, class_name: str, *, attributes: Mapping[str, str | float | bool] | None = None
    ) -> None:
        """Give an image a class as a whole; the same class again changes nothing."""
        self.add_class(class_name)
        if attributes:
            item = Item(class_name=class_name, shape=Whole(), attributes=attributes)
        else:
            item = self._plain_wholes.setdefault(class_name, Item(class_name=class_name, shape=Whole()))
        draft.wholes.setdefault(class_name, item)

    def listing(self) -> Listing:
        """Return everything, each shape cut to its image.

        Where images have at most one class as a whole, that is their answer. As soon as one has several, or has
        one beside something drawn, classes of whole images are items of all of them.
        """
        drafts = self.images.values()
        is_plain = not any(
            len(draft.wholes) > 1 or (draft.wholes and (draft.objects.length or draft.boxes)) for draft in drafts
        )
        is_plain = is_plain and not any(item.attributes for draft in drafts for item in draft.wholes.values())
        entries = [self._entry(draft, is_plain) for draft in drafts]
        return Listing(entries, self.faults, list(self.classes.values()))

    def _entry(self, draft: Draft, is_plain: bool) -> Entry:
        wholes: Sequence[Item] = () if is_plain else tuple(draft.wholes.values())
        answer = draft.answer
        if draft.wholes:
            answer = "class" if is_plain else "objects"
        if draft.objects.length and draft.fitted_to != (draft.width, draft.height):
            self._fit(draft)
        drawn: Sequence[Item] = Stored(self._spool, draft.objects, wholes) if draft.objects.length else wholes
        return Entry(
            name=draft.name,
            class_name=next(iter(draft.wholes)) if answer == "class" else None,
            answer="none" if answer == "objects" and draft.is_spoiled and not drawn else answer,
            split=draft.split,
            extra=draft.extra,
            attributes=draft.attributes,
            items=(*drawn, *draft.boxes) if drawn and draft.boxes else drawn or draft.boxes,
            width=draft.width,
            height=draft.height,
        )

    def _fit(self, draft: Draft) -> None:
        """Cut objects to a size that came, or changed, after them."""
        rows = self._spool.rows(draft.objects)
        draft.objects = NOTHING
        for row in rows:
            self._keep(draft, row.item, row.line, row.place if row.line else row.place or draft.name)

    def _keep(self, draft: Draft, item: Item, line: int, place: str) -> None:
        shape = self._fitted(item.shape, draft, line, place)
        if shape is None:
            draft.is_spoiled = True
            return
        if shape is not item.shape:
            item = replace(item, shape=shape)
        is_known = draft.width is not None and draft.height is not None
        where = (0, "") if is_known else (line, place)  # Nobody asks once it is cut.
        draft.objects = self._spool.add(item, draft.objects, line=where[0], place=where[1])

    def _fitted(self, shape: Shape, draft: Draft, line: int, place: str) -> Shape | None:
        found: Shape | None = trim(shape) if isinstance(shape, Mask) else shape
        if found is None:
            self.fault("The mask has no pixel that is on.", line, place)
            return None
        if draft.width is None or draft.height is None:
            return found
        x1, y1, x2, y2 = found.bounds()
        cut = clip(found, draft.width, draft.height)
        size = f"{draft.width} × {draft.height} pixels"
        if cut is None:
            self.fault(f"The object lies outside of its image of {size}, so it was left out.", line, place)
        elif cut is not found and (max(-x1, -y1, x2 - draft.width, y2 - draft.height) > SLACK_PX):
            self.fault(f"The object stood out of its image of {size} and was cut.", line, place)
        return cut


def text(value: str) -> str:
    r"""Return a text without what no database takes.

    Example:
        >>> text("a\ud800\x00")
        'a?'
    """
    return value.encode("utf-8", "replace").decode().replace("\x00", "")


def to_attributes(value: object) -> dict[str, str | float | bool]:
    """Return the attributes among what a file says of an object: texts, numbers and yes or no.

    No more than an object can have, or people could not save what they draw beside it: the first 200, names cut to 100
    characters and texts to 2,000.

    Example:
        >>> to_attributes({"color": "red", "count": 2, "nothing": None})
        {'color': 'red', 'count': 2.0}
    """
    found: dict[str, str | float | bool] = {}
    for key, given in value.items() if isinstance(value, Mapping) else ():
        name = text(str(key))[:LONGEST_NAME]
        if not name or (name not in found and len(found) >= MOST_ATTRIBUTES):
            continue
        if isinstance(given, bool):
            found[name] = given
        elif isinstance(given, str):
            found[name] = text(given)[:LONGEST_TEXT]
        elif isinstance(given, int | float) and -LIMIT * LIMIT < given < LIMIT * LIMIT:
            found[name] = float(given)
    return found


def from_words(value: str) -> str | float | bool:
    """Return what an attribute written as text is: yes or no, a number, or the text.

    Example:
        >>> from_words("true"), from_words("1.5"), from_words("red")
        (True, 1.5, 'red')
    """
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    try:
        number = float(value) if "_" not in value and value.strip() == value else math.nan
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def to_size(value: object) -> int | None:
    """Return a width or height in pixels, or None for what is none.

    Example:
        >>> to_size(640), to_size(640.0), to_size("640"), to_size(-1)
        (640, 640, 640, None)
    """
    if isinstance(value, str):
        whole = value.strip().removesuffix(".0")
        value = int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 10 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**31:
        return None
    return int(value) if value == int(value) else None


def size_of(name: str, files: Mapping[str, Path], sizes: Sizes | None) -> tuple[int, int] | None:
    """Return width and height of an upright image: as given, else as its file says, else None."""
    if sizes and name in sizes:
        return sizes[name]
    if name not in files:
        return None
    from PIL import Image

    try:
        with Image.open(files[name]) as image:
            width, height = image.size
            return (height, width) if image.getexif().get(_ORIENTATION) in _TURNED else (width, height)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def by_stem(names: Sequence[str]) -> dict[str, str]:
    """Return the pictures among names by their path without the ending.

    Example:
        >>> by_stem(["a/1.jpg", "a/1.txt"])
        {'a/1': 'a/1.jpg'}
    """
    return {str(PurePosixPath(name).with_suffix("")): name for name in names if name.lower().endswith(PICTURES)}
