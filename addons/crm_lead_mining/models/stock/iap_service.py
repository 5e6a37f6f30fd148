from odoo import models


class IapService(models.Model):
    _inherit = "iap.service"

    def _locally_served_services(self):
        return super()._locally_served_services() | {"reveal"}
