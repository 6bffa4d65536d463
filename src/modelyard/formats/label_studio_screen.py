"""The screen that Label Studio's tasks need: controls for classes, points and attributes; a part of `label_studio`.

    <Header value="light"/>
    <Choices name="image.choice.light" toName="image"><Choice value="day"/></Choices>        a choice
    <Choices name="object.flag.burnt" toName="image" perRegion="true">…yes, no…</Choices>    yes or no, of a region
    <Number name="image.number.tray" toName="image"/> <TextArea name="image.text.note" toName="image"/>

A control's name says whose attribute it is, of what kind, and what it is called, since tasks come without the screen
they were made for: {"type": "number", "from_name": "image.number.tray", "value": {"number": 4}}. Of controls with other
names what belongs to a region is an attribute of the object called so, and numbers, ratings, dates and texts that
belong to none are attributes of the image.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from modelyard.formats.documents import plain_xml

Value = str | float | bool

CONTROLS = {
    "rectanglelabels": ("RectangleLabels", "box"),
    "polygonlabels": ("PolygonLabels", "polygon"),
    "ellipselabels": ("EllipseLabels", "ellipse"),
    "brushlabels": ("BrushLabels", "mask"),
    "vectorlabels": ("VectorLabels", "line"),
    "keypointlabels": ("KeyPointLabels", "point"),
    "choices": ("Choices", "class"),
}
POINTS = "keypoints"  # the control whose labels are the points of skeletons
_SUBJECTS = ("image", "object")
_TAGS = {"flag": "Choices", "choice": "Choices", "number": "Number", "text": "TextArea"}
_TYPES = {"flag": "choices", "choice": "choices", "number": "number", "text": "textarea"}
_YES, _NO = "yes", "no"
_VALUES = ("choices", "text", "rating", "number", "datetime")  # in which field of a value each control says it
_OF_IMAGES = ("number", "textarea", "rating", "datetime")


@dataclass
class Screen:
    """The controls that tasks need, taken in as the tasks are written.

    Attributes:
        choices: By subject ("image" or "object") and name, the words that an attribute is chosen from; others are text.
        kinds: The types of results with classes, such as "rectanglelabels".
        points: The names of points of skeletons, in their order.
        attributes: The words of each control of an attribute, by its name.
    """

    choices: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    points: dict[str, None] = field(default_factory=dict)
    attributes: dict[str, Sequence[str]] = field(default_factory=dict)

    def results(self, subject: str, attributes: Mapping[str, Value]) -> Iterator[dict[str, object]]:
        """Yield the results that say attributes, without the id of their region.

        Example:
            >>> list(Screen().results("image", {"tray": 4.0}))[0]["value"]
            {'number': 4.0}
        """
        for name, value in attributes.items():
            words = self.choices.get((subject, name), ())
            kind = _kind(value, words)
            control = f"{subject}.{kind}.{plain_xml(name)}"
            self.attributes.setdefault(control, (_YES, _NO) if kind == "flag" else words)
            yield {"type": _TYPES[kind], "from_name": control, "to_name": "image", "value": _value(kind, value)}

    def config(self, class_names: Sequence[str], *, least: str, has_many: bool) -> str:
        """Return the labelling configuration; `least` is the type of result that it offers if tasks need none."""
        parts = [self._classes(kind, class_names, has_many) for kind in CONTROLS if kind in (self.kinds or {least})]
        if self.points:
            rows = "".join(
                f"\n    <Label value={_quoted(name)} model_index={_quoted(str(at))}/>"
                for at, name in enumerate(self.points)
            )
            parts.append(f'  <KeyPointLabels name="{POINTS}" toName="image">{rows}\n  </KeyPointLabels>\n')
        parts += [_control(name, self.attributes[name]) for name in sorted(self.attributes)]
        return f'<View>\n  <Image name="image" value="$image"/>\n{"".join(parts)}</View>\n'

    def _classes(self, kind: str, class_names: Sequence[str], has_many: bool) -> str:
        tag, name = CONTROLS[kind]
        child = "Choice" if kind == "choices" else "Label"
        rows = "".join(f"\n    <{child} value={_quoted(class_name)}/>" for class_name in class_names)
        many = ' choice="multiple"' if kind == "choices" and has_many else ""
        return f'  <{tag} name="{name}" toName="image"{many}>{rows}\n  </{tag}>\n'


def is_of_image(result: Mapping[str, Any]) -> bool:
    """Say whether a result that belongs to no region is an attribute of the image.

    Example:
        >>> is_of_image({"type": "choices", "from_name": "image.choice.light"}), is_of_image({"type": "choices"})
        (True, False)
    """
    subject = _parts(result)[0]
    return subject == "image" or (not subject and result.get("type") in _OF_IMAGES)


def is_of_classes(result: Mapping[str, Any]) -> bool:
    """Say whether a result that belongs to no region gives the image classes."""
    return result.get("type") == "choices" and not _parts(result)[0]


def attributes(results: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return what results other than shapes say, by the names of attributes.

    Example:
        >>> attributes([{"type": "choices", "from_name": "object.flag.burnt", "value": {"choices": ["yes"]}}])
        {'burnt': True}
    """
    found: dict[str, object] = {}
    for result in results:
        if result.get("type") in (*_TYPES.values(), "rating", "datetime"):
            _, kind, name = _parts(result)
            said = _said(result["value"])
            found[name] = said == _YES if kind == "flag" and said in (_YES, _NO) else said
    return found


def _kind(value: Value, words: Sequence[str]) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, str):
        return "choice" if value in words else "text"
    return "number"


def _value(kind: str, value: Value) -> dict[str, object]:
    if kind == "flag":
        return {"choices": [_YES if value else _NO]}
    return {"number": value} if kind == "number" else {"choices" if kind == "choice" else "text": [value]}


def _parts(result: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return whose attribute a control is for, and of which kind, empty if its name does not say it; and its name."""
    control = str(result.get("from_name"))
    subject, kind, name = [*control.split(".", 2), "", ""][:3]
    return (subject, kind, name) if subject in _SUBJECTS and kind in _TAGS and name else ("", "", control)


def _said(value: Mapping[str, Any]) -> object:
    """Return what a control says; several words as one text, a line each."""
    for name in _VALUES:
        given = value.get(name)
        if isinstance(given, list):
            return "\n".join(map(str, given)) if given else None
        if given is not None:
            return given
    return None


def _control(name: str, words: Sequence[str]) -> str:
    subject, kind, title = name.split(".", 2)
    tag = _TAGS[kind]
    more = ' perRegion="true"' if subject == "object" else ""
    more += ' maxSubmissions="1" editable="true"' if tag == "TextArea" else ""
    rows = "".join(f"\n    <Choice value={_quoted(word)}/>" for word in words)
    end = f">{rows}\n  </{tag}>" if rows else "/>"
    return f'  <Header value={_quoted(title)}/>\n  <{tag} name={_quoted(name)} toName="image"{more}{end}\n'


def _quoted(text: str) -> str:
    return quoteattr(plain_xml(text))
