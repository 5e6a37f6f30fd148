from odoo import api, models
from odoo.tools import SQL


class LeadMiningSuppression(models.Model):
    _inherit = "lead.mining.suppression"

    @api.model
    def _on_grown(self) -> None:
        """Have running imports judge the batch that they are writing by the longer list.

        They see that their row has changed, as when somebody cancels them.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_directory_import SET write_date = %s
                 WHERE state IN ('queued', 'running')
                """,
                self.env.cr.now(),
            )
        )
        return super()._on_grown()
