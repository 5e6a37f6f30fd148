"""What documents name is there: pages, places in them, files, commands and their options."""

import argparse
import ast
import re
import struct

import pytest

from tools import cli, paths
from tools.commands import bench, lint

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "addons/*/README.md")
    for path in paths.REPO.glob(pattern)
)
ids = {"ids": lambda page: str(page.relative_to(paths.REPO))}
LINK = re.compile(r"\]\(([^)\s]+)\)")
RUN = re.compile(r"\./run ([^`\n#]*)")
#: A file or folder in code marks: it has a slash, and no blank, dots for the rest, or pattern.
PLACE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
LONGEST = 400
LONG = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)


def read(page):
    return page.read_text(encoding="utf-8")


def anchors(text):
    """Return the names that headings get, as Markdown on the web makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, **ids)
def test_links_lead_somewhere(page):
    for link in LINK.findall(read(page)):
        if re.match(r"\w+:", link):
            continue
        name, _mark, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(read(target)), link


@pytest.mark.parametrize("page", PAGES, **ids)
def test_commands_of_the_launcher_exist_with_their_options(page):
    _whole, commands = cli.parser()
    for text in RUN.findall(read(page)):
        words = re.findall(r"[^\s\[\]]+", text)
        if not words or words[0].startswith(("-", "…")):
            continue
        name = words[0].strip(".,;:()…")
        assert name in commands, text
        known = {
            option
            for action in commands[name]._actions
            if not isinstance(action, argparse._SubParsersAction)
            for option in action.option_strings
        }
        unknown = {word for word in words if word.startswith("--")} - known - {"-->"}
        assert not unknown, text


@pytest.mark.parametrize("page", PAGES, **ids)
def test_what_a_command_is_asked_for_exists(page):
    benchmarks = {path.stem for path in bench.BENCHMARKS.glob("[a-z]*.py")}
    for text in RUN.findall(read(page)):
        name, *words = re.findall(r"[^\s\[\]]+", text) or [""]
        if "[" in text:
            continue  # It tells what may be given.
        words = [word.strip(".,;:()") for word in words if re.fullmatch(r"[a-z_/.]+", word)]
        if name == "bench":
            assert set(words) <= benchmarks | {"name", "measures"}, text
        elif name == "lint":
            assert set(words[:1]) <= {*lint.CHECKS, "before"}, text
        elif name == "test":
            assert all((paths.REPO / word).exists() for word in words if "/" in word), text


@pytest.mark.parametrize("page", PAGES, **ids)
def test_files_that_are_named_exist(page):
    homes = [page.parent, paths.REPO, paths.ADDONS, *paths.ADDONS.glob("*/")]
    for place in PLACE.findall(read(page)):
        # What begins in no folder of ours is somebody's own: a guide's example, a package.
        mine = [home for home in homes if (home / place.split("/")[0]).is_dir()]
        assert not mine or any((home / place).exists() for home in mine), place


def test_the_table_of_long_files_is_complete_and_has_no_other():
    """Of what is no test: those, and files of data, may be as long as they need."""
    listed = dict(LONG.findall(read(paths.REPO / "docs/architecture.md")))
    long = {
        str(path.relative_to(paths.REPO))
        for folder in ("addons", "tools", "docs", "benchmarks")
        for kind in ("py", "js", "xml", "scss")
        for path in (paths.REPO / folder).rglob(f"*.{kind}")
        if "tests" not in path.parts and len(read(path).splitlines()) > LONGEST
    }
    assert {name for name in listed if name.endswith((".py", ".js", ".xml", ".scss"))} == long
    assert all(len(listed[name].split()) > 3 for name in long)


def test_the_newest_version_of_the_changelog_is_that_of_the_addons():
    newest = re.search(r"^## ([\d.]+)$", read(paths.REPO / "CHANGELOG.md"), re.MULTILINE)[1]
    for path in paths.ADDONS.glob("*/__manifest__.py"):
        version = ast.literal_eval(read(path))["version"]
        # This one has to be above the addon of Odoo that it takes the place of.
        if path.parent.name != "crm_mail_plugin":
            assert version == newest, path.parent.name


def test_what_a_user_installs_is_found_among_the_apps_and_pictures_are_there():
    """Glue and common rules come by themselves, and stay behind the filter "Extra"."""
    manifests = {
        path.parent: ast.literal_eval(read(path)) for path in paths.ADDONS.glob("*/__manifest__.py")
    }
    table = read(paths.REPO / "README.md").split("\n## ")[0]
    apps = set(re.findall(r"^\| \[(\w+)\]\(addons/", table, re.MULTILINE))
    assert {folder.name for folder, one in manifests.items() if one.get("application")} == apps
    for folder, manifest in manifests.items():
        assert (folder / "static/description/icon.png").is_file()
        assert all((folder / image).is_file() for image in manifest.get("images", []))


SCRIPTS = sorted(
    path
    for folder in ("benchmarks", "docs", "tests", "tools")
    for kind in ("py", "md")
    for path in (paths.REPO / folder).rglob(f"*.{kind}")
)
IMPORT = re.compile(r"^\s*from odoo\.addons\.(\w[\w.]*) import (\([^)]*\)|[^\n#]+)", re.MULTILINE)


@pytest.mark.parametrize("page", SCRIPTS, ids=lambda page: str(page.relative_to(paths.REPO)))
def test_what_a_script_takes_from_our_addons_is_there(page):
    """Also in texts that only an Odoo shell runs: a benchmark, a scenario, a guide's example."""
    for dotted, names in IMPORT.findall(read(page)):
        addon, *rooms = dotted.split(".")
        if not (paths.ADDONS / addon).is_dir():
            continue  # Stock's, or a guide's example.
        home = paths.ADDONS.joinpath(addon, *rooms)
        module = home.with_suffix(".py")
        said = read(module if module.is_file() else home / "__init__.py")
        for name in re.findall(r"\w+", re.sub(r"\bas \w+", "", names)):
            there = [home / name, home / f"{name}.py"]
            assert any(one.exists() for one in there) or re.search(rf"\b{name}\b", said), name


def test_the_transcript_of_the_installation_follows_readme():
    readme = " ".join(read(paths.REPO / "README.md").split())
    commands = re.findall(r"^\$ (.+)$", read(paths.REPO / "docs/installation.md"), re.MULTILINE)
    assert len(commands) > 20
    for command in commands:
        # README names this option of pip beside its commands.
        assert re.sub(r"(install) --break-system-packages", r"\1", command) in readme


IMAGES = paths.REPO / "docs/images"
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)\s]+)\)")
#: A picture may not be wider, nor all of them larger.
WIDEST, LARGEST = 1440, 6_000_000
README_IT = paths.REPO / "README.it.md"
#: Each app of the first table has one.
DESCRIPTIONS = sorted(paths.ADDONS.glob("*/static/description/index.html"))


def test_each_picture_is_shown_by_a_document_and_has_words():
    shown = {(page.parent / name).resolve() for page in PAGES for name in SHOWN.findall(read(page))}
    assert shown <= set(IMAGES.glob("*.png"))
    assert set(IMAGES.iterdir()) == shown


def test_each_picture_is_there_in_both_languages_and_is_one_that_the_launcher_takes():
    names = {path.stem for path in IMAGES.glob("*.png") if not path.stem.startswith("first-hour")}
    poses = re.findall(
        r"^@shown_to\(.*\)\ndef (\w+)", read(paths.REPO / "docs/stations.py"), re.MULTILINE
    )
    taken = {pose.replace("_", "-") for pose in poses}
    assert len(taken) >= 20
    assert names == taken | {f"{name}.it" for name in taken}  # The film is told in English.


def test_pictures_are_small():
    sizes = []
    for path in IMAGES.glob("*.png"):
        content = path.read_bytes()
        width, _height, _depth, kind = struct.unpack(">IIBB", content[16:26])
        assert width <= WIDEST, path.name
        assert kind == 3, f"{path.name} has no palette"
        sizes.append(len(content))
    assert sum(sizes) < LARGEST


@pytest.mark.parametrize("page", DESCRIPTIONS, ids=lambda page: page.parts[-4])
def test_an_apps_description_has_its_pictures_and_nothing_that_runs(page):
    text = read(page)
    shown = re.findall(r'src="([^"]*)"', text)
    assert all((page.parent / name).is_file() for name in shown), shown
    assert not re.search(r"<script|<link|<iframe|\bon\w+=|javascript:|https?:", text)
    unused = {path.name for path in page.parent.glob("*.png")} - {*shown, "icon.png"}
    assert not unused
    assert re.findall(r"<img ", text) == ["<img "] * len(re.findall(r'alt="[^"]+"', text))


def test_each_of_the_four_apps_has_pictures_in_its_description():
    for addon in ("crm_lead_mining", "crm_iap_credits", "crm_mail_plugin", "crm_mail_recipients"):
        text = read(paths.ADDONS / addon / "static/description/index.html")
        assert text.count("<img ") >= 2, addon
        with_icon = paths.ADDONS / addon / "static/description/icon.png"
        width, height = struct.unpack(">II", with_icon.read_bytes()[16:24])
        assert (width, height) >= (100, 100), addon
        assert width == height, addon


def test_the_italian_readme_has_the_headings_and_commands_of_the_english_one():
    english, italian = read(paths.REPO / "README.md"), read(README_IT)

    def shape(text):
        return [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]

    def commands(text):
        blocks = re.findall(r"^ {4,}\S.*$", text, re.MULTILINE)
        inline = re.findall(r"`((?:\./run|pip|odoo|mkdir|-u) ?[^`]*)`", text)
        return blocks, inline

    def rows(text):
        return len(re.findall(r"^\|", text, re.MULTILINE))

    def places(text):
        links = [link for link in LINK.findall(text) if not link.startswith("docs/images/")]
        return sorted(link for link in links if not link.startswith("README"))

    for of in (shape, commands, rows, places):
        assert of(english) == of(italian), of.__name__


@pytest.mark.parametrize("readme", ["README.md", "README.it.md"])
def test_readme_tells_what_each_open_register_costs(readme):
    text = read(paths.REPO / readme)
    recipes = sorted((paths.ADDONS / "crm_lead_directory/registers/recipes").glob("[a-z]*.py"))
    for path in recipes:
        said = read(path)
        title = re.search(r'^    title="(.+)",$', said, re.MULTILINE)[1]
        licence = re.search(r'^    licence="(.+)",$', said, re.MULTILINE)[1]
        number = int(re.search(r"^    companies=([\d_]+),$", said, re.MULTILINE)[1])
        told = f"{number:,}" if readme == "README.md" else f"{number:,}".replace(",", ".")
        size = int(re.search(r"^    download_bytes=([\d_]+),$", said, re.MULTILINE)[1])
        size = f"{size / 1e9:.2g} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
        size = size if readme == "README.md" else size.replace(".", ",")
        [row] = [line for line in text.splitlines() if f"| {title}" in line]
        assert licence in row, title
        assert f"| {told} |" in row, title
        # As the gallery tells it; what is to be fetched by hand says how.
        assert f"| {size} |" in row or "by hand" in row or "a mano" in row, title
    closed = re.findall(r'^    "(\w\w)": ', read(recipes[0].parents[1] / "closed.py"), re.MULTILINE)
    [row] = [line for line in text.splitlines() if "Austria, " in line]
    assert len(row.split(" | ")[0].split(",")) == len(closed)
