from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import request
from odoo.tools.misc import formatLang

from odoo.addons.crm_common.tools.mailboxes import spellings_of
from odoo.addons.crm_common.tools.settings import is_neutralized
from odoo.addons.mail_plugin.controllers import mail_plugin

from ..exceptions import InvalidParameter
from ..tools import addresses, enrichment, logos, params
from ..tools.settings import NEVER, ON_OPEN, Settings
from .common import read_email

SEARCH_ROWS = 30
LEAD_ROWS = 100


class MailPluginController(mail_plugin.MailPluginController):
    """Contacts and their companies as the add-ins see them, with their leads."""

    # === CONTACTS === #

    @http.route(
        addin_params={
            "email": params.line,
            "name": params.line,
            "partner_id": params.identifier,
        }
    )
    def res_partner_get(self, email=None, name=None, partner_id=None, **kwargs):
        """Return what the add-in shows when an e-mail is opened; nothing is made of it, unless
        the administrator lets a company's data be bought then."""
        contact = request.env["res.partner"].browse(partner_id).exists()
        if contact:
            return self._get_contact_data(contact)
        address = addresses.normalize(email)
        if partner_id and not address:
            return self._notice_response(
                email,
                name,
                request.env._(
                    "This contact no longer exists: it was deleted, or merged into another one. "
                    "Open the e-mail again to find its sender."
                ),
            )
        if not address:
            return self._notice_response(
                email, name, request.env._("This is not a valid e-mail address.")
            )
        if self._is_notification_address(address):
            return self._notification_response(address)
        people = contact.mail_plugin_people([address])
        if notice := self._own_address_notice(people):
            return self._notice_response(email, name, notice)
        contact = people.find(address, name or "")
        if contact.active:
            return self._get_contact_data(contact)
        response = self._get_contact_data(contact.browse())
        if "leads" in response:
            response |= self._get_leads(contact, address)
        response["partner"] = {
            "id": -1,
            "email": email,
            "name": name or address,
            "enrichment_info": None,
            "company": self._get_company_data(None),
        }
        if contact:
            response["partner"]["enrichment_info"] = self._notice(
                request.env._("This contact is archived. Add it to bring it back.")
            )
        else:
            response["partner"] |= self._get_senders_company(address)
        return response

    @http.route(addin_params={"search_term": params.line, "limit": params.rows})
    def res_partners_search(self, search_term, limit=SEARCH_ROWS, **kwargs):
        """Return the contacts of an e-mail address, or found by a part of name or address."""
        contacts = request.env["res.partner"].mail_plugin_search(search_term, limit or SEARCH_ROWS)
        return {"partners": [self._get_partner_data(contact) for contact in contacts]}

    @http.route(
        addin_params={
            "email": params.line,
            "name": params.line,
            "company": params.identifier,
        }
    )
    def res_partner_create(self, email, name, company=None, **kwargs):
        """Return the id of the contact with an e-mail address, made if there is none."""
        address = addresses.normalize(email)
        if not address:
            raise InvalidParameter(request.env._("“%s” is not a valid e-mail address.", email))
        if self._is_notification_address(address):
            raise Forbidden()
        contacts = request.env["res.partner"]
        people = contacts.mail_plugin_people([address])
        if people.mailboxes:
            raise InvalidParameter(self._own_address_notice(people))
        parent = contacts.browse(company).exists()
        parent.check_access("read")
        return {"id": contacts.mail_plugin_get_or_create(address, name, parent).id}

    def _is_notification_address(self, address):
        known = request.env["mail.alias.domain"].mail_plugin_addresses()
        return not known.notifications.isdisjoint(spellings_of(address))

    def _own_address_notice(self, people):
        """Return the sentence to show in place of a contact, "" for an address of others.

        :param people: the `People` of the one address
        """
        if people.own:
            return request.env._(
                "This is your own address. Search for the contact whom the e-mail is about."
            )
        if people.mailboxes:
            return request.env._(
                "This address belongs to this database, and to no person. Search for the contact "
                "whom the e-mail is about."
            )
        return ""

    def _notification_response(self, address):
        notice = request.env._(
            "This is your notification address. Search the Contact manually to link this email to "
            "a record."
        )
        return {
            "partner": {
                "name": request.env._("Notification"),
                "email": address,
                "enrichment_info": self._notice(notice),
            }
        }

    def _notice_response(self, email, name, text):
        """Return an answer that the add-ins can show, for an address that is nobody's."""
        email = email or ""
        partner = {"id": -1, "email": email, "name": name or email, "company": {"id": -1}}
        response = self._get_contact_data(request.env["res.partner"])
        return response | {"partner": partner | {"enrichment_info": self._notice(text)}}

    def _notice(self, text):
        """Return a text as the add-ins show it, above the contact."""
        return {"type": "odoo_custom_error", "info": text}

    # === COMPANIES === #

    @http.route(
        addin_params={
            "partner_id": params.identifier,
            "partner_email": params.line,
            "enrich_on_not_exists": params.boolean,
        }
    )
    def res_partner_enrich_and_create_company(self, partner_id, **kwargs):
        """Give a contact its company: the one that the database knows, else with bought data."""
        contact = request.env["res.partner"].browse(partner_id).exists()
        if problem := self._enrichment_problem(contact):
            return {"error": problem}
        if contact.parent_id:
            return {"error": request.env._("This contact already has a company.")}
        address = contact.email_normalized
        company = self._find_existing_company(address) - contact
        info = {"type": "company_updated"}
        if not company:
            company, info = self._create_company_from_iap(address)
        if not company:
            return self._without_data(address, info)
        if company.is_company:
            contact.parent_id = company
        return {"enrichment_info": info, "company": self._get_company_data(company)}

    @http.route(addin_params={"partner_id": params.identifier})
    def res_partner_enrich_and_update_company(self, partner_id, **kwargs):
        """Fill in a company's data with bought ones."""
        company = request.env["res.partner"].browse(partner_id).exists()
        if problem := self._enrichment_problem(company):
            return {"error": problem}
        if not company.is_company:
            return {"error": request.env._("Only companies have company data.")}
        address = company.email_normalized
        data = self._buy_data(address)
        if "enrichment_info" in data:
            shown = self._get_company_data(company)
            return {"enrichment_info": data["enrichment_info"], "company": shown}
        company.mail_plugin_update_company(address, data)
        return {
            "enrichment_info": {"type": "company_updated"},
            "company": self._get_company_data(company),
        }

    def _enrichment_problem(self, contact):
        """Return why no data can be bought for a contact, None if they can."""
        if not contact:
            return request.env._("This contact no longer exists.")
        if not contact.has_access("write"):
            return request.env._("You may not change this contact.")
        if Settings.of(request.env).enrichment == NEVER:
            return request.env._("Looking up company data is switched off in this database.")
        if not contact.email_normalized:
            return request.env._("The e-mail address of this contact is not valid.")
        return None

    def _get_senders_company(self, address: str) -> dict:
        """Return company and notice for a sender who is no contact yet.

        :param address: normalized e-mail address
        """
        company, info = self._find_existing_company(address), None
        may_buy = Settings.of(request.env).enrichment == ON_OPEN
        if not company and may_buy and request.env["res.partner"].has_access("create"):
            company, info = self._create_company_from_iap(address)
            if not company:
                return self._without_data(address, info)
        return {"enrichment_info": info, "company": self._get_company_data(company)}

    def _find_existing_company(self, email):
        return request.env["res.partner"].mail_plugin_find_company(addresses.normalize(email))

    def _create_company_from_iap(self, email):
        """Return the company made with bought data, or none, and what the add-in says to it."""
        address = addresses.normalize(email)
        # Two add-ins that open e-mails of one domain buy its data once.
        request.env["mail.plugin.claim"].take("company", addresses.own_domain(address) or address)
        data = self._buy_data(address)
        if "enrichment_info" in data:
            return None, data["enrichment_info"]
        company = request.env["res.partner"].mail_plugin_create_company(address, data)
        return company, {"type": "company_created"}

    def _buy_data(self, address) -> dict:
        """Return the data of an address's company, or ``enrichment_info`` that says why not."""
        domain = addresses.own_domain(address)
        if not domain:
            return {"enrichment_info": {"type": "missing_data"}}
        if is_neutralized(request.env):
            sentence = request.env._(
                "A neutralized copy of a database does not look up company data."
            )
            return {"enrichment_info": {"type": "other", "info": sentence}}
        # sudo: the first one to ask makes the account, which a user may create but not name.
        request.env["iap.account"].sudo().get("reveal")
        request.update_context(mail_plugin_tells_refusals=True)
        answer = self._iap_enrich(domain)
        if isinstance(answer, dict) and "enrichment_info" in answer:
            return answer
        data = enrichment.clean(answer)
        return data or {"enrichment_info": {"type": "no_data"}}

    def _without_data(self, address, info):
        """Return what is known of a sender's company when its data cannot be bought.

        Without credits that is its website and its logo, both from the sender's own domain.
        """
        company = self._get_company_data(None)
        if isinstance(info, dict) and info.get("type") == "insufficient_credit":
            domain = addresses.own_domain(address)
            logo = logos.of_domain(domain, closed=is_neutralized(request.env))
            company |= {
                "name": domain,
                "website": f"https://{domain}",
                "additionalInfo": {"domain": domain} | ({"logo": logo} if logo else {}),
            }
        return {"enrichment_info": info, "company": company}

    def _get_company_data(self, company):
        """Extend `mail_plugin`: with a thumbnail, not the whole picture."""
        if not company:
            return super()._get_company_data(company)
        # In this context a picture is read as its size.
        values = super()._get_company_data(company.with_context(bin_size=True))
        if "image" in values:
            values["image"] = company.image_128
            values["additionalInfo"] = enrichment.for_addin(values["additionalInfo"])
        return values

    def _get_company_facts(self, company) -> dict:
        """Return what was bought of a company, as the add-ins name it."""
        return enrichment.for_addin(company.mail_plugin_bought())

    def _get_partner_data(self, partner):
        """Extend `mail_plugin`: with a name in any case, as the add-ins take it for text."""
        values = super()._get_partner_data(partner)
        return values | {"name": values["name"] or partner.display_name or ""}

    # === LOGGING === #

    @http.route(
        addin_params={
            "model": params.line,
            "res_id": params.identifier,
            "message": params.html,
            "body": params.html,
            **params.EMAIL,
        }
    )
    def log_mail_content(
        self, model: str, res_id: int, message: str = "", attachments: list | None = None, **kwargs
    ):
        """Log an e-mail on a record, once.

        :param model: model of the record, one of those that a mail can be logged on
        :param res_id: id of the record
        :param message: text of the e-mail, HTML
        :param attachments: name and content (base64) of each file
        :param kwargs: what else is known of the e-mail, see `read_email`
        :return: True
        """
        if model not in self._mail_content_logging_models_whitelist():
            raise Forbidden()
        record = request.env[model].browse(res_id).exists()
        if not record:
            raise InvalidParameter(request.env._("This record no longer exists."))
        email = read_email(message or kwargs.get("body", ""), attachments, **kwargs)
        record.mail_plugin_log(email)
        return True

    # === TRANSLATIONS === #

    @http.route(addin_params={})
    def get_translations(self):
        return super().get_translations()

    # === LEADS === #

    def _get_contact_data(self, partner):
        """Extend `mail_plugin`: with the leads, where the user may create one."""
        contact_data = super()._get_contact_data(partner)
        if self._can_create_leads():
            contact_data |= {"leads": [], "lead_count": 0}
            if partner:
                contact_data |= self._get_leads(partner)
        return contact_data

    def _get_leads(self, partner, address: str = ""):
        """Return the leads of a sender and how many there are.

        The first add-ins title the list with its length, so it is not cut short of a true total.

        :param partner: a `res.partner`, the sender, may be none
        :param address: normalized e-mail address of the sender, else the contact's
        """
        leads = request.env["crm.lead"]
        found, count = leads.mail_plugin_found_of(partner, address, LEAD_ROWS)
        return {"leads": self._prepare_leads(found), "lead_count": count}

    def _prepare_leads(self, leads) -> list[dict]:
        """Return leads as the add-ins read them: lead_id, name, expected_revenue (formatted),
        probability, and recurring_revenue (formatted) and recurring_plan where those are in use."""
        with_recurring = request.env.user.has_group("crm.group_use_recurring_revenues")
        return [self._prepare_lead_values(lead, with_recurring) for lead in leads]

    def _prepare_lead_values(self, lead, with_recurring):
        currency = lead.company_currency
        values = {
            "lead_id": lead.id,
            "name": lead.name,
            "expected_revenue": formatLang(
                request.env, lead.expected_revenue, currency_obj=currency
            ),
            "probability": lead.probability,
        }
        if with_recurring:
            values["recurring_revenue"] = formatLang(
                request.env, lead.recurring_revenue, currency_obj=currency
            )
            values["recurring_plan"] = lead.recurring_plan.name
        return values

    def _mail_content_logging_models_whitelist(self):
        models = super()._mail_content_logging_models_whitelist()
        return [*models, "crm.lead"] if self._can_create_leads() else models

    def _translation_modules_whitelist(self):
        modules = super()._translation_modules_whitelist()
        return [*modules, "crm_mail_plugin"] if self._can_create_leads() else modules

    def _can_create_leads(self):
        """Say whether the section of leads exists for the user; without, it is hidden."""
        return request.env["crm.lead"].has_access("create")
