"""Prints a bench's table; it measures nothing itself."""

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.table import Table

GROCERY = Path(__file__).parents[2] / "shared" / "data" / "grocery" / "dataset"


def skip(reason: str) -> NoReturn:
    """End a bench that lacks what it measures, as no failure."""
    print(f"Skipped: {reason}")
    raise SystemExit(0)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table, with the machine it was measured on."""
    table = Table(title=title, caption=machine(), title_justify="left", caption_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(f"{cell:,.1f}" if isinstance(cell, float) else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def machine() -> str:
    """Say on what this runs, and how busy it is with other things."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return f"{model}, {cores} cores, load {load:.1f} at the end, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return file.readlines()
    except OSError:
        return []
