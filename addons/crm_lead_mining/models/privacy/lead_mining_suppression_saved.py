from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.suppression import HASHED_KINDS
from ...tools.suppression_file import write_saved
from .lead_mining_suppression import SECRET_PARAMETER


class LeadMiningSuppression(models.Model):
    """The list taken out of a database whole, and put back, as it outlives this addon."""

    _inherit = "lead.mining.suppression"

    def action_export_list(self):
        """Download the whole list, of all companies, with what its hashes were made with."""
        self._check_keeper()
        url = "/crm_lead_mining/never-mined.csv"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _check_keeper(self) -> None:
        """Let only those handle the whole list who may read the database's secrets anyway.

        :raise AccessError: otherwise
        """
        self.check_access("write")
        if not self.env.is_system():
            raise AccessError(
                self.env._(
                    "Only administrators can take the whole list out or put it back: with the "
                    "file, addresses can be tried against the list."
                )
            )

    @api.model
    def _saved_list(self) -> bytes:
        """Return the list as a file that `read_saved` reads."""
        self._check_keeper()
        # Sudo: an addon that is removed forgets what is listed for companies of others as well.
        rows_sudo = self.sudo().search_fetch([], ["kind", "key", "company_id", "reason", "source"])
        secret = self.env["ir.config_parameter"].sudo().get_param(SECRET_PARAMETER)
        return write_saved(
            secret,
            (
                (row.kind, row.key, row.company_id.name or "", row.reason or "", row.source)
                for row in rows_sudo
            ),
        )

    @api.model
    def _use_secret(self, secret: str) -> None:
        """Have hashes mean what they meant in the database that a list comes from.

        :raise UserError: where others were made already
        """
        self._check_keeper()
        # Sudo: parameters are hidden; the list of all companies counts.
        parameters_sudo, rows_sudo = self.env["ir.config_parameter"].sudo(), self.sudo()
        if secret == parameters_sudo.get_param(SECRET_PARAMETER):
            return
        if not secret or rows_sudo.search_count([("kind", "in", HASHED_KINDS)], limit=1):
            raise UserError(
                self.env._(
                    "E-mail addresses and persons of this file were hashed in another database, "
                    "and this list has some of its own. Put the file back before anybody is added."
                )
            )
        parameters_sudo.set_param(SECRET_PARAMETER, secret)
