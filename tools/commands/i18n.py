"""Bring the templates and the Italian translations of our addons up to date with their texts."""

import argparse

from tools import paths, setup
from tools.console import say, step
from tools.host import our_modules

SHELL_CALL = """
import pathlib, sys
sys.path.insert(0, {repo!r})
from tools.i18n import update
for sentence in update(env, pathlib.Path({addons!r}), {modules!r}, "it"):
    print(sentence)
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "What it prints lacks a translation: write it into the module's i18n/it.po."


def run(options: argparse.Namespace) -> int:
    call = SHELL_CALL.format(repo=str(paths.REPO), addons=str(paths.ADDONS), modules=our_modules())
    with setup.ready() as host, host.database("i18n") as database:
        with step("Exporting texts"):
            lacking = host.shell(database, call)
        say(lacking.strip() or "Every text is translated.")
    return 0
