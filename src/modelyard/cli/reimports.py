"""Labels that came again: what they would change, told, asked about, applied and taken back."""

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from modelyard.cli.common import OPTIONS, connected, progress, say, show

imports = typer.Typer(
    help="Look at imports, apply what their labels change, take it back.\n\nExample: modelyard imports list Pastries",
    no_args_is_help=True,
)
_SHOWN = 20


def settle(project: Any, report: dict[str, Any], *, apply: bool | None, include_edited: bool) -> None:
    """Apply what an import's labels change, if that was said or is said now."""
    changes = report.get("changes")
    if not changes or changes["state"] != "waiting" or apply is False:
        return
    if apply is None:
        if OPTIONS.as_json or not sys.stdin.isatty():
            return
        _tell_difference(project, report["import_id"], changes)
        if not typer.confirm("Apply these changes?", err=True):
            return
    with progress() as update:
        done = project.apply_import(report["import_id"], include_edited=include_edited, on_progress=update)
    report["changes"] = done


def tell(changes: dict[str, Any] | None) -> None:
    """Say what became of the labels of pictures that had an answer."""
    for line in _LINES.get((changes or {}).get("state", ""), _none)(changes or {}):
        say(line)


def _none(changes: dict[str, Any]) -> list[str]:
    compared = changes.get("compared", 0)
    return (
        [f"Compared the labels of {_many(compared, 'picture')} with their answers: nothing changed."]
        if compared
        else []
    )


def _waiting(changes: dict[str, Any]) -> list[str]:
    edited = f"  People changed {changes['edited']} of these pictures since labels came."
    return [
        f"The labels differ from the answers of {_many(changes['images'], 'picture')}: {_counts(changes)}.",
        *([edited] if changes["edited"] else []),
        "  Nothing was changed. Import with --apply, or run: modelyard imports apply PROJECT",
    ]


def _applied(changes: dict[str, Any]) -> list[str]:
    left = f"  Left {_many(changes['left_out'], 'picture')} as people made them; --include-edited changes them too."
    passed = f"  Passed over {_many(changes['passed_over'], 'picture')} that somebody changed meanwhile."
    return [
        f"Changed the labels of {_many(changes['applied'], 'picture')}: {_counts(changes)}.",
        *([left] if changes["left_out"] else []),
        *([passed] if changes["passed_over"] else []),
    ]


def _taken_back(changes: dict[str, Any]) -> list[str]:
    more = [f"  So do {changes['kept'] - _SHOWN} more."] if changes["kept"] > _SHOWN else []
    kept = [f"  {name} stays: people changed it since." for name in changes["kept_names"][:_SHOWN]]
    return ["Took the labels back.", *kept, *more]


_LINES: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "waiting": _waiting,
    "applied": _applied,
    "taken_back": _taken_back,
}


@imports.command("list")
def list_(project: str) -> None:
    """List a project's imports, newest first.

    Example: modelyard imports list Pastries
    """
    with connected() as client:
        rows = list(client.projects.get(project).imports())

    def lines() -> None:
        for row in rows:
            state = (row["changes"] or {}).get("state", "none")
            more = "" if state == "none" else f", differences {state.replace('_', ' ')}"
            say(f"{row['id']}  {row['created_at'][:16]}  {row['source']}: {row['added']} added{more}")
        if not rows:
            say("No imports yet.")

    show(rows, lines)


@imports.command("show")
def show_(project: str, import_id: Annotated[str, typer.Argument(help="The newest if none is named.")] = "") -> None:
    """Say what an import's labels would change, picture by picture.

    Example: modelyard imports show Pastries
    """
    with connected() as client:
        found = client.projects.get(project)
        row = _find(found, import_id)
        rows = list(found.import_changes(row["id"]))

    def lines() -> None:
        tell(row["changes"])
        _tell_pictures(rows)

    show({**row, "pictures": rows}, lines)


@imports.command("apply")
def apply(
    project: str,
    import_id: Annotated[str, typer.Argument(help="The newest if none is named.")] = "",
    include_edited: Annotated[
        bool, typer.Option("--include-edited", help="Also in pictures that people changed since labels came.")
    ] = False,
) -> None:
    """Apply what an import's labels change, as one step.

    Example: modelyard imports apply Pastries
    """
    with connected() as client, progress() as update:
        found = client.projects.get(project)
        row = _find(found, import_id)
        changes = found.apply_import(row["id"], include_edited=include_edited, on_progress=update)
    show(changes, lambda: tell(changes))


@imports.command("take-back")
def take_back(
    project: str, import_id: Annotated[str, typer.Argument(help="The newest if none is named.")] = ""
) -> None:
    """Take back all that an import's labels said; what people changed since stays.

    Example: modelyard imports take-back Pastries
    """
    with connected() as client, progress() as update:
        found = client.projects.get(project)
        changes = found.take_back_import(_find(found, import_id)["id"], update)
    show(changes, lambda: tell(changes))


@imports.command("discard")
def discard(project: str, import_id: Annotated[str, typer.Argument(help="The newest if none is named.")] = "") -> None:
    """Forget what an import's labels would change.

    Example: modelyard imports discard Pastries
    """
    with connected() as client:
        found = client.projects.get(project)
        row = _find(found, import_id)
        found.discard_import_changes(row["id"])
    show({"discarded": row["id"]}, lambda: say("Everything stays as it is."))


def _find(project: Any, import_id: str) -> dict[str, Any]:
    from modelyard.errors import NotFound

    for row in project.imports():
        if import_id in ("", row["id"]):
            return dict(row)
    raise NotFound(f"There is no import {import_id!r} in this project." if import_id else "There are no imports yet.")


def _counts(changes: dict[str, Any]) -> str:
    parts = [
        (changes["answers"], "other answer", ""),
        (changes["added"], "object", " added"),
        (changes["changed"], "object", " changed"),
        (changes["deleted"], "object", " deleted"),
    ]
    text = ", ".join(f"{_many(number, what)}{done}" for number, what, done in parts if number)
    names = changes.get("classes") or []
    return f"{text}; new classes: {', '.join(names)}" if names else text


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _tell_difference(project: Any, import_id: str, changes: dict[str, Any]) -> None:
    typer.echo(
        f"The labels differ from the answers of {_many(changes['images'], 'picture')}: {_counts(changes)}.", err=True
    )
    if changes["edited"]:
        text = "which stay as they are unless you say --include-edited"
        typer.echo(f"People changed {changes['edited']} of these pictures since labels came, {text}.", err=True)
    rows = []
    for row in project.import_changes(import_id, limit=_SHOWN):
        rows.append(row)
        if len(rows) >= _SHOWN:
            break
    _tell_pictures(rows)


def _tell_pictures(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        counts = {"+": row["added"], "~": row["changed"], "-": row["deleted"]}
        parts = [f"{sign}{number}" for sign, number in counts.items() if number]
        parts += ["another answer"] if row["is_answer_new"] else []
        parts += ["changed by people"] if row["is_edited"] else []
        typer.echo(f"  {row['image']['name']}: {', '.join(parts)}", err=True)
