from odoo import api, models
from odoo.fields import Domain

from ...tools.suppression import company_name_key

#: Models whose rows about a partner are no business documents.
_NO_DOCUMENTS = (
    "lead.mining.", "mail.", "bus.", "discuss.", "res.partner", "res.users", "calendar.", "ir.",
    "phone.", "privacy.", "iap.", "base.", "digest.", "web_", "fetchmail.", "sms.", "snailmail.",
)  # fmt: skip


class ResPartner(models.Model):
    """Contacts of the address book that were made of mined ones; a customer is no such thing."""

    _name = "res.partner"
    _inherit = ["res.partner", "lead.mining.person.mixin"]

    _person_columns = ("name", "function", "email", "phone")
    _person_sequence = 13
    _person_email_field = "email_normalized"

    @api.model
    def _person_label(self):
        return self.env._("Contacts created from them")

    @api.model
    def _person_scope(self, companies):
        return super()._person_scope(companies) & Domain("mined", "=", True)

    @api.model
    def _person_find(self, traces, companies):
        contacts = self.env["lead.mining.contact"]._person_find(traces, companies)
        return super()._person_find(traces, companies) | contacts.partner_id.filtered("mined")

    def _person_identities(self, traces):
        identities = []
        for partner in self:
            parent = partner.commercial_partner_id
            keys = (
                *(f"domain:{domain}" for domain in parent._identity_domains() if domain),
                *(f"vat:{vat}" for vat in parent._identity_vats() if vat),
                *filter(None, [company_name_key(parent.name or "")]),
            )
            identities.append((partner.email or "", partner.name or "", keys))
        return identities

    def _person_erase(self, traces):
        """Delete them; those that documents are about lose their data and stay."""
        kept = self.filtered(lambda partner: partner._has_documents())
        names = kept.mapped("display_name")
        for partner in kept:
            values = {"email": False, "phone": False, "function": False, "mined": False}
            if partner.commercial_partner_id != partner:
                # The company stays the party of the documents.
                values["name"] = self.env._("Erased contact")
            partner.with_context(tracking_disable=True).write(values)
        (self - kept).unlink()
        return names

    def _has_documents(self) -> bool:
        """Tell whether anything but mined leads and messages is about this partner."""
        self.ensure_one()
        if self.user_ids or self.child_ids:
            return True
        leads = self.env["crm.lead"].with_context(active_test=False)
        if leads.search_count(
            [("partner_id", "=", self.id), ("mining_request_id", "=", False)], limit=1
        ):
            return True
        return any(
            self.env[model]
            .with_context(active_test=False)
            .search_count([(name, "=", self.id)], limit=1)
            for model, name in self._document_fields()
        )

    @api.model
    def _document_fields(self) -> list[tuple[str, str]]:
        """Return the stored many2one fields by which documents name a partner."""
        return [
            (model, name)
            for model in self.env.registry
            if not model.startswith(_NO_DOCUMENTS) and model != "crm.lead"
            if self.env[model]._auto
            and not self.env[model]._abstract
            and not self.env[model]._transient
            for name, field in self.env[model]._fields.items()
            if field.type == "many2one" and field.store and field.comodel_name == "res.partner"
        ]
