"""Our addons as wheels: what is in them, and that ours are loaded wherever Odoo's own lie."""

import ast
import dataclasses
import email
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest
from other_hosts import (
    by_pip,
    of_the_system,
    on_a_checkout,
    packages_of,
    pip,
    stock_folder,
    variables,
)
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import paths, wheels
from tools.host import our_modules

MAIN = ("crm_lead_mining", "crm_iap_credits", "crm_mail_plugin", "crm_mail_recipients")
#: How licences are called in manifests, and how their texts begin.
TEXTS = {
    "LGPL-3": ("GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE"),
    "AGPL-3": ("GNU AFFERO GENERAL PUBLIC LICENSE",),
}
FOLDER = """
from odoo.modules.module import Manifest, initialize_sys_path
from odoo.tools import config
config.parse_config([])
initialize_sys_path()
import odoo.addons.crm_mail_plugin, odoo.addons.mail_plugin
for name in ("crm_mail_plugin", "mail_plugin"):
    print(Manifest.for_addon(name).path)
print(odoo.addons.crm_mail_plugin.__path__[0])
"""


def manifest(module):
    return ast.literal_eval((paths.ADDONS / module / "__manifest__.py").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """A folder with the wheels of all addons."""
    folder = tmp_path_factory.mktemp("wheels")
    wheels.build(folder)
    return folder


class Wheel:
    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        [text] = [self.files[name] for name in self.files if name.endswith("dist-info/METADATA")]
        self.metadata = email.message_from_bytes(text)
        self.needs = {
            canonicalize_name(one.name): one.specifier
            for one in map(Requirement, self.metadata.get_all("Requires-Dist"))
        }


@pytest.fixture(scope="module")
def wheel(dist):
    return lambda module: Wheel(next(dist.glob(f"odoo_addon_{module}-*.whl")))


class TestContents:
    @pytest.mark.parametrize("module", our_modules())
    def test_a_wheel_has_all_files_of_its_addon(self, wheel, module):
        folder = paths.ADDONS / module
        expected = {
            f"odoo/addons/{module}/{path.relative_to(folder)}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and path.name != "pyproject.toml"
        }
        files = wheel(module).files
        found = {name: text for name, text in files.items() if ".dist-info/" not in name}
        assert found.keys() == expected.keys()
        assert found == expected

    @pytest.mark.parametrize("module", our_modules())
    def test_it_is_described_by_its_manifest_and_readme(self, wheel, module):
        known, metadata = manifest(module), wheel(module).metadata
        assert metadata["Name"] == f"odoo-addon-{module}"
        assert metadata["Version"] == known["version"]
        assert metadata["License"] == known["license"]
        assert metadata["Summary"] == known["summary"]
        assert metadata["Description-Content-Type"] == "text/markdown"
        assert metadata.get_payload().startswith(f"# {known['name']}\n")

    @pytest.mark.parametrize("module", our_modules())
    def test_it_brings_what_it_depends_on_beside_odoo(self, wheel, module):
        known = manifest(module)
        python = known.get("external_dependencies", {}).get("python", [])
        ours = {f"odoo-addon-{name}" for name in known["depends"] if name in our_modules()}
        others = {"odoo-addon-helpdesk-mgmt"} & {
            canonicalize_name(f"odoo-addon-{name}") for name in known["depends"]
        }
        assert wheel(module).needs.keys() == {
            canonicalize_name(name) for name in ("odoo", *python, *ours, *others)
        }

    def test_it_fits_odoo_19_only(self, wheel):
        for name, specifier in wheel("crm_mail_plugin_project").needs.items():
            assert str(specifier) == "==19.0.*", name

    @pytest.mark.parametrize("module", our_modules())
    def test_the_text_of_its_licence_is_whole(self, module):
        text = (paths.ADDONS / module / "LICENSE").read_text(encoding="utf-8")
        for title in TEXTS[manifest(module)["license"]]:
            assert f"\n{title}\n" in "\n" + "\n".join(map(str.strip, text.splitlines()))
        assert text.count("TERMS AND CONDITIONS") >= 2  # the terms and their end

    def test_the_repositorys_licence_names_the_addons_that_have_another(self):
        text = (paths.REPO / "LICENSE").read_text(encoding="utf-8").partition("\n\n\n")[0]
        others = [name for name in our_modules() if manifest(name)["license"] != "LGPL-3"]
        assert [name for name in our_modules() if f"addons/{name}" in text] == others


# === HOSTS === #


def loaded(python, cwd, **environment):
    """Return the folders of crm_mail_plugin by its manifest, of mail_plugin, and of the code."""
    done = subprocess.run(
        [python, "-c", FOLDER],
        cwd=cwd,
        env=variables() | {"HOME": str(cwd)} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [Path(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def stock(host):
    """The folder that Odoo's package lies in."""
    return stock_folder(host)


@pytest.fixture(scope="module")
def packages(host):
    """The folder with what Odoo and ours need."""
    return packages_of(host.python)


def names(modules):
    return [f"odoo-addon-{name}" for name in modules]


@pytest.fixture(scope="module")
def debian(stock, packages, dist, tmp_path_factory):
    """Python where Odoo is a package of the system, and pip's packages come before it."""
    python = of_the_system(tmp_path_factory.mktemp("debian"), stock, packages)
    # Without dependencies: Odoo's own are called otherwise in Debian, and pip would fetch them.
    pip(python, "--no-deps", *dist.glob("*.whl"))
    return python


def test_on_debians_package_ours_is_loaded(debian, stock, tmp_path):
    ours, others, code = loaded(debian, tmp_path)
    assert ours == code == Path(packages_of(debian)) / "odoo/addons/crm_mail_plugin"
    assert others == stock / "odoo/addons/mail_plugin"


def test_on_a_checkout_ours_is_loaded(stock, packages, dist, tmp_path):
    """Addons lie beside the package there, but for a few; pip knows Odoo as it was told of it."""
    checkout, python = on_a_checkout(tmp_path, stock, packages)
    pip(python, "--find-links", dist, *(name.replace("_", "-") for name in names(MAIN)))
    assert (Path(packages_of(python)) / "odoo/addons/crm_common").is_dir(), "it came along"
    ours, others, code = loaded(python, checkout)
    assert ours == code == Path(packages_of(python)) / "odoo/addons/crm_mail_plugin"
    assert others == checkout / "addons/mail_plugin"


def test_where_pip_installed_odoo_itself_a_folder_of_their_own_is_loaded_first(
    stock, packages, dist, tmp_path
):
    """There our files would fall among those of the stock addon that has the same name."""
    python = by_pip(tmp_path, stock, packages)
    target = tmp_path / "open-crm"
    pip(python, "--no-deps", "--target", target, *dist.glob("*.whl"))
    stock_one = Path(packages_of(python)) / "odoo/addons/crm_mail_plugin"
    assert loaded(python, tmp_path)[2] == stock_one
    ours, others, code = loaded(python, tmp_path, PYTHONPATH=str(target))
    assert ours == code == target / "odoo/addons/crm_mail_plugin"
    assert others == stock_one.with_name("mail_plugin")


# === A DATABASE === #


def test_the_four_are_installed_from_wheels_and_the_server_starts(host, debian):
    wheeled = dataclasses.replace(host.without_ours(), python=str(debian), python_path=())
    with host.database("wheels", ours=False) as database:
        wheeled.install(database, MAIN)
        states = host.sql(
            "SELECT name FROM ir_module_module WHERE name = ANY(%s) AND state = 'installed'",
            database=database,
            parameters=[list(MAIN)],
        )
        assert sorted(name for (name,) in states) == sorted(MAIN)
        with wheeled.server(database, cron=0) as server:
            with urllib.request.urlopen(f"{server.url}/web/login", timeout=60) as answer:
                assert answer.status == 200
            # The stock addon has another picture.
            icon = server.url + "/crm_mail_plugin/static/description/icon.png"
            with urllib.request.urlopen(icon, timeout=60) as answer:
                ours = paths.ADDONS / "crm_mail_plugin/static/description/icon.png"
                assert answer.read() == ours.read_bytes()
        assert " ERROR " not in server.log_path.read_text(encoding="utf-8")
