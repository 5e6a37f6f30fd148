"""Our addons as wheels, each a distribution of its own: odoo-addon-crm_lead_mining and the like."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools import paths, python_env
from tools.console import execute
from tools.host import our_modules

REQUIREMENTS = paths.REPO / "tools/wheel-requirements.txt"
#: Builds all in one process; whool builds the addon that it stands in.
BUILD = """
import os, pathlib, sys
from whool import buildapi
target, *addons = map(pathlib.Path, sys.argv[1:])
for addon in addons:
    os.chdir(addon)
    buildapi.build_wheel(str(target))
"""


def build(target: Path, names: Sequence[str] = ()) -> list[Path]:
    """Build wheels into the folder `target`.

    :param names: addons, all of ours if there are none.
    :return: the wheels.
    :raise Failure: when one can't be built.
    """
    python = python_env.ensure("wheels", [REQUIREMENTS])
    part = target.with_name(f"{target.name}.part").absolute()
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    addons = [paths.ADDONS / name for name in names or our_modules()]
    execute(
        [python, "-c", BUILD, part, *addons],
        log=paths.LOGS / "wheels.log",
        # The version is the manifest's; else whool counts commits as well.
        env={**os.environ, "WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"},
        advice="An addon could not be built as a wheel",
    )
    target.mkdir(parents=True, exist_ok=True)
    wheels = [path.replace(target / path.name) for path in sorted(part.glob("*.whl"))]
    part.rmdir()
    return wheels
