from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.crm_common.tools.settings import is_neutralized

from ..tools import addresses, params
from .common import sender_values, serves_second_generation
from .crm_client import CrmClient

SECTION_ROWS = 5
SEARCH_ROWS = 30
#: Shorter terms find too much to be of use.
SHORTEST_TERM = 3


class SecondGeneration(CrmClient):
    """The answers that the add-ins for Odoo 19.2 and later read, where they are served."""

    # === ROUTES OF BOTH GENERATIONS === #

    @http.route(addin_params={})
    def res_partner_get(self, email=None, name=None, partner_id=None, **kwargs):
        if not serves_second_generation():
            return super().res_partner_get(email, name, partner_id, **kwargs)
        contact, address, problem = self._identify_sender(email, name, partner_id)
        if problem:
            return {"error": problem, "partner": {}}
        models = self._section_models().values()
        look = contact.mail_plugin_look(address, models, with_company=False)
        return self._sender_answer(look, name)

    @http.route(addin_params={})
    def res_partner_create(self, email, name, company=None, **kwargs):
        created = super().res_partner_create(email, name, company, **kwargs)
        if not serves_second_generation():
            return created
        return request.env["res.partner"].browse(created["id"]).mail_plugin_row()

    @http.route(addin_params=params.SENDER)
    def crm_lead_create(self, partner_id=None, email_body="", email_subject="", **kwargs):
        if not serves_second_generation():
            return super().crm_lead_create(partner_id, email_body, email_subject, **kwargs)
        created = super().crm_lead_create(partner_id, email_body, email_subject, **kwargs)
        lead = request.env["crm.lead"].browse(created["lead_id"])
        return lead.mail_plugin_row() | sender_values(lead.partner_id)

    # === ROUTES OF THE SECOND ONE === #

    @http.route(
        "/mail_plugin/search_records/<string:model>",
        type="jsonrpc",
        auth="outlook",
        cors="*",
        addin_params={"model": params.line, "query": params.terms, "limit": params.rows},
    )
    def search_records(
        self, model: str, query: tuple = (), limit: int = SEARCH_ROWS, **kwargs
    ) -> list:
        """Find records by a part of their name.

        :param model: one of `_searchable_models`
        :param query: terms, a record with any of them is found
        :param limit: the most rows
        :return: the rows and how many records there are
        """
        if not serves_second_generation():
            raise NotFound()
        found, count = self._find_records(model, query, limit)
        return [found.mail_plugin_rows(), count]

    @http.route(
        "/mail_plugin/redirect_to_record/<string:model>", type="http", auth="user", methods=["GET"]
    )
    def redirect_to_record(self, model, record_id="", **kwargs):
        """Open a record in the browser, in the company that it is of."""
        if model not in self._searchable_models() or not record_id.isdecimal():
            raise NotFound()
        record = request.env[model].browse(int(record_id)).exists()
        if not record:
            raise NotFound()
        record.check_access("read")
        response = request.redirect(f"/odoo/{model}/{record.id}")
        companies = record.company_id | request.env.user.company_ids
        response.set_cookie("cids", "-".join(map(str, companies.ids)))
        return response

    def _find_records(self, model: str, query: tuple = (), limit: int | None = SEARCH_ROWS):
        """Return the records of a search, see `search_records`, and how many there are."""
        if model not in self._searchable_models():
            raise Forbidden()
        records = request.env[model]
        terms = [term for term in query if len(term) >= SHORTEST_TERM]
        if not terms and not (self._lists_without_term(model) and not query):
            return records, 0
        domain = Domain.OR(records.mail_plugin_search_domain(term) for term in terms or [""])
        # Opening an e-mail, the add-ins search for all its people at once.
        found, count = records.mail_plugin_found(domain, max(limit or SEARCH_ROWS, len(terms)))
        if model == "res.partner" and len(terms) > 1:
            found = found.mail_plugin_in_order(terms)
        return found, count

    # === FOR THE ADDONS OF OTHER RECORDS === #

    def _searchable_models(self):
        """Return the models that can be searched and opened.

        Each has ``mail_plugin_row``, ``mail_plugin_rows`` and ``mail_plugin_search_domain``.
        """
        models = ["res.partner"]
        return [*models, "crm.lead"] if self._can_create_leads() else models

    def _lists_without_term(self, model):
        """Say whether records of `model` are offered before anything is searched for."""
        return False

    def _section_models(self) -> dict[str, str]:
        """Return the models of `_get_sections`, of which records are made of e-mails, by the name
        that each has there.

        Each has ``mail_plugin_get_or_create(partner, email)``, and one whose
        ``_mail_plugin_place`` names a model takes a record of it as well.
        """
        return {"lead": "crm.lead"} if self._can_create_leads() else {}

    def _look_up_offer(self, contact, company, known: dict) -> dict | None:
        """Return which look-up of company data is offered for a contact, None where there is none.

        :param contact: a `res.partner`, may be none
        :param company: the contact's, may be none
        :param known: data of the company that are there already
        :return: ``action``, "create" the contact's company or "update" it; the ``record`` for it;
            its ``price`` in credits
        """
        subject = company or contact
        if not contact or known or is_neutralized(request.env):
            return None
        if self._enrichment_problem(subject) or not addresses.own_domain(subject.email_normalized):
            return None
        return {
            "action": "update" if company else "create",
            "record": subject,
            "price": request.env["iap.enrich.api"]._get_company_price(),
        }

    def _identify_sender(self, email, name, partner_id):
        """Return the contact whom an add-in asks for, none for nobody who is one; the normalized
        address; and the sentence that is shown in place of both, "" for none.

        :raise AccessError: when the user may not see the contact
        """
        contact = request.env["res.partner"].browse(partner_id).exists()
        address = addresses.normalize(email)
        if not contact:
            if not address:
                return contact, "", request.env._("This is not a valid e-mail address.")
            people = contact.mail_plugin_people([address])
            if notice := self._own_address_notice(people):
                return contact, address, notice
            contact = people.find(address, name or "")
        contact.mail_plugin_read_ahead()
        contact = contact.filtered("active")
        contact.check_access("read")
        return contact, address, ""

    def _sender_answer(self, look, name) -> dict:
        """Return what the add-ins read of a sender.

        :param look: a `Look`
        :param name: what the sender is called, may be none
        """
        # A name that is not told is the one that the add-in knows.
        values = {"id": False, "email": look.address, **({"name": name} if name else {})}
        return {
            "partner": look.row() if look.contact else values,
            "can_create_partner": look.contact.has_access("create"),
            **self._get_sections(look.contact, look.address),
        }

    def _get_sections(self, partner, address: str) -> dict:
        """Return what is shown below a sender: lists of records and how many there are.

        :param partner: a `res.partner`, the sender, may be none
        :param address: normalized e-mail address
        """
        sections = {}
        for name, model in self._section_models().items():
            sections |= self._section(name, request.env[model], partner, address)
        return sections

    def _section(self, name, records, partner, address):
        found, count = records.mail_plugin_found_of(partner, address, SECTION_ROWS)
        return {f"{name}s": found.mail_plugin_rows(), f"{name}_count": count}
