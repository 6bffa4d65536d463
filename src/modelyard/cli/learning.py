"""Commands for training, measuring, predicting and deploying."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from modelyard.cli.common import OPTIONS, connected, progress, say, seconds, show

Model = Annotated[str, typer.Option(help="A model's number, or latest.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (train, evaluate, predict, deploy):
        app.command()(command)


def train(
    project: str,
    recipe: Annotated[str, typer.Option(help="How to train; auto lets the engine choose.")] = "auto",
    budget: Annotated[str, typer.Option(help="How long it may take: 90s, 10m, 2h.")] = "10m",
) -> None:
    """Freeze the labels, train a model on them, measure it, and wait until that is done.

    Example: modelyard train Pastries --budget 10m
    """
    with connected() as client, progress() as update:
        found = client.projects.get(project)
        run = found.train(recipe=recipe, budget_s=seconds(budget), on_progress=update)
        model = found.model(run["model_id"])
    summary = {
        "run": run["id"],
        "model": model["id"],
        "recipe": run["recipe"],
        "seconds": run["seconds"],
        "metrics": model["summary"],
    }

    def lines() -> None:
        say(f"Model {model['number']} is ready after {run['seconds']:.1f} s ({run['recipe']}).")
        if model["summary"].get("accuracy") is not None:
            low, high = model["summary"]["accuracy_interval"]
            say(f"Right on {model['summary']['accuracy']:.1%} of the test pictures (95 %: {low:.1%} to {high:.1%}).")
        say(run["explanation"])

    show(summary, lines)


def evaluate(
    project: str,
    model: Model = "latest",
    split: Annotated[str, typer.Option(help="test or val.")] = "test",
) -> None:
    """Measure a model on a split that it did not learn from.

    Example: modelyard evaluate Pastries --model latest --split test
    """
    with connected() as client:
        evaluation = client.projects.get(project).evaluate(model=model, split=split)
    report = evaluation["report"]

    def lines() -> None:
        say(report["words"]["headline"])
        say(report["words"]["paragraph"])
        say(report["selective"]["sentence"])

    show({"model": evaluation["model_id"], "split": evaluation["split"], **report}, lines)


def predict(
    project: str,
    paths: Annotated[list[Path], typer.Argument(help="Pictures or folders.")],
    model: Model = "latest",
) -> None:
    """Say what is on pictures; with --json one line of JSON for each.

    Example: modelyard predict Pastries tray.jpg more-pictures/
    """
    with connected() as client:
        for answer in client.projects.get(project).predict(paths, model=model):
            if OPTIONS.as_json:
                sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            elif "error" in answer:
                say(f"{answer['path']}: {answer['error']}")
            else:
                best = answer["predictions"][0]
                doubt = "  (undecided: ask a person)" if answer["undecided"] else ""
                say(f"{answer['path']}: {best['class']} {best['score']:.1%}{doubt}")


def deploy(
    project: str,
    name: Annotated[str, typer.Option(help="Its name in the address; lower case, digits, hyphens.")] = "",
    model: Model = "latest",
    accept_below_wish: Annotated[bool, typer.Option(help="Deploy although the model misses the wish.")] = False,
) -> None:
    """Make a model available at an address of the server.

    Example: modelyard deploy Pastries --name till
    """
    with connected() as client:
        found = client.projects.get(project)
        chosen = name or "-".join("".join(c if c.isalnum() else " " for c in found.name.lower()).split()) or "model"
        made = found.deploy(chosen, model=model, accept_below_wish=accept_below_wish)
    show(made, lambda: say(f"Deployed model {made['model_number']} at {made['url']}."))
