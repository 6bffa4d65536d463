"""Plain text with the corners of boxes: a file for each picture, a line for each box, in pixels. It decodes no picture.

    boxes/a.txt    x1 y1 x2 y2 class      such as 204 420 255 445 1; spaces or commas between
    test/a.jpg

A file belongs to the picture of the same name, in whatever folder; one in a folder of templates (`template`,
`reference`, `golden`) only if there is no other. An empty file says that there is nothing here, no file says nothing.
It is read only: other formats say more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from modelyard.errors import Invalid
from modelyard.formats.documents import decode, number, part
from modelyard.formats.drafts import Drafts, Sizes, by_stem, size_of
from modelyard.formats.entries import Listing
from modelyard.geometry.kinds import Box, Shape, ShapeInvalid

_TEMPLATES = {"template", "templates", "reference", "references", "golden"}
_CORNERS = ("x1", "y1", "x2", "y2")


def read(
    files: Mapping[str, Path], *, class_names: Mapping[str, str] | None = None, sizes: Sizes | None = None
) -> Listing:
    """Return what the text files say; a line that cannot be used is a fault and stops nothing.

    Args:
        files: Every file of the data set, by its path with `/`: text files and pictures.
        class_names: The names of classes that the lines say otherwise, such as {"1": "open"}.
        sizes: Width and height of pictures by name; the others are opened and asked.

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    pictures: dict[str, list[str]] = defaultdict(list)
    for stem, name in by_stem(sorted({*files, *(sizes or {})})).items():
        pictures[PurePosixPath(stem).name].append(name)
        drafts.image(name)
    for name in sorted(name for name in files if name.lower().endswith(".txt")):
        present = pictures.get(PurePosixPath(name).stem, [])
        found = [picture for picture in present if not _TEMPLATES & set(picture.lower().split("/"))] or present
        if len(found) != 1:
            drafts.fault(f"There are {len(found)} pictures of this name; it must be one.", place=name)
            continue
        draft = drafts.image(found[0])
        draft.answer = "objects"
        if size := size_of(found[0], files, sizes):
            draft.width, draft.height = size
        try:
            lines = decode(part(files[name])).splitlines()
        except Invalid as error:
            draft.is_spoiled = True
            drafts.fault(error.detail, place=name)
            continue
        for at, line in enumerate(lines, start=1):
            words = line.replace(",", " ").split(maxsplit=4)
            if words:
                said = words[4] if len(words) > 4 else ""
                class_name = drafts.add_class((class_names or {}).get(said, said))
                place = f"{name}, line {at}"
                drafts.put(draft, class_name, lambda words=words: _box(words), line=at, place=place)  # type: ignore[misc]
    return drafts.listing()


def _box(words: Sequence[str]) -> Shape:
    if len(words) < 5:
        raise ShapeInvalid("The line needs four corners and a class: x1 y1 x2 y2 class.")
    x1, y1, x2, y2 = (number(word, name) for word, name in zip(words, _CORNERS, strict=False))
    return Box(x1, y1, x2, y2)
