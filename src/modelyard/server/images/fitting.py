"""What a project's task takes of classes of whole images; what is drawn stays as it was said."""

from collections.abc import Iterable
from dataclasses import replace

from modelyard.formats.entries import Entry, Item
from modelyard.geometry.kinds import Whole


def fitted(entry: Entry, task: str) -> Entry:
    """Return an entry in the terms of a task that is about whole images: one class of it, or any number.

    Example:
        >>> fitted(Entry(name="1.jpg", class_name="bun", answer="class"), "multi_label").answer
        'objects'
    """
    if task == "classification":
        names = entry.whole_classes
        if len(names) == 1:
            told = {name: value for item in entry.items if item.is_whole for name, value in item.attributes.items()}
            return replace(
                entry, class_name=names[0], answer="class", items=(), attributes={**told, **entry.attributes}
            )
        return replace(entry, class_name=None, answer="none" if names else entry.answer)
    if task != "multi_label" or entry.answer in ("does_not_belong", "not_sure"):
        return entry
    said = {item.class_name: item for item in entry.items if item.is_whole}
    items = tuple(said.get(name) or Item(class_name=name, shape=Whole()) for name in entry.whole_classes)
    is_told = bool(items) or (entry.answer == "objects" and not entry.items)
    return replace(entry, class_name=None, answer="objects" if is_told else "none", items=items)


def several_note(entries: Iterable[Entry]) -> list[str]:
    """Say which images have more than the one class that a project takes, if any has."""
    names = [entry.name for entry in entries if len(entry.whole_classes) > 1]
    if not names:
        return []
    first = ", ".join(f"“{name[:100]}”" for name in names[:5])
    begin = "1 picture has" if len(names) == 1 else f"{len(names):,} pictures have"
    return [f"{begin} several classes and this project takes one, so none was taken: {first}."]
