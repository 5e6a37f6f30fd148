"""Every way by which somebody who was erased may come back, walked on a running server."""

import base64
import csv
import io
import json
import time
import zipfile
from contextlib import closing

from mail_plugin_client import Addin
from openpyxl import Workbook
from test_free_features import Session
from test_mining_providers import ProviderServer

PATIENCE = 90
EMAIL, NAME = "person@synthetic1.example", "Person of Synthetic 1"
#: A colleague who is in every file, and comes in: what is left out is the person alone.
COLLEAGUE = "Zoe Stays"

PERSONS = (
    ("First Name", "Last Name", "Title", "Company", "Email", "Website", "Company Country"),
    ("Person", "of Synthetic 1", "CEO", "Synthetic 1", EMAIL, "synthetic1.example", "Belgium"),
    (
        "Zoe",
        "Stays",
        "CFO",
        "Synthetic 1",
        "zoe@synthetic1.example",
        "synthetic1.example",
        "Belgium",
    ),
)
COMPANIES = (
    ("name", "domain", "country", "email", "description", "contact name", "contact email"),
    ("Synthetic 1", "synthetic1.example", "BE", EMAIL, f"Ask {NAME} <{EMAIL}>", NAME, EMAIL),
    ("Synthetic 1", "synthetic1.example", "BE", "", "", COLLEAGUE, "zoe@synthetic1.example"),
)

SET_UP = """
from odoo.tests.common import new_test_user
import json
user = new_test_user(env, login="adele", password="adele-secret", email="adele@ours.example",
                     groups="base.group_partner_manager,sales_team.group_sale_salesman_all_leads")
keys = env["res.users.apikeys"].with_user(user)
token = keys.generate_for_addin("Outlook", "https://download.odoocdn.com", 90)
env["ir.config_parameter"].set_param("crm_mail_plugin.enrichment", "open")
env["lead.mining.provider"].with_context(active_test=False).search(
    [("code", "=", "hunter")]
).write({{"active": True, "api_key": "secret", "base_url": {url!r}, "sequence": 1}})
env["lead.directory.contact"].search([("email", "=", {email!r})]).unlink()
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust(50, reason="Test", idempotency_key="comebacks")
env.cr.commit()
print(json.dumps(token))
"""
#: Where nothing of the person may stand; a mailing list of Odoo's own is none of ours.
TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public'
   AND tablename ~ '^(lead_|crm_|iap_|mail_(mail|message|tracking|recipient|plugin)|res_partner)'
"""


def hunter(path, body):
    """Answer as Hunter documents; the person works wherever one asks."""
    if path.startswith("/discover"):
        found = [{"domain": "synthetic9.example", "organization": "Synthetic 9"}]
        return 200, {}, {"data": found, "meta": {"results": 1}}
    if path.startswith("/companies/find"):
        site = {"emailAddresses": [EMAIL, "info@synthetic1.example"]}
        return 200, {}, {"name": "Synthetic 1", "site": site, "description": f"Write to {EMAIL}"}
    first, _of, last = NAME.partition(" ")
    people = [
        {"value": EMAIL, "first_name": first, "last_name": last},
        {"value": "zoe@synthetic1.example", "first_name": "Zoe", "last_name": "Stays"},
    ]
    return 200, {}, {"data": {"emails": people}}


def walk(host, database, server) -> dict[str, object]:
    """Go every way, and return what was seen on it.

    :raise AssertionError: where one leads nowhere at all, so that it would prove nothing
    """
    with closing(ProviderServer(hunter)) as provider:
        script = SET_UP.format(url=provider.url, email=EMAIL)
        token = json.loads(host.shell(database, script).splitlines()[-1])
        admin = Session(server.url, database, "admin", "admin")
        seen = {f"file {name}": import_again(admin, name, data) for name, data in files().items()}
        seen["enrichment"] = enrich(admin)
        seen["autocomplete"] = autocomplete(admin)
        seen["add-in"] = open_mail(Addin(server.url, token))
        seen["provider"] = mine(admin)
        assert provider.asked, "the provider was not asked"
    return seen


def everything(host, database) -> dict[str, int]:
    """Return how many rows of each table tell of the person."""
    names = [name for (name,) in host.sql(TABLES, database=database)]
    counts = " UNION ALL ".join(
        f"SELECT '{name}', count(*) FROM \"{name}\" AS line"  # noqa: S608
        f" WHERE line::text ILIKE '%{EMAIL}%' OR line::text ILIKE '%{NAME}%'"
        for name in names
    )
    return {name: count for name, count in host.sql(counts, database=database) if count}


# === FILES === #


def files() -> dict[str, bytes]:
    """Return the file that named the person, in every format."""
    book, sheet = Workbook(), io.BytesIO()
    for row in PERSONS:
        book.active.append(row)
    book.save(sheet)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("people.csv", _csv(PERSONS))
    header, *rows = PERSONS
    lines = [json.dumps(dict(zip(header, row, strict=True))) for row in rows]
    return {
        "people.csv": _csv(PERSONS),
        "people.xlsx": sheet.getvalue(),
        "people.jsonl": "\n".join(lines).encode(),
        "people.zip": packed.getvalue(),
        "companies.csv": _csv(COMPANIES),
    }


def _csv(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def import_again(admin, name: str, content: bytes) -> list[str]:
    """Upload a file and import it; return the names of the contacts that it brought."""
    dataset = admin.create("lead.directory.dataset", name=name)
    job = admin.create(
        "lead.directory.import",
        dataset_id=dataset,
        file=base64.b64encode(content).decode(),
        file_name=name,
    )
    admin.call("lead.directory.import", "action_read_header", [job])
    admin.call("lead.directory.import", "action_start", [job])
    [cron] = admin.call(
        "ir.cron", "search", [("model_id.model", "=", "lead.directory.import")],
        context={"active_test": False},
    )  # fmt: skip
    admin.call("ir.cron", "method_direct_trigger", [cron])
    [done] = admin.call("lead.directory.import", "read", [job], ["state", "rows_withheld", "file"])
    assert done["state"] == "done" and done["rows_withheld"], (name, done)
    # What names somebody who is left out is not kept.
    assert not done["file"], name
    ours = [("directory_company_id.dataset_id", "=", dataset)]
    found = admin.call("lead.directory.contact", "search_read", ours, ["name"])
    return [contact["name"] for contact in found]


# === ENRICHMENT, SUGGESTIONS, MAILBOX, SEARCH === #


def enrich(admin) -> str:
    lead = admin.create("crm.lead", name="Question", website="https://synthetic1.example")
    admin.call("crm.lead", "action_enrich", [lead])
    mine_is = [("res_model", "=", "crm.lead"), ("res_id", "=", lead)]
    _wait(
        lambda: admin.call(
            "lead.enrichment", "search_count", [*mine_is, ("state", "=", "done")]
        )
    )  # fmt: skip
    [attempt] = admin.call("lead.enrichment", "search_read", mine_is)
    [values] = admin.call("crm.lead", "read", [lead], ["partner_name", "email_from"])
    assert values["partner_name"] == "Synthetic 1", values
    return f"{attempt} {values}"


def autocomplete(admin) -> str:
    found = admin.call("res.partner", "autocomplete_by_name", "Synthetic 1", 0)
    assert found[0]["name"] == "Synthetic 1", found
    chosen = admin.call("res.partner", "enrich_by_domain", "synthetic1.example")
    assert chosen["name"] == "Synthetic 1", chosen
    return f"{found} {chosen}"


def open_mail(addin) -> str:
    asked = {"email": "zoe@synthetic1.example", "name": COLLEAGUE}
    answer = addin.call("/mail_plugin/partner/get", asked)
    assert answer["partner"]["company"]["name"] == "Synthetic 1", answer
    return str(answer)


def mine(admin) -> list[str]:
    """Search at the provider, and return whom it delivered."""
    [provider] = admin.call("lead.mining.provider", "search", [("code", "=", "hunter")])
    [belgium] = admin.call("res.country", "search", [("code", "=", "BE")])
    request = admin.create(
        "lead.mining.request", lead_number=1, provider_id=provider, target="contacts",
        contact_number=2, country_ids=[(6, 0, [belgium])],
    )  # fmt: skip
    admin.call("lead.mining.request", "action_generate", [request])
    ours = [("lead_id.mining_request_id", "=", request)]
    _wait(lambda: admin.call("lead.mining.contact", "search_count", ours))
    found = admin.call("lead.mining.contact", "search_read", ours, ["name"])
    return [contact["name"] for contact in found]


def _wait(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the background did not get there in time"
        time.sleep(0.5)
