from odoo import models
from odoo.tools import file_open


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    def init(self, force=False):
        """Extend `base`: a database that gets an identity of its own is a copy of another one.

        Odoo gives it when it duplicates a database or restores one as a copy, neutralized or not.
        """
        result = super().init(force=force)
        if force:
            with file_open("crm_lead_mining/data/neutralize.sql") as statements:
                self.env.cr.execute(statements.read())
        return result
