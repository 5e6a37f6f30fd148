"""What the pictures of the documents show: who sees it, and how one comes to it."""

import dataclasses
import json
from collections.abc import Callable

from tools.browser import Browser

#: Password and login are one in `tools.demo.scene`.
SALESPERSON, MANAGER, ADMINISTRATOR = "sally", "maria", "admin"
WIDTH, HEIGHT = 1280, 760
COMPANY_PAGE = ".o_notebook .nav-link[name=company]"


@dataclasses.dataclass
class Stage:
    """A tab before the running product.

    :ivar made: ids of the records to show, as `tools.demo.scene` returns them
    """

    tab: Browser
    url: str
    made: dict

    def open(self, address: str, until: str) -> None:
        """Load a page of the backend and wait for what `until` finds."""
        self.leave()
        self.tab.open(f"{self.url}/odoo/{address}", until)

    def leave(self) -> None:
        """Leave the page, whatever it would ask about what was begun on it."""
        self.tab.evaluate(
            "window.addEventListener('beforeunload',"
            " (event) => event.stopImmediatePropagation(), { capture: true })"
        )
        self.tab.open("about:blank", "body")

    def scroll_to(self, selector: str) -> None:
        """Bring the first element that `selector` finds to the top."""
        self.tab.wait_for(selector)
        found = f"document.querySelector({json.dumps(selector)})"
        self.tab.evaluate(f"{found}.scrollIntoView({{ block: 'start', behavior: 'instant' }})")


@dataclasses.dataclass(frozen=True)
class Picture:
    """One picture.

    :ivar login: of who sees it
    :ivar pose: brings the tab before it
    """

    login: str
    pose: Callable[[Stage], None]
    height: int


PICTURES: dict[str, Picture] = {}


def shown_to(login: str, height: int = HEIGHT) -> Callable:
    """Make a function the pose of a picture that is called like it."""

    def note(pose: Callable[[Stage], None]) -> Callable:
        PICTURES[pose.__name__.replace("_", "-")] = Picture(login, pose, height)
        return pose

    return note


# What a salesperson works with.


@shown_to(SALESPERSON)
def pipeline(stage: Stage) -> None:
    stage.open("crm", ".o_kanban_record")


@shown_to(SALESPERSON, height=1000)
def generate_leads(stage: Stage) -> None:
    stage.open("crm", ".o_kanban_record")
    stage.tab.tap(".o_button_lead_mining")
    _choose(stage.tab, "industry_ids", "software", "62")
    stage.tab.wait_for(".modal .o_lead_mining_preview[data-ready='1'] .o_lead_mining_sample")


@shown_to(SALESPERSON)
def not_enough_credits(stage: Stage) -> None:
    stage.open("crm", ".o_kanban_record")
    stage.tab.tap(".o_button_lead_mining")
    number = ".modal .o_field_widget[name=lead_number] input"
    stage.tab.tap(number)
    stage.tab.evaluate(f"document.querySelector({json.dumps(number)}).select()")
    stage.tab.type("200")
    stage.tab.tap(".modal .o_lead_mining_count")
    stage.tab.wait_for(".modal .o_lead_mining_ask")


@shown_to(SALESPERSON)
def lead_mining_request(stage: Stage) -> None:
    stage.open(f"lead.mining.request/{stage.made['own_request']}", ".o_form_view")


@shown_to(SALESPERSON)
def lead_mining_results(stage: Stage) -> None:
    lead_mining_request(stage)
    stage.tab.tap("button[name=action_view_results]")
    stage.tab.wait_for(".o_data_row")


@shown_to(SALESPERSON)
def report_bad_data(stage: Stage) -> None:
    lead_mining_results(stage)
    stage.tab.tap(".o_data_row:nth-child(2) .o_list_record_selector input")
    stage.tab.tap("button[name=action_report_bad_data]")
    stage.tab.wait_for(".modal .o_form_view")


@shown_to(SALESPERSON)
def mined_lead(stage: Stage) -> None:
    stage.open(f"crm.lead/{stage.made['mined']}", ".o_form_view .o-mail-Chatter")
    stage.tab.tap(COMPANY_PAGE)


@shown_to(SALESPERSON)
def enriched_lead(stage: Stage) -> None:
    stage.open(f"crm.lead/{stage.made['enriched']}", ".o_form_view .o-mail-Message")
    stage.tab.tap(COMPANY_PAGE)


@shown_to(SALESPERSON, height=1300)
def lead_mining_search(stage: Stage) -> None:
    stage.open(f"lead-mining-searches/{stage.made['own_search']}", ".o_form_view")


@shown_to(SALESPERSON)
def what_is_new(stage: Stage) -> None:
    stage.open("company-news", ".o_data_row")


@shown_to(SALESPERSON)
def who_may_be_written_to(stage: Stage) -> None:
    stage.open(f"crm.lead/{stage.made['deal']}", ".o_form_view .o-mail-Chatter")
    stage.tab.tap("button.o-mail-Chatter-sendMessage:enabled")
    stage.tab.tap(".o_recipient_input input")
    stage.tab.wait_for(".o_recipient_option")


@shown_to(SALESPERSON)
def wrong_customer(stage: Stage) -> None:
    who_may_be_written_to(stage)
    stage.tab.type(stage.made["refused"] + ",")
    stage.tab.tap(".o-mail-Composer-input")
    stage.tab.type("…")
    stage.tab.wait_for(".o_recipient_refusal")


@shown_to(SALESPERSON)
def protected_quotation(stage: Stage) -> None:
    stage.open(f"sale.order/{stage.made['order']}", ".o_form_view .o-mail-Chatter")
    stage.tab.tap("button[name=action_quotation_send]")
    stage.tab.wait_for(".modal .o_recipient_chip")
    stage.tab.tap(".modal .o_recipient_input input")


@shown_to(SALESPERSON)
def install_add_in(stage: Stage) -> None:
    stage.open("action-crm_mail_plugin.mail_plugin_guide_action", ".o_form_view .nav-link")


# What a manager of sales looks at.


@shown_to(MANAGER)
def lead_mining_analysis(stage: Stage) -> None:
    stage.open("lead-mining-analysis", ".o_graph_renderer canvas")


@shown_to(MANAGER)
def credit_consumption(stage: Stage) -> None:
    stage.open("action-crm_iap_credits.iap_credit_consumption_action", ".o_view_controller")


@shown_to(MANAGER)
def mined_contacts(stage: Stage) -> None:
    stage.open("mined-contacts", ".o_data_row")


@shown_to(MANAGER)
def never_mined(stage: Stage) -> None:
    stage.open("never-mined", ".o_data_row")


@shown_to(ADMINISTRATOR)
def budgets(stage: Stage) -> None:
    stage.open("action-crm_iap_credits.iap_credit_budget_action", ".o_view_controller")


@shown_to(MANAGER)
def company_directory(stage: Stage) -> None:
    stage.open("action-crm_lead_directory.lead_directory_company_action", ".o_data_row")


@shown_to(MANAGER)
def import_a_file(stage: Stage) -> None:
    stage.open(f"lead.directory.import/{stage.made['import']}", ".o_form_view .o_data_row")


# What an administrator sets up.


@shown_to(ADMINISTRATOR, height=900)
def lead_generation_settings(stage: Stage) -> None:
    stage.open("action-crm.crm_config_settings_action", ".o_setting_container")
    stage.scroll_to(".app_settings_block[data-key=crm] #lead_mining_settings")


@shown_to(ADMINISTRATOR)
def get_companies(stage: Stage) -> None:
    stage.open("company-sources", ".o_kanban_record")


@shown_to(ADMINISTRATOR)
def providers(stage: Stage) -> None:
    stage.open("action-crm_lead_mining.lead_mining_provider_action", ".o_data_row")


@shown_to(ADMINISTRATOR)
def credit_account(stage: Stage) -> None:
    stage.open(f"iap.account/{stage.made['account']}", ".o_form_view")


@shown_to(ADMINISTRATOR)
def buy_credits(stage: Stage) -> None:
    stage.leave()
    stage.tab.open(f"{stage.url}/iap/credits/{stage.made['account']}", "main")


@shown_to(ADMINISTRATOR)
def recipient_settings(stage: Stage) -> None:
    stage.open("action-crm_mail_recipients.mail_recipient_settings_action", ".o_form_view")


@shown_to(ADMINISTRATOR)
def recipient_log(stage: Stage) -> None:
    stage.open("action-crm_mail_recipients.mail_recipient_log_action", ".o_data_row")


@shown_to(ADMINISTRATOR)
def connected_mailboxes(stage: Stage) -> None:
    stage.open("connected-mailboxes", ".o_data_row")


@shown_to(ADMINISTRATOR)
def gmail_add_on(stage: Stage) -> None:
    stage.open("action-crm_mail_plugin_google.mail_plugin_google_setup_action", ".o_form_view")


def _choose(tab: Browser, field: str, word: str, code: str) -> None:
    """Take what a field of the dialog offers for a word and begins with a code."""
    tab.tap(f".modal [name={field}] input")
    tab.type(word)
    items = f".modal [name={field}] .o-autocomplete--dropdown-item a"
    tab.wait_until(
        f"[...document.querySelectorAll({json.dumps(items)})]"
        f".slice(0, 1).some((one) => one.innerText.startsWith({json.dumps(code)}))"
    )
    tab.click(items)  # What follows may move the list under a mouse.
