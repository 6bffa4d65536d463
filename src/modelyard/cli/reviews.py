"""Commands for reviews: a second look at what was labelled in batches."""

from typing import Annotated

import typer

from modelyard.cli.common import connected, say, show

reviews = typer.Typer(
    help='A second look at what was labelled in batches.\n\nExample: modelyard reviews list Pastries "First hundred"',
    no_args_is_help=True,
)

Review = Annotated[str, typer.Argument(help="Its id, as `modelyard reviews list` names it.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(reviews, name="reviews")


@reviews.command("list")
def list_(
    project: str,
    batch: Annotated[str, typer.Argument(help="Its name or id.")],
    state: Annotated[
        list[str] | None, typer.Option(help="waiting, accepted, corrected or rejected; again for each.")
    ] = None,
) -> None:
    """List what is, or was, reviewed in a batch, newest first.

    Example: modelyard reviews list Pastries "First hundred" --state waiting
    """
    with connected() as client:
        found = list(client.projects.get(project).reviews.list(batch, states=state or []))

    def lines() -> None:
        if not found:
            say("Nothing. Pictures come to review as they are labelled; set a share with `modelyard batches change`.")
        for row in found:
            review = row["review"]
            who = ", ".join(review["author_names"]) or "an import"
            said = f": {review['reason']}" if review["reason"] else ""
            say(f"{review['id']}  {review['state']}  {row['image']['name']}, labelled by {who}{said}")

    show(found, lines)


@reviews.command("accept")
def accept(project: str, review: Review) -> None:
    """Accept a label as it is.

    Example: modelyard reviews accept Pastries 0190b8a0-0000-7000-8000-000000000001
    """
    with connected() as client:
        done = client.projects.get(project).reviews.accept(review)
    show(done, lambda: say("Accepted."))


@reviews.command("send-back")
def send_back(
    project: str,
    review: Review,
    reason: Annotated[str, typer.Argument(help="What is wrong with it.")],
    to: Annotated[str, typer.Option(help="author, or pool: anybody.")] = "author",
) -> None:
    """Take a label away with a reason, so that the picture is labelled again.

    Example: modelyard reviews send-back Pastries 0190b8a0-0000-7000-8000-000000000001 "The left bun is missing."
    """
    with connected() as client:
        done = client.projects.get(project).reviews.send_back(review, reason, to=to)
    show(done, lambda: say("Sent back; anybody labels it again." if done["returned_to"] == "pool" else "Sent back."))


@reviews.command("undo")
def undo(project: str, review: Review) -> None:
    """Take your own decision back, unless the picture was labelled again since.

    Example: modelyard reviews undo Pastries 0190b8a0-0000-7000-8000-000000000001
    """
    with connected() as client:
        back = client.projects.get(project).reviews.undo(review)
    show(back, lambda: say("Taken back: the label is as it was, and waits for review."))
