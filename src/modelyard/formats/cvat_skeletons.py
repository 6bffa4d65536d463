"""What CVAT's XML says of the points of a class: a label of the type skeleton, one for each point, and a drawing.

    <label><name>arm</name><type>skeleton</type><svg>(a drawing as text)</svg></label>
    <label><name>elbow</name><type>points</type><parent>arm</parent></label>

In the drawing a circle is a point: `data-node-id`, `data-label-name`, `cx` and `cy` from 0 to 100. A line with
`data-node-from` and `data-node-to` joins two of them. It is a part of `cvat`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from modelyard.formats.documents import plain_xml

_LARGEST_DRAWING = 1_000_000


def labels(meta: Element) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Yield each class with its "skeleton" if it has one: "points", "edges" and "layout", as a project keeps them."""
    points: dict[str, list[str]] = defaultdict(list)
    for label in meta.iter("label"):
        if (parent := label.findtext("parent")) and (name := (label.findtext("name") or "").strip()):
            points[parent].append(name)
    for label in meta.iter("label"):
        if label.findtext("parent"):
            continue
        class_name = label.findtext("name")
        own = points.get(class_name or "")
        yield class_name, {"skeleton": _skeleton(own, label.findtext("svg") or "")} if own else {}


def describe(parent: Element, label: Element, skeleton: Mapping[str, Any]) -> None:
    """Put the points of a class into its label, and a label for each of them behind it."""
    names = [plain_xml(name) for name in skeleton["points"]]
    SubElement(label, "type").text = "skeleton"
    SubElement(label, "svg").text = _drawing(names, skeleton["edges"], skeleton.get("layout") or [])
    for name in names:
        point = SubElement(parent, "label")
        SubElement(point, "name").text = name
        SubElement(point, "type").text = "points"
        SubElement(point, "parent").text = label.findtext("name")


def arranged(
    points: Mapping[str, tuple[float, float, int]], names: Sequence[str]
) -> tuple[tuple[float, float, int], ...]:
    """Return points in the order of these names, those that are missing as not labelled; else as they came.

    Example:
        >>> arranged({"b": (1, 2, 2)}, ["a", "b"])
        ((0.0, 0.0, 0), (1, 2, 2))
        >>> arranged({"c": (1, 2, 2)}, ["a", "b"])
        ((1, 2, 2),)
    """
    if not set(points) <= set(names):
        return tuple(points.values())
    return tuple(points.get(name, (0.0, 0.0, 0)) for name in names)


def _skeleton(names: Sequence[str], drawing: str) -> dict[str, Any]:
    nodes: dict[str, int] = {}
    places: dict[int, list[float]] = {}
    lines: list[tuple[str | None, str | None]] = []
    for element in _elements(drawing):
        if element.tag.endswith("circle") and (name := element.get("data-label-name", "").strip()) in names:
            at = names.index(name)
            nodes[element.get("data-node-id", "")] = at
            places |= {at: place} if (place := _place(element)) else {}
        elif element.tag.endswith("line"):
            lines.append((element.get("data-node-from"), element.get("data-node-to")))
    edges: dict[frozenset[int], list[int]] = {}
    for a, b in lines:
        if a in nodes and b in nodes and nodes[a] != nodes[b]:
            edges.setdefault(frozenset((nodes[a], nodes[b])), [nodes[a], nodes[b]])
    layout = [places[at] for at in range(len(names))] if len(places) == len(names) else []
    return {"points": list(names), "edges": list(edges.values()), "layout": layout}


def _elements(drawing: str) -> list[Element]:
    """Return what a drawing consists of; nothing where it cannot be read, since only the lines would be missing."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(drawing) > _LARGEST_DRAWING:
        return []
    try:
        return list(fromstring(f"<svg>{drawing}</svg>", forbid_dtd=True).iter())
    except (DefusedXmlException, ParseError, ValueError, RecursionError):
        return []


def _place(element: Element) -> list[float] | None:
    try:
        x, y = float(element.get("cx", "")) / 100, float(element.get("cy", "")) / 100
    except ValueError:
        return None
    return [x, y] if 0 <= x <= 1 and 0 <= y <= 1 else None


def _drawing(names: Sequence[str], edges: Sequence[Sequence[int]], layout: Sequence[Sequence[float]]) -> str:
    found = []
    for a, b in edges:
        line = {"data-type": "edge", "data-node-from": str(a + 1), "data-node-to": str(b + 1)}
        ends = zip(("x1", "y1", "x2", "y2"), (*layout[a], *layout[b]), strict=True) if layout else ()
        found.append(Element("line", line | {key: _percent(value) for key, value in ends}))
    for at, name in enumerate(names):
        node = {"data-type": "element node", "data-element-id": str(at + 1), "data-node-id": str(at + 1)}
        place = {"cx": _percent(layout[at][0]), "cy": _percent(layout[at][1])} if layout else {}
        found.append(Element("circle", {"r": "1.5", **place, **node, "data-label-name": name}))
    return "".join(tostring(element, encoding="unicode") for element in found)


def _percent(share: float) -> str:
    return f"{share * 100:.10g}"
