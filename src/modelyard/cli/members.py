"""Commands for who belongs to a project, and in which role."""

from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show

members = typer.Typer(
    help="Members of a project and their roles: viewer, annotator, reviewer, manager, owner.\n\n"
    "Example: modelyard members list Pastries",
    no_args_is_help=True,
)
_Project = Annotated[str, typer.Argument(help="The project's name.")]
_Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
_Role = Annotated[str, typer.Option(help="viewer, annotator, reviewer, manager or owner.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(members, name="members")


@members.command("list")
def list_members(project: _Project) -> None:
    """List who belongs to a project and in which role.

    Example: modelyard members list Pastries
    """
    with connected() as client:
        found = client.projects.get(project).members.list()

    def lines() -> None:
        for member in found:
            closed = ", account closed" if member["is_disabled"] else ""
            say(f"{member['role']:<10} {member['name']} <{member['email']}>{closed}")

    show(found, lines)


@members.command("add")
def add_member(project: _Project, email: _Email, role: _Role = "annotator") -> None:
    """Make somebody with an account a member.

    Example: modelyard members add Pastries ben@bakery.example --role reviewer
    """
    with connected() as client:
        found: dict[str, Any] = client.projects.get(project).members.add(email, role)
    show(found, lambda: say(f"{found['name']} is {found['role']} in {project}."))


@members.command("role")
def set_role(project: _Project, email: _Email, role: Annotated[str, typer.Argument(help="The new role.")]) -> None:
    """Give a member another role, none above one's own.

    Example: modelyard members role Pastries ben@bakery.example manager
    """
    with connected() as client:
        found: dict[str, Any] = client.projects.get(project).members.set_role(email, role)
    show(found, lambda: say(f"{found['name']} is {found['role']} in {project} now."))


@members.command("remove")
def remove_member(project: _Project, email: _Email) -> None:
    """Take somebody out of a project.

    Example: modelyard members remove Pastries ben@bakery.example
    """
    with connected() as client:
        client.projects.get(project).members.remove(email)
    show({"removed": email}, lambda: say(f"{email} is no longer a member of {project}."))


@members.command("invite")
def invite(project: _Project, role: _Role = "annotator") -> None:
    """Make a link with which one person can join a project within a week; it is shown this once.

    Example: modelyard members invite Pastries --role annotator
    """
    with connected() as client:
        link: dict[str, Any] = client.projects.get(project).members.invite(role)
    show(link, lambda: typer.echo(link["url"]))


@members.command("transfer")
def transfer(project: _Project, email: _Email) -> None:
    """Make a member an owner in one's own place, and become a manager.

    Example: modelyard members transfer Pastries ben@bakery.example
    """
    with connected() as client:
        client.projects.get(project).members.hand_over(email)
    show({"owner": email}, lambda: say(f"{email} owns {project} now."))


@members.command("leave")
def leave(project: _Project) -> None:
    """Leave a project oneself.

    Example: modelyard members leave Pastries
    """
    with connected() as client:
        client.projects.get(project).members.leave()
    show({"left": project}, lambda: say(f"You have left {project}."))
