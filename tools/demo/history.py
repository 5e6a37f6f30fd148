"""In an Odoo shell: half a year of synthetic lead mining, for the pictures of its screens."""

import random
from datetime import datetime, timedelta
from typing import Any

from odoo import fields

INDUSTRIES = ("62", "28", "70", "46", "71")
#: Name and countries of each provider.
PROVIDERS = {
    "directory": ("Company Directory", ("BE",)),
    "gleif": ("GLEIF", ("IT",)),
    "recherche_entreprises": ("Recherche d'entreprises", ("FR",)),
    "companies_house": ("Companies House", ("GB",)),
}
#: Companies that the scheduled search would find next.
NEW_COMPANIES = 64
WORDS = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak")
KINDS = ("Software", "Machines", "Partners", "Trading", "Engineering")


def main(env: Any, job: dict) -> dict:
    """Make requests, leads and results of the last six months, and a scheduled search.

    :param env: Odoo's environment, of the administrator.
    :param job: login and password of the salesperson; name, if it is not Sally Sample.
    :return: search and request, ids of the records to show.
    """
    chance = random.Random(19)
    user = _salesperson(env, job)
    providers = _providers(env)
    search = _search(env, user, providers[0])
    now = fields.Datetime.now()
    for week in range(26, 0, -1):
        # The last one, whose form is shown, is the search's.
        provider = chance.choice(providers) if week > 1 else search.provider_id
        request = _request(env, user, provider, search)
        leads = _leads(env, request, user, chance, week)
        request.lead_number = len(leads)
        _results(env, request, leads, now - timedelta(weeks=week), chance)
    _new_companies(env)
    search.write({"last_run": now - timedelta(days=3), "next_run": now + timedelta(days=4)})
    env.cr.commit()
    return {"search": search.id, "request": request.id}


def _salesperson(env: Any, job: dict) -> Any:
    env.company.country_id = env.ref("base.be")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": job.get("name", "Sally Sample"),
                "login": job["login"],
                "password": job["password"],
                "email": "sally@company.example",
                "group_ids": [(4, env.ref("sales_team.group_sale_manager").id)],
            }
        )
    )


def _providers(env: Any) -> list:
    Provider = env["lead.mining.provider"].with_context(active_test=False)
    return [
        Provider.search([("code", "=", code)]) or Provider.create({"name": name, "code": code})
        for code, (name, _countries) in PROVIDERS.items()
    ]


def _search(env: Any, user: Any, provider: Any) -> Any:
    return (
        env["lead.mining.search"]
        .with_user(user)
        .create(
            {
                "name": "Software and engineering in Belgium",
                "provider_id": provider.id,
                "target": "contacts",
                "lead_number": 25,
                "max_credits": 50,
                "schedule": "weekly",
                "country_ids": [(6, 0, env.ref("base.be").ids)],
                "industry_ids": [
                    (6, 0, env["lead.mining.industry"].search([("code", "in", ("62", "71"))]).ids)
                ],
                "filter_on_size": True,
                "size_min": 10,
                "size_max": 250,
                "known_policy": "link",
                "tag_ids": [(0, 0, {"name": "New market", "color": 4})],
            }
        )
    )


def _request(env: Any, user: Any, provider: Any, search: Any) -> Any:
    request = env["lead.mining.request"].with_user(user).create(search._run_values())
    request.sudo().write(
        {
            "name": f"LMR{request.id:03d}",
            "search_id": provider == search.provider_id and search.id,
            "provider_id": provider.id,
            "country_ids": [(6, 0, _countries(env, provider).ids)],
        }
    )
    return request.sudo()


def _countries(env: Any, provider: Any) -> Any:
    _name, codes = PROVIDERS[provider.code]
    return env["res.country"].search([("code", "in", codes)])


def _new_companies(env: Any) -> None:
    dataset = env["lead.directory.dataset"].create({"name": "Synthetic", "licence": "CC0-1.0"})
    env["lead.directory.company"].create(
        [
            {
                "dataset_id": dataset.id,
                "identity": f"reg:XX-TEST:{number:06d}",
                "name": f"{WORDS[number % len(WORDS)]} Software {number}",
                "registry": "XX-TEST",
                "registry_id": f"{number:06d}",
                "country_code": "BE",
                "city": "Gent",
                "industry": "62",
                "industries": "62",
                "employees": 12 + number,
                "employees_min": 12 + number,
                "employees_max": 12 + number,
            }
            for number in range(NEW_COMPANIES)
        ]
    )


def _leads(env: Any, request: Any, user: Any, chance: random.Random, week: int) -> Any:
    stages = env["crm.stage"].search([("is_won", "=", False)])
    countries = _countries(env, request.provider_id)
    industries = env["lead.mining.industry"].search([("code", "in", INDUSTRIES)])
    leads = env["crm.lead"].create(
        [
            {
                "name": f"{chance.choice(WORDS)} {chance.choice(KINDS)} {week}-{number}",
                "type": "opportunity",
                "user_id": user.id,
                "country_id": chance.choice(countries).id,
                "company_industry_id": chance.choice(industries).id,
                "company_employees": chance.randint(10, 250),
                "mining_request_id": request.id,
                "expected_revenue": chance.randint(4, 60) * 500,
                "stage_id": chance.choice(stages).id,
            }
            for number in range(chance.randint(4, 14))
        ]
    )
    won = leads.filtered(lambda lead: chance.random() < 0.14)
    won.action_set_won()
    (leads - won).filtered(lambda lead: chance.random() < 0.2).action_set_lost()
    return leads


def _results(env: Any, request: Any, leads: Any, moment: datetime, chance: random.Random) -> None:
    people = {lead: chance.randint(0, 2) for lead in leads}
    env["lead.mining.result"].create(
        [
            {
                "request_id": request.id,
                "name": lead.name,
                "outcome": "created",
                "lead_id": lead.id,
                "contact_count": people[lead],
                "credits": 1 + people[lead],
            }
            for lead in leads
        ]
        + [
            {
                "request_id": request.id,
                "name": "Known Partners",
                "outcome": "duplicate",
                "reason": "Already known: the contact “Known Partners”.",
            }
        ]
    )
    request.run_id.write(
        {
            "state": "done",
            "created_count": len(leads),
            "contact_count": sum(people.values()),
            "duplicate_count": 1,
            "credits_captured": len(leads) + sum(people.values()),
            "queued_at": moment,
            "finished_at": moment + timedelta(minutes=1),
        }
    )
    env.flush_all()
    for table, column in (("lead_mining_request", "id"), ("lead_mining_result", "request_id")):
        env.cr.execute(
            f"UPDATE {table} SET create_date = %s WHERE {column} = %s", (moment, request.id)
        )
    env.invalidate_all()
