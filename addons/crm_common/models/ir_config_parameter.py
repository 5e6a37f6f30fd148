from odoo import api, models
from odoo.modules.neutralize import get_neutralization_queries


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _modules_stopped_on_copies(self) -> list[str]:
        """Return the modules whose `data/neutralize.sql` runs on each copy of a database.

        Odoo runs it on neutralized copies only. A module whose keys must not work twice adds its
        name.
        """
        return []

    def init(self, force=False):
        """Extend `base`: a database that gets an identity of its own is a copy of another one.

        Odoo gives it when it duplicates a database or restores one as a copy, neutralized or not.
        """
        result = super().init(force=force)
        if force:
            for queries in get_neutralization_queries(self._modules_stopped_on_copies()):
                self.env.cr.execute(queries)
        return result
