"""Commands for webhooks: addresses outside that are told what happens in a project."""

from typing import Annotated, Any

import typer

from modelyard.cli.common import connected, say, show

webhooks = typer.Typer(
    help="Addresses outside that are told what happens in a project.\n\nExample: modelyard webhooks list Pastries",
    no_args_is_help=True,
)

Hook = Annotated[str, typer.Argument(help="Its address or id.")]
Events = Annotated[list[str] | None, typer.Option("--event", help="An event to tell of; repeat it for several.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(webhooks, name="webhooks")


@webhooks.command("events")
def events(project: str) -> None:
    """List the events that a webhook can be told of.

    Example: modelyard webhooks events Pastries
    """
    with connected() as client:
        found = client.projects.get(project).webhooks.types()

    def lines() -> None:
        for name, text in found.items():
            say(f"{name}: {text}")

    show(found, lines)


@webhooks.command("add")
def add(project: str, url: str, event: Events = None, description: str = "") -> None:
    """Have an address told of events (all of them unless some are named); prints its secret, this once.

    Example: modelyard webhooks add Pastries https://hooks.bakery.example/in --event version.frozen
    """
    with connected() as client:
        found = client.projects.get(project).webhooks
        made = found.add(url, event or list(found.types()), description=description)
    show(made, lambda: _say_secret(made))


@webhooks.command("list")
def list_(project: str) -> None:
    """List a project's webhooks and how they fare.

    Example: modelyard webhooks list Pastries
    """
    with connected() as client:
        found = client.projects.get(project).webhooks.list()

    def lines() -> None:
        if not found:
            say("No webhook yet. Add one with `modelyard webhooks add`.")
        for hook in found:
            state = "on" if hook["is_active"] else f"off ({hook['stopped_because'] or 'by a manager'})"
            failing = f", failing since {hook['failing_since']}" if hook["failing_since"] else ""
            say(f"{hook['id']}  {hook['url']}: {state}{failing}; {', '.join(hook['event_types'])}")

    show(found, lines)


@webhooks.command("update")
def update(
    project: str,
    webhook: Hook,
    event: Events = None,
    url: Annotated[str | None, typer.Option(help="Its new address.")] = None,
    active: Annotated[bool | None, typer.Option("--on/--off", help="Switch it on or off.")] = None,
) -> None:
    """Change a webhook's address or events, or switch it on or off.

    Example: modelyard webhooks update Pastries https://hooks.bakery.example/in --off
    """
    with connected() as client:
        found = client.projects.get(project).webhooks
        changed = found.update(webhook, url=url, event_types=event, is_active=active)
    show(changed, lambda: say("Changed."))


@webhooks.command("rotate-secret")
def rotate_secret(project: str, webhook: Hook) -> None:
    """Make a new secret and print it, this once; for a day the one before signs too.

    Example: modelyard webhooks rotate-secret Pastries https://hooks.bakery.example/in
    """
    with connected() as client:
        changed = client.projects.get(project).webhooks.rotate_secret(webhook)
    show(changed, lambda: _say_secret(changed))


@webhooks.command("test")
def test(project: str, webhook: Hook) -> None:
    """Send a test event; how it went is in the log a moment later.

    Example: modelyard webhooks test Pastries https://hooks.bakery.example/in
    """
    with connected() as client:
        asked = client.projects.get(project).webhooks.test(webhook)
    show(asked, lambda: say(f"Asked for. Look at it with `modelyard webhooks log`: {asked['id']}"))


@webhooks.command("log")
def log(
    project: str,
    webhook: Hook,
    state: Annotated[str, typer.Option(help="Only those that are waiting, delivered or failed.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest first.")] = 20,
) -> None:
    """Show what a webhook was sent, what it answered, and what waits.

    Example: modelyard webhooks log Pastries https://hooks.bakery.example/in --state failed
    """
    with connected() as client:
        found = client.projects.get(project).webhooks.deliveries(webhook, state=state or None, limit=limit)

    def lines() -> None:
        if not found:
            say("Nothing yet.")
        for row in found:
            say(f"{row['id']}  {row['created_at']}  {row['event_type']}  {row['state']}{_last(row)}")

    show(found, lines)


@webhooks.command("replay")
def replay(project: str, webhook: Hook, deliveries: list[str]) -> None:
    """Send once more what was sent before, under the same id.

    Example: modelyard webhooks replay Pastries https://hooks.bakery.example/in 0195a6c0-7d2f-7c11-8000-0242ac120002
    """
    with connected() as client:
        found = client.projects.get(project).webhooks
        again = [found.replay(webhook, delivery) for delivery in deliveries]
    show(again, lambda: say(f"{len(again)} will be sent again."))


@webhooks.command("delete")
def delete(project: str, webhook: Hook) -> None:
    """Delete a webhook with its log.

    Example: modelyard webhooks delete Pastries https://hooks.bakery.example/in
    """
    with connected() as client:
        client.projects.get(project).webhooks.delete(webhook)
    say("Deleted.")


def _say_secret(hook: dict[str, Any]) -> None:
    say(f"Webhook {hook['id']}. Keep its secret, it is shown this once:")
    typer.echo(hook["secret"])


def _last(row: dict[str, Any]) -> str:
    if not row["attempts"]:
        return ""
    attempt = row["attempts"][-1]
    told = attempt["error"] or f"answered {attempt['status']}"
    after = f", next try {row['next_try_at']}" if row["next_try_at"] else ""
    return f" after {row['tries']} attempts: {told}{after}"
