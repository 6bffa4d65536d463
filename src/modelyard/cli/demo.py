"""`modelyard demo`: the whole loop once on drawn pictures of a bakery, then a table, then the finished project."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from modelyard import errors
from modelyard.cli.common import OPTIONS, show
from modelyard.client import Client, connect
from modelyard.client.project import Project
from modelyard.demo import CLASSES, Bakery, draw_bakery, draw_order
from modelyard.demo.labeller import Labeller

PROJECT = "Bakery"
DEPLOYMENT = "bakery"
PER_CLASS = 65  # pictures of each kind of pastry
_ONE_BY_ONE = 220
_FRESH_WAIT_S = 20.0
_LOADING_WAIT_S = 60.0


def demo(*, serve: bool, port: int) -> None:
    """Run the demo in the data directory unless it is finished there, print its table, and serve it if wished."""
    folder = Path(OPTIONS.folder)
    console = Console(stderr=OPTIONS.as_json)
    with connect(folder) as client:
        run_demo(client, console, folder=folder)
    if OPTIONS.as_json:
        show(json.loads((folder / "demo.json").read_text(encoding="utf-8")))
    if serve:
        from modelyard.cli.admin import serve as serve_now

        serve_now(host=None, port=port)


def run_demo(client: Client, console: Console, *, folder: Path, per_class: int = PER_CLASS) -> None:
    """Go round the loop once and print what it took; a finished demo in `folder` is recognised and only printed."""
    finished = _finished(client, folder)
    if finished is None:
        console.print("[bold]The bakery[/bold]: from raw pictures to a model that answers, step by step.")
        finished = _Round(client, console, folder, per_class).run()
        (folder / "demo.json").write_text(json.dumps(finished, indent=1), encoding="utf-8")
    console.print(build_table(finished))
    console.print(finished["headline"])
    console.print(finished["promise"])


def build_table(result: dict[str, Any]) -> Table:
    """Return the table that the demo ends with."""
    table = Table(title=f"Project {PROJECT!r}", show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column()
    images, work = result["images"], result["labelling"]
    table.add_row(
        "Images", f"{images['added']} ({images['duplicates']} duplicate and {images['refused']} unreadable set aside)"
    )
    table.add_row("Classes", str(len(CLASSES)))
    table.add_row("Labels used", str(work["labels"]))
    how = (
        f"{work['accepted']} suggestions accepted, {work['typed']} classes typed, "
        f"{work['pages']} pages confirmed, {work['taken_out']} pictures taken out of them"
    )
    table.add_row("Human actions", f"{work['actions']} ({how})")
    low, high = result["accuracy_interval"]
    table.add_row(
        "Accuracy", f"{result['accuracy']:.1%} (95 %: {low:.1%} to {high:.1%}) on {result['n']} untouched pictures"
    )
    table.add_row("Promises", result["promise"])
    table.add_row("Asked for a new picture", result["prediction"])
    table.add_section()
    for stage, seconds in result["seconds"].items():
        table.add_row(stage, f"{seconds:.1f} s")
    table.add_row("Together", f"{sum(result['seconds'].values()):.1f} s")
    return table


class _Round:
    """One way round the loop; begun again after an interruption, it goes on with what is there."""

    def __init__(self, client: Client, console: Console, folder: Path, per_class: int) -> None:
        self._client = client
        self._console = console
        self._folder = folder
        self._per_class = per_class
        self._seconds: dict[str, float] = {}

    def run(self) -> dict[str, Any]:
        """Draw, import, label, freeze, train, evaluate, deploy and predict."""
        bakery = self._draw()
        project = self._project()
        images = self._import(project, bakery)
        work = self._label(project, bakery)
        with self._stage("Freeze"):
            project.freeze("The demo's labels")
        with self._stage("Train") as update:
            project.train(on_progress=_following(update))
        with self._stage("Evaluate"):
            report = project.evaluate()["report"]
        with self._stage("Deploy and predict"):
            prediction = self._deploy_and_predict(project)
        return {
            "project_id": project.id,
            "images": images,
            "labelling": work,
            "accuracy": report["accuracy"],
            "accuracy_interval": report["accuracy_interval"],
            "n": report["n"],
            "headline": report["words"]["headline"],
            "promise": report["selective"]["sentence"],
            "prediction": prediction,
            "seconds": self._seconds,
        }

    def _draw(self) -> Bakery:
        with self._stage("Draw") as update:
            return draw_bakery(
                self._folder / "bakery",
                per_class=self._per_class,
                progress=lambda done, total: update(done, total, ""),
            )

    def _project(self) -> Project:
        try:
            return self._client.projects.get(PROJECT)
        except errors.NotFound:
            text = "Ten kinds of pastry, drawn by Modelyard itself."
            return self._client.projects.create(PROJECT, classes=list(CLASSES), description=text)

    def _import(self, project: Project, bakery: Bakery) -> dict[str, int]:
        with self._stage("Import") as update:
            report = project.import_([bakery.folder / "pictures"], format="none", on_progress=_following(update))
        with self._stage("Features") as update:
            project.wait_for_features(_following(update))
        for entry in report["refused"]:
            text = f"    set aside {Path(entry['name']).name}: {entry['reason']}"
            self._console.print(text, style="dim", soft_wrap=True)
        refused = len(report["refused"])
        added = int(project.status()["images"])
        duplicates = len(bakery.files) - refused - added
        return {"added": added, "duplicates": duplicates, "refused": refused}

    def _label(self, project: Project, bakery: Bakery) -> dict[str, int]:
        with self._stage("Label") as update:
            total = int(project.status()["unlabelled"])
            labeller = Labeller(self._client, project.id, bakery.labels, lambda done: update(done, total, ""))
            labeller.label_one_by_one(_ONE_BY_ONE)
            self._wait_for_suggestions(project)
            while labeller.label_pages(rounds=1):
                self._wait_for_suggestions(project)
            labeller.label_one_by_one(total)
        return asdict(labeller.work)

    def _wait_for_suggestions(self, project: Project) -> None:
        """Wait until the suggestions know the newest labels, as a person sees them do within a second or two."""
        end = time.monotonic() + _FRESH_WAIT_S
        while time.monotonic() < end:
            if self._client.request("GET", f"/projects/{project.id}/suggestions/status")["fresh"]:
                return
            time.sleep(0.1)

    def _deploy_and_predict(self, project: Project) -> str:
        """Deploy the model, send it a picture that it never saw, and say what it answered."""
        try:
            chosen = {"model_id": project.model()["id"], "accept_below_wish": True}
            self._client.request("PATCH", f"/deployments/{DEPLOYMENT}", json=chosen)
        except errors.NotFound:
            project.deploy(DEPLOYMENT, accept_below_wish=True)
        class_name = "Croissant"
        answer = self._ask(draw_order(class_name, seed=2026))
        best = answer["predictions"][0]
        doubt = ", but leaves it to a person" if answer["undecided"] else ""
        return f"a {class_name.lower()}; it says {best['class']!r} with {best['score']:.1%}{doubt}"

    def _ask(self, picture: bytes) -> dict[str, Any]:
        """Send a picture to the deployment, again and again while its model is being loaded."""
        end = time.monotonic() + _LOADING_WAIT_S
        while True:
            try:
                answer: dict[str, Any] = self._client.request(
                    "POST",
                    f"/deployments/{DEPLOYMENT}/predict",
                    content=picture,
                    headers={"Content-Type": "image/jpeg"},
                )
                return answer
            except errors.Unavailable:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    @contextmanager
    def _stage(self, name: str) -> "Iterator[Update]":
        """Show a stage while it runs and keep the seconds that it took."""
        columns = (TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        start = time.perf_counter()
        with Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal) as bars:
            yield Update(bars, name)
        self._seconds[name] = time.perf_counter() - start
        self._console.print(f"  [green]done[/green] {name:20} {self._seconds[name]:6.1f} s")


class Update:
    """Moves the bar of a stage."""

    def __init__(self, bars: Progress, name: str) -> None:
        self._bars = bars
        self._name = name
        self._bar = bars.add_task(name, total=None)

    def __call__(self, done: int, total: int | None, text: str) -> None:
        """Show how far the stage is, and what it does just now."""
        self._bars.update(self._bar, completed=done, total=total, description=text or self._name)


def _following(update: Update) -> Callable[[dict[str, Any]], None]:
    """Return what a waiting call tells about its job, put into a stage's bar."""
    return lambda job: update(job["done"], job["total"], job["stage"] or "")


def _finished(client: Client, folder: Path) -> dict[str, Any] | None:
    """Return what an earlier demo in this data directory ended with, if its project is still there."""
    try:
        result: dict[str, Any] = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
        client.projects.get(str(result["project_id"]))
    except (OSError, ValueError, KeyError, errors.NotFound):
        return None
    return result
