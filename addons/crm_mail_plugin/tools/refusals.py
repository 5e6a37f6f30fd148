"""How a refusal reads to an add-in, in the places where it shows something at all.

Of an error the published add-ins show a sentence of their own, or nothing. What an answer can say
they show only in some places: above a contact, in a list, where a company's data were asked for.
"""

from typing import Any

from . import addresses, params

CONTACT = ("/mail_plugin/partner/get", "/mail_client_extension/partner/get")
SEARCH = "/mail_plugin/partner/search"
RECORDS = "/mail_plugin/search_records/"
TRANSLATIONS = "/mail_plugin/get_translations"
ENRICHMENT = (
    "/mail_plugin/partner/enrich_and_create_company",
    "/mail_plugin/partner/enrich_and_update_company",
)


def first_generation(path: str, sent: Any, message: str, *, asks_login: bool) -> Any:
    """Return the answer in which the first add-ins show a refusal, None where there is none.

    Opening an e-mail they search for its address first, and get the contact's data then.

    :param path: of the request
    :param sent: its parameters, whatever they are
    :param message: the sentence to show
    :param asks_login: whether a login would help; the notice of it brings the link along
    """
    sent = sent if isinstance(sent, dict) else {}
    if path in CONTACT:
        notice = {"type": "connection_error" if asks_login else "odoo_custom_error"}
        return _nobody(sent, {**notice, "info": message})
    if path == SEARCH:
        if addresses.normalize(sent.get("search_term")):
            return {"partners": []}
        return None if asks_login else {"partners": [_row(message)]}
    if path in ENRICHMENT and not asks_login:
        return {"error": message}
    return None


def second_generation(path: str, sent: Any, message: str, *, asks_login: bool) -> Any:
    """Return the answer in which the second add-ins show a refusal, None where there is none.

    A search that fails takes them to their login, which helps only where one is asked for.
    """
    if asks_login:
        return None
    if path in CONTACT:
        return {"error": message, "partner": {}}
    if path.startswith(RECORDS) and isinstance(sent, dict) and isinstance(sent.get("query"), list):
        return [[], 0]
    return None


def is_hidden(path: str) -> bool:
    """Say whether the first Outlook add-in has to be kept from reading that a login is asked for.

    Where it shows nothing of an answer, it shows its login link when it gets none at all.
    """
    return path not in (*CONTACT, TRANSLATIONS) and "/auth/" not in path


def _nobody(sent: dict, notice: dict) -> dict:
    address = _text(sent.get("email"))
    return {
        "partner": {
            **_row(_text(sent.get("name")) or address),
            "email": address,
            "enrichment_info": notice,
        },
        "enrichment_info": notice,
        "user_companies": [],
        "can_create_partner": False,
    }


def _row(name: str) -> dict:
    """Return a contact that is none."""
    return {
        "id": -1,
        "name": name,
        "email": "",
        "can_write_on_partner": False,
        "enrichment_info": None,
        "company": {"id": -1},
    }


def _text(value: Any) -> str:
    return params.encodable(value) if isinstance(value, str) else ""
