"""In an Odoo shell: what the demo shows beside its leads, all of it invented."""

from typing import Any

#: Reads Italian, everywhere.
ITALIAN = "sara"
#: Leads of which only the website was known: one was enriched, the other waits for a click.
ENRICHED, TO_ENRICH = "Enriched: a visitor from a website", "Enrich me: a visitor from a website"
#: Deals to try the recipient policy with: their customer, and an address that stands on the deal.
DEALS = (
    ("Try me: offer for Rossi Mobili", ("Rossi Mobili", "Anna Rossi", "anna@rossi.example")),
    ("Try me: offer for Bianchi Arredi", ("Bianchi Arredi", "Bruno Bianchi", "b@bianchi.example")),
    ("Try me: an enquiry with an address alone", "carla@verdi.example"),
)
#: The same for whoever reads Italian.
ITALIAN_DEALS = (
    ("Provami: offerta per Gallo Legnami", ("Gallo Legnami", "Gaia Gallo", "gaia@gallo.example")),
    ("Provami: offerta per Neri Tessuti", ("Neri Tessuti", "Nino Neri", "nino@neri.example")),
    ("Provami: una richiesta con il solo indirizzo", "elena@blu.example"),
)
ITALIAN_TO_ENRICH = "Arricchiscimi: un visitatore del sito"
#: What their first request brings.
ITALIAN_LEADS = 5


def main(env: Any, salesperson: Any, colleague: Any) -> Any:
    """Show the other addons too.

    :param colleague: reads Italian
    :return: a lead that is being enriched
    """
    show(env, salesperson)
    _payments(env)
    enriched = _enrichment(env, salesperson, colleague)
    _deals(env, salesperson, DEALS)
    _deals(env, colleague, ITALIAN_DEALS)
    users = env["res.users"].search([("login", "in", ("admin", salesperson.login, ITALIAN))])
    users.action_id = env.ref("crm.action_your_pipeline").id
    return enriched


def rest_providers(env: Any) -> Any:
    """Have no provider asked but the directory: a demo needs no network, and tells nobody.

    :return: those that rest, for `resume_providers`
    """
    others = env["lead.mining.provider"].search([("code", "!=", "directory")])
    others.active = False
    return others


def resume_providers(env: Any, others: Any) -> None:
    others.active = True


def show(env: Any, salesperson: Any) -> None:
    """Make credits that can be bought, a search, a mailbox and a policy for recipients."""
    _packs(env)
    _search(env, salesperson)
    _mailbox(env, salesperson)
    # Without a layout, Odoo asks an administrator for one before a quotation is sent.
    layout = env.ref("web.external_layout_standard")
    env.company.write({"recipient_policy": True, "external_report_layout_id": layout.id})


def _packs(env: Any) -> None:
    env["iap.credit.pack"].create(
        [
            {"name": "Starter", "credits": 100, "price": 19},
            {"name": "Team", "credits": 500, "price": 79},
        ]
    )


def _payments(env: Any) -> None:
    """Have packs be paid as Odoo's own demo provider pays, without money.

    Whoever buys for the company is asked for no address, as it has one.
    """
    address = {"street": "1 Sample Street", "city": "San Francisco", "zip": "94105"}
    env.company.write({**address, "state_id": env.ref("base.state_us_5").id})
    provider = env.ref("payment.payment_provider_demo")
    provider.write({"state": "test", "is_published": True})
    env.ref("payment_demo.payment_method_demo").active = True


def _enrichment(env: Any, user: Any, colleague: Any) -> Any:
    """Show a lead of which only the website was known, before and after; before, to a colleague."""
    wanted = ((ENRICHED, user), (TO_ENRICH, user), (ITALIAN_TO_ENRICH, colleague))
    known = env["crm.lead"].search([("mining_request_id", "!=", False)]).mapped("partner_name")
    firms = env["lead.directory.company"].search(
        [("domain", "!=", False), ("industry", "!=", False), ("name", "not in", known)],
        limit=len(wanted),
    )
    leads = [
        env["crm.lead"]
        .with_user(owner)
        .create({"name": name, "type": "opportunity", "website": f"https://{firm.domain}"})
        for (name, owner), firm in zip(wanted, firms, strict=True)
    ]
    # The scheduler does it, as it does what a visitor asks for.
    leads[0].action_enrich()
    return leads[0]


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


def _deals(env: Any, user: Any, deals: tuple) -> None:
    # Nobody is told of what was always there.
    Lead = env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True)
    for name, customer in deals:
        values = {"name": name, "type": "opportunity", "user_id": user.id}
        if isinstance(customer, str):
            values["email_from"] = customer
        else:
            company, person, email = customer
            # They are written to in the language of whoever knows them.
            partner = {"name": company, "is_company": True, "lang": user.lang}
            contact = {"name": person, "email": email, "lang": user.lang}
            contact["parent_id"] = env["res.partner"].create(partner).id
            values["partner_id"] = env["res.partner"].create(contact).id
        Lead.create(values)


def italian(env: Any, salesperson: Any) -> Any:
    """Return a new colleague who reads Italian."""
    env["res.lang"]._activate_lang("it_IT")
    env["ir.module.module"].search([("state", "=", "installed")])._update_translations("it_IT")
    colleague = salesperson.with_context(no_reset_password=True).copy(
        {
            "name": "Sara Esempio",
            "login": ITALIAN,
            "password": ITALIAN,
            "lang": "it_IT",
            "email": "sara@company.example",
            "signature": "<p>Sara Esempio</p>",
        }
    )
    # Who is in no team is told so above an empty pipeline.
    env.ref("sales_team.team_sales_department").member_ids |= colleague
    return colleague


def italian_request(env: Any, colleague: Any) -> Any:
    """Return a request of the colleague's, beside a search that they have saved."""
    criteria = {"country_ids": [(6, 0, env.ref("base.it").ids)], "lead_number": ITALIAN_LEADS}
    search = env["lead.mining.search"].with_user(colleague)
    search.create({**criteria, "name": "Aziende in Italia"})
    request = env["lead.mining.request"].with_user(colleague).create(criteria)
    request.action_generate()
    return request
