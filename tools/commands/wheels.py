"""Build our addons as wheels, for an Odoo that installs them with pip."""

import argparse
from pathlib import Path

from tools import wheels
from tools.console import say, step


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("dist"), help="where they go (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    with step("Building wheels"):
        built = wheels.build(options.folder)
    say(f"{len(built)} wheels in {options.folder}")
    return 0
