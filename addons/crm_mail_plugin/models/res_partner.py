import base64
import json

from odoo import api, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

from odoo.addons.crm_common.tools.gaps import ADDRESS, to_fill
from odoo.addons.crm_common.tools.mailboxes import address_key, spellings_of
from odoo.addons.crm_common.tools.settings import is_neutralized

from ..tools import addresses, enrichment, fetch, questions

# An index serves a query only if both spell the expression alike.
EACH_ADDRESS = r"""regexp_split_to_array(lower(email::text), '[\s,;<>"]+')"""
HAS_SEVERAL = "email LIKE '%@%@%'"
_EMAIL_DOMAIN = "split_part(email_normalized::text, '@', 2)"
_WEB_DOMAIN = r"substring(lower(website::text) from '^(?:[a-z]+://)?(?:www\.)?([^/:?#]+)')"
#: Records with one address or one domain that are looked at for one that the user may see.
MAX_CANDIDATES = 50


def trigram_index(column):
    """Return the definition of an index for what is found by a part of it, where there can be."""

    def definition(registry):
        if not registry.has_trigram:
            return ""
        indexable = registry.has_unaccent == FunctionStatus.INDEXABLE
        expression = registry.unaccent(column) if indexable else column
        return f"USING gin ({expression} gin_trgm_ops)"

    return definition


class ResPartner(models.Model):
    _inherit = "res.partner"

    _mail_plugin_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _mail_plugin_addresses_idx = models.Index(f"USING gin ({EACH_ADDRESS}) WHERE {HAS_SEVERAL}")
    _mail_plugin_email_domain_idx = models.Index(
        f"({_EMAIL_DOMAIN}) WHERE is_company AND email_normalized IS NOT NULL"
    )
    _mail_plugin_web_domain_idx = models.Index(
        f"({_WEB_DOMAIN}) WHERE is_company AND website IS NOT NULL"
    )
    _mail_plugin_name_part_idx = models.Index(trigram_index("complete_name"))
    _mail_plugin_email_part_idx = models.Index(trigram_index("email"))

    # === FINDING === #

    @api.private
    def mail_plugin_find_company(self, address: str):
        """Return the company that the sender of an e-mail belongs to.

        It has the domain of the address, or one above it, in its e-mail address or its website,
        or its data were bought for that domain. A sender of a mail provider is found only by the
        whole address.

        :param address: normalized e-mail address
        :return: at most one company; one that the user may not see is not looked past, as it
            is known to be the one
        """
        asked = {"companies": self.mail_plugin_company_query(address)}
        return self.mail_plugin_company_of(address, questions.ask(self.env, asked)["companies"])

    @api.private
    def mail_plugin_company_of(self, address: str, rows: list[dict]):
        """Return the company of `mail_plugin_find_company`.

        :param rows: answer to `mail_plugin_company_query`
        """
        places = ["", *addresses.company_domains(addresses.domain_of(address))]
        nearest = {domain: place for place, domain in enumerate(places)}
        rows = sorted(
            rows,
            key=lambda row: (
                nearest[row["domain"]], row["place"], row["parent_id"] is not None, row["id"]
            ),
        )  # fmt: skip
        known = [row for row in rows if row["place"] < 0]
        found = self.browse(dict.fromkeys(row["id"] for row in known[:1] or rows))
        found.mail_plugin_read_ahead()
        return found if known else found._filtered_access("read")[:1]

    @api.private
    def mail_plugin_company_query(self, address: str) -> SQL:
        """Return the query for the companies of an address: id, parent_id, domain and place.

        Those whose data were bought have a place below 0, and go before all others.
        """
        domains = addresses.company_domains(addresses.domain_of(address))
        spellings = sorted(spellings_of(address))
        self.flush_model(["active", "email_normalized", "is_company", "website", "parent_id"])
        self.env["res.partner.iap"].flush_model(["iap_search_domain", "partner_id"])
        whole = SQL(
            """
            SELECT id, parent_id, '', 0 FROM res_partner
             WHERE is_company AND active AND email_normalized = ANY(%s)
            """,
            spellings,
        )
        of_domains = SQL(
            f"""
            SELECT id, parent_id, {_EMAIL_DOMAIN}, 0 FROM res_partner
             WHERE is_company AND active AND email_normalized IS NOT NULL
               AND {_EMAIL_DOMAIN} = ANY(%(domains)s)
             UNION ALL
            SELECT id, parent_id, {_WEB_DOMAIN}, 1 FROM res_partner
             WHERE is_company AND active AND website IS NOT NULL
               AND {_WEB_DOMAIN} = ANY(%(domains)s)
            """,
            domains=list(domains),
        )
        return SQL(
            """
            (SELECT partner_id AS id, NULL AS parent_id, '' AS domain, -1 AS place
               FROM res_partner_iap WHERE iap_search_domain = ANY(%(bought)s)
              ORDER BY res_partner_iap.id LIMIT 1)
             UNION ALL
            %(others)s
             ORDER BY place, parent_id DESC, id
             LIMIT %(limit)s
            """,
            # Data are bought for a domain, or for the whole address of a mail provider's user.
            bought=[*(f"@{domain}" for domain in domains), *spellings],
            others=of_domains if domains else whole,
            limit=MAX_CANDIDATES,
        )

    @api.private
    def mail_plugin_search(self, term: str, limit: int):
        """Return the contacts of a full e-mail address, else those that a text is found in.

        Nobody has the user's own address: the contact of an e-mail of one's own is somebody else.

        :param term: what the user looks for; nothing finds nothing
        :param limit: the most contacts
        """
        term = term.strip()
        if not term:
            return self.browse()
        address = addresses.normalize(term)
        people = self.mail_plugin_people([address]) if address else None
        if people and (people.own or not people.has_contacts):
            return self.browse()
        found = self.search(self.mail_plugin_search_domain(term), limit=limit)
        return found or (people and people.find(address).filtered("active")) or found

    @api.private
    def mail_plugin_search_domain(self, term: str) -> Domain:
        """Override: a whole address is one contact's, a part of it or of the name anybody's."""
        address = addresses.normalize(term)
        if address:
            return Domain("email_normalized", "in", spellings_of(address))
        pattern = Domain("complete_name", "ilike", term) | Domain("email", "ilike", term)
        return pattern | Domain("ref", "=", term)

    def _mail_plugin_name(self):
        """Override: the name alone, without the company's."""
        return self.name or self.email or super()._mail_plugin_name() or ""

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: what the add-ins show of a contact; the picture is a thumbnail."""
        self.parent_id.mail_plugin_read_ahead()
        return {
            **super().mail_plugin_row(),
            "email": self.email,
            "phone": self.phone,
            "is_company": self.is_company,
            "parent_name": self.parent_id._filtered_access("read").name,
            "image": self.mail_plugin_picture(),
            "can_write_on_partner": self.has_access("write"),
        }

    @api.private
    def mail_plugin_rows(self) -> list[dict]:
        """Extend: all are read at once, with their companies and pictures."""
        self.mail_plugin_read_ahead()
        self.parent_id.mail_plugin_read_ahead()
        contacts = self.with_context(mail_plugin_pictures=self.mail_plugin_pictures())
        return super(ResPartner, contacts).mail_plugin_rows()

    # === MAKING === #

    @api.private
    def mail_plugin_get_or_create(self, address: str, name: str = "", company=None):
        """Return the contact of an e-mail address, made when there is none.

        An archived one comes back. Of two requests at once both return the same.

        :param address: normalized e-mail address
        :param name: what the sender is called, else the address says it
        :param company: res.partner to put a new contact under, else the one of the domain
        """
        contact = self.mail_plugin_find(address, name)
        if contact:
            if not contact.active:
                contact.action_unarchive()
            return contact
        self.env["mail.plugin.claim"].take("contact", address_key(address) or address)
        company = company or self.mail_plugin_find_company(address)
        return self.create(
            {
                "name": name.strip() or address,
                "email": address,
                "parent_id": company.filtered("is_company").id,
            }
        )

    # === DATA ABOUT COMPANIES === #

    @api.private
    def mail_plugin_create_company(self, address: str, data: dict):
        """Make the company of an e-mail address from what a provider knows.

        :param address: normalized e-mail address
        :param data: of `clean`
        """
        domain = addresses.domain_of(address)
        company = self.create(
            {
                "name": domain,
                **enrichment.contact_values(data),
                **self._mail_plugin_place_values(data),
                "is_company": True,
                "image_1920": self._mail_plugin_logo(data),
                "iap_search_domain": self._mail_plugin_search_domain(address),
                "iap_enrich_info": json.dumps(data),
            }
        )
        company._mail_plugin_note_data(data)
        return company

    @api.private
    def mail_plugin_update_company(self, address: str, data: dict):
        """Fill in what is empty of a company from what a provider knows.

        :param address: normalized e-mail address of the company
        :param data: of `clean`
        """
        self.ensure_one()
        found = enrichment.contact_values(data) | self._mail_plugin_place_values(data)
        now = self.read({*found, *ADDRESS.all}, load=None)[0]
        values = to_fill(
            {name: value for name, value in now.items() if value},
            {name: value for name, value in found.items() if value},
        )
        if not self.image_128 and (logo := self._mail_plugin_logo(data)):
            values["image_1920"] = logo
        self.write(
            {
                **values,
                "iap_search_domain": self._mail_plugin_search_domain(address),
                "iap_enrich_info": json.dumps(data),
            }
        )
        self._mail_plugin_note_data(data)

    @api.model
    def _mail_plugin_search_domain(self, address):
        domain = addresses.domain_of(address)
        return f"@{domain}" if addresses.own_domain(address) else address

    @api.model
    def _mail_plugin_place_values(self, data):
        country = self.env["res.country"].search(
            [("code", "=", str(data.get("country_code") or "").upper())], limit=1
        )
        state = self.env["res.country.state"].search(
            [("code", "=", data.get("state_code") or ""), ("country_id", "=", country.id)], limit=1
        )
        return {"country_id": country.id, "state_id": state.id} if country else {}

    @api.model
    def _mail_plugin_logo(self, data):
        content = data.get("logo") and fetch.fetch_image(
            data["logo"], closed=is_neutralized(self.env)
        )
        return base64.b64encode(content) if content else False

    def _mail_plugin_note_data(self, data):
        self.message_post_with_source(
            "iap_mail.enrich_company", render_values=data, subtype_xmlid="mail.mt_note"
        )
