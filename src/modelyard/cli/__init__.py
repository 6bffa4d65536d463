"""The command line: thin, every command is a call of the SDK."""


def main() -> None:
    """Run `modelyard`."""
    from modelyard.cli.app import run

    run()
