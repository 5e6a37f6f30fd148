"""The commands of `./run`."""

import argparse
import sys
from collections.abc import Sequence

from tools import causes
from tools.commands import (
    bench,
    chaos,
    demo,
    i18n,
    lint,
    mutate,
    screenshots,
    serve,
    shell,
    test,
    wheels,
)
from tools.console import Failure, say

COMMANDS = (demo, test, serve, shell, lint, bench, mutate, chaos, i18n, wheels, screenshots)


def parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser of all arguments, and that of each command."""
    whole = argparse.ArgumentParser(prog="./run", description="Open lead generation for Odoo 19.")
    choices = whole.add_subparsers(dest="command", required=True, metavar="command")
    commands = {}
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        summary = (command.__doc__ or "").splitlines()[0]
        choice = commands[name] = choices.add_parser(name, help=summary, description=summary)
        command.configure(choice)
        choice.set_defaults(run=command.run)
    return whole, commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name; return the exit status."""
    whole, _commands = parser()
    options, rest = whole.parse_known_args(arguments)
    options.rest = rest
    if rest and options.command not in ("test", "serve", "shell", "mutate"):
        whole.error(f"unknown arguments: {' '.join(rest)}")
    try:
        return options.run(options)
    except Failure as failure:
        say(f"./run {options.command}: {failure}")
        return 1
    except OSError as error:
        sentence = causes.of_error(error)
        if not sentence:
            raise
        say(f"./run {options.command}: {sentence}")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
