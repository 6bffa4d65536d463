"""Commands for those who lead the work: known pictures, how people do on them, and who did how much."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show

gold = typer.Typer(
    help="Pictures with known answers, unseen among others.\n\nExample: modelyard gold people Pastries",
    no_args_is_help=True,
)

Batch = Annotated[str | None, typer.Option(help="Of this batch alone: its name or id. None: of all.")]
Images = Annotated[list[str], typer.Argument(help="Ids of pictures.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(gold, name="gold")
    app.command("work")(work)


@gold.command("mark")
def mark(
    project: str,
    images: Images,
    onboarding: Annotated[bool, typer.Option("--onboarding", help="They come first to each new person.")] = False,
) -> None:
    """Keep the present labels of pictures as known answers.

    Example: modelyard gold mark Pastries 0190b8a0-0000-7000-8000-000000000001 --onboarding
    """
    with connected() as client:
        found = client.projects.get(project).gold.mark(images, is_onboarding=onboarding)

    def lines() -> None:
        say(f"{found['marked']} marked, {found['unchanged']} were known already.")
        if found["without_label"]:
            say(f"{found['without_label']} have no label; only what is labelled can be known.")
        if found["in_queue"]:
            say(f"{found['in_queue']} wait to be labelled again; mark them once that is done.")

    show(found, lines)


@gold.command("remove")
def remove(project: str, images: Images) -> None:
    """Let pictures be like any other again; what people said of them stays in their scores.

    Example: modelyard gold remove Pastries 0190b8a0-0000-7000-8000-000000000001
    """
    with connected() as client:
        removed = client.projects.get(project).gold.remove(images)
    show({"removed": removed}, lambda: say(f"{removed} are like any other again."))


@gold.command("list")
def list_(project: str) -> None:
    """List the pictures with known answers, and how people did on each.

    Example: modelyard gold list Pastries
    """
    with connected() as client:
        found = client.projects.get(project).gold.list()

    def lines() -> None:
        if not found:
            say("No picture has a known answer yet. Mark labelled ones with `modelyard gold mark`.")
        for row in found:
            notes = [f"{row['right']} of {row['known']} right"]
            notes += ["onboarding"] if row["is_onboarding"] else []
            notes += ["its label changed since"] if row["is_outdated"] else []
            say(f"{row['image']['id']}  {row['image']['name']}: {', '.join(notes)}")

    show(found, lines)


@gold.command("people")
def people(project: str) -> None:
    """Say how people do on known pictures, with and without suggestions.

    Example: modelyard gold people Pastries
    """
    with connected() as client:
        found = client.projects.get(project).gold.people()

    def lines() -> None:
        for row in [{"name": "Everybody", **found}, *found["people"]]:
            rates = f"with suggestions {_rate(row['with_suggestions'])}, without {_rate(row['without_suggestions'])}"
            say(f"{row['name']}: {_rate(row['all'])}; {rates}")
            if row.get("paused_because"):
                say(f"  paused: {row['paused_because']}")

    show(found, lines)


@gold.command("resume")
def resume(project: str, person: Annotated[str, typer.Argument(help="A name or an id.")]) -> None:
    """Hand out pictures again to somebody who was asked to stop; what they labelled so far counts no more.

    Example: modelyard gold resume Pastries Bo
    """
    with connected() as client:
        client.projects.get(project).gold.resume(person)
    say(f"{person} gets pictures again.")


def work(
    project: str,
    batch: Batch = None,
    classes: Annotated[bool, typer.Option("--classes", help="How classes fare, in place of people.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write it to this file, as a table for spreadsheets.")] = None,
) -> None:
    """Say who did how much and how it went; those who don't lead the work see their own.

    Example: modelyard work Pastries --batch "First hundred" --csv people.csv
    """
    what = "classes" if classes else "people"
    with connected() as client:
        home = client.projects.get(project).work
        if csv is not None:
            home.save_csv(csv, what=what, batch=batch)
        found = home.classes(batch) if classes else home.people(batch)
    show(found, lambda: _say_work(found, classes=classes, csv=csv))


def _say_work(found: list[dict[str, Any]], *, classes: bool, csv: Path | None) -> None:
    if not found:
        say("Nobody has labelled anything here yet.")
    for row in found:
        if classes:
            agreed = f", people agree in {100 * row['agreed']:.0f} %" if row["agreed"] is not None else ""
            say(
                f"{row['name']}: {row['count']}{agreed}, {row['corrected']} of {row['suggested']} suggestions put right"
            )
        else:
            each = f", {row['seconds_each']:.1f} s each" if row["seconds_each"] is not None else ""
            parts = f"{row['pictures']} pictures, {row['objects']} objects{each}"
            say(f"{row['name']}: {parts}; known pictures {_rate(row['gold'])}")
    if csv is not None:
        say(f"Written to {csv}.")


def _rate(rate: dict[str, Any]) -> str:
    if not rate["known"]:
        return "none yet"
    return f"{rate['right']} of {rate['known']} right ({100 * rate['accuracy']:.0f} %)"
