"""Skeletons in Label Studio: a rectangle whose children are its points, each labelled by its name.

    {"id": "1", "type": "rectanglelabels", "value": {…, "rectanglelabels": ["arm"]}}
    {"id": "1.1", "parentID": "1", "type": "keypointlabels", "value": {"x": 1, "y": 2, …, "keypointlabels": ["elbow"]}}

So its own exports take them. It has no word for a point that is hidden, so "occluded" stands among the notes of its
region; one that is not labelled is missing. What the points of classes are, and what joins them, is among the data
of tasks, as `skeletons`: Label Studio keeps that, and does not look at it. Where it is missing, the points of a class
are those that any object has, in the order in which they come. It is a part of `label_studio`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelyard.formats import label_studio_shapes as shapes
from modelyard.formats.drafts import Draft, Drafts, text
from modelyard.formats.entries import Item
from modelyard.geometry.kinds import Keypoints, Point, Shape, ShapeInvalid

Points = dict[str, tuple[float, float, int]]

OCCLUDED = "occluded"
_MOST_POINTS = 1000
_MARGIN_PX = 1.0  # around points, so that a rectangle around a single one can be seen
Region = Sequence[Mapping[str, Any]]  # the results of one region


class Skeletons:
    """Takes in the objects that are skeletons, and what the points of classes are."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._points: dict[str, list[str]] = {}  # by class
        self._waiting: list[tuple[Draft, str, Points, dict[str, Any]]] = []  # until the points of their class are known

    def describe(self, data: Mapping[str, Any]) -> None:
        """Take what the data of a task tells of classes."""
        told = data.get("skeletons")
        for name, skeleton in told.items() if isinstance(told, Mapping) else ():
            class_name = self._drafts.add_class(name)
            points = _names(skeleton)
            if class_name is None or not points or class_name in self._points:
                continue
            self._points[class_name] = points
            rest = {key: _links(skeleton.get(key), len(points)) for key in ("edges", "pairs")}
            self._set(class_name, {"points": points, **rest, "layout": _layout(skeleton.get("layout"), len(points))})

    def put(self, draft: Draft, class_name: str | None, children: Sequence[Region], **more: Any) -> None:
        """Put an object with these points into an image; `more` is for `Drafts.put`."""
        try:
            points = _read(children)
        except ShapeInvalid as error:
            self._drafts.put(draft, class_name, _refusing(error), **more)
            return
        if class_name is not None and class_name not in self._points:
            self._waiting.append((draft, class_name, points, more))
        else:
            self._put(draft, class_name, points, more)

    def finish(self) -> None:
        """Put what waited: all points of every class have come."""
        for _, class_name, points, _ in self._waiting:
            known = self._points.setdefault(class_name, [])
            known += [name for name in points if name not in known]
            self._set(class_name, {"points": known, "edges": [], "layout": []})
        for draft, class_name, points, more in self._waiting:
            self._put(draft, class_name, points, more)

    def _put(self, draft: Draft, class_name: str | None, points: Points, more: Mapping[str, Any]) -> None:
        names = self._points.get(class_name or "", [])
        if class_name and (new := [name for name in points if name not in names]):
            names += new
            self._set(class_name, {"points": names, "edges": [], "layout": []})
        placed = tuple(points.get(name, (0.0, 0.0, 0)) for name in names)
        self._drafts.put(draft, class_name, lambda: Keypoints(placed), **more)

    def _set(self, class_name: str, skeleton: Mapping[str, object]) -> None:
        self._drafts.classes[class_name] = {**self._drafts.classes[class_name], "skeleton": skeleton}


def children(regions: Mapping[str, Region]) -> dict[str, list[str]]:
    """Return the keys of the points of each rectangle that has some, by its own key."""
    found: dict[str, list[str]] = {}
    for key, results in regions.items():
        for result in results:
            parent = result.get("parentID")
            if shapes.kind(result) == "keypoint" and isinstance(parent, str) and _is_rectangle(regions.get(parent)):
                found.setdefault(parent, []).append(key)
                break
    return found


def write(item: Item, key: str, names: Sequence[str], width: int, height: int) -> Iterator[dict[str, object]]:
    """Yield the parts of the results of an object with keypoints: the rectangle's, and each labelled point's.

    Args:
        item: The object.
        key: Of its region.
        names: Of its points; numbers, if they are not as many as it has.
        width: Of the image, in pixels.
        height: Of the image, in pixels.
    """
    if not isinstance(item.shape, Keypoints):
        return
    x1, y1, x2, y2 = item.shape.bounds()
    x1, y1 = max(0.0, x1 - _MARGIN_PX), max(0.0, y1 - _MARGIN_PX)
    x2, y2 = min(float(width), x2 + _MARGIN_PX), min(float(height), y2 + _MARGIN_PX)
    across, down = 100 / width, 100 / height
    place = {"x": x1 * across, "y": y1 * down, "width": (x2 - x1) * across, "height": (y2 - y1) * down}
    value = {**place, "rotation": 0, "rectanglelabels": [item.class_name]}
    yield {"id": key, "type": "rectanglelabels", "from_name": "box", "value": value}
    for at, (name, (x, y, v)) in enumerate(zip(numbered(names, item.shape), item.shape.points, strict=True), start=1):
        if v:
            note = {"meta": {"text": [OCCLUDED]}} if v == 1 else {}
            value = {"x": x * across, "y": y * down, "width": 1, "keypointlabels": [name]}
            known = {"id": f"{key}.{at}", "parentID": key, "type": "keypointlabels", "from_name": "keypoints"}
            yield {**known, "value": value, **note}


def numbered(names: Sequence[str], shape: Keypoints) -> Sequence[str]:
    """Return the names of an object's points, or their numbers from 1 where it has not as many.

    Example:
        >>> numbered(["elbow"], Keypoints(((1, 2, 2), (3, 4, 2))))
        ['1', '2']
    """
    return names if len(names) == len(shape.points) else [str(at + 1) for at in range(len(shape.points))]


def _is_rectangle(results: Region | None) -> bool:
    return any(shapes.kind(result) == "rectangle" for result in results or ())


def _read(children: Sequence[Region]) -> Points:
    points: Points = {}
    for results in children:
        drawn = next(result for result in results if shapes.kind(result) == "keypoint")
        name = next((text(label).strip() for result in results for label in shapes.labels(result["value"])), "")
        if not name or name in points:
            raise ShapeInvalid(f"The point “{name[:50]}” is there twice." if name else "A point has no name.")
        place = shapes.read(drawn)
        if isinstance(place, Point):
            points[name] = (place.x, place.y, 1 if _is_hidden(results) else 2)
    return points


def _is_hidden(results: Region) -> bool:
    notes = [meta.get("text") for result in results if isinstance(meta := result.get("meta"), Mapping)]
    return any(note == OCCLUDED or (isinstance(note, list) and OCCLUDED in note) for note in notes)


def _refusing(error: ShapeInvalid) -> Any:
    def refuse() -> Shape:
        raise error

    return refuse


def _names(skeleton: object) -> list[str]:
    given = skeleton.get("points") if isinstance(skeleton, Mapping) else None
    if not isinstance(given, list) or len(given) > _MOST_POINTS or not all(isinstance(name, str) for name in given):
        return []
    names = [text(name).strip() for name in given]
    return names if all(names) and len(set(names)) == len(names) else []


def _links(given: object, count: int) -> list[list[int]]:
    links = given if isinstance(given, list) else []
    return [
        link
        for link in links[: _MOST_POINTS * 10]
        if isinstance(link, list) and len(link) == 2 and all(type(at) is int and 0 <= at < count for at in link)
    ]


def _layout(given: object, count: int) -> list[list[float]]:
    places = given if isinstance(given, list) and len(given) == count else []
    found = [
        [float(value) for value in place if isinstance(value, int | float) and 0 <= value <= 1]
        for place in places
        if isinstance(place, list) and len(place) == 2
    ]
    return found if len(found) == count and all(len(place) == 2 for place in found) else []
