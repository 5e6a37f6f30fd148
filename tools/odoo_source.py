"""Find Odoo 19, or fetch Debian's package of it into the cache."""

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import paths
from tools.console import Failure, execute, step

SERIES = "19.0"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# The package links fonts and libraries out of these. The fonts come from the machine's own
# suite: newer ones renamed the files that the links name.
FONT_PACKAGES = (
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
    "gsfonts",
)
LIBRARY_PACKAGES = ("libjs-jquery", "libjs-jquery-form", "libjs-underscore")
ADVICE = (
    "Odoo 19 was not found: set ODOO_HOME to a checkout of Odoo's branch 19.0, "
    "or start ./run with a Python that can import odoo"
)


@dataclasses.dataclass(frozen=True)
class OdooSource:
    """An Odoo 19 on this machine.

    :ivar python_path: folder to put on PYTHONPATH, the one with the `odoo` package in it.
    :ivar addons_path: folders of stock addons that lie outside the `odoo` package.
    :ivar fingerprint: changes whenever another Odoo is used.
    """

    python_path: Path
    addons_path: tuple[Path, ...]
    fingerprint: str


def find() -> OdooSource:
    """Return the Odoo to use: ODOO_HOME, else an importable one, else Debian's package.

    :raise Failure: when there is none and none can be fetched.
    """
    home = os.environ.get("ODOO_HOME")
    if home:
        return _checked(Path(home).expanduser().absolute(), "ODOO_HOME")
    return _importable() or _debian()


def _checked(root: Path, origin: str) -> OdooSource:
    release = root / "odoo" / "release.py"
    if not release.is_file():
        raise Failure(f"{origin} ({root}) holds no odoo/release.py: set ODOO_HOME to an Odoo 19.")
    text = release.read_text(encoding="utf-8")
    version = re.search(r"^version_info = \((\d+), (\d+)", text, re.MULTILINE)
    if not version or ".".join(version.groups()) != SERIES:
        raise Failure(f"{origin} ({root}) is not {SERIES}: set ODOO_HOME to an Odoo {SERIES}.")
    return OdooSource(
        python_path=root,
        addons_path=tuple(path for path in (root / "addons",) if (path / "crm").is_dir()),
        fingerprint=paths.digest(str(root), text),
    )


def _importable() -> OdooSource | None:
    """Return the Odoo that this Python imports, if it does."""
    found = subprocess.run(
        [sys.executable, "-c", "import odoo.release; print(odoo.release.__file__)"],
        cwd="/",
        capture_output=True,
        text=True,
    )
    if found.returncode:
        return None
    return _checked(Path(found.stdout.strip()).parent.parent, "The importable odoo")


def _debian() -> OdooSource:
    target = paths.cache() / f"odoo-{SERIES}-debian"
    with paths.lock(target.with_name(f"{target.name}.lock")):
        if not target.is_dir():
            with step("Fetching Odoo 19 (Debian's package, 130 MB)"):
                _fetch_debian(target)
    return _checked(target / "usr/lib/python3/dist-packages", "The cached Debian package")


def _fetch_debian(target: Path) -> None:
    if not all(map(shutil.which, ("apt-get", "dpkg-deb"))) or not KEYRING.is_file():
        raise Failure(f"{ADVICE}.")
    mirror, suite = _own_mirror()
    work = target.with_name(target.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("lists/partial", "cache/archives/partial", "root", "packages"):
        (work / folder).mkdir(parents=True)
    sources = work / "sources.list"
    sources.write_text(
        "".join(f"deb [signed-by={KEYRING}] {mirror} {name} main\n" for name in ("unstable", suite))
    )
    apt = [
        "apt-get",
        *("-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=-"),
        *("-o", f"Dir::State::Lists={work / 'lists'}", "-o", f"Dir::Cache={work / 'cache'}"),
        *("-o", "APT::Sandbox::User=root") * (os.geteuid() == 0),
    ]
    log = paths.LOGS / "fetch-odoo.log"
    wanted = [f"{name}/unstable" for name in ("odoo-19", *LIBRARY_PACKAGES)]
    wanted += [f"{name}/{suite}" for name in FONT_PACKAGES]
    execute([*apt, "update"], log=log, advice=f"{ADVICE}; Debian's package list did not load")
    execute(
        [*apt, "download", *wanted],
        log=log,
        cwd=work / "packages",
        advice=f"{ADVICE}; Debian's package did not download",
    )
    for package in sorted((work / "packages").glob("*.deb")):
        execute(
            ["dpkg-deb", "-x", package, work / "root"],
            log=log,
            advice=f"Debian's package did not unpack: free some space in {paths.cache()}",
        )
    _mend(work / "root")
    (work / "root").rename(target)
    shutil.rmtree(work)


def _own_mirror() -> tuple[str, str]:
    """Return the URI and the suite of the Debian mirror in the machine's own sources."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    suite = re.search(r"^VERSION_CODENAME=(\w+)", release, re.MULTILINE)
    known = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
    ).stdout
    for line in known.splitlines():
        mirror, _space, name = line.partition(" ")
        if suite and name == suite[1] and re.search(r"^ID=debian$", release, re.MULTILINE):
            return mirror, name
    raise Failure(f"{ADVICE} (this machine has no Debian mirror to fetch it from).")


def _mend(root: Path) -> None:
    """Put back an empty file that Debian removed though the backend's assets list it.

    Without it every backend page logs an error and every browser test fails.
    """
    addons = root / "usr/lib/python3/dist-packages/odoo/addons"
    missing = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not missing.exists():
        missing.parent.mkdir(parents=True, exist_ok=True)
        missing.write_text("// Left out by the packager: only blurs the background of calls.\n")
