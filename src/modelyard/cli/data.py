"""Commands for projects, images, labels and exports."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelyard.cli import reimports
from modelyard.cli.common import connected, progress, say, show

projects = typer.Typer(
    help="Make, list and delete projects.\n\nExample: modelyard projects create Pastries --classes croissant,bagel",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(projects, name="projects")
    app.add_typer(reimports.imports, name="imports")
    app.command("import")(import_)
    app.command()(label)
    app.command()(export)


@projects.command("create")
def create(
    name: str,
    task: Annotated[
        str, typer.Option(help="classification, multi_label, detection, segmentation, semantic or keypoints.")
    ] = "classification",
    classes: Annotated[str, typer.Option(help="Names, separated by commas.")] = "",
) -> None:
    """Make a project.

    Example: modelyard projects create Pastries --task classification --classes croissant,bagel
    """
    names = [part.strip() for part in classes.split(",") if part.strip()]
    with connected() as client:
        project = client.projects.create(name, task=task, classes=names)
    show(project.record, lambda: say(f"Made the project {project.name!r}."))


@projects.command("backbone")
def backbone(
    project: str,
    name_or_path: Annotated[str, typer.Argument(help="A bundled one's name, or the path of an exported .onnx file.")],
) -> None:
    """Choose the network that looks at a project's pictures, and wait until it has.

    Example: modelyard projects backbone Pastries backbones/vit_small_patch14_dinov2_lvd142m.onnx
    """
    with connected() as client, progress() as update:
        found = client.projects.get(project)
        found.use_backbone(name_or_path, update)
    show(found.record, lambda: say(f"{found.name}: {found.record['settings']['backbone']} looked at every picture."))


@projects.command("list")
def list_() -> None:
    """List the projects.

    Example: modelyard projects list --json
    """
    with connected() as client:
        records = [project.record for project in client.projects.list()]
    show(records, lambda: say("\n".join(record["name"] for record in records) or "No projects yet."))


@projects.command("show")
def show_project(project: str) -> None:
    """Say where a project stands and what to do next.

    Example: modelyard projects show Pastries
    """
    with connected() as client:
        found = client.projects.get(project)
        status = found.status()

    def lines() -> None:
        say(f"{found.name}: {status['images']} pictures, {status['labelled']} labelled, {status['models']} models.")
        say(f"Next: {status['next_step']['title']}. {status['next_step']['detail']}")

    show({**found.record, "status": status}, lines)


@projects.command("delete")
def delete(project: str) -> None:
    """Put a project away; the browser can restore it.

    Example: modelyard projects delete Pastries
    """
    with connected() as client:
        found = client.projects.get(project)
        client.request("DELETE", f"/projects/{found.id}")
    show({"deleted": found.id}, lambda: say(f"Put {found.name!r} away."))


def import_(
    project: str,
    sources: Annotated[list[str], typer.Argument(help="Files, folders, globs or zips.")],
    format: Annotated[
        str,
        typer.Option(
            help="Where labels come from: auto, folders, csv, jsonl, coco, voc, yolo, masks, cvat, label_studio…; none."
        ),
    ] = "auto",
    split: Annotated[str | None, typer.Option(help="train, val or test for all of them.")] = None,
    one_based: Annotated[bool, typer.Option("--one-based", help="Pascal VOC whose pixels are counted from 1.")] = False,
    apply: Annotated[
        bool | None, typer.Option("--apply/--no-apply", help="Whether labels may replace answers; asked if not given.")
    ] = None,
    include_edited: Annotated[
        bool, typer.Option("--include-edited", help="With --apply: also in pictures that people changed since.")
    ] = False,
) -> None:
    """Bring pictures and labels into a project; folder names or a CSV can be the pictures' classes.

    Labels of pictures that have an answer already show what they would change before anything does.

    Example: modelyard import Pastries pictures/ more.zip "extra/*.jpg"
    """
    with connected() as client:
        with progress() as update:
            found = client.projects.get(project)
            report = found.import_(sources, format=format, split=split, is_one_based=one_based, on_progress=update)
            found.wait_for_features(update)
        reimports.settle(found, report, apply=apply, include_edited=include_edited)

    def lines() -> None:
        say(f"Added {report['added']}, duplicates {report['duplicates']}, refused {len(report['refused'])}.")
        for entry in report["refused"][:20]:
            say(f"  {entry['name']}: {entry['reason']}")
        if report["annotations"]:
            say(f"Labelled {report['annotations']} pictures.")
        for note in report.get("notes", []):
            say(f"  {note}")
        reimports.tell(report["changes"])

    show(report, lines)
    if report["refused"] and not report["added"] and not report["duplicates"]:
        raise typer.Exit(8)


def label(
    project: str,
    table: Annotated[Path, typer.Option("--from", help="A CSV with the columns file_name and class.", exists=True)],
) -> None:
    """Label pictures by name from a table.

    Example: modelyard label Pastries --from labels.csv
    """
    from modelyard.formats import csv_table

    listing = csv_table.read(table.read_bytes())
    labels = {entry.name: entry.class_name for entry in listing.entries if entry.class_name}
    with connected() as client:
        result = client.projects.get(project).label(labels)
    faults = [{"line": fault.line, "reason": fault.reason} for fault in listing.faults]

    def lines() -> None:
        say(f"Labelled {result['labelled']}; {result['unmatched']} names match no single picture.")
        for fault in faults[:20]:
            say(f"  line {fault['line']}: {fault['reason']}")

    show({**result, "faults": faults}, lines)


def export(
    project: str,
    folder: Annotated[Path, typer.Argument(help="Where to write; made if it is missing.")],
    format: Annotated[
        str,
        typer.Option(
            help="jsonl, folders, csv, coco, voc, yolo, masks, cvat, label_studio, hf_imagefolder, datumaro, croissant."
        ),
    ] = "jsonl",
    version: Annotated[
        str, typer.Option(help="A number, latest (before the first: what there is), or current.")
    ] = "latest",
    with_pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Or labels alone.")] = True,
) -> None:
    """Write pictures and annotations of a dataset version into a folder.

    Example: modelyard export Pastries out/ --format csv
    """
    with connected() as client, progress() as update:
        found = client.projects.get(project)
        report = found.export(folder, format=format, version=version, with_pictures=with_pictures, on_progress=update)
    shown: dict[str, Any] = {key: report[key] for key in ("images", "annotations", "lost")}

    def lines() -> None:
        say(f"Wrote {report['images']} pictures and {report['annotations']} annotations to {folder}.")
        for what, count in report["lost"].items():
            say(f"  Not carried by {format}: {what} ({count}).")

    show(shown, lines)
