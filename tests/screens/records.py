"""In an Odoo shell: a little of everything that our screens show, made as users make it."""

import base64
from datetime import timedelta

from odoo import Command, fields

COMPANIES = (
    b"Company,Country,Website,Employees,E-mail\n"
    b"Harbour Software,BE,https://harbour.example,120,info@harbour.example\n"
    b"Nameless,,not a website,many,\n"
)


def main(env, job: dict) -> None:
    """Make the records.

    :param env: Odoo's environment, of the superuser.
    :param job: login of the salesperson to whom leads, deals and requests belong.
    """
    env.company.country_id = env.ref("base.be")
    user = env["res.users"].search([("login", "=", job["login"])])
    others = env["lead.mining.provider"].search([("code", "!=", "directory")])
    others.active = False  # Nothing real is asked.
    _directory(env)
    account = env["iap.account"]._get_local("reveal")
    env.cr.commit()  # The ledger's own cursors see only what is committed.
    lead = _mine(env, user)
    _news(env, user, lead)
    _credits(env, account, user, lead)
    _privacy(env, user, lead)
    _mail(env, user, lead)
    _documents(env, user, lead.partner_id)
    env.cr.commit()
    others.active = True
    env.cr.commit()


def _directory(env):
    dataset = env["lead.directory.dataset"].create({"name": "Synthetic", "licence": "CC0-1.0"})
    companies = env["lead.directory.company"].create(
        [
            {
                "dataset_id": dataset.id,
                "identity": f"reg:XX-TEST:{number:06d}",
                "name": f"Synthetic {number}",
                "registry": "XX-TEST",
                "registry_id": f"{number:06d}",
                "domain": f"synthetic{number}.example",
                "country_code": "BE",
                "city": "Gent",
                "industry": "62",
                "industries": "62",
                "employees": 40,
                "employees_min": 40,
                "employees_max": 40,
                "technologies": "PostgreSQL",
                "timezone": "Europe/Brussels",
            }
            for number in range(1, 9)
        ]
    )
    env["lead.directory.contact"].create(
        [
            {
                "directory_company_id": company.id,
                "identity": f"person@{company.domain}",
                "name": f"Person of {company.name}",
                "job_title": "CEO",
                "role": "ceo",
                "email": f"person@{company.domain}",
            }
            for company in companies
        ]
    )
    attempt = env["lead.directory.import"].create(
        {
            "dataset_id": dataset.id,
            "file": base64.b64encode(COMPANIES),
            "file_name": "companies.csv",
        }
    )
    attempt.action_read_header()
    env["lead.directory.header"].create(
        {"header": "Firm", "key": "firm", "rows_are": "companies", "target": "name"}
    )


def _mine(env, user):
    """Have leads mined and one enriched; return a lead with a mined contact."""
    search = env["lead.mining.search"].with_user(user)
    search.create({"name": "Belgium", "country_ids": [Command.set(env.ref("base.be").ids)]})
    request = env["lead.mining.request"].with_user(user)
    request = request.create(
        {
            "lead_number": 6,  # Those who object on a page are gone.
            "target": "contacts",
            "country_ids": [Command.set(env.ref("base.be").ids)],
        }
    )
    request.action_generate()
    env.cr.commit()
    env["lead.mining.worker"]._run_lane()
    lead = env["crm.lead"].search([("mining_request_id", "=", request.id)], limit=1)
    asking = env["crm.lead"].with_user(user)
    asking = asking.create({"name": "A question", "email_from": "jane@synthetic8.example"})
    asking.action_enrich()
    env.cr.commit()
    env["lead.enrichment.worker"]._run_lane()
    env.invalidate_all()
    bad = env["crm.lead"].search([("mining_request_id", "=", request.id)])[-1:]
    result = env["lead.mining.result"].search([("lead_id", "=", bad.id)])
    report = env["lead.mining.bad.data"].with_user(user)
    report.create({"result_ids": result.ids, "flaw": "other", "note": "Gone"}).action_confirm()
    lead.partner_id = env["res.partner"].create(
        {"name": "Ann", "email": "ann@synthetic1.example", "company_type": "person"}
    )
    env.cr.commit()
    return lead


def _news(env, user, lead):
    company = env["lead.directory.company"].search([("name", "=", lead.partner_name)])
    values = {"name": company.name, "identity": company.identity, "user_id": user.id}
    values |= {"directory_company_id": company.id, "lead_id": lead.id, "date": fields.Date.today()}
    env["lead.directory.signal"].create(
        [
            {**values, "kind": "grew", "old": "12", "new": "40"},
            {**values, "kind": "industry", "old": "47", "new": "62"},
        ]
    )


def _credits(env, account, user, lead):
    account.hold(2, reason="Something else", idempotency_key="screens", document=lead)
    env["iap.credit.budget"].create({"hard_limit": 100_000})
    pack = env["iap.credit.pack"].create({"name": "Team", "credits": 500, "price": 79})
    admin = env.ref("base.user_admin")
    env["iap.credit.order"]._place(pack, account, admin.partner_id, user=admin)
    client = env["iap.server.client"].create({"name": "Production of Alfa", "uuid": "alfa-0001"})
    client._add_token("alfa", "reveal")
    client.partner_id = admin.partner_id.create({"name": "Alfa", "is_company": True})
    env["iap.server.bill"].create({"partner_id": client.partner_id.id, "month": "2020-01-15"})
    env["iap.server.provider"].create({"name": "Beta", "service_name": "beta"}).action_make_key()
    values = {"client_id": client.id, "company_id": client.company_id.id, "state": "done"}
    env["iap.server.answer"].create(
        [
            {**values, "kind": "mining", "key": "a", "company_count": 3, "credits": 3},
            {**values, "kind": "enrichment", "key": "b", "state": "failed",
             "problem": "No answer"},
        ]
    )  # fmt: skip


def _privacy(env, user, lead):
    env["lead.mining.suppression"].create({"kind": "domain", "value": "never.example"})
    contact = env["lead.mining.contact"].search([], limit=1)
    env["lead.mining.notice"].create(
        {
            "contact_id": contact.id,
            "sent_at": fields.Datetime.now(),
            "address": "person@synthetic1.example",
            "user_id": user.id,
        }
    )


def _mail(env, user, lead):
    keys = env["res.users.apikeys"]
    for who in (env.ref("base.user_admin"), user):
        keys.with_user(who).generate_for_addin("Outlook", "https://addin.example", 90)
    env["mail.plugin.google.request"].with_user(user).ask("1", "sally@mail.example")
    contact_field = env["ir.model.fields"]._get("project.task", "partner_id")
    env["mail.recipient.model"].create(
        {
            "model_id": env["ir.model"]._get_id("project.task"),
            "field_ids": [Command.set(contact_field.ids)],
        }
    )
    env["mail.recipient.log"]._record(
        [
            {
                "user_id": user.id,
                "user_name": user.name,
                "res_model": lead._name,
                "res_id": lead.id,
                "email": "stranger@other.example",
                "verdict": "refused",
                "reason": "not_allowed",
            }
        ]
    )
    env["mail.scheduled.message"].with_user(user).create(
        {
            "model": lead._name,
            "res_id": lead.id,
            "author_id": user.partner_id.id,
            "body": "Later",
            "scheduled_date": fields.Datetime.now() + timedelta(days=30),
            "partner_ids": [Command.set(lead.partner_id.ids)],
        }
    )


def _documents(env, user, partner):
    project = env["project.project"].create({"name": "Works"})
    env["project.task"].create({"name": "A task", "project_id": project.id})
    env["helpdesk.ticket"].create({"name": "A ticket", "description": "Help", "user_id": user.id})
    env["sale.order"].create({"partner_id": partner.id, "user_id": user.id})
    if not env["account.journal"].search([("type", "=", "sale")], limit=1):
        env["account.journal"].create({"name": "Sales", "code": "SAL", "type": "sale"})
    env["account.move"].create(
        {"move_type": "out_invoice", "partner_id": partner.id, "invoice_user_id": user.id}
    )
    _deferrals(env)


def _deferrals(env):
    account = env["account.account"].create(
        {"code": "999777", "name": "Deferred", "account_type": "liability_current"}
    )
    journal = env["account.journal"].create(
        {"name": "Deferred Credits", "code": "DEFCR", "type": "general"}
    )
    entry = env["account.move"].create({"move_type": "entry", "journal_id": journal.id})
    values = {"company_id": env.company.id, "account_id": account.id, "deferred": 79}
    env["iap.credit.deferral"].create(
        [
            {**values, "month": "2026-01-01", "move_id": entry.id},
            {**values, "month": "2026-02-01"},
        ]
    )
