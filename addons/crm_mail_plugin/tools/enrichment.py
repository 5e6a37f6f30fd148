"""What of a provider's answer about a company becomes a contact's data."""

from typing import Any
from urllib.parse import urlsplit

MAX_LENGTH = 255
MAX_TEXT = 4000
MAX_ITEMS = 20
#: What the add-ins read as lists.
LISTS = ("email", "phone_numbers", "tag")
#: Field of a contact for each key of the answer.
FIELDS = {
    "name": "name",
    "street": "street_name",
    "city": "city",
    "zip": "postal_code",
    "website": "domain",
}


def clean(answer: Any) -> dict[str, Any]:
    """Return a provider's answer with nothing in it but bounded text, numbers and lists of text.

    :param answer: anything; no dict means no data
    """
    if not isinstance(answer, dict):
        return {}
    cleaned = {str(key)[:MAX_LENGTH]: _clean_value(value) for key, value in answer.items()}
    for key in ("logo", "logo_url"):
        if key in cleaned and not is_web_address(cleaned[key]):
            del cleaned[key]
    return {key: value for key, value in cleaned.items() if value not in (None, [], {})}


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")[:MAX_TEXT]
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, list):
        items = (_clean_value(item) for item in value[:MAX_ITEMS])
        return [item for item in items if isinstance(item, (str, int, float, dict))]
    if isinstance(value, dict):
        return {str(key)[:MAX_LENGTH]: _clean_value(item) for key, item in value.items()}
    return None


def for_addin(data: Any) -> dict[str, Any]:
    """Return the stored data of a company as the add-ins can show them: lists where they read
    lists, and text and numbers for the rest. Anything else leaves a white pane.

    :param data: as stored, perhaps by Odoo's own addon
    """
    cleaned = clean(data)
    shown: dict[str, Any] = {}
    for key, value in cleaned.items():
        if key in LISTS:
            values = value if isinstance(value, list) else [value]
            shown[key] = [item for item in values if isinstance(item, (str, int, float))]
        elif isinstance(value, (str, int, float)):
            shown[key] = value
    return shown


def is_web_address(value: Any) -> bool:
    try:
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")
    except ValueError:
        return False


def contact_values(data: dict[str, Any]) -> dict[str, str]:
    """Return the plain values of a contact, by field name, that `data` has.

    :param data: of `clean`
    """
    values = {field: _text(data.get(key)) for field, key in FIELDS.items()}
    values["phone"] = _first(data.get("phone_numbers"))
    values["email"] = _first(data.get("email"))
    return {field: value for field, value in values.items() if value}


def _text(value: Any) -> str:
    return value.strip()[:MAX_LENGTH] if isinstance(value, str) else ""


def _first(value: Any) -> str:
    return _text(value[0] if isinstance(value, list) and value else value)
