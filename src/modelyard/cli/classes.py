"""Commands for a project's classes, and for giving one of them to many pictures at once."""

from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show

classes = typer.Typer(
    help="A project's classes.\n\nExample: modelyard classes give Beach sunny --named summer/", no_args_is_help=True
)

ClassName = Annotated[str, typer.Argument(metavar="CLASS", help="The class.")]
Named = Annotated[str | None, typer.Option("--named", help="Only pictures whose name contains this.")]
With = Annotated[str | None, typer.Option("--with", metavar="CLASS", help="Only pictures that have this class.")]
All = Annotated[bool, typer.Option("--all", help="Every picture of the project.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(classes, name="classes")


@classes.command("list")
def list_(project: str) -> None:
    """List the classes, and how many pictures each has.

    Example: modelyard classes list Beach
    """
    with connected() as client:
        found = client.projects.get(project).classes()
    show(found, lambda: say("\n".join(f"{row['name']}: {row['images']}" for row in found) or "No classes yet."))


@classes.command("give")
def give(project: str, class_name: ClassName, named: Named = None, with_: With = None, all_: All = False) -> None:
    """Give many pictures a class as a whole, beside those that they have (multi-label projects).

    Example: modelyard classes give Beach sunny --named summer/
    """
    _change(project, class_name, named, with_, is_all=all_, gives=True)


@classes.command("take")
def take(project: str, class_name: ClassName, named: Named = None, with_: With = None, all_: All = False) -> None:
    """Take a class from many pictures that have it as a whole (multi-label projects).

    Example: modelyard classes take Beach sunny --with night
    """
    _change(project, class_name, named, with_, is_all=all_, gives=False)


@classes.command("split")
def split(
    project: str,
    class_name: ClassName,
    rule: Annotated[list[str], typer.Argument(metavar="NEW=PART…", help="A class, and part of the pictures' names.")],
    rest: Annotated[str, typer.Option(help="Everything else: keep, relabel, or the name of a class.")] = "keep",
    preview: Annotated[bool, typer.Option("--preview", help="Only say what it would touch.")] = False,
) -> None:
    """Give what a class has to several classes, by the names of the pictures; `classes undo` takes it back.

    Example: modelyard classes split Pastries bread rye=rye/ wheat=wheat/ --rest relabel
    """
    pairs = [text.partition("=") for text in rule]
    if wrong := [text for text, (to, _, part) in zip(rule, pairs, strict=True) if not (to and part)]:
        raise typer.BadParameter(f"{wrong[0]!r}: write CLASS=PART, as in rye=rye/.")
    rules = [{"to": to, "picture": part} for to, _, part in pairs]
    fate: dict[str, Any] = {"rest": rest} if rest in ("keep", "relabel") else {"rest": "move", "rest_to": rest}
    with connected() as client:
        found = client.projects.get(project)
        impact = found.split_impact(class_name, rules, **fate)
        if not preview:
            found.split_class(class_name, rules, **fate)

    def lines() -> None:
        for share in [*impact["shares"], impact["rest"]]:
            say(f"{share['name']}: {share['images']:,} pictures, {share['objects']:,} objects")
        say(impact["text"] if preview else f"Split {class_name}. `modelyard classes undo {project}` takes it back.")

    show(impact, lines)


@classes.command("undo")
def undo(project: str) -> None:
    """Take back the latest change of classes or attributes, as a whole.

    Example: modelyard classes undo Pastries
    """
    with connected() as client:
        taken = client.projects.get(project).undo_class_change()
    show(taken, lambda: say(f"Took back: {taken['summary']}" if taken else "There is nothing to take back."))


def _change(project: str, class_name: str, named: str | None, with_: str | None, *, is_all: bool, gives: bool) -> None:
    if not (named or with_ or is_all):
        raise typer.BadParameter("Say which pictures: --named, --with, or --all of them.")
    with connected() as client:
        found = client.projects.get(project)
        filters: dict[str, Any] = {"name": named} if named else {}
        if with_:
            filters["class_id"] = found.class_id(with_)
        image_ids = [image["id"] for image in found.images(**filters)]
        changed = (found.give_class if gives else found.take_class)(class_name, image_ids)
    done = "Gave" if gives else "Took"
    text = f"{done} {class_name!r} {'to' if gives else 'from'} {len(changed)} of {len(image_ids)} pictures."
    show({"changed": len(changed), "matched": len(image_ids)}, lambda: say(text))
