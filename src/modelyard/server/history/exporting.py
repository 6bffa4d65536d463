"""The history as a file: a table that no spreadsheet takes for formulas, or one JSON object a line."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from modelyard.formats.csv_table import guarded
from modelyard.server.history.schemas import HistoryEvent

_COLUMNS = ("at", "actor_name", "kind", "action", "text", "images", "before", "after", "details")
_IDS = ("id", "actor_id", "subject_id", "image_id")
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


def to_jsonl(entries: Iterable[HistoryEvent]) -> Iterator[str]:
    """Return one line for each event."""
    for entry in entries:
        yield json.dumps(entry.model_dump(mode="json"), ensure_ascii=False) + "\n"


def to_csv(entries: Iterable[HistoryEvent]) -> Iterator[str]:
    """Return a head and one line for each event; cells that would be formulas begin with an apostrophe."""
    yield _line([*_COLUMNS, *_IDS])
    for entry in entries:
        said = entry.model_dump(mode="json")
        yield _line([_cell(said[name]) for name in (*_COLUMNS, *_IDS)])


def _cell(value: object) -> str:
    if value is None or value == {}:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()
