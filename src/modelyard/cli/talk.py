"""Commands for issues and guidelines."""

import csv
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show

issues = typer.Typer(
    help="What people say about pictures.\n\nExample: modelyard issues list Pastries", no_args_is_help=True
)
guidelines = typer.Typer(
    help="How a project and its classes are labelled.\n\nExample: modelyard guidelines get Pastries",
    no_args_is_help=True,
)

State = Annotated[str, typer.Option(help="open, resolved or all.")]
Class = Annotated[
    str | None, typer.Option("--class", help="A class by name or id; the project as a whole if left out.")
]

_COLUMNS = ("issue", "image", "x", "y", "state", "opened_by", "opened_at", "resolved_by", "author", "at", "text")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(issues, name="issues")
    app.add_typer(guidelines, name="guidelines")


@issues.command("list")
def list_(project: str, state: State = "open", mine: bool = False, text: str = "") -> None:
    """List a project's issues with what they say, the latest news first.

    Example: modelyard issues list Pastries --state all --text burnt
    """
    with connected() as client:
        found = [*client.projects.get(project).issues.list(state, mine=mine, text=text)]

    def lines() -> None:
        if not found:
            say("No issue.")
        for issue in found:
            place = "" if issue["x"] is None else f" at ({issue['x']:g}, {issue['y']:g})"
            say(f"{issue['id']}  {issue['state']}  {issue['image_name']}{place}")
            for comment in issue["comments"]:
                said = "(deleted)" if comment["is_deleted"] else " ".join(comment["text"].split())
                say(f"    {comment['author_name'] or 'Somebody'}: {said}")

    show(found, lines)


@issues.command("export")
def export(project: str, target: Path, state: State = "all") -> None:
    """Write issues to a file: one row a comment for .csv, one object an issue for .json.

    Example: modelyard issues export Pastries issues.csv
    """
    if target.suffix.lower() not in (".csv", ".json"):
        raise typer.BadParameter(f"{target.name!r} must end in .csv or .json.")
    with connected() as client:
        found = [*client.projects.get(project).issues.list(state)]
    if target.suffix.lower() == ".json":
        target.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    else:
        with target.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(_COLUMNS)
            table.writerows([_plain(value) for value in row] for issue in found for row in _rows(issue))
    show({"issues": len(found), "path": str(target)}, lambda: say(f"{len(found)} issues written to {target}."))


@issues.command("resolve")
def resolve(project: str, ids: list[str]) -> None:
    """Say that issues are settled.

    Example: modelyard issues resolve Pastries 0195a6c0-7d2f-7c11-8000-0242ac120002
    """
    with connected() as client:
        found = client.projects.get(project).issues
        settled = [found.resolve(id_) for id_ in ids]
    show(settled, lambda: say(f"{len(settled)} resolved."))


@guidelines.command("get")
def get(project: str, of: Class = None, version: int | None = None) -> None:
    """Print the guidelines of a project or a class, as Markdown.

    Example: modelyard guidelines get Pastries --class croissant
    """
    with connected() as client:
        found = client.projects.get(project).guidelines
        row = found.get(of)
        if version is not None and version != row["number"]:
            older = [entry for entry in found.versions(of) if entry["number"] == version]
            if not older:
                raise typer.BadParameter(f"There is no version {version}; the newest is {row['number']}.")
            row = older[0]
    show(row, lambda: typer.echo(row["text"]))


@guidelines.command("set")
def set_(project: str, source: Path, of: Class = None, note: str = "") -> None:
    """Save a Markdown file as the next version of the guidelines; examples stay as they are.

    Example: modelyard guidelines set Pastries croissant.md --class croissant --note "Burnt ones count"
    """
    text = source.read_text(encoding="utf-8")
    with connected() as client:
        saved = client.projects.get(project).guidelines.set(text, of, note=note)
    show(saved, lambda: say(f"Version {saved['number']}."))


@guidelines.command("versions")
def versions(project: str, of: Class = None) -> None:
    """List the versions of guidelines, newest first.

    Example: modelyard guidelines versions Pastries
    """
    with connected() as client:
        found = client.projects.get(project).guidelines.versions(of)

    def lines() -> None:
        if not found:
            say("No guidelines yet. Save some with `modelyard guidelines set`.")
        for row in found:
            say(f"{row['number']}  {row['created_at']}  {row['author_name'] or 'Somebody'}  {row['note']}")

    show(found, lines)


@guidelines.command("restore")
def restore(project: str, version: int, of: Class = None) -> None:
    """Make an older version of guidelines the newest one.

    Example: modelyard guidelines restore Pastries 3
    """
    with connected() as client:
        restored = client.projects.get(project).guidelines.restore(version, of)
    show(restored, lambda: say(f"Version {restored['number']}, as version {version}."))


def _rows(issue: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("id", "image_name", "x", "y", "state", "author_name", "created_at", "resolved_by_name")
    about = [issue[name] for name in names]
    return [(*about, said["author_name"], said["created_at"], said["text"]) for said in issue["comments"]]


def _plain(value: Any) -> Any:
    """Return a text that no spreadsheet runs as a formula."""
    is_formula = isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@")
    return f"'{value}" if is_formula or (isinstance(value, str) and value[:1] in ("\t", "\r")) else value
