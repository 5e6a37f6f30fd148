from odoo import api, fields, models

from odoo.addons.iap.tools import iap_tools

from ..providers.identity import normalise_domain, normalise_vat


class ResPartner(models.Model):
    _inherit = "res.partner"

    mined = fields.Boolean(
        readonly=True, copy=False, help="Made of a mined contact, so that it can be erased with it."
    )
    # What a mined company is compared with, so that a known customer is never bought as a lead.
    identity_domain = fields.Char(
        compute="_compute_identity_domain", store=True, index="btree_not_null"
    )
    identity_vat = fields.Char(compute="_compute_identity_vat", store=True, index="btree_not_null")

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
