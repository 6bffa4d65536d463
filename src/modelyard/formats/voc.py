"""Pascal VOC: an XML file of boxes for each image, or PNGs of its objects, and lists of names for the splits.

    JPEGImages/a.jpg
    Annotations/a.xml        <annotation><filename>a.jpg</filename><size>…</size><object><name>…</name><bndbox>…
    SegmentationClass/a.png, SegmentationObject/a.png       see `voc_masks`
    ImageSets/Main/train.txt  one name a line, without its ending; ImageSets/Segmentation for the PNGs
    labelmap.txt              name:red,green,blue:: of each class in its order; the original has none

The original counts pixels from 1 and includes the last one; many exporters count from 0. Which it is cannot be seen,
so it is an option; from 0 unless said otherwise. An XML file or PNG without objects says that there is nothing here;
neither of them says nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from modelyard.errors import Invalid
from modelyard.formats import losses, voc_masks
from modelyard.formats.documents import DocumentInvalid, decode, load_xml, number, part, plain_xml
from modelyard.formats.drafts import Draft, Drafts, Sizes, by_stem, from_words, size_of, to_attributes, to_size
from modelyard.formats.entries import SPLITS, Entry, Item, Listing, to_split
from modelyard.formats.palettes import LABELMAP, labelmap, read_labelmaps
from modelyard.geometry.kinds import Box, Shape

KINDS = ("boxes", "masks")

_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_FLAGS = ("truncated", "difficult", "occluded")
_FOLDERS = {"boxes": "Main", "masks": "Segmentation"}
_CARRIED = {
    "boxes": (losses.OBJECTS, losses.BOXES, losses.SPLITS, losses.ATTRIBUTES),
    "masks": (losses.OBJECTS, losses.MASKS, losses.SPLITS),
}


def read(
    files: Mapping[str, Path], *, kind: str = "boxes", is_one_based: bool = False, sizes: Sizes | None = None
) -> Listing:
    """Return what the XML files or PNGs say of their images; what cannot be used is a fault and stops nothing.

    Args:
        files: Every file of the data set, by its path with `/`: XML files, PNGs, lists of splits, pictures.
        kind: One of `KINDS`: what is read of an image that has both.
        is_one_based: Whether pixels are counted from 1 and the last one is included, as in the original.
        sizes: Width and height of pictures by name; others are asked for theirs if their XML does not say it.

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    classes, objects = voc_masks.find(files, voc_masks.CLASSES), voc_masks.find(files, voc_masks.OBJECTS)
    drawn = {*classes.values(), *objects.values()}
    pictures = _Pictures(sorted({*files, *(sizes or {})} - drawn))
    splits = {pictures.key(key): split for key, split in _splits(files, drafts).items()}
    colors = read_labelmaps(files, drafts)
    for name in colors.values():
        drafts.add_class(name)
    documents = {_key(name, "Annotations"): name for name in sorted(files) if name.lower().endswith(".xml")}
    for key, name in documents.items():
        if kind == "boxes" or key not in classes:
            _read_document(drafts, pictures, (key, name), files, sizes, 1.0 if is_one_based else 0.0)
    for key, name in classes.items():
        if kind == "masks" or key not in documents:
            draft = drafts.image(pictures.name(pictures.key(key)) or f"{key}.jpg")
            voc_masks.read(drafts, draft, files, (name, objects.get(key)), colors)
    for key, picture in pictures.items():
        drafts.image(picture).split = splits.get(key)
    for draft in drafts.images.values():
        draft.split = draft.split or splits.get(_stem(draft.name))
    return drafts.listing()


def write(
    entries: Sequence[Entry], class_names: Sequence[str] = (), *, kind: str = "boxes", is_one_based: bool = False
) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Yield (path, pieces) of every file but the pictures, which belong into JPEGImages under their own names.

    Of the kind "boxes" other shapes become the boxes around them, of "masks" what has an area becomes a mask. An
    image without an answer has no file, and neither has one none of whose objects can be said so.

    Example:
        >>> entry = Entry(name="1.jpg", answer="objects", split="val", width=8, height=8)
        >>> [path for path, _ in write([entry])]
        ['labelmap.txt', 'Annotations/1.xml', 'ImageSets/Main/val.txt']
    """
    used = {item.class_name for entry in entries for item in entry.items} - set(class_names)
    names = [*class_names, *sorted(used)]
    numbers = {name: at for at, name in enumerate(names, start=1)}
    yield LABELMAP, labelmap([name.replace("\n", " ") for name in names])
    is_carried = losses.has_box if kind == "boxes" else voc_masks.is_drawn
    for entry in (losses.kept(entry, is_carried) for entry in entries):
        if entry.answer == "objects" and kind == "boxes":
            yield f"Annotations/{_stem(entry.name)}.xml", iter([_document(entry, 1.0 if is_one_based else 0.0)])
        elif entry.answer == "objects" and entry.width and entry.height:
            yield from voc_masks.write(entry, numbers)
    for split in SPLITS:
        stems = [_stem(entry.name) for entry in entries if entry.split == split]
        if stems:
            yield f"ImageSets/{_FOLDERS[kind]}/{split}.txt", (f"{stem}\n" for stem in stems)


def lost(entries: Sequence[Entry], *, kind: str = "boxes") -> dict[str, int]:
    """Count what Pascal VOC cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure")])
        {'answers other than a class or objects': 1}
    """
    found = losses.count(entries, _CARRIED[kind])
    if kind == "masks":
        found |= {"images of unknown size": sum(e.answer == "objects" and not (e.width and e.height) for e in entries)}
    return {name: number for name, number in found.items() if number}


def _read_document(
    drafts: Drafts,
    pictures: "_Pictures",
    document: tuple[str, str],
    files: Mapping[str, Path],
    sizes: Sizes | None,
    shift: float,
) -> None:
    key, name = pictures.key(document[0]), document[1]
    try:
        root = load_xml(part(files[name]))
        if root.tag != "annotation":
            raise DocumentInvalid("The XML is no annotation of Pascal VOC.")
    except Invalid as error:
        drafts.fault(error.detail, place=name)
        return
    draft = drafts.image(pictures.name(key) or (root.findtext("filename") or "").strip() or f"{key}.jpg")
    draft.answer = "objects"
    _measure(draft, root, size_of(draft.name, {} if _has_size(root) else files, sizes))
    _add_objects(drafts, draft, root, name, shift)


class _Pictures:
    """Finds a picture by the path that an XML file or a list of names has for it."""

    def __init__(self, names: Sequence[str]) -> None:
        self._by_key = {_key(name, "JPEGImages"): name for name in by_stem(names).values()}
        bases = Counter(PurePosixPath(key).name for key in self._by_key)
        self._by_base = {base: key for key in self._by_key if bases[base := PurePosixPath(key).name] == 1}

    def key(self, key: str) -> str:
        """Return the key of a picture that is there, if this one means it, else the key itself."""
        return key if key in self._by_key else self._by_base.get(PurePosixPath(key).name, key)

    def name(self, key: str) -> str | None:
        return self._by_key.get(self.key(key))

    def items(self) -> Iterable[tuple[str, str]]:
        return self._by_key.items()


def _key(name: str, folder: str) -> str:
    """Return a path within a folder, without its ending."""
    head, _, tail = f"/{name}".rpartition(f"/{folder}/")
    return _stem(tail if head or tail != f"/{name}" else name)


def _splits(files: Mapping[str, Path], drafts: Drafts) -> dict[str, str]:
    """Return the split of each name in the lists; the finer lists win over trainval."""
    found: dict[str, str] = {}
    lists = [name for name in sorted(files) if "ImageSets/" in name and name.endswith(".txt")]
    for name in sorted(lists, key=lambda name: not name.endswith("/trainval.txt")):
        stem = PurePosixPath(name).stem
        split = "train" if stem == "trainval" else to_split(stem)
        if split is None:
            continue  # a list of a class
        try:
            lines = decode(part(files[name])).splitlines()
        except Invalid as error:
            drafts.fault(error.detail, place=name)
            continue
        found |= {line.strip(): split for line in lines if line.strip()}
    return found


def _has_size(root: Element) -> bool:
    return to_size((root.findtext("size/width") or "").strip()) is not None


def _measure(draft: Draft, root: Element, size: tuple[int, int] | None) -> None:
    said = [to_size((root.findtext(f"size/{side}") or "").strip()) for side in ("width", "height")]
    draft.width, draft.height = size if size else (said if None not in said else (None, None))


def _add_objects(drafts: Drafts, draft: Draft, root: Element, name: str, shift: float) -> None:
    for at, element in enumerate(root.iter("object"), start=1):
        more: dict[str, object] = {flag: True for flag in _FLAGS if (element.findtext(flag) or "").strip() == "1"}
        for attribute in element.iterfind("attributes/attribute"):
            key = attribute.findtext("name")
            if key:
                more[key] = from_words(attribute.findtext("value") or "")
        drafts.put(
            draft,
            drafts.add_class(element.findtext("name")),
            lambda element=element: _box(element, shift),  # type: ignore[misc]
            line=at,
            place=f"{name}, object {at}",
            attributes=to_attributes(more),
        )


def _box(element: Element, shift: float) -> Shape:
    box = element.find("bndbox")
    if box is None:
        raise DocumentInvalid("The object has no “bndbox”.")
    x1, y1, x2, y2 = (number(box.findtext(corner), corner) for corner in _CORNERS)
    return Box(x1 - shift, y1 - shift, x2, y2)


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def _document(entry: Entry, shift: float) -> str:
    root = Element("annotation")
    _text(root, "filename", entry.name)
    size = SubElement(root, "size")
    for side, value in (("width", entry.width), ("height", entry.height), ("depth", 3)):
        _text(size, side, str(value or 0))
    for item in entry.items:
        _object(root, item, shift)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _object(root: Element, item: Item, shift: float) -> None:
    element = SubElement(root, "object")
    _text(element, "name", item.class_name)
    for flag in _FLAGS:
        _text(element, flag, "1" if item.attributes.get(flag) is True else "0")
    x1, y1, x2, y2 = item.shape.bounds()
    box = SubElement(element, "bndbox")
    for corner, at in zip(_CORNERS, (x1 + shift, y1 + shift, x2, y2), strict=True):
        _text(box, corner, f"{at:.10g}")
    rest = {key: value for key, value in item.attributes.items() if key not in _FLAGS}
    holder = SubElement(element, "attributes") if rest else root
    for key, value in rest.items():
        attribute = SubElement(holder, "attribute")
        _text(attribute, "name", key)
        _text(attribute, "value", str(value).lower() if isinstance(value, bool) else str(value))


def _text(parent: Element, tag: str, value: str) -> None:
    SubElement(parent, tag).text = plain_xml(value)
