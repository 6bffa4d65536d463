"""Commands for detectors that people bring, and the objects that they suggest."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, progress, say, show

detectors = typer.Typer(
    help="Detectors that you bring as files.\n\nExample: modelyard detectors list Trays", no_args_is_help=True
)

Detector = Annotated[str, typer.Argument(help="Its name or id.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(detectors, name="detectors")


@detectors.command("add")
def add(
    project: str,
    network: Annotated[Path, typer.Argument(help="The ONNX file.")],
    card: Annotated[Path, typer.Option(help="The JSON file that says its classes and how it sees.")],
    name: Annotated[str, typer.Option(help="What people call it; the file's name otherwise.")] = "",
    create_classes: Annotated[bool, typer.Option(help="Add the card's classes that the project lacks.")] = False,
) -> None:
    """Bring a detector or segmenter; it is tried before it is accepted.

    Example: modelyard detectors add Trays rolls.onnx --card rolls.json
    """
    with connected() as client:
        made = client.projects.get(project).detectors.add(network, card, name=name, create_classes=create_classes)

    def lines() -> None:
        say(f"{made['name']} is ready.")
        _say_classes(made)

    show(made, lines)


def _say_classes(detector: dict[str, Any]) -> None:
    ignored = [entry["name"] for entry in detector["classes"] if entry["class_id"] is None]
    meant = len(detector["classes"]) - len(ignored)
    say(f"{meant} of its {len(detector['classes'])} classes mean a class of the project.")
    if ignored:
        more = f" and {len(ignored) - 10} more" if len(ignored) > 10 else ""
        say(f"Nothing is suggested of: {', '.join(ignored[:10])}{more}. Change that with `modelyard detectors map`.")


@detectors.command("list")
def list_(project: str) -> None:
    """List a project's detectors and what became of their suggestions.

    Example: modelyard detectors list Trays
    """
    with connected() as client:
        found = client.projects.get(project).detectors.list()

    def lines() -> None:
        if not found:
            say("No detector yet. Bring one with `modelyard detectors add`.")
        for entry in found:
            counts = ", ".join(f"{count} {outcome}" for outcome, count in entry["outcomes"].items())
            say(f"{entry['name']}: {counts}")

    show(found, lines)


@detectors.command("map")
def map_(
    project: str,
    detector: Detector,
    classes: Annotated[list[str], typer.Argument(help="bun=Roll for a class of the project, bun= for none.")],
) -> None:
    """Say which of the project's classes a detector's classes mean.

    Example: modelyard detectors map Trays rolls bun=Roll tray=
    """
    pairs = {}
    for text in classes:
        name, equals, meant = text.rpartition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text!r} is no pair; write bun=Roll, or bun= for none.")
        pairs[name] = meant or None
    with connected() as client:
        changed = client.projects.get(project).detectors.map(detector, pairs)
    show(changed, lambda: _say_classes(changed))


@detectors.command("suggest")
def suggest(
    project: str,
    detector: Detector,
    next_count: Annotated[int, typer.Option("--next", min=0, help="Only so many, those that are labelled next.")] = 0,
) -> None:
    """Have a detector look at the unlabelled images and suggest objects, and wait until that is done.

    Example: modelyard detectors suggest Trays rolls --next 500
    """
    with connected() as client, progress() as update:
        found = client.projects.get(project).detectors
        report = found.suggest(detector, next_count=next_count or None, on_progress=update)

    def lines() -> None:
        say(f"{report['suggested']} objects suggested in {report['looked_at']} images.")
        if report["kept_for_test"]:
            say(f"{report['kept_for_test']} images are kept for testing: nothing is suggested for them.")
        for fault in report["faults"]:
            say(f"{fault['name']}: {fault['reason']}")

    show(report, lines)


@detectors.command("delete")
def delete(project: str, detector: Detector) -> None:
    """Put a detector away: its undecided suggestions are shown no more, what people took over stays.

    Example: modelyard detectors delete Trays rolls
    """
    with connected() as client:
        client.projects.get(project).detectors.delete(detector)
    say("Put away.")
