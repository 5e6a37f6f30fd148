from odoo import api, fields, models
from odoo.tools import sql

from odoo.addons.iap.tools import iap_tools

from ...company.identity import normalise_domain, normalise_vat


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "company.profile.mixin"]

    mined = fields.Boolean(
        readonly=True,
        copy=False,
        help="Created from a mined contact, so that it can be erased with it.",
    )
    # What a mined company is compared with, so that a known customer is never bought as a lead.
    identity_domain = fields.Char(
        compute="_compute_identity_domain", store=True, index="btree_not_null"
    )
    identity_vat = fields.Char(compute="_compute_identity_vat", store=True, index="btree_not_null")

    # A mined person with the address of a contact is not paid: one look-up for each batch.
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    def _auto_init(self):
        # Without it all contacts, none of which has a profile yet, would be computed one by one.
        for name in ("company_size_class", "company_revenue_class"):
            if not sql.column_exists(self.env.cr, self._table, name):
                sql.create_column(self.env.cr, self._table, name, "varchar")
        return super()._auto_init()

    @api.depends("website", "email_normalized")
    def _compute_identity_domain(self):
        for partner in self:
            email = partner.email_normalized or ""
            # Of a free mail provider this is the whole address, which identifies a person.
            criterion = iap_tools.mail_prepare_for_domain_search(email) or ""
            partner.identity_domain = (
                normalise_domain(partner.website or "")
                or (criterion.startswith("@") and normalise_domain(criterion[1:]))
                or False
            )

    @api.depends("vat", "country_id.code")
    def _compute_identity_vat(self):
        for partner in self:
            country = partner.country_id.code or ""
            partner.identity_vat = normalise_vat(partner.vat or "", country) or False
