"""Take the pictures of README, docs and addons, as their readers would see them.

    ./run screenshots [name …]

It runs in the environment's Python. What is shown is invented (`tools/demo/scene.py`); each
picture is taken in English and in Italian, and the film of the first hour on the way.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image

REPO = Path(__file__).resolve().parent.parent
#: Stand-ins for publishers and for Outlook are those of the tests.
PLACES = ("", "docs", "tests", "addons/crm_lead_directory/tests")
sys.path[:0] = [str(REPO / place) for place in PLACES]

import first_hour  # noqa: E402 - the launcher's package lies beside this folder
from stations import PICTURES, WIDTH, Picture, Stage  # noqa: E402

from tools.browser import Browser, browser  # noqa: E402
from tools.commands import demo  # noqa: E402
from tools.console import step  # noqa: E402
from tools.host import Host  # noqa: E402

IMAGES = REPO / "docs/images"
ADDONS = REPO / "addons"
FILM = "first-hour"
#: Language -> what names of its pictures end with.
LANGUAGES = {"en_US": "", "it_IT": ".it"}
COLOURS = 96
#: Addon -> pictures that the apps' store shows of it, the first one as its banner.
DESCRIBED = {
    "crm_lead_mining": (
        "generate-leads", "lead-mining-results", "lead-mining-analysis", "get-companies",
    ),
    "crm_iap_credits": ("buy-credits", "credit-account", "credit-consumption"),
    "crm_mail_plugin": ("install-add-in", "connected-mailboxes"),
    "crm_mail_recipients": ("who-may-be-written-to", "wrong-customer", "protected-quotation"),
}  # fmt: skip


def main(names: list[str]) -> int:
    """Take these pictures, or all; return the exit status."""
    IMAGES.mkdir(exist_ok=True)
    wanted = {name: one for name, one in PICTURES.items() if not names or name in names}
    host = Host.current()
    if wanted:
        for language, ending in LANGUAGES.items():
            with step(f"Pictures in {language}"):
                take(host, language, ending, wanted)
        describe()
    if not names or FILM in names:
        with step("The first hour"):
            first_hour.film(host, IMAGES, keep)
    return 0


def take(host: Host, language: str, ending: str, wanted: dict[str, Picture]) -> None:
    """Take pictures in one language."""
    with host.database(f"pictures_{language[:2]}") as database:
        made = demo.script(host, database, "scene", {"language": language})
        with host.server(database, cron=0) as server, browser() as tab:
            stage, login = Stage(tab, server.url, made), ""
            for name, picture in wanted.items():
                tab.measure(WIDTH, picture.height)
                if picture.login != login:
                    login = picture.login
                    tab.sign_in(server.url, database, login, login)
                picture.pose(stage)
                keep(tab, IMAGES / f"{name}{ending}.png")


def keep(tab: Browser, target: Path, settle: float = 2.5) -> None:
    """Write what the tab shows as a small PNG."""
    tab.picture(target, settle)
    with Image.open(io.BytesIO(target.read_bytes())) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(target, optimize=True)


def describe() -> None:
    """Give each app its pictures."""
    for addon, (banner, *others) in DESCRIBED.items():
        folder = ADDONS / addon / "static/description"
        shutil.copy(IMAGES / f"{banner}.png", folder / "banner.png")
        for name in others:
            shutil.copy(IMAGES / f"{name}.png", folder / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
