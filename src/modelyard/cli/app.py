"""The tree of commands, and the options that all of them take."""

import sys

import click
import typer

from modelyard import __version__, errors
from modelyard.cli import (
    admin,
    agreement,
    batches,
    classes,
    data,
    detectors,
    history,
    learning,
    members,
    reviews,
    talk,
    versions,
    webhooks,
    work,
)
from modelyard.cli.common import OPTIONS, Options, exit_code

app = typer.Typer(
    help="Modelyard: from raw pictures to a working vision model, together.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for room in (
    data,
    classes,
    batches,
    reviews,
    agreement,
    work,
    versions,
    detectors,
    learning,
    members,
    talk,
    webhooks,
    history,
    admin,
):
    room.add_to(app)


@app.command()
def version() -> None:
    """Print the version.

    Example: modelyard version
    """
    typer.echo(__version__)


_SHARED = {
    "--data": ("data", "The data directory on this machine (or MODELYARD_DATA)."),
    "--url": ("url", "The address of a server (or MODELYARD_URL)."),
    "--token": ("token", "An API token for the server (or MODELYARD_TOKEN)."),
}


def take_shared(arguments: list[str]) -> list[str]:
    """Take the options that every command knows out of the arguments, wherever they stand; return the rest.

    Example:
        >>> take_shared(["train", "Pastries", "--data", "d", "--recipe", "head"])
        ['train', 'Pastries', '--recipe', 'head']
    """
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        name, equals, value = word.partition("=")
        if word == "--":
            return [*rest, word, *waiting]
        if word == "--json":
            OPTIONS.as_json = True
        elif name in _SHARED:
            given = value if equals else next(waiting, None)
            if not given:
                raise click.UsageError(f"{name} needs a value.")
            setattr(OPTIONS, _SHARED[name][0], given)
        else:
            rest.append(word)
    return rest


def run(words: list[str] | None = None) -> None:
    """Run the command line (that of this process by default); errors become one sentence on standard error.

    Raises:
        SystemExit: always, with the exit code.
    """
    epilog = "Every command takes --data DIR, --url URL, --token TOKEN and --json (JSON alone on standard output)."
    app.info.epilog = epilog
    try:
        vars(OPTIONS).update(vars(Options()))
        arguments = take_shared(sys.argv[1:] if words is None else words)
        app(args=arguments, prog_name="modelyard", standalone_mode=True)
    except click.UsageError as error:
        typer.echo(f"Error: {error.format_message()}", err=True)
        sys.exit(2)
    except errors.ProductError as error:
        typer.echo(f"Error: {error.detail}", err=True)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        sys.exit(130)
