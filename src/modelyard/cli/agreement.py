"""The command that says how far people agree."""

from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("agreement")(agreement)


def agreement(
    project: str,
    batch: Annotated[str | None, typer.Option(help="Of this batch alone: its name or id. None: of all.")] = None,
) -> None:
    """Say how far people agree who labelled the same pictures: each two, and on each class.

    Example: modelyard agreement Pastries --batch "First hundred"
    """
    with connected() as client:
        found = client.projects.get(project).agreement.get(batch)
    show(found, lambda: _say(found))


def _say(found: dict[str, Any]) -> None:
    if not found["pictures"]:
        say("Nothing to compare yet: it takes pictures that several people labelled, and all labels of them.")
        return
    chance = f"; by chance it would be {_percent(found['by_chance'])}" if found["by_chance"] is not None else ""
    say(f"Two people agree in {_percent(found['agreed'])} of what they say{chance}.")
    if found["alpha"] is not None:
        say(f"Krippendorff's alpha {found['alpha']:.2f} (1: always, 0: as by chance)")
    if found["mean_overlap"] is not None:
        say(f"What both drew overlaps by {_percent(found['mean_overlap'])}.")
    say(f"They differ in {found['differ']} of {found['pictures']} pictures.")
    names = {person["user_id"]: person["name"] for person in found["people"]}
    for pair in found["pairs"]:
        who = f"{names.get(pair['first_id'], '?')} and {names.get(pair['second_id'], '?')}"
        say(f"  {who}: {_percent(pair['agreed'])} in {pair['pictures']} pictures")
    for row in found["classes"]:
        say(f"  {row['name']}: {_percent(row['agreed'])}, said {row['times']} times")


def _percent(share: float | None) -> str:
    return "nothing" if share is None else f"{100 * share:.0f} %"
