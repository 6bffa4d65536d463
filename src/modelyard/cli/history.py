"""Commands for the history: what happened, written out, and the way back of one picture."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show
from modelyard.errors import NotFound

history = typer.Typer(
    help="Everything that changed: who, when, what.\n\nExample: modelyard history list Pastries --search croissant",
    no_args_is_help=True,
)

Place = Annotated[str, typer.Argument(help="A project; left out, the installation: accounts, sign-ins, settings.")]
Person = Annotated[str, typer.Option(help="Only what this person did, by name.")]
Kind = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind of event; repeat it for several.")]
Since = Annotated[datetime | None, typer.Option(help="From this day or moment on.")]
Until = Annotated[datetime | None, typer.Option(help="Before this day or moment.")]
Search = Annotated[str, typer.Option(help="Part of a name, a value, or a picture's name.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(history, name="history")


@history.command("list")
def list_(
    project: Place = "",
    person: Person = "",
    kind: Kind = None,
    since: Since = None,
    until: Until = None,
    search: Search = "",
    most: Annotated[int, typer.Option(min=1, help="How many events at most.")] = 50,
) -> None:
    """Show what happened, newest first.

    Example: modelyard history list Pastries --person Ben --kind class --since 2026-11-01
    """
    with connected() as client:
        found = _of(client, project)
        events = list(found.list(**_filters(found, person, kind, since, until, search), most=most))

    def lines() -> None:
        if not events:
            say("Nothing has happened that matches.")
        for event in events:
            say(f"{event['at'][:19]}  {event['actor_name'] or 'the server'}: {event['text']}{_change(event)}")

    show(events, lines)


@history.command("export")
def export(
    path: Annotated[Path, typer.Argument(help="The file: a table (.csv) or JSON Lines (.jsonl).")],
    project: Place = "",
    person: Person = "",
    kind: Kind = None,
    since: Since = None,
    until: Until = None,
    search: Search = "",
) -> None:
    """Write what happened into a file, however much it is.

    Example: modelyard history export november.csv Pastries --since 2026-11-01
    """
    with connected() as client:
        found = _of(client, project)
        size_bytes = found.export(path, **_filters(found, person, kind, since, until, search))
    show({"path": str(path), "size_bytes": size_bytes}, lambda: say(f"Wrote {path} ({size_bytes:,} bytes)."))


@history.command("states")
def states(project: str, image_id: str) -> None:
    """List the states that a picture has been in, newest first.

    Example: modelyard history states Pastries 0195a6c0-…
    """
    with connected() as client:
        found = client.projects.get(project).states(image_id).list()

    def lines() -> None:
        if not found:
            say("Nobody has labelled this picture yet.")
        for row in found:
            say(f"{row['revision']:>4}  {row['at'][:19]}  {row['author_name'] or 'the server'}: {row['action']}")

    show(found, lines)


@history.command("restore")
def restore(project: str, image_id: str, revision: int) -> None:
    """Let an earlier state of a picture hold again, as a new one.

    Example: modelyard history restore Pastries 0195a6c0-… 3
    """
    with connected() as client:
        found = client.projects.get(project).states(image_id).restore(revision)
    new = found["revision"]
    show(found, lambda: say(f"State {revision} holds again, as state {new}. Restoring state {new - 1} undoes it."))


def _of(client: Any, project: str) -> Any:
    return client.projects.get(project).history if project else client.history


def _filters(
    found: Any, person: str, kind: list[str] | None, since: datetime | None, until: datetime | None, search: str
) -> dict[str, Any]:
    ids: list[str | None] = [None]
    if person:
        known = found.people()
        ids = [user_id for user_id, name in known.items() if person.lower() in (name.lower(), user_id)]
        if not ids:
            raise NotFound(
                f"Nobody is called {person!r} here. There are: {', '.join(sorted(known.values())) or 'nobody'}."
            )
    moments = {"since": since and since.astimezone(), "until": until and until.astimezone()}
    return {"person": ids[0], "kinds": kind or (), "text": search, **moments}


def _change(event: dict[str, Any]) -> str:
    before, after = event["before"] or {}, event["after"] or {}
    if not before or not after:
        return ""
    return " (" + ", ".join(f"{name}: {before.get(name)} → {after.get(name)}" for name in after) + ")"
