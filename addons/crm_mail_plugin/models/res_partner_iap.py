from odoo import models


class ResPartnerIap(models.Model):
    _inherit = "res.partner.iap"

    _mail_plugin_search_idx = models.Index("(iap_search_domain)")
