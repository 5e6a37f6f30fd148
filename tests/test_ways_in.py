"""The ways by which data about persons come in, compared with the code: a new one needs a row.

What was erased, has objected or is never mined must come in by none of them. The rows name the test
that tries; those that are no way in say why not.
"""

import ast
import re
from pathlib import Path

import pytest

ADDONS = Path(__file__).resolve().parent.parent / "addons"

FILE = "crm_lead_directory/tests/test_kept_away.py"
GATE = "crm_lead_enrichment/tests/test_gate.py"
WEBSITE = "crm_lead_enrichment/tests/test_own_website.py"
SUGGESTED = "crm_lead_mining_partner_autocomplete/tests/test_partner_autocomplete.py"
CLIENTS = "crm_iap_server/tests/test_iap_server_gate.py"
STOCK = "crm_lead_mining_iap_mine/tests/test_stock_mining.py"
#: Where it is tried -> function -> the way's name there.
TRIED = {
    FILE: {
        "crm_lead_directory/importer/load.py:_upsert_contacts": "file of contacts",
    },
    GATE: {
        "crm_lead_enrichment/models/lead_enrichment.py:_enqueue": "button",
        "crm_lead_enrichment/models/lead_enrichment_client.py:_ask_and_pay": "other app",
        "crm_lead_enrichment/models/lead_enrichment_worker.py:_ask": "button",
        "crm_lead_enrichment/models/lead_mining_provider.py:_answer": "free provider",
        "crm_lead_mining/models/mining/lead_mining_answer.py:_store": "search",
        "crm_lead_mining/models/mining/lead_mining_worker_answers.py:_ask": "search",
        "crm_lead_mining/models/mining/lead_mining_worker_answers.py:_by_domain": "helper",
        "crm_lead_mining/models/mining/lead_mining_worker_answers.py:_completed": "helper",
        "crm_lead_mining/models/mining/lead_mining_worker_batches.py:_create_lead_batch": "search",
        "crm_lead_mining/models/mining/lead_mining_worker_batches.py:_store_results": "search",
        "crm_lead_mining/models/providers/lead_mining_provider_preview.py:_ask_preview": "preview",
        "crm_lead_mining/models/stock/crm_lead.py:_add_mined_contacts": "known lead",
        "crm_lead_mining/models/stock/crm_lead.py:_create_mined": "search",
        "crm_lead_mining/models/stock/crm_lead.py:_mined_company_partners": "contact created",
        "crm_lead_mining/models/contacts/lead_mining_contact.py:action_create_partner": (
            "contact created"
        ),
    },
    WEBSITE: {
        "crm_lead_enrichment/models/lead_enrichment_worker_ends.py:_give_free_part": "no credits",
    },
    SUGGESTED: {
        "crm_lead_mining_partner_autocomplete/models/iap_autocomplete_api.py:"
        "_local_enrich_by_duns": "suggestion chosen",
    },
    STOCK: {
        "crm_lead_mining/models/providers/lead_mining_provider_first.py:_first_companies": (
            "Odoo's lead mining"
        ),
    },
    CLIENTS: {
        "crm_iap_server/models/iap_server_data.py:_told": "client's enrichment",
        "crm_iap_server/models/iap_server_data.py:_subject_of_id": (
            "client's choice of a suggestion"
        ),
    },
}
#: Reason -> functions that make such records, or ask, and bring nobody in.
NO_WAY = {
    "the beginning of an answer, which has no companies yet": (
        "crm_iap_server/models/iap_server_desk.py:_look",
    ),
    "a part of a provider, whose answers pass the gate as its others do": (
        "crm_lead_mining/providers/base.py:contacts_of",
    ),
    "takes over leads that are here already": (
        "crm_lead_mining_iap_mine/models/lead_mining_request.py:_take_over_leads",
    ),
    "rows of one record that follow it into another one": (
        "crm_mail_recipients/models/mail_recipient_address.py:_merge_into",
    ),
    "who pays for credits says who they are": (
        "crm_iap_credits/models/iap_account_buyer.py:_take_buyer",
        "crm_iap_credits/models/iap_account_buyer.py:_take_payer",
    ),
    "a user writes down who has written to them, or to whom they write": (
        "crm_mail_plugin/models/crm_lead.py:mail_plugin_get_or_create",
        "crm_mail_plugin/models/res_partner.py:mail_plugin_get_or_create",
        "crm_mail_recipients/models/mail_recipient_registration.py:_make",
        "crm_mail_recipients/models/mail_thread_register.py:_recipient_contact_of",
    ),
    "the company of an answer to another app, which was judged when it was answered": (
        "crm_mail_plugin/models/res_partner.py:mail_plugin_create_company",
    ),
}

#: Models in whose records persons come from outside.
MODELS = {
    "crm.lead", "res.partner", "lead.mining.contact", "lead.mining.answer", "lead.mining.result",
    "lead.enrichment", "iap.server.answer", "lead.directory.company", "lead.directory.contact",
}  # fmt: skip
TABLES = {name.replace(".", "_") for name in MODELS}
FILLED = re.compile(r"\bINSERT INTO (\w+)")
#: Questions to a provider.
QUESTIONS = {"enrich", "contacts_of"}
#: The same, by what others ask them by.
ASKED_BY = re.compile(r"Provider\b.*\._enrich$|provider'\].*\._enrich$")


def ways_in_the_code():
    """Yield each function of our addons that asks a provider, or makes records of persons."""
    for path in sorted(ADDONS.rglob("*.py")):
        name = path.relative_to(ADDONS)
        if "tests" in name.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for scope in ast.walk(tree):
            if isinstance(scope, (ast.ClassDef, ast.Module)):
                own = models_of(scope)
                for function in scope.body:
                    if isinstance(function, ast.FunctionDef) and is_way(function, own):
                        yield f"{name}:{function.name}"


def models_of(scope):
    """Return the models whose class this is."""
    named = [
        one.value
        for one in scope.body
        if isinstance(one, ast.Assign)
        and {target.id for target in one.targets if isinstance(target, ast.Name)}
        & {"_name", "_inherit"}
    ]
    texts = {
        one.value for value in named for one in ast.walk(value) if isinstance(one, ast.Constant)
    }
    return texts & MODELS


def is_way(function, own):
    """Tell whether a function asks a provider or makes records of persons.

    :param own: models whose method it is
    """
    source = ast.unparse(function)
    known = own | {name for name in MODELS if f"'{name}'" in source}
    if not TABLES.isdisjoint(FILLED.findall(source)):
        return True
    for one in ast.walk(function):
        if not isinstance(one, ast.Call) or not isinstance(one.func, ast.Attribute):
            continue
        asked, of = one.func.attr, ast.unparse(one.func.value)
        if (
            asked in QUESTIONS
            or ASKED_BY.search(f"{of}.{asked}")
            or (asked in ("search", "find") and is_provider(of))
        ):
            return True
        if asked == "_create_mined" or (asked == "create" and known and may_be(of, own)):
            return True
    return False


def is_provider(receiver):
    return "adapter" in receiver or "provider()" in receiver or receiver == "directory"


def may_be(receiver, own):
    """Tell whether the receiver of `create` may be one of MODELS."""
    if receiver == "super()" or receiver.endswith("Command"):
        return False
    if "env[" in receiver:
        return any(f"'{name}'" in receiver for name in MODELS)
    return bool(own) or not receiver.startswith("self")


ROWS = {function: (test, way) for test, ways in TRIED.items() for function, way in ways.items()}
EXCUSED = {function for functions in NO_WAY.values() for function in functions}


def test_every_way_in_has_a_row():
    assert sorted({*ways_in_the_code()} - ROWS.keys() - EXCUSED) == []


def test_every_row_is_a_way_in():
    assert sorted((ROWS.keys() | EXCUSED) - {*ways_in_the_code()}) == []


@pytest.mark.parametrize("function", ROWS)
def test_each_way_in_is_tried(function):
    test, way = ROWS[function]
    tree = ast.parse((ADDONS / test).read_text("utf-8"))
    tried = {
        text.value
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef) and one.name == "ways_in"
        for text in ast.walk(one)
        if isinstance(text, ast.Constant)
    }
    assert way in tried


def test_every_layout_of_the_directory_is_tried():
    """Files are found by themselves, so none of them can be forgotten."""
    source = (ADDONS / FILE).read_text("utf-8")
    assert "DATA.iterdir()" in source
