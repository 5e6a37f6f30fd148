"""In an Odoo shell: the demo with invented companies alone, in one language, for pictures of it."""

import base64
import itertools
from datetime import timedelta
from typing import Any

from odoo import fields

from tools.demo import history, showcase

#: What each language needs words for.
WORDS: dict[str, dict[str, Any]] = {
    "en_US": {
        "country": "GB",
        "address": {"street": "1 Sample Street", "city": "Leeds", "zip": "LS1 4AP"},
        "state": "",
        "towns": (("Leeds", "LS1 4AP"), ("Bristol", "BS1 5TR"), ("Bath", "BA1 1LT")),
        "firms": ("Harbour", "Lantern", "Willow", "Copper", "Juniper", "Granite", "Heron",
                  "Saddle"),
        "kinds": {
            "62": "{} Software Ltd", "28": "{} Machines Ltd", "56": "{} Kitchen Ltd",
            "71": "{} Engineering Ltd", "70": "{} Partners Ltd",
        },
        "persons": ("Ann Archer", "Ben Baker", "Cleo Carter", "Dan Dyer", "Eve Ellis", "Finn Fox"),
        "titles": {"ceo": "Managing Director", "information_technology": "Head of IT"},
        "lead": "New furniture for the second floor",
        "refused": "carol@wrong-customer.example",
        "search": "Software companies in the United Kingdom",
        "question": "A question from the website",
        "gone": "The company has moved away",
        "never": "Asked us not to write",
        "product": "Oak desk",
        "label": "Invoices",
        "moved": ("12 High Street, Bristol", "3 Mill Lane, Leeds"),
        "file": "Company,Town,Country,Website,Employees,E-mail",
    },
    "it_IT": {
        "country": "IT",
        "address": {"street": "Via Esempio 1", "city": "Milano", "zip": "20121"},
        "state": "MI",
        "towns": (("Milano", "20121"), ("Torino", "10121"), ("Verona", "37121")),
        "firms": ("Ginepro", "Lanterna", "Salice", "Ardesia", "Betulla", "Airone", "Faro",
                  "Quercia"),
        "kinds": {
            "62": "{} Software Srl", "28": "{} Macchine Srl", "56": "Trattoria {} Srl",
            "71": "{} Ingegneria Srl", "70": "{} Consulenza Srl",
        },
        "persons": ("Anna Arena", "Bruno Bassi", "Clara Conte", "Dario Dolci", "Elena Erba",
                    "Fabio Fiore"),
        "titles": {"ceo": "Amministratore delegato", "information_technology": "Responsabile IT"},
        "lead": "Nuovi mobili per il secondo piano",
        "refused": "carla@cliente-sbagliato.example",
        "search": "Software house in Italia",
        "question": "Una domanda dal sito",
        "gone": "L'azienda si è trasferita",
        "never": "Ha chiesto di non essere contattata",
        "product": "Scrivania in rovere",
        "label": "Fatture",
        "moved": ("Via Roma 12, Milano", "Via Verdi 3, Torino"),
        "file": "Ragione sociale,Comune,Nazione,Sito web,Addetti,E-mail",
    },
}  # fmt: skip
#: Companies of the directory, and leads that are asked for.
COMPANIES, LEADS = 320, 25
LOGIN = PASSWORD = "sally"
MANAGER = "maria"


def main(env: Any, job: dict) -> dict:
    """Make what the pictures show.

    :param env: Odoo's environment, of the administrator.
    :param job: language
    :return: ids of the records to show
    """
    words = WORDS[job["language"]]
    _speak(env, job["language"])
    made = history.main(env, {"login": MANAGER, "password": MANAGER, "name": "Maria Sample"})
    return made | own(env, words)


def own(env: Any, words: dict) -> dict:
    """Make what is the salesperson's, and what the other addons show."""
    country = env["res.country"].search([("code", "=", words["country"])])
    # Whoever buys credits for a company that has an address is asked for none.
    state = country.state_ids.filtered(lambda one: one.code == words["state"])
    address = {**words["address"], "state_id": state.id, "country_id": country.id}
    env.company.write({"name": "YourCompany", **address})
    # Nobody outside is asked.
    env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
    user = _salesperson(env)
    _directory(env, words)
    env.cr.commit()  # The ledger's own cursors see only what is committed, and wait for the rest.
    account = env["iap.account"]._get_local("reveal")
    env.cr.commit()
    made = _mine(env, user, country, words)
    showcase.show(env, user)
    made |= _letters(env, user, words)
    _credits(env, user)
    _privacy(env, user, words, made)
    made["import"] = _file(env, words)
    env.cr.commit()
    return made | {"account": account.id}


def _speak(env: Any, language: str) -> None:
    env["res.lang"]._activate_lang(language)
    env["ir.module.module"].search([("state", "=", "installed")])._update_translations(language)
    env["res.users"].search([("share", "=", False)]).lang = language
    env["ir.default"].set("res.partner", "lang", language)
    env.user.lang = language
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", "https://odoo.yourcompany.example")
    parameters.set_param("web.base.url.freeze", True)


def _salesperson(env: Any) -> Any:
    groups = ("sales_team.group_sale_salesman", "base.group_partner_manager")
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Sally Sample",
                "login": LOGIN,
                "password": PASSWORD,
                "email": "sally@company.example",
                "group_ids": [(4, env.ref(group).id) for group in groups],
            }
        )
    )
    env.ref("sales_team.team_sales_department").member_ids |= user
    return user


def _directory(env: Any, words: dict) -> None:
    dataset = env["lead.directory.dataset"].create({"name": "Open Register", "licence": "CC0-1.0"})
    pairs = itertools.cycle(itertools.product(words["firms"], words["kinds"].items()))
    values = []
    for number, (firm, (code, kind)) in zip(range(1, COMPANIES + 1), pairs, strict=False):
        town, postcode = words["towns"][number % len(words["towns"])]
        # Each round through the names has one of its own.
        name = kind.format(firm if number <= 40 else f"{firm} {town} {number // 40}")
        domain = f"{firm.lower()}-{code}-{number}.example"
        size = 8 + number * 7 % 180
        values.append(
            {
                "dataset_id": dataset.id, "identity": f"reg:XX-TEST:{number:06d}", "name": name,
                "registry": "XX-TEST", "registry_id": f"{number:06d}",
                "domain": domain, "website": f"https://{domain}",
                "emails": number % 3 and f"info@{domain}", "country_code": words["country"],
                "city": town, "zip": postcode, "industry": code, "industries": code,
                "employees": size, "employees_min": size, "employees_max": size,
                "founded": 1950 + number % 70, "technologies": "PostgreSQL",
            }
        )  # fmt: skip
    companies = env["lead.directory.company"].create(values)
    env["lead.directory.contact"].create(
        [
            {
                "directory_company_id": company.id,
                "identity": f"{person.lower().replace(' ', '.')}@{company.domain}",
                "name": person,
                "job_title": title,
                "role": role,
                "email": f"{person.lower().replace(' ', '.')}@{company.domain}",
            }
            for company, person, (role, title) in zip(
                companies,
                itertools.cycle(words["persons"]),
                itertools.cycle(words["titles"].items()),
                strict=False,
            )
        ]
    )


def _mine(env: Any, user: Any, country: Any, words: dict) -> dict:
    """Have the salesperson's request done, a search saved and a lead enriched."""
    criteria = {
        "lead_number": LEADS,
        "target": "contacts",
        "country_ids": [(6, 0, country.ids)],
        "industry_ids": [(6, 0, env["lead.mining.industry"].search([("code", "=", "62")]).ids)],
    }
    request = env["lead.mining.request"].with_user(user).create(criteria)
    request.action_generate()
    search = env["lead.mining.search"].with_user(user)
    search = search.create({**criteria, "name": words["search"], "schedule": "weekly"})
    env.cr.commit()
    env["lead.mining.worker"]._run_lane()
    known = env["lead.directory.company"].search([("industry", "=", "71")], limit=1)
    lead = env["crm.lead"].with_user(user)
    lead = lead.create({"name": words["question"], "email_from": f"jo@{known.domain}"})
    lead.action_enrich()
    env.cr.commit()
    env["lead.enrichment.worker"]._run_lane()
    env.invalidate_all()
    mined = env["crm.lead"].search([("mining_request_id", "=", request.id)])
    _news(env, user, mined[:3], words)
    _advance(env, mined[6:18])
    return {
        "own_request": request.id, "own_search": search.id, "mined": mined[0].id,
        "enriched": lead.id,
    }  # fmt: skip


def _news(env: Any, user: Any, leads: Any, words: dict) -> None:
    told = (("grew", "12", "64"), ("industry", "47", "62"), ("moved", *words["moved"]))
    for lead, (kind, old, new) in zip(leads, told, strict=True):
        company = env["lead.directory.company"].search([("name", "=", lead.partner_name)])
        env["lead.directory.signal"].create(
            {
                "name": company.name, "identity": company.identity, "user_id": user.id,
                "directory_company_id": company.id, "lead_id": lead.id,
                "date": fields.Date.today(), "kind": kind, "old": old, "new": new,
            }
        )  # fmt: skip


def _advance(env: Any, leads: Any) -> None:
    """Let some weeks have passed in the pipeline."""
    stages = env["crm.stage"].search([("is_won", "=", False)])
    for number, lead in enumerate(leads):
        lead.write({"stage_id": stages[1 + number % 2].id, "expected_revenue": 1500 + 700 * number})


def _letters(env: Any, user: Any, words: dict) -> dict:
    """Make who may be written to, a quotation, and attempts to write to somebody else."""
    Partner = env["res.partner"]
    firm = Partner.create({"name": "Azure Interior", "is_company": True,
                           "email": "office@azure.example"})  # fmt: skip
    anna = Partner.create({"name": "Anna Field", "parent_id": firm.id,
                           "email": "anna.field@azure.example"})  # fmt: skip
    env["mail.recipient.address"].create(
        {"partner_id": anna.id, "email": "accounts@azure.example", "label": words["label"]}
    )
    deal = env["crm.lead"].with_user(user).create(
        {"name": words["lead"], "type": "opportunity", "partner_id": anna.id,
         "user_id": user.id, "recipient_company_id": firm.id}
    )  # fmt: skip
    product = env["product.product"].create({"name": words["product"], "list_price": 480})
    order = env["sale.order"].create(
        {
            "partner_id": anna.id, "user_id": user.id, "opportunity_id": deal.id,
            "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 4})],
        }
    )  # fmt: skip
    told = (("refused", "not_allowed", words["refused"]), ("sent", False, anna.email))
    env["mail.recipient.log"]._record(
        [
            {
                "user_id": user.id, "user_name": user.name, "res_model": deal._name,
                "res_id": deal.id, "email": email, "verdict": verdict, "reason": reason,
            }
            for verdict, reason, email in told
        ]
    )  # fmt: skip
    return {"deal": deal.id, "order": order.id, "refused": words["refused"]}


def _credits(env: Any, user: Any) -> None:
    env["iap.credit.budget"].create(
        {"soft_limit": 800, "hard_limit": 1000, "scope": "user", "user_id": user.id}
    )
    env["payment.provider"].search([], limit=1).write({"state": "test", "is_published": True})


def _privacy(env: Any, user: Any, words: dict, made: dict) -> None:
    env["lead.mining.suppression"].create(
        [
            {"kind": "domain", "value": "never-again.example", "reason": words["never"]},
            {"kind": "email", "value": "jo@objects.example", "reason": words["never"]},
        ]
    )
    contact = env["lead.mining.contact"].search([("lead_id", "=", made["mined"])], limit=1)
    env["lead.mining.notice"].create(
        {"contact_id": contact.id, "sent_at": fields.Datetime.now() - timedelta(days=1),
         "address": contact.email, "user_id": user.id}
    )  # fmt: skip


def _file(env: Any, words: dict) -> int:
    rows = [
        f"Alfa {number},{words['towns'][0][0]},{words['country']},https://alfa{number}.example,"
        f"{10 * number},info@alfa{number}.example"
        for number in range(1, 40)
    ]
    dataset = env["lead.directory.dataset"].create({"name": "Fair 2026", "licence": "CC0-1.0"})
    attempt = env["lead.directory.import"].create(
        {
            "dataset_id": dataset.id,
            "file": base64.b64encode("\n".join([words["file"], *rows]).encode()),
            "file_name": "fair.csv",
        }
    )
    attempt.action_read_header()
    return attempt.id
