"""Label Studio's JSON: a list of tasks with the results of annotators, in percent. It touches no picture.

    [{"data": {"image": "a.jpg", "split": "train"}, "annotations": [{"result": [
       {"id": "1", "type": "rectanglelabels", "from_name": "box", "to_name": "image",
        "original_width": 640, "original_height": 480, "image_rotation": 0,
        "value": {"x": 10, "y": 20, "width": 5, "height": 5, "rotation": 0, "rectanglelabels": ["bun"]}}]}]}]

Of several annotations the last one that was not cancelled counts; predictions do not. A task without annotations says
nothing, one with an empty result that there is nothing here. Choices that belong to no region are classes of the whole
image, unless their control is one for an attribute (`label_studio_screen`). Skeletons are rectangles with points inside
(`label_studio_skeletons`), shapes are in `label_studio_shapes`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from modelyard.errors import Invalid
from modelyard.formats import label_studio_screen as screens
from modelyard.formats import label_studio_shapes as shapes
from modelyard.formats import label_studio_skeletons as skeletons_
from modelyard.formats import losses
from modelyard.formats.documents import DocumentInvalid, Source, load_json, opened_text, walk_json
from modelyard.formats.drafts import PICTURES, Draft, Drafts, text, to_attributes
from modelyard.formats.entries import Entry, Item, Listing, to_split
from modelyard.formats.label_studio_screen import Screen
from modelyard.formats.label_studio_skeletons import Skeletons
from modelyard.geometry.kinds import Keypoints

_HEAD = 1000  # characters that tell a list of tasks from a single one
_CARRIED = ({*losses.EVERY_SHAPE} - {losses.UNLABELLED}) | {losses.CLASSES, losses.SPLITS}


class NotLabelStudio(Invalid):
    """This file is no list of tasks of Label Studio."""


def read(source: Source) -> Listing:
    """Return what the tasks say; a result that cannot be used is a fault and stops nothing.

    Raises:
        NotLabelStudio: The file is no list of tasks.

    Example:
        >>> found = read(b'[{"data": {"image": "/data/upload/1/a.jpg"}, "annotations": [{"result": []}]}]')
        >>> found.entries[0].name, found.entries[0].answer
        ('data/upload/1/a.jpg', 'objects')
    """
    drafts = Drafts()
    skeletons = Skeletons(drafts)
    try:
        for place, task in _tasks(source):
            if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
                drafts.fault("The task has no “data”.", place=place)
            else:
                skeletons.describe(task["data"])
                _read_task(drafts, skeletons, task, place)
    except DocumentInvalid as error:
        if not drafts.images:
            raise NotLabelStudio(f"{NotLabelStudio.__doc__} {error.detail}") from error
        drafts.fault(error.detail, place="the file")
    skeletons.finish()
    return drafts.listing()


def write(
    entries: Sequence[Entry],
    screen: Screen | None = None,
    *,
    skeletons: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[str]:
    """Yield the pieces of the list of tasks, for a project with the labelling configuration of `config`.

    Args:
        entries: The images.
        screen: Knows the choices of attributes, and takes in the controls that the tasks need as they are written.
        skeletons: By class, "points" (names), "edges", "pairs" (of their places, from 0) and "layout".

    Example:
        >>> json.loads("".join(write([Entry(name="1.jpg", answer="objects")])))
        [{'id': 1, 'data': {'image': '1.jpg'}, 'annotations': [{'id': 1, 'result': []}]}]
    """
    tasks = _Tasks(screen or Screen(), skeletons or {})
    before = "["
    for at, entry in enumerate(entries, start=1):
        yield f"{before}\n{json.dumps({'id': at, **tasks.task(at, entry)}, ensure_ascii=False)}"
        before = ","
    yield "]\n" if before == "," else "[]\n"


def config(
    class_names: Sequence[str],
    screen: Screen | None = None,
    *,
    least: str = "rectanglelabels",
    has_many: bool = False,
) -> str:
    """Return the labelling configuration that what is written belongs to.

    Args:
        class_names: In their order.
        screen: The controls that it offers. One for points, if nobody needs it, would have Label Studio's own exports
            take every class for a keypoint.
        least: The type of result that it offers if the tasks need none.
        has_many: An image may have several classes as a whole.

    Example:
        >>> '<Label value="bun"/>' in config(["bun"])
        True
    """
    return (screen or Screen()).config(class_names, least=least, has_many=has_many)


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what Label Studio's JSON, as it is written here, cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure")])
        {'answers other than a class or objects': 1}
    """
    found = losses.count(entries, (*_CARRIED, losses.ATTRIBUTES, losses.IMAGE_ATTRIBUTES))
    if losses.HOLES in found:
        found["polygons with holes, which become brushes"] = found.pop(losses.HOLES)
    unsized, of_images, of_classes = 0, 0, 0
    for entry in entries:
        is_sized = bool(entry.width and entry.height)
        unsized += not is_sized and any(not item.is_whole for item in entry.items)
        of_images += bool(entry.attributes) and not _is_told(entry)
        of_classes += sum(item.is_whole and bool(item.attributes) for item in entry.items)
    counts = {
        "images of unknown size, whose objects are left out": unsized,
        losses.IMAGE_ATTRIBUTES: of_images,
        "attributes of classes of whole images": of_classes,
    }
    return found | {kind: count for kind, count in counts.items() if count}


def _tasks(source: Source) -> Iterator[tuple[str, Any]]:
    with opened_text(source) as file:
        is_one = file.read(_HEAD).lstrip().startswith("{")
    if is_one:
        yield "task 1", load_json(source)
        return
    for _, index, task in walk_json(source):
        if index >= 0:
            yield f"task {index + 1}", task


def _read_task(drafts: Drafts, skeletons: Skeletons, task: Mapping[str, Any], place: str) -> None:
    name = _name(task["data"])
    if not name:
        drafts.fault("The task has no address of a picture.", place=place)
        return
    draft = drafts.image(name)
    split = task["data"].get("split")
    draft.split = to_split(split) if isinstance(split, str) else None
    annotations = task.get("annotations")
    done = [a for a in annotations if isinstance(a, Mapping)] if isinstance(annotations, list) else []
    done = [a for a in done if not a.get("was_cancelled") and isinstance(a.get("result"), list)]
    if not done:
        return
    draft.answer = "objects"
    regions: dict[str, list[Mapping[str, Any]]] = {}
    for at, result in enumerate(done[-1]["result"]):
        if isinstance(result, Mapping) and isinstance(result.get("value"), Mapping):
            key = result.get("id")
            regions.setdefault(key if isinstance(key, str) else f"\0{at}", []).append(result)
        elif not (isinstance(result, Mapping) and result.get("type") == "relation"):
            draft.is_spoiled = True
            drafts.fault("The result has no “value”.", at + 1, f"{place}, result {at + 1}")
    points = skeletons_.children(regions)
    inside = {key for keys in points.values() for key in keys}
    for at, (key, results) in enumerate(regions.items(), start=1):
        if key in points:
            _read_skeleton(
                drafts, skeletons, draft, [results, *map(regions.__getitem__, points[key])], f"{place}, region {at}"
            )
        elif key not in inside:
            _read_region(drafts, draft, results, f"{place}, region {at}")


def _name(data: Mapping[str, Any]) -> str:
    """Return the path of the picture that a task is about."""
    found = data.get("image")
    if not isinstance(found, str):
        texts = [value for value in data.values() if isinstance(value, str)]
        found = next((value for value in texts if value.lower().endswith(PICTURES)), "")
    if "://" not in found and not found.startswith("/"):
        return text(found)
    try:
        parts = urlsplit(found)
        local = parse_qs(parts.query).get("d")
    except ValueError:
        return text(found)
    return text(local[0] if local else unquote(parts.path)).lstrip("/")


def _read_region(drafts: Drafts, draft: Draft, results: skeletons_.Region, place: str) -> None:
    drawn = next(filter(shapes.is_drawn, results), None)
    if drawn is None:
        _read_whole(drafts, draft, results, place)
        return
    _measure(draft, drawn)
    given = to_attributes(screens.attributes(results))
    drafts.put(draft, _class(drafts, results), lambda: shapes.read(drawn), place=place, attributes=given)


def _read_skeleton(
    drafts: Drafts, skeletons: Skeletons, draft: Draft, regions: Sequence[skeletons_.Region], place: str
) -> None:
    """Put the object of a rectangle, which comes first, and of the points inside it."""
    rectangle, *points = regions
    _measure(draft, next(filter(shapes.is_drawn, rectangle)))
    given = to_attributes(screens.attributes(rectangle))
    skeletons.put(draft, _class(drafts, rectangle), points, place=place, attributes=given)


def _measure(draft: Draft, drawn: Mapping[str, Any]) -> None:
    width, height = shapes.size(drawn)
    draft.width, draft.height = width or draft.width, height or draft.height


def _class(drafts: Drafts, results: skeletons_.Region) -> str | None:
    return drafts.add_class(next((label for result in results for label in shapes.labels(result["value"])), None))


def _read_whole(drafts: Drafts, draft: Draft, results: skeletons_.Region, place: str) -> None:
    about = [result for result in results if screens.is_of_image(result)]
    draft.attributes = to_attributes({**draft.attributes, **screens.attributes(about)})
    given = [result["value"].get("choices") for result in results if screens.is_of_classes(result)]
    choices = [choice for value in given for choice in (value if isinstance(value, list) else [value])]
    names = [drafts.add_class(choice) for choice in choices]
    if None in names or not (about or given):
        draft.is_spoiled = True
        drafts.fault("The result is of a kind that is not read.", place=place)
    for name in names:
        if name is not None:
            drafts.put_whole(draft, name)


def _is_carried(item: Item, entry: Entry) -> bool:
    if isinstance(item.shape, Keypoints) and not any(point[2] for point in item.shape.points):
        return False
    return item.is_whole or bool(entry.width and entry.height)


def _is_told(entry: Entry) -> bool:
    """Say whether an image has an annotation: an answer that Label Studio knows, or something drawn that is carried."""
    kept = losses.kept(entry, lambda item: _is_carried(item, entry))
    return kept.answer in ("class", "objects")


class _Tasks:
    """Writes tasks, and takes in the controls that they need."""

    def __init__(self, screen: Screen, skeletons: Mapping[str, Mapping[str, Any]]) -> None:
        self._screen, self._skeletons = screen, skeletons
        self._is_first = True

    def task(self, at: int, entry: Entry) -> dict[str, object]:
        data = {"image": entry.name, **({"split": entry.split} if entry.split else {}), **self._described(entry)}
        if not _is_told(entry):
            return {"data": data, "annotations": []}
        results: list[dict[str, object]] = []
        if entry.whole_classes:
            value = {"choices": entry.whole_classes}
            results.append({"type": "choices", "from_name": "class", "to_name": "image", "value": value})
            self._screen.kinds.add("choices")
        results += self._screen.results("image", entry.attributes)
        for key, item in enumerate(entry.items, start=1):
            if not item.is_whole and _is_carried(item, entry):
                results += self._region(str(item.extra.get("id", key)), item, entry.width or 1, entry.height or 1)
        return {"data": data, "annotations": [{"id": at, "result": results}]}

    def _described(self, entry: Entry) -> dict[str, object]:
        """Return what the points of classes are: all of them in the first task, else those that an image has."""
        has = {item.class_name for item in entry.items if isinstance(item.shape, Keypoints)}
        told = {name: told for name, told in self._skeletons.items() if self._is_first or name in has}
        self._is_first = False
        return {"skeletons": told} if told else {}

    def _region(self, key: str, item: Item, width: int, height: int) -> Iterator[dict[str, object]]:
        size = {"original_width": width, "original_height": height, "image_rotation": 0}
        if isinstance(item.shape, Keypoints):
            names = skeletons_.numbered(self._skeletons.get(item.class_name, {}).get("points", ()), item.shape)
            self._screen.kinds.add("rectanglelabels")
            self._screen.points |= dict.fromkeys(names)
            for part in skeletons_.write(item, key, names, width, height):
                yield {**part, "to_name": "image", **size}
        elif (drawn := shapes.write(item.shape, width, height)) is not None:
            kind, value = drawn
            self._screen.kinds.add(kind)
            known = {"id": key, "type": kind, "from_name": screens.CONTROLS[kind][1], "to_name": "image"}
            yield {**known, **size, "value": value | {kind: [item.class_name]}}
        for result in self._screen.results("object", item.attributes):
            yield {"id": key, **result, **size}
