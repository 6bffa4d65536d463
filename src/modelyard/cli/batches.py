"""Commands for batches: pictures that are labelled together."""

from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from modelyard.cli.common import connected, say, show

batches = typer.Typer(
    help="Pictures that are labelled together.\n\nExample: modelyard batches list Pastries", no_args_is_help=True
)

Batch = Annotated[str, typer.Argument(help="Its name or id.")]
Person = Annotated[list[str] | None, typer.Option("--person", help="An e-mail address; again for each. None: all.")]
Deadline = Annotated[datetime | None, typer.Option(help="2026-12-24 or 2026-12-24T12:00:00, your time.")]
Consensus = Literal["unanimous", "weighted"]
Order = Annotated[str, typer.Option(help="upload, random, priority, uncertainty, diversity or disagreement.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(batches, name="batches")


@batches.command("add")
def add(  # noqa: PLR0913, PLR0917 - each is an option
    project: str,
    name: Annotated[str, typer.Argument(help="What people call it.")],
    count: Annotated[
        int, typer.Option(min=1, help="So many pictures of the open queue, the first in the order.")
    ] = 100,
    every: Annotated[bool, typer.Option("--all", help="All that are unlabelled, in place of a count.")] = False,
    overlap: Annotated[int, typer.Option(min=1, max=20, help="Labels of each, each by another person.")] = 1,
    order: Order = "random",
    person: Person = None,
    deadline: Deadline = None,
    note: Annotated[str, typer.Option(help="What whoever labels it should know.")] = "",
    gold: Annotated[float, typer.Option(min=0, max=0.5, help="Share of pictures with known answers.")] = 0.0,
    consensus: Annotated[
        Consensus, typer.Option(help="Where people differ somebody decides, or skill does.")
    ] = "unanimous",
    review_share: Annotated[float, typer.Option(min=0, max=1, help="Share that a reviewer looks at.")] = 0.0,
) -> None:
    """Put pictures into a batch; they leave the open queue.

    Example: modelyard batches add Pastries "First hundred" --count 100 --overlap 2 --person bo@bakery.example
    """
    which: dict[str, Any] = {"filters": {"labelled": False}} if every else {"count": count}
    until = deadline.astimezone() if deadline else None
    with connected() as client:
        made = client.projects.get(project).batches.create(
            name,
            **which,
            overlap=overlap,
            order=order,
            people=person or [],
            deadline=until,
            note=note,
            gold_share=gold,
            consensus=consensus,
            review_share=review_share,
        )

    def lines() -> None:
        _say(made)
        if made["in_other_batches"]:
            say(f"{made['in_other_batches']} pictures wait in another batch and stay there.")
        if made["on_screens"]:
            say(f"{made['on_screens']} pictures are being labelled just now and stay in the open queue.")

    show(made, lines)


@batches.command("audit")
def audit(
    project: str,
    name: Annotated[str, typer.Argument(help="What people call it.")],
    count: Annotated[int, typer.Option(min=1, help="So many pictures, by chance.")] = 100,
    person: Person = None,
) -> None:
    """Have labels that were suggestions, taken unchanged, given again blind by others; `batches show` says the rest.

    Example: modelyard batches audit Pastries "Audit of May" --count 200
    """
    with connected() as client:
        made = client.projects.get(project).batches.audit(name, count=count, people=person or [])
    show(made, lambda: _say(made))


@batches.command("list")
def list_(project: str) -> None:
    """List a project's batches and how far they are.

    Example: modelyard batches list Pastries
    """
    with connected() as client:
        found = client.projects.get(project).batches.list()

    def lines() -> None:
        if not found:
            say("No batch yet: everybody labels the open queue. Make one with `modelyard batches add`.")
        for entry in found:
            _say(entry)

    show(found, lines)


@batches.command("show")
def show_(project: str, batch: Batch) -> None:
    """Say how far a batch is, who did what, and which pictures are disputed.

    Example: modelyard batches show Pastries "First hundred"
    """
    with connected() as client:
        known = client.projects.get(project).batches
        found = known.get(batch)
        disputed = list(known.disputed(batch))
        audited = known.audited(batch) if found["kind"] == "audit" else None

    def lines() -> None:
        _say(found)
        for person in found["people"]:
            say(f"  {person['name']}: {person['labels']} labels")
        if audited:
            _say_audit(audited)
        for picture in disputed:
            say(f"  disputed: {picture['image']['name']}: {', '.join(picture['answers'])}")

    show({**found, "disputed_pictures": disputed, "audit": audited}, lines)


@batches.command("change")
def change(  # noqa: PLR0913, PLR0917 - each is an option
    project: str,
    batch: Batch,
    state: Annotated[str | None, typer.Option(help="open, paused or, for good, closed.")] = None,
    overlap: Annotated[int | None, typer.Option(min=1, max=20, help="Labels wanted of each picture.")] = None,
    order: Annotated[str | None, typer.Option(help="From the next picture on.")] = None,
    person: Person = None,
    deadline: Deadline = None,
    consensus: Annotated[Consensus | None, typer.Option(help="How it is settled where people differ.")] = None,
    review_share: Annotated[float | None, typer.Option(min=0, max=1, help="Share that a reviewer looks at.")] = None,
) -> None:
    """Pause, open or close a batch, or change its overlap, order, people, deadline or share to review.

    Example: modelyard batches change Pastries "First hundred" --state paused
    """
    until = deadline.astimezone() if deadline else None
    wanted: dict[str, Any] = {"state": state, "overlap": overlap, "order": order, "deadline": until}
    wanted |= {"consensus": consensus, "review_share": review_share}
    changes = {name: value for name, value in wanted.items() if value is not None}
    if not changes and person is None:
        raise typer.BadParameter(
            "Say what is to change: --state, --overlap, --order, --person, --deadline, --consensus or --review-share."
        )
    with connected() as client:
        changed = client.projects.get(project).batches.update(batch, people=person, **changes)
    show(changed, lambda: _say(changed))


@batches.command("delete")
def delete(project: str, batch: Batch) -> None:
    """Put a batch away: labels that are in and agree count, its other pictures go back to the open queue.

    Example: modelyard batches delete Pastries "First hundred"
    """
    with connected() as client:
        client.projects.get(project).batches.delete(batch)
    say("Put away.")


def _say_audit(audit: dict[str, Any]) -> None:
    if not audit["judged"]:
        say("  Nothing was labelled again yet.")
        return
    low, high = (f"{100 * value:.1f}" for value in audit["interval"])
    share = f"{100 * audit['error_rate']:.1f} % (between {low} and {high} %)"
    say(f"  {audit['wrong']} of {audit['judged']} suggestions that were taken unchanged are wrong: {share}")


def _say(batch: dict[str, Any]) -> None:
    parts = [
        f"{batch['given']} of {batch['wanted']} labels",
        f"{batch['finished']} of {batch['pictures']} pictures done",
    ]
    parts += [f"{batch['disputed']} disputed"] if batch["disputed"] else []
    parts += [f"{batch['to_review']} to review"] if batch["to_review"] else []
    parts += ["late"] if batch["is_late"] else []
    say(f"{batch['name']} ({batch['state']}): {', '.join(parts)}")
    if batch["order_note"] and batch["state"] == "open":
        say(f"  {batch['order_note']}")
