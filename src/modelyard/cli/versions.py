"""Commands for dataset versions: freeze, list, compare."""

from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, progress, say, show

versions = typer.Typer(help="Frozen dataset versions. Example: modelyard versions list Pastries", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(versions, name="versions")
    app.command()(freeze)


def freeze(
    project: str,
    note: Annotated[str, typer.Option(help="What is new about it.")] = "",
    seed: Annotated[
        int | None, typer.Option(help="Decides which pictures go to which split; as the last time.")
    ] = None,
) -> None:
    """Freeze what is labelled or drawn now as a dataset version; without changes, that is the newest there is.

    Example: modelyard freeze Pastries --note "second delivery"
    """
    with connected() as client, progress() as update:
        version = client.projects.get(project).freeze(note, seed=seed, on_progress=update)

    def lines() -> None:
        say(_told(version))
        for entry in version["classes"]:
            say(f"  {entry['name']}: {_contents(entry)}")
        for entry in version["left_out"]:
            say(f"  Left out: {entry['name']} ({_contents(entry)}). {entry['reason']}")

    show(version, lines)


@versions.command("list")
def list_(project: str) -> None:
    """List the versions of a project, newest first.

    Example: modelyard versions list Pastries
    """
    with connected() as client:
        found = list(client.projects.get(project).versions())

    def lines() -> None:
        for version in found:
            say(_told(version) + (f" {version['note']}" if version["note"] else ""))
        if not found:
            say("Nothing is frozen yet: modelyard freeze makes the first version.")

    show(found, lines)


@versions.command("compare")
def compare(
    project: str,
    new: Annotated[str, typer.Argument(help="A version's number, or latest.")],
    old: Annotated[str, typer.Argument(help="The number of the version to compare it with.")],
) -> None:
    """Say what changed from one version to another: pictures, objects, classes and splits.

    Example: modelyard versions compare Pastries 2 1
    """
    with connected() as client:
        diff = client.projects.get(project).compare_versions(new, old)
        is_drawn = client.projects.get(project).record["task"] != "classification"

    def lines() -> None:
        say("Pictures: " + _counts(diff["counts"]))
        if is_drawn:
            say("Objects: " + _counts(diff["objects"]))
        for key, text in (("classes_added", "New classes"), ("classes_removed", "Classes that are gone")):
            if diff[key]:
                say(f"{text}: {', '.join(entry['name'] for entry in diff[key])}")
        for before, after in diff["classes_renamed"].values():
            say(f"Renamed: {before} is now {after}")

    show(diff, lines)


def _told(version: dict[str, Any]) -> str:
    splits = ", ".join(f"{count:,} {split}" for split, count in version["splits"].items())
    return f"Version {version['number']}: {_contents(version)} ({splits})."


def _contents(entry: dict[str, Any]) -> str:
    pictures = _number(entry["images"], "picture")
    return pictures if entry["objects"] is None else f"{pictures}, {_number(entry['objects'], 'object')}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _counts(counts: dict[str, int]) -> str:
    words = {"moved": "in another split"}
    told = [f"{count:,} {words.get(kind, kind)}" for kind, count in counts.items() if count or kind == "unchanged"]
    return ", ".join(told) + "."
