"""What clients of 17.0 to 19.5 read of an answer, and how they fail when it is not there.

Each function does with an answer what the client of that generation does: it reads by index what
the client reads by index, loops, lowers and rounds where the client does, and raises whatever that
raises. It returns what the client's user sees. Written from what was observed of the clients;
nothing of the server is used here.
"""

import base64
import hmac

#: Fields of 17.0's list of accounts: its `create` refuses any other key.
FIELDS_17 = {
    "account_token", "balance", "account_uuid_hashed", "service_name", "description", "warn_me",
    "warning_threshold", "warning_email", "unit_name",
}  # fmt: skip
#: Fields of the contact's form in the clients of before April 2025: any other key breaks it.
FORM_OLD = {
    "name", "legal_name", "website", "domain", "vat", "phone", "email", "street", "street2",
    "city", "zip", "country_code", "country_name", "state_code", "state_name", "partner_gid",
    "ignored", "skip_enrich", "bank_ids", "child_ids", "logo",
}  # fmt: skip
STATES = {"banned": "Banned", "registered": "Registered", "unregistered": "Unregistered"}
SECTIONS = set("ABCDEFGHIJKLMNOPQRSTU")
NO_CREDITS = "no credits"
NOT_FOUND = "not found"
VIES = "asks VIES"


class CreditsMissing(Exception):
    """The client's `InsufficientCreditError`."""


class Unreachable(Exception):
    """The client's `AccessError`, which most calls catch."""


def result_of(body):
    """Read the envelope; a key `error` is an error whatever its value."""
    if "error" not in body:
        return body["result"]
    data = body["error"]["data"]
    if data["name"].rpartition(".")[2] == "InsufficientCreditError":
        raise CreditsMissing(data["message"])
    raise Unreachable(data["message"])


# === ACCOUNTS === #


def balance(body):
    """All versions: asked by the settings page, which compares it."""
    try:
        found = result_of(body)
    except Unreachable:
        return -1
    return found if found > 0 else 0


def accounts_of_17(body, sent):
    """17.0: each row goes whole to `create`, and is found again by its token."""
    shown = {}
    for row in result_of(body):
        if unknown := row.keys() - FIELDS_17:
            raise ValueError(unknown)
        [token] = [one for one in sent if one == row["account_token"]]
        shown[token] = (round(row.get("balance", 0), 4), row.get("unit_name", "Credits"))
    return shown


def accounts(body, sent, version):
    """18.0 and later: three keys by index, tokens compared in constant time."""
    shown = {}
    for token, row in result_of(body).items():
        [known] = [one for one in sent if hmac.compare_digest(one, token)]
        state = row["registered"]
        shown[known] = (round(row["balance"]), state and STATES[state])
        round(row["warning_threshold"])
        if version >= (19, 1):
            service = row.get("service", {})
            shown[known] += (service.get("description", ""), service.get("price_description", ""))
            packs = {pack["id"]: (pack["name"], pack["credit"], pack["price"])
                     for pack in service.get("packs", [])}  # fmt: skip
            refill = row.get("auto_refill_pack_id")
            if version < (19, 4) and refill:
                packs[refill]
    return shown


def auto_refill(body):
    """19.1 to 19.3: an object, of which an error is logged alone."""
    found = result_of(body)
    return found.get("error") if found.get("status") == "error" else ""


# === LEADS === #


def leads_of_old(body):
    """17.0, and 18.0 before 2026: `lead_mining_request`; the flag is not read."""
    try:
        rows = result_of(body)["data"]
    except CreditsMissing:
        return NO_CREDITS
    leads = []
    for row in rows:
        company = row["company_data"]
        phones = company["phone_numbers"]
        leads.append(
            {
                "reveal_id": company["clearbit_id"],
                "name": company["name"] or company["domain"],
                "legal_name": company["legal_name"],
                "website": f"https://www.{company['domain']}" if company["domain"] else "",
                "phone": company["phone"] or (phones and phones[0]) or "",
                "street": company["location"],
                "city": company["city"],
                "zip": company["postal_code"],
                "country": _country(company["country_code"]),
                "state": company["state_code"],
                "contacts": _people(row.get("people_data") or []),
                "note": _note(company),
            }
        )
    return _with_notes(leads)


def leads(body, *, reads_flag):
    """18.0 of 2026 and later: `search_by_criteria`.

    :param reads_flag: builds since March 2026 read the flag and show an error's sentence; older
        ones catch the error and take the flag for "no result"
    """
    try:
        found = result_of(body)
    except CreditsMissing as error:
        return str(error) if reads_flag else NO_CREDITS
    if reads_flag and found.get("credit_error"):
        return NO_CREDITS
    leads_made = []
    for row in found["data"]:
        emails = row.get("email", [])
        phones = row.get("phone_numbers", [])
        leads_made.append(
            {
                "reveal_id": row["duns"],
                "name": f"{row['name']}'s opportunity",
                "email": _list(emails)[0] if emails else "",
                "phone": row.get("phone") or (phones[0] if phones else ""),
                "street": row.get("street", ""),
                "city": row.get("city", ""),
                "zip": row.get("zip", ""),
                "country": _country(row["country_code"]),
                "contacts": _people(row.get("people_data", [])),
                "note": _note(row),
            }
        )
    return _with_notes(leads_made)


def enriched(body, sent):
    """All versions: the client searches its leads by all keys of the answer."""
    try:
        found = result_of(body)
    except CreditsMissing:
        return NO_CREDITS
    shown = {}
    for key, company in found.items():
        if key not in sent:
            raise ValueError(key)
        if not company:
            shown[key] = NOT_FOUND
            continue
        phones = company.get("phone_numbers") or []
        shown[key] = {
            "name": company.get("name"),
            "reveal_id": company.get("clearbit_id"),
            "street": company.get("location"),
            "city": company.get("city"),
            "zip": company.get("postal_code"),
            "country": (company.get("country_code") or "").upper(),
            "phone": phones[0] if phones else "",
            "mobile": phones[1] if len(phones) > 1 else "",
            "note": _note(company),
        }
    return shown


def visits(body):
    """All versions: exceptions are not caught, so none is told."""
    found = result_of(body)
    if found["credit_error"]:
        return NO_CREDITS
    shown = {}
    for row in found["reveal_data"]:
        ip = row["ip"]
        shown[ip] = (
            NOT_FOUND
            if row.get("not_found")
            else (row["rule_id"], row["clearbit_id"], row["credit"], row["reveal_data"]["name"])
        )
    return shown


# === CONTACTS === #


def suggestions_of_old(body):
    """Before April 2025: a list alone, with nothing that the form has no field for."""
    return [_form_old(row) | {"label": row["name"].lower()} for row in result_of(body) or []]


def number_of_old(body):
    """Before April 2025: one company, or the client asks VIES."""
    found = result_of(body)
    return _form_old(found) if found else VIES


def filled_of_old(body):
    found = result_of(body)
    if found["credit_error"]:
        return NO_CREDITS
    return _form_old(found["company_data"])


def suggestions(body, version):
    """Since April 2025; from 19.4 each needs a country that can be looked up."""
    found = result_of(body)
    if not found or found.get("error"):
        return []
    rows = list(found["data"])
    for row in rows:
        row["name"].lower()
        if not row["duns"]:
            raise ValueError(row)
        if version >= (19, 4) and not (row.get("country_code") or row.get("country_name")):
            raise ValueError(row)
    return rows


def suggestions_of_number(body, version):
    """The same by number: only of `{}`, null or an error the client asks VIES."""
    found = result_of(body)
    if not found or found.get("error"):
        return VIES
    return suggestions(body, version)


def filled(body, version):
    """What the form writes of a chosen company."""
    try:
        found = result_of(body)
    except CreditsMissing:
        return NO_CREDITS
    if found.get("credit_error"):
        return NO_CREDITS
    if found.get("error"):
        return NOT_FOUND
    data = dict(found["data"])
    data["name"].lower()
    if data.get("country_code"):
        data["country"] = _country(data["country_code"])
    if data.get("industry_code") and data["industry_code"] not in SECTIONS:
        raise ValueError(data["industry_code"])
    if data.get("logo"):
        base64.b64decode(data["logo"], validate=True)
    data["tags"] = [f"{code} {name}" for code, name in data.get("unspsc_codes") or []]
    if version >= (19, 4):
        data["identifiers"] = dict(data.get("additional_identifiers", {}).items())
    return data


# === PARTS === #


def _form_old(company):
    if unknown := company.keys() - FORM_OLD:
        raise KeyError(unknown)
    return dict(company)


def _country(code):
    """Searched exactly: a code in lower case is no country."""
    return code if code and code.isupper() and len(code) == 2 else ""


def _people(rows):
    return [(one["full_name"], one["title"], one["email"], one["phone"]) for one in rows]


def _list(value):
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is looped over letter by letter")
    return value


def _note(company):
    """Render what the note on a lead has."""
    lines = [f"{company[key]:,.0f}" for key in ("employees", "twitter_followers")
             if company.get(key)]  # fmt: skip
    lines += [one.strip() for key in ("email", "phone_numbers", "tech")
              if key in company for one in _list(company[key])]  # fmt: skip
    lines += [f"{code}: {name}" for code, name in company.get("unspsc_codes") or []]
    lines += [company[key].replace("_", " ") for key in
              ("sector_primary", "timezone", "description") if company.get(key)]  # fmt: skip
    return lines


def _with_notes(made):
    """Find each lead's note again by its identity, as clients do after they created all leads."""
    notes = {lead["reveal_id"]: lead.pop("note") for lead in made}
    if len(notes) != len(made) or not all(notes):
        raise ValueError("An identity is missing, or two leads' own")
    return [lead | {"note": notes[lead["reveal_id"]]} for lead in made]
