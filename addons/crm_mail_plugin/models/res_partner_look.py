import functools
import json
from collections.abc import Iterable
from typing import Any

from odoo import api, models
from odoo.tools import SQL, frozendict

from ..tools import enrichment, questions


class Look:
    """What there is of a sender beside the contact's own columns, read by one statement, or by two
    where the company is found by the address.

    :ivar contact: a `res.partner`, the sender, may be none; its context tells which models have any
        record of the sender, for whomever
    :ivar address: normalized e-mail address of the sender
    :ivar company: the sender's, may be none; none either where the user may not see it
    """

    def __init__(self, contact: Any, address: str, models: Iterable[str], *, with_company: bool):
        """Look at a sender.

        :param contact: one that the user may see, read already
        :param address: may be "" where the contact is known
        :param models: those of which records are of interest
        :param with_company: whether its company is of interest
        """
        self.address, models = address, tuple(models)
        self.company = contact if contact.is_company else contact.parent_id
        if not with_company:
            self.company = contact.browse()
        self.company.mail_plugin_read_ahead()
        self.company = self.company._filtered_access("read")
        asked = {name: contact.env[name].mail_plugin_any_query(contact, address) for name in models}
        asked |= self._asked(contact | self.company)
        if with_company and not contact:
            asked["companies"] = contact.mail_plugin_company_query(address)
        told = questions.ask(contact.env, asked)
        any_of = {name: told[name][0]["is_any"] for name in models}
        self.contact = contact.with_context(mail_plugin_any_of=frozendict(any_of))
        if told.get("companies"):
            company = contact.mail_plugin_company_of(address, told["companies"])
            self.company = company._filtered_access("read")
            told = questions.ask(contact.env, self._asked(self.company))
        self._told = told

    def _asked(self, contacts):
        if not contacts:
            return {}
        asked = {"pictures": contacts._mail_plugin_pictures_query()}
        if self.company:
            asked["bought"] = self.company._mail_plugin_bought_query()
        return asked

    @functools.cached_property
    def pictures(self) -> dict[int, str]:
        """Thumbnails of the contact and of the company, by their id."""
        return self.contact._mail_plugin_pictures_of(self._told.get("pictures", ()))

    @functools.cached_property
    def facts(self) -> dict[str, Any]:
        """What was bought of the company, as the add-ins name it."""
        bought = self.contact._mail_plugin_bought_of(self._told.get("bought", ()))
        return enrichment.for_addin(bought)

    def row(self) -> dict:
        """Return what the add-ins read of the contact."""
        return self.contact.with_context(mail_plugin_pictures=self.pictures).mail_plugin_row()


class ResPartner(models.Model):
    """What is shown of a contact that its own columns do not tell."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    @api.private
    def mail_plugin_look(
        self, address: str, models: Iterable[str], *, with_company: bool = True
    ) -> Look:
        """Return what there is of a sender, see `Look`."""
        return Look(self, address, models, with_company=with_company)

    @api.private
    def mail_plugin_picture(self) -> str | bool:
        """Return the contact's thumbnail as a page shows it, False when there is none.

        Most contacts have none, and Odoo asks much before it says so.
        """
        pictures = self.env.context.get("mail_plugin_pictures")
        if pictures is None:
            pictures = self.mail_plugin_pictures()
        return pictures.get(self.id, False)

    @api.private
    def mail_plugin_pictures(self) -> dict[int, str]:
        """Return the thumbnails of those of the contacts that have one, by their id."""
        asked = {"pictures": self._mail_plugin_pictures_query()}
        return self._mail_plugin_pictures_of(questions.ask(self.env, asked)["pictures"])

    def _mail_plugin_pictures_query(self) -> SQL:
        self.env["ir.attachment"].flush_model(["res_field", "res_id", "res_model"])
        return SQL(
            """
            SELECT DISTINCT res_id FROM ir_attachment
             WHERE res_model = 'res.partner' AND res_field = 'image_128' AND res_id = ANY(%s)
            """,
            list(self._ids),
        )

    def _mail_plugin_pictures_of(self, rows):
        return {
            contact.id: f"data:image;base64,{contact.image_128.decode()}"
            for contact in self.browse(row["res_id"] for row in rows)
            if contact.image_128
        }

    @api.private
    def mail_plugin_bought(self) -> dict:
        """Return what was bought of the company, as it is stored."""
        asked = {"bought": self._mail_plugin_bought_query()}
        return self._mail_plugin_bought_of(questions.ask(self.env, asked)["bought"])

    def _mail_plugin_bought_query(self) -> SQL:
        """Return the query for what users read of the contact itself, for which Odoo asks twice."""
        self.env["res.partner.iap"].flush_model(["iap_enrich_info", "partner_id"])
        return SQL(
            "SELECT iap_enrich_info FROM res_partner_iap WHERE partner_id = %s ORDER BY id LIMIT 1",
            self.id,
        )

    def _mail_plugin_bought_of(self, rows):
        return json.loads(next((row["iap_enrich_info"] for row in rows), None) or "{}")
