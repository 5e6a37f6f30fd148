"""Film the first hour: from an empty database to mail that only its customer can get.

Everything is clicked and typed as a person does, and counted on the way; `docs/first-hour.md` is
written of it. The register's publisher and Outlook are on this machine; all else is the product as
it is installed.
"""

import contextlib
import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import paths
from tools.browser import Browser, browser
from tools.console import Failure
from tools.host import Host, OdooServer

TARGET = paths.REPO / "docs/first-hour.md"
PATIENCE = 120
#: Whom a quotation must not reach.
STRANGER = "carol@other-customer.example"
COMPANIES = 400
TOWNS = (("OSLO", "0155"), ("BERGEN", "5003"), ("TRONDHEIM", "7011"))
WORDS = ("Fjord", "Birk", "Granitt", "Lykt", "Havn", "Ravn", "Elv", "Skog")
KINDS = (("62.100", "Programvare"), ("28.990", "Maskin"), ("71.121", "Teknikk"))
SET_UP = """
env["ir.cron"].search([("code", "not like", "_run_lane"),
    ("code", "not in", ("model._cron_download()", "model._cron_import()"))]).active = False
env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
env.ref("base.user_admin").write({"email": "olivia@company.example", "name": "Olivia Owner"})
env.company.write({"name": "YourCompany", "email": "office@company.example"})
env.cr.commit()
"""
#: The server is told, where it has read the address already.
ADDRESS = """
for name, value in (("web.base.url.freeze", "True"), ("web.base.url", {url!r})):
    env["ir.config_parameter"].set_param(name, value)
env.cr.commit()
"""
HEAD = """\
# The first hour, filmed

From a database in which nothing has been set up to leads, a mailbox and the rule that no quotation
goes to the wrong customer. `./run screenshots first-hour` clicks through it in a browser, takes the
pictures, counts the clicks and writes this page. The register's publisher and Outlook are stand-ins
on the same machine; companies and persons are invented.

| step | clicks | typed |
|---|---|---|
"""


@dataclasses.dataclass
class Scene:
    """A part of the film.

    :ivar typed: what was typed, in words
    :ivar shots: names of its pictures, each with a caption
    """

    title: str
    text: str
    clicks: int = 0
    typed: list[str] = dataclasses.field(default_factory=list)
    shots: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def typed_words(self) -> str:
        return ", ".join(self.typed) or "–"


class Camera:
    """Clicks, types and counts; takes pictures of what is seen.

    :ivar keep: writes what a tab shows into a file
    """

    def __init__(self, tab: Browser, folder: Path, keep: Callable[[Browser, Path], None]):
        self.tab, self.folder, self.keep = tab, folder, keep
        self.scenes: list[Scene] = []

    def scene(self, title: str, text: str) -> None:
        self.scenes.append(Scene(title, text))

    def click(self, selector: str, tab: Browser | None = None) -> None:
        # The browser gives no mouse to a tab behind another one.
        tab.click(selector) if tab else self.tab.tap(selector)
        self.scenes[-1].clicks += 1

    def shot(self, caption: str, tab: Browser | None = None) -> None:
        number = sum(len(scene.shots) for scene in self.scenes) + 1
        name = f"first-hour-{number:02}.png"
        self.keep(tab or self.tab, self.folder / name)
        self.scenes[-1].shots.append((name, caption))

    def see(self, *texts: str, selector: str = "body") -> None:
        """Wait until an element reads all these texts.

        :raise Failure: when none does
        """
        question = (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".some((one) => {json.dumps(texts)}.every((text) => one.innerText.includes(text)))"
        )
        deadline = time.monotonic() + PATIENCE
        while not self.tab.evaluate(question):
            if time.monotonic() > deadline:
                seen = self.tab.evaluate("document.body.innerText")
                raise Failure(f"{texts} did not appear in {selector}, but:\n{seen}")
            time.sleep(0.2)

    def mark(self, selector: str, text: str) -> str:
        """Return a selector of the first element of `selector` that reads `text`."""
        self.see(text, selector=selector)
        self.tab.evaluate(
            f"""(() => {{
                document.querySelectorAll("[data-filmed]")
                    .forEach((one) => delete one.dataset.filmed);
                [...document.querySelectorAll({json.dumps(selector)})]
                    .find((one) => one.innerText.includes({json.dumps(text)})).dataset.filmed = "1";
            }})()"""
        )
        return f"{selector}[data-filmed]"


def film(host: Host, folder: Path, keep: Callable[[Browser, Path], None]) -> None:
    """Take the film and write its page."""
    with contextlib.ExitStack() as stack:
        publisher = stack.enter_context(_norway())
        database = stack.enter_context(host.database("film"))
        host.shell(database, SET_UP)
        server = stack.enter_context(_server(host, database, publisher))
        tab = stack.enter_context(browser())
        tab.measure(1280, 760)
        camera = Camera(tab, folder, keep)
        tab.sign_in(server.url, database, "admin", "admin")
        _companies(camera, server.url)
        _leads(camera)
        host.shell(database, ADDRESS.format(url=server.url))
        _mailbox(camera, server.url)
        _recipients(camera, server.url)
        _quotation(camera, server.url)
    _write(camera.scenes)


@contextlib.contextmanager
def _norway() -> Iterator:
    """Serve a file in the layout of Norway's register, as its publisher does."""
    import norway
    import publisher

    def row(number: int, form: str) -> dict:
        town, postcode = TOWNS[number % len(TOWNS)]
        code, kind = KINDS[number % len(KINDS)]
        word = WORDS[number % len(WORDS)]
        return norway.company(
            number, form,
            navn=f"{word} {kind} {number} {form}",
            epostadresse=f"post@{word.lower()}{number}.example",
            hjemmeside=f"www.{word.lower()}{number}.example", antallAnsatte=str(5 + number % 90),
            **{"naeringskode1.kode": code, "forretningsadresse.poststed": town,
               "forretningsadresse.postnummer": postcode},
        )  # fmt: skip

    rows = [row(number, "AS") for number in range(COMPANIES)]
    rows += [row(COMPANIES + number, "ENK") for number in range(COMPANIES // 4)]
    with (
        tempfile.TemporaryDirectory() as place,
        publisher.Publisher(Path(place), norway.HOST) as server,
    ):
        server.files[norway.HOST + norway.PATH] = publisher.Published(norway.packed(rows))
        yield server


@contextlib.contextmanager
def _server(host: Host, database: str, publisher) -> Iterator[OdooServer]:
    os.environ["REGISTER_PORT"] = str(publisher.port)
    os.environ["REGISTER_CERTIFICATE"] = str(publisher.certificate)
    addons = ",".join(map(str, (*host.addons_path, paths.REPO / "tests/addons")))
    extra = ("--load=base,rpc,web,register_loopback", f"--addons-path={addons}")
    with host.server(database, cron=2, extra=extra) as server:
        yield server


def _companies(camera: Camera, url: str) -> None:
    camera.scene(
        "Companies",
        "The CRM of a database in which nothing was set up shows the first steps. *Get Companies*"
        " leads to the open registers; *Get* fetches the one of your market in the background, with"
        " nothing to decide. Sole traders are persons, and are left out.",
    )
    camera.tab.open(f"{url}/odoo/crm", ".o_first_steps")
    camera.shot("The first steps, above an empty pipeline")
    camera.click("[data-step=companies] button")
    card = camera.mark(".o_kanban_record", "Enhetsregisteret")
    camera.shot("The gallery of open registers")
    camera.click(f"{card} [name=action_get]")
    camera.see(f"{COMPANIES} in the directory", selector=".o_kanban_record")
    camera.shot("The register is in the directory")


def _leads(camera: Camera) -> None:
    camera.scene(
        "25 leads",
        "*Generate Leads* on the card has chosen the country already. The dialog says how many"
        " companies match and what 25 of them cost; the 100 trial credits that each database has"
        " pay for them. The request is done in the background, and its form follows.",
    )
    card = camera.mark(".o_kanban_record", "Enhetsregisteret")
    camera.click(f"{card} [name=action_generate_leads]")
    camera.see(f"{COMPANIES} companies match", selector=".modal .o_lead_mining_preview")
    camera.shot("How many match, and what they cost")
    camera.click(".modal footer button[name=action_generate]")
    camera.see("Done", selector=".o_arrow_button_current")
    camera.shot("The request is done")
    camera.click("button[name=action_view_leads]")
    camera.tab.wait_for(".o_data_row, .o_kanban_record")
    camera.shot("The leads")


def _mailbox(camera: Camera, url: str) -> None:
    from outlook_client import PANE, outlook

    camera.scene(
        "A mailbox",
        "*Install an Add-in* says what to do in Outlook or Gmail. In Outlook's pane, *Sign In*"
        " opens Odoo's login, and *Allow* gives the mailbox access; the pane then shows the CRM"
        " beside each e-mail. Installing the add-in in Outlook itself takes a minute more, and an"
        " https address, and is not counted here.",
    )
    camera.tab.open(f"{url}/odoo/crm", ".o_first_steps")
    camera.click("[data-step=mailbox] button")
    camera.tab.wait_for(".modal .nav-link")
    camera.shot("How an add-in is installed")
    with tempfile.TemporaryDirectory() as place, outlook(Path(place)) as pane:
        pane.open(url + PANE, "button.main")
        camera.click("button.main", pane)
        pane.wait_for("button.main[disabled]")
        window = pane.beside(pane.evaluate("window.dialogUrl"))
        window.call("Page.bringToFront")
        window.measure(900, 660)
        _log_in(camera, window)
        window.wait_for("button[name=do][value='1']")
        camera.shot("Who asks, and where the access goes", window)
        camera.click("button[name=do][value='1']", window)
        pane.call("Page.bringToFront")
        pane.wait_for("header .user")


def _log_in(camera: Camera, window: Browser) -> None:
    form = "form.oe_login_form"
    window.wait_for(f"{form} input[name=password]")
    window.wait_until("document.readyState === 'complete'")
    for name in ("login", "password"):
        window.evaluate(f"document.querySelector('{form} input[name={name}]').value = 'admin'")
        camera.scenes[-1].typed.append(name)
    # Its button, as a tab behind another one has no mouse and no cursor.
    window.evaluate(f"document.querySelector('{form}').submit()")
    camera.scenes[-1].clicks += 1


def _recipients(camera: Camera, url: str) -> None:
    camera.scene(
        "Who may be written to",
        "The last of the first steps: from now on e-mail of an opportunity, quotation or invoice"
        " reaches only the addresses of its customer.",
    )
    camera.tab.open(f"{url}/odoo/crm", ".o_first_steps")
    camera.click("[data-step=recipients] button")
    camera.click(".modal .o_field_widget[name=recipient_policy] input")
    camera.tab.wait_for(".modal .o_field_widget[name=recipient_any_address]")
    camera.shot("The rule is switched on")
    camera.click(".modal footer button[name=action_apply]")
    camera.tab.wait_for("body:not(:has(.modal))")
    time.sleep(3)


def _quotation(camera: Camera, url: str) -> None:
    camera.scene(
        "A protected quotation",
        "A quotation for the first of the leads, made and sent with Odoo's own buttons, which asks"
        " once how its documents shall look. The composer offers the customer's addresses; the"
        " address of another customer is refused there, and by the server whichever way it comes.",
    )
    camera.tab.open(f"{url}/odoo/crm", ".o_kanban_record")
    camera.click(".o_kanban_record:not(.o_kanban_ghost)")
    camera.click("button[name=action_sale_quotations_new]")
    camera.click(".modal footer button[name=action_apply]")
    camera.click("button[name=action_quotation_send]")
    camera.click(".modal footer button[name=document_layout_save]")
    camera.tab.wait_for(".modal .o_recipient_chip")
    camera.shot("The quotation goes to its customer")
    camera.click(".modal .o_recipient_input input")
    camera.tab.type(f"{STRANGER},")
    camera.scenes[-1].typed.append("another customer's address")
    camera.click(".modal [name=subject] input")
    camera.tab.wait_for(".modal .o_recipient_refusal")
    camera.shot("The address of another customer is refused")


def _write(scenes: list[Scene]) -> None:
    rows = [f"| {one.title} | {one.clicks} | {one.typed_words()} |" for one in scenes]
    clicks = sum(scene.clicks for scene in scenes)
    text = HEAD + "\n".join([*rows, f"| **together** | **{clicks}** | |"]) + "\n"
    for scene in scenes:
        told = "1 click" if scene.clicks == 1 else f"{scene.clicks} clicks"
        text += f"\n## {scene.title}\n\n{scene.text}\n"
        for name, caption in scene.shots:
            text += f"\n![{caption}](images/{name})\n"
        text += f"\n*{told}*\n"
    text += (
        "\nWhat comes next: [who may be written to]"
        "(salesperson.md#write-to-the-right-customer), and the rest of a salesperson's day.\n"
    )
    TARGET.write_text(text, encoding="utf-8")
