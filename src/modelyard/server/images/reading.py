"""What an import's folders and tables say about its files: class, split, other answers. It knows no database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.errors import Invalid, ProductError
from modelyard.formats import folders
from modelyard.formats.entries import Entry, Fault, LazyItems, Listing, match_names
from modelyard.formats.recognise import DOCUMENTS, SETS, Hints, Plan, split_of
from modelyard.server.images.fitting import fitted, several_note

_LARGEST_TABLE = 1_000_000_000
_SET_NAMES = {
    "voc": "Pascal VOC",
    "yolo": "YOLO",
    "masks": "The masks",
    "hf_imagefolder": "The image folder's metadata",
    "datumaro": "Datumaro",
    "box_text": "The corners of boxes",
    "class_text": "The lists of classes",
}
_SHOWN_FAULTS = 20


class TableTooLarge(Invalid):
    """A file of labels may have at most 1 GB."""


@dataclass
class Said:
    """What was said about files: by the name of the file, and about names that no file of the import has."""

    entries: dict[str, Entry] = field(default_factory=dict)
    unmatched: dict[str, list[Entry]] = field(default_factory=dict)  # by table
    classes: list[Mapping[str, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listed: int = 0  # names in tables
    names_in: dict[str, int] = field(default_factory=dict)  # by table
    has_attributes: bool = False  # of objects; labels without any say nothing of those that there are
    has_image_attributes: bool = False  # in the same way of whole images


def read(files: Mapping[str, Path], names: Sequence[str], plan: Plan, options: Mapping[str, Any], *, task: str) -> Said:
    """Return what folders and labels say; labels that can be read win over folders.

    Args:
        files: Every file that is still there, by name.
        names: The pictures' names.
        plan: What of the files holds labels.
        options: Those of the import.
        task: That of the project.
    """
    said = Said()
    wanted = options.get("format", "auto")
    for name, kind in plan.documents.items():
        if name in files:
            _take(
                said, names, name, PurePosixPath(name).parent, partial(read_document, files[name], kind, split_of(name))
            )
    if plan.kind is not None:
        hints = Hints(task, is_one_based=bool(options.get("is_one_based")))
        _take(said, names, _SET_NAMES[plan.kind], PurePosixPath("."), partial(SETS[plan.kind], files, hints))
    # A folder names one class, and does not say that there is no other.
    may_guess = wanted == "auto" and not said.listed and options.get("labels_from_folders", True)
    if wanted == "folders" or (may_guess and task != "multi_label"):
        said.entries = {entry.name: entry for entry in folders.read(names, is_asked=wanted == "folders")}
    _fit(said, task)
    return said


def read_document(path: Path, kind: str, split: str | None = None) -> Listing:
    """Return what a document says, with a split for images of which it says none.

    Raises `TableTooLarge`, or what the format raises for what it cannot read.
    """
    if path.stat().st_size > _LARGEST_TABLE:
        raise TableTooLarge
    found = DOCUMENTS[kind](path)
    if split is None:
        return found
    entries = [entry if entry.split else replace(entry, split=split) for entry in found.entries]
    return Listing(entries, found.faults, found.classes)


def _fit(said: Said, task: str) -> None:
    """Say it in the terms of a task that is about whole images."""
    if task == "classification":
        said.notes += several_note([*said.entries.values(), *chain.from_iterable(said.unmatched.values())])
    if task in ("classification", "multi_label"):
        said.entries = {name: fitted(entry, task) for name, entry in said.entries.items()}
        said.unmatched = {table: [fitted(entry, task) for entry in rows] for table, rows in said.unmatched.items()}
        told = chain(said.entries.values(), *said.unmatched.values())
        said.has_image_attributes = any(entry.attributes for entry in told)


def _take(
    said: Said, names: Sequence[str], source: str, folder: PurePosixPath, listing_of: Callable[[], Listing]
) -> None:
    try:
        listing = listing_of()
    except ProductError as error:
        said.notes.append(f"{source}: {error.detail}")
        return
    beside = {entry.name: (folder / entry.name).as_posix() for entry in listing.entries}
    matched = match_names(beside.values(), names)
    for entry in listing.entries:
        name = matched.get(beside[entry.name])
        if name is None:
            said.unmatched.setdefault(source, []).append(entry)
        else:
            said.entries[name] = entry
    said.listed += len(listing.entries)
    said.names_in[source] = len(listing.entries)
    said.has_attributes = said.has_attributes or any(map(_has_attributes, listing.entries))
    said.has_image_attributes = said.has_image_attributes or any(entry.attributes for entry in listing.entries)
    said.classes += listing.classes
    said.notes += [f"{_where(source, fault)}: {fault.reason}" for fault in listing.faults[:_SHOWN_FAULTS]]
    if (more := len(listing.faults) - _SHOWN_FAULTS) > 0:
        said.notes.append(f"{source}: {more:,} more faults of this kind.")


def _has_attributes(entry: Entry) -> bool:
    items = entry.items
    return items.has_attributes if isinstance(items, LazyItems) else any(item.attributes for item in items)


def _where(source: str, fault: Fault) -> str:
    return fault.where if fault.place.startswith(source) else f"{source}, {fault.where}"
