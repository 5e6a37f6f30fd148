from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.crm_common.tools.settings import is_neutralized
from odoo.addons.crm_mail_plugin.controllers.common import serves_second_generation
from odoo.addons.crm_mail_plugin.controllers.second_generation import SecondGeneration
from odoo.addons.crm_mail_plugin.tools import addresses, emails, params

#: People of an e-mail that are looked up; the pane lists no more.
MAX_PEOPLE = 50
#: What is told of a company, as `Look.facts` names it.
FIRMOGRAPHICS = (
    "description", "industry", "industry_group", "sub_industry", "employees", "founded_year",
    "company_type", "estimated_annual_revenue",
)  # fmt: skip


class OutlookData(SecondGeneration):
    """What the pane asks beside the routes that all add-ins share."""

    @http.route("/mail_plugin/outlook/session", type="jsonrpc", auth="outlook", addin_params={})
    def outlook_session(self, **kw) -> dict:
        """Tell the pane who is signed in, and what of it there is."""
        return {
            "user": request.env["res.partner"].mail_plugin_people(()).user_name,
            "lang": request.env.lang or "en_US",
            "models": self._searchable_models(),
            "log_models": self._mail_content_logging_models_whitelist(),
            "is_copy": is_neutralized(request.env),
        }

    @http.route(
        "/mail_plugin/outlook/email",
        type="jsonrpc",
        auth="outlook",
        addin_params={"people": params.terms, "message_id": params.cut(params.MAX_LINE)},
    )
    def outlook_email(self, people=(), message_id="", **kw) -> dict:
        """Tell who of an e-mail's people is known, and which records it is on already.

        :param people: their addresses, in the order in which they are shown
        :param message_id: of the e-mail
        :return: contact id and name by address, None for nobody; model, id and name of records
        """
        asked = list(dict.fromkeys(filter(None, map(addresses.normalize, people))))[:MAX_PEOPLE]
        people = request.env["res.partner"].mail_plugin_people(asked, emails.message_id(message_id))
        contacts = people.contacts
        names = [name for name in self._searchable_models() if name != "project.project"]
        logged = request.env["mail.plugin.log"].records_of(people.places, names)
        return {
            "people": {
                address: {"id": contact.id, "name": contact.name or contact.display_name}
                if (contact := contacts.get(address))
                else None
                for address in asked
            },
            "logged": [
                {"model": records._name, **row}
                for records in logged
                for row in records.mail_plugin_rows()
            ],
        }

    @http.route(
        "/mail_plugin/outlook/contact",
        type="jsonrpc",
        auth="outlook",
        addin_params={
            "email": params.line,
            "name": params.line,
            "partner_id": params.identifier,
        },
    )
    def outlook_contact(self, email="", name="", partner_id=None, **kw) -> dict:
        """Tell all of one person: contact, company, records, and what a look-up would cost."""
        if not serves_second_generation():
            raise NotFound()
        contact, address, problem = self._identify_sender(email, name, partner_id)
        if problem:
            return {"error": problem, "partner": {}}
        look = contact.mail_plugin_look(address, self._section_models().values())
        offer = self._look_up_offer(contact, look.company, look.facts)
        if offer:
            offer["partner_id"] = offer.pop("record").id
        return {
            **self._sender_answer(look, name),
            "company": self._outlook_company(look) if look.company else None,
            "enrichment": offer,
        }

    def _outlook_company(self, look):
        company, known = look.company, look.facts
        return {
            "id": company.id,
            "name": company.complete_name or company.display_name,
            "phone": company.phone,
            "website": company.website,
            "city": ", ".join(filter(None, (company.city, company.country_id.name))),
            "image": look.pictures.get(company.id, False),
            "facts": {name: known[name] for name in FIRMOGRAPHICS if known.get(name)},
        }
