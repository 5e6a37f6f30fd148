from typing import ClassVar

from odoo import api, fields, models
from odoo.tools import SQL

from ...company.identity import normalise_vat


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "company.profile.mixin", "company.identity.mixin"]

    _identity_rules: ClassVar = {
        "identity_domain": "_identity_domains",
        "identity_vat": "_identity_vats",
    }
    _identity_sources: ClassVar = ("website", "email_normalized", "vat", "country_id")

    mined = fields.Boolean(
        readonly=True,
        copy=False,
        help="Created from a mined contact, so that it can be erased with it.",
    )
    identity_vat = fields.Char(compute="_compute_identity_vat", store=True, index="btree_not_null")

    # A mined person with the address of a contact is not paid: one look-up for each batch.
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _identity_unread_idx = models.Index(
        "(id) WHERE identity_domain IS NULL OR identity_vat IS NULL"
    )

    @api.depends("vat", "country_id.code")
    def _compute_identity_vat(self):
        for partner, vat in zip(self, self._identity_vats(), strict=True):
            partner.identity_vat = vat

    def _identity_vats(self) -> list[str]:
        """Return the VAT number of each contact, "" for none."""
        return [normalise_vat(partner.vat or "", partner.country_id.code or "") for partner in self]

    @api.model
    def _identity_hints(self, keys):
        hints = super()._identity_hints(keys)
        if any(key.startswith("vat:") for key in keys):
            hints.append(SQL("vat <> ''"))  # spellings differ too much to look for a part
        return hints
