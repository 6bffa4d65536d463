"""Commands for the installation: serve, jobs, people, backup, settings."""

import getpass
import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from modelyard.cli.common import OPTIONS, connected, progress, say, show
from modelyard.errors import NotFound

users = typer.Typer(
    help="Accounts of this installation.\n\nExample: modelyard users add ben@bakery.example --name Ben",
    no_args_is_help=True,
)
jobs = typer.Typer(help="Background work.\n\nExample: modelyard jobs list --json", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (serve, demo, backup, config, token):
        app.command()(command)
    app.add_typer(users, name="users")
    app.add_typer(jobs, name="jobs")


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
) -> None:
    """Serve the browser application, the API and the background work.

    Example: modelyard serve --data modelyard-data --port 8400
    """
    from modelyard.server.serve import serve as run
    from modelyard.server.settings import Settings

    given: dict[str, Any] = {"data": Path(OPTIONS.folder)}
    given |= {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    run(Settings(**given), announce=say)


def demo(
    serve_after: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the finished project.")] = True,
    port: Annotated[int, typer.Option(help="The port to serve on.")] = 8400,
) -> None:
    """Run the whole loop once on drawn pictures of a bakery, then serve the finished project.

    Example: modelyard demo --data demo-data --no-serve
    """
    from modelyard.cli import demo as bakery

    bakery.demo(serve=serve_after, port=port)


def backup(
    file: Annotated[Path, typer.Argument(help="The tar file.")],
    restore: Annotated[bool, typer.Option("--restore", help="Unpack it into an empty data directory.")] = False,
) -> None:
    """Copy the data directory into one file, also while people work; or restore it.

    Example: modelyard backup monday.tar --data modelyard-data
    """
    from modelyard.client import local

    data = Path(OPTIONS.folder)
    if restore:
        local.restore(file, data)
        show({"restored": str(data)}, lambda: say(f"Restored {file} into {data}."))
        return
    size_bytes = local.backup(data, file)
    show({"file": str(file), "size_bytes": size_bytes}, lambda: say(f"Wrote {file} ({size_bytes / 1e6:,.1f} MB)."))


def config() -> None:
    """Print every setting as it is in effect, with secrets masked.

    Example: modelyard config --json
    """
    from modelyard.server.settings import Settings

    values = Settings(data=Path(OPTIONS.folder)).masked()
    show(values, lambda: say("\n".join(f"MODELYARD_{name.upper()} = {value}" for name, value in values.items())))


def token(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scopes: Annotated[str, typer.Option(help="read, write, predict; separated by commas.")] = "read,write,predict",
    days: Annotated[int, typer.Option(help="Days until it expires.")] = 90,
) -> None:
    """Make an API token; it is shown this once.

    Example: modelyard token till --scopes predict --days 365
    """
    with connected() as client:
        secret = client.create_token(name, [scope.strip() for scope in scopes.split(",")], days)
    show({"token": secret}, lambda: typer.echo(secret))


@users.command("list")
def list_users() -> None:
    """List every account.

    Example: modelyard users list
    """
    with connected() as client:
        found = client.users()

    def lines() -> None:
        for user in found:
            marks = [word for word, on in (("admin", user["is_admin"]), ("disabled", user["disabled_at"])) if on]
            say(f"{user['email']}  {user['name']}  {' '.join(marks)}")

    show(found, lines)


@users.command("add")
def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="May manage accounts.")] = False,
    ask: Annotated[bool, typer.Option("--ask-password", help="Type a password instead of getting one.")] = False,
) -> None:
    """Make an account; prints a password to hand on unless one is typed.

    Example: modelyard users add ben@bakery.example --name Ben
    """
    password = getpass.getpass("Password: ") if ask else secrets.token_urlsafe(12)
    with connected() as client:
        user = client.add_user(email, name or email.partition("@")[0], password, is_admin=admin)
    shown = user if ask else {**user, "password": password}
    show(shown, lambda: say(f"Made {user['email']}." + ("" if ask else f" Password: {password}")))


@users.command("disable")
def disable_user(
    email: str,
    enable: Annotated[bool, typer.Option("--enable", help="Open it again.")] = False,
    successor: Annotated[str, typer.Option(help="Who owns the projects then that this person owns alone.")] = "",
) -> None:
    """Close an account: its sign-ins, tokens, jobs and leases stop at once.

    Example: modelyard users disable ben@bakery.example
    """
    with connected() as client:
        successor_id = _user_id(client, successor) if successor else None
        user = client.set_user_disabled(_user_id(client, email), not enable, successor_id=successor_id)
    show(user, lambda: say(f"{'Opened' if enable else 'Closed'} {email}."))


@users.command("admin")
def set_admin(
    email: str, take: Annotated[bool, typer.Option("--take", help="No longer an administrator.")] = False
) -> None:
    """Make somebody an administrator, or no longer one.

    Example: modelyard users admin ben@bakery.example
    """
    with connected() as client:
        user = client.set_admin(_user_id(client, email), not take)
    show(user, lambda: say(f"{email} is {'no longer' if take else 'now'} an administrator."))


@users.command("reset-second-factor")
def reset_second_factor(email: str) -> None:
    """Take the second factor off the account of somebody who lost it.

    Example: modelyard users reset-second-factor ben@bakery.example
    """
    with connected() as client:
        client.reset_second_factor(_user_id(client, email))
    show({"email": email}, lambda: say(f"{email} signs in with the password alone, until a new one is set up."))


def _user_id(client: Any, email: str) -> str:
    found = next((user for user in client.users() if user["email"] == email.lower()), None)
    if found is None:
        raise NotFound(f"There is no account {email!r}.")
    return str(found["id"])


@jobs.command("list")
def list_jobs() -> None:
    """List the latest jobs.

    Example: modelyard jobs list --json
    """
    with connected() as client:
        found = client.jobs.list()

    def lines() -> None:
        for job in found:
            say(f"{job['id']}  {job['state']:<10} {job['title']}  {job['stage']} {job['done']}/{job['total'] or '?'}")

    show(found, lines)


@jobs.command("wait")
def wait_job(job: str) -> None:
    """Wait for a job and print how it ended.

    Example: modelyard jobs wait 0192f0c8-…
    """
    with connected() as client, progress() as update:
        ended = client.wait(job, update)
    show(ended, lambda: say(f"{ended['title']}: {ended['state']}."))


@jobs.command("cancel")
def cancel_job(job: str) -> None:
    """Stop a job at its next step.

    Example: modelyard jobs cancel 0192f0c8-…
    """
    with connected() as client:
        ended = client.jobs.cancel(job)
    show(ended, lambda: say(f"{ended['title']}: asked to stop."))


@jobs.command("retry")
def retry_job(job: str) -> None:
    """Run an ended job again; it goes on from where it was.

    Example: modelyard jobs retry 0192f0c8-…
    """
    with connected() as client:
        again = client.jobs.retry(job)
    show(again, lambda: say(f"{again['title']}: waiting."))
