"""In an Odoo shell: what the demo shows beside its leads, all of it invented."""

from typing import Any

#: Reads Italian, everywhere.
ITALIAN = "sara"
#: Deals to try the recipient policy with: their customer, and an address that stands on the deal.
DEALS = (
    ("Try me: offer for Rossi Mobili", ("Rossi Mobili", "Anna Rossi", "anna@rossi.example")),
    ("Try me: offer for Bianchi Arredi", ("Bianchi Arredi", "Bruno Bianchi", "b@bianchi.example")),
    ("Try me: an enquiry with an address alone", "carla@verdi.example"),
)


def main(env: Any, salesperson: Any) -> None:
    """Show the other addons too, and a colleague who reads Italian."""
    show(env, salesperson)
    _deals(env, salesperson)
    _italian(env, salesperson)
    users = env["res.users"].search([("login", "in", ("admin", salesperson.login, ITALIAN))])
    users.action_id = env.ref("crm.action_your_pipeline").id
    env.cr.commit()


def show(env: Any, salesperson: Any) -> None:
    """Make credits that can be bought, a search, a mailbox and a policy for recipients."""
    _packs(env)
    _search(env, salesperson)
    _mailbox(env, salesperson)
    env.company.recipient_policy = True


def _packs(env: Any) -> None:
    env["iap.credit.pack"].create(
        [
            {"name": "Starter", "credits": 100, "price": 19},
            {"name": "Team", "credits": 500, "price": 79},
        ]
    )


def _search(env: Any, user: Any) -> None:
    countries = env["res.country"].search([("code", "in", ("DE", "FR", "IT"))])
    env["lead.mining.search"].with_user(user).create(
        {
            "name": "Machine builders in Germany, France and Italy",
            "country_ids": [(6, 0, countries.ids)],
            "industry_ids": [(6, 0, env["lead.mining.industry"].search([("code", "=", "28")]).ids)],
            "lead_number": 10,
        }
    )


def _mailbox(env: Any, user: Any) -> None:
    keys = env["res.users.apikeys"].with_user(user)
    keys.generate_for_addin("Outlook", "https://addin.example", 90)


def _deals(env: Any, user: Any) -> None:
    # Nobody is told of what was always there.
    Lead = env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True)
    for name, customer in DEALS:
        values = {"name": name, "type": "opportunity", "user_id": user.id}
        if isinstance(customer, str):
            values["email_from"] = customer
        else:
            company, person, email = customer
            partner = env["res.partner"].create({"name": company, "is_company": True})
            contact = {"name": person, "email": email, "parent_id": partner.id}
            values["partner_id"] = env["res.partner"].create(contact).id
        Lead.create(values)


def _italian(env: Any, salesperson: Any) -> None:
    env["res.lang"]._activate_lang("it_IT")
    env["ir.module.module"].search([("state", "=", "installed")])._update_translations("it_IT")
    colleague = salesperson.with_context(no_reset_password=True).copy(
        {
            "name": "Sara Esempio",
            "login": ITALIAN,
            "password": ITALIAN,
            "lang": "it_IT",
            "email": "sara@company.example",
        }
    )
    # Who is in no team is told so above an empty pipeline.
    env.ref("sales_team.team_sales_department").member_ids |= colleague
