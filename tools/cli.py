"""The commands of `./run`."""

import argparse
import sys
from collections.abc import Sequence

from tools.commands import bench, demo, i18n, lint, mutate, serve, shell, test
from tools.console import Failure, say

COMMANDS = (demo, test, serve, shell, lint, bench, mutate, i18n)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name; return the exit status."""
    parser = argparse.ArgumentParser(prog="./run", description="Open lead generation for Odoo 19.")
    choices = parser.add_subparsers(dest="command", required=True, metavar="command")
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        summary = (command.__doc__ or "").splitlines()[0]
        choice = choices.add_parser(name, help=summary, description=summary)
        command.configure(choice)
        choice.set_defaults(run=command.run)
    options, rest = parser.parse_known_args(arguments)
    options.rest = rest
    if rest and options.command not in ("test", "serve", "shell", "mutate"):
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        return options.run(options)
    except Failure as failure:
        say(f"./run {options.command}: {failure}")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
