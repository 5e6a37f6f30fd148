"""All set-up that is missing: Odoo, Python packages, PostgreSQL, the overlay of our addons."""

import concurrent.futures
import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import odoo_source, paths, postgres, python_env
from tools.console import Failure
from tools.host import BASE_CONFIG, Host

REQUIREMENTS = [paths.REPO / "requirements.txt", paths.REPO / "test-requirements.txt"]
# OCA's helpdesk, which helpdesk_mail_plugin works with. Its wheel asks for a distribution `odoo`
# that does not exist, so it comes without its dependencies.
HELPDESK = "odoo-addon-helpdesk-mgmt==19.0.1.3.2"
WHERE_FROM = (
    "from odoo.modules.module import Manifest; "
    "manifest = Manifest.for_addon('{name}'); print(manifest.path if manifest else '')"
)


@contextlib.contextmanager
def ready() -> Iterator[Host]:
    """Yield a host with a running PostgreSQL server.

    :raise Failure: when a part of the set-up can't be had.
    """
    # The server starts while packages come, and both are looked at at the same time.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        preparing = pool.submit(_prepare)
        with postgres.running(BASE_CONFIG) as server:
            host = preparing.result()(server)
            host.save()
            checked = pool.submit(_check_overlay, host)
            host.forget_lost_checkouts()
            checked.result()
            yield host


def without_database() -> Host:
    """Return a host that has no PostgreSQL server, for what needs none.

    :raise Failure: when a part of the set-up can't be had.
    """
    return _prepare()(postgres.Server())


def _prepare() -> Callable[[postgres.Server], Host]:
    """Have Odoo and all packages; return what makes a host of them and a server."""
    # All three are fetched at the same time, where they are not there.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        found = pool.submit(odoo_source.find)
        installed = pool.submit(python_env.ensure, "python", REQUIREMENTS)
        helpdesk = pool.submit(python_env.ensure_target, "helpdesk", HELPDESK)
    source, python = found.result(), installed.result()
    # Ours come before all others, those of the helpdesk after Odoo's own.
    folders = (overlay(), source.python_path, helpdesk.result())
    return lambda server: Host(
        python=str(python),
        python_path=tuple(map(str, folders)),
        addons_path=(*map(str, source.addons_path), str(paths.ADDONS)),
        fingerprint=source.fingerprint,
        database_options=server.odoo_options(),
        database_environment=server.environment(),
    )


def overlay() -> Path:
    """Return a folder that makes our addons part of the `odoo.addons` namespace.

    Stock addons inside the `odoo` package win over folders of addons_path, and one of ours has a
    stock addon's name; a namespace portion that stands before Odoo on the path wins over both.
    """
    folder = paths.STATE / "overlay"
    link = folder / "odoo/addons"
    link.parent.mkdir(parents=True, exist_ok=True)
    with paths.lock(paths.STATE / "overlay.lock"):
        if not link.is_symlink() or link.resolve() != paths.ADDONS:
            link.unlink(missing_ok=True)
            link.symlink_to(os.path.relpath(paths.ADDONS, link.parent))
    return folder


def _check_overlay(host: Host) -> None:
    """Refuse to go on where a stock addon would be loaded in place of ours."""
    name = "crm_mail_plugin"
    if not (paths.ADDONS / name).is_dir():
        return
    found = subprocess.run(
        [host.python, "-c", WHERE_FROM.format(name=name)],
        env=host.environment(),
        cwd="/",
        capture_output=True,
        text=True,
    ).stdout.strip()
    if os.path.realpath(found or "/") != str(paths.ADDONS / name):
        raise Failure(
            f"Odoo would load {name} from {found or 'nowhere'}: "
            "put the overlay first on PYTHONPATH."
        )
