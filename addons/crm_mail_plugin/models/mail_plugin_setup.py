import logging

from odoo import api, models
from odoo.tools import ormcache
from odoo.tools.sql import table_exists

from ..exceptions import AddinError
from ..tools.settings import Settings

_logger = logging.getLogger(__name__)


class MailPluginSetup(models.AbstractModel):
    """Whether the add-ins can be served.

    A database that has stock's addon of this name needs an update before it has the tables of
    ours. Until then what would ask them holds still, and says why.
    """

    _name = "mail.plugin.setup"
    _description = "Mail Plugin Set-up"

    @api.model
    @ormcache()
    def _is_done(self) -> bool:
        """Say whether the tables are there; an update makes all of them, and loads this anew."""
        return table_exists(self.env.cr, self.env["mail.plugin.log"]._table)

    @api.model
    def _check(self) -> None:
        """Refuse to serve an add-in without the tables.

        :raise AddinError: then
        """
        if not self._is_done():
            raise AddinError(
                self.env._(
                    "The mail plugins are not set up in this database yet. The administrator has "
                    "to update it once: odoo -u crm_mail_plugin"
                )
            )

    @api.model
    def _settings(self) -> Settings:
        """Return the settings of what is served.

        :raise AddinError: when nothing is
        """
        self._check()
        settings = Settings.of(self.env)
        if not settings.enabled:
            raise AddinError(self.env._("The mail plugins are switched off in this database."))
        return settings

    def _register_hook(self):
        super()._register_hook()
        if not self._is_done():
            _logger.error(
                "This database was set up with Odoo's own crm_mail_plugin, and serves no mail "
                "plugin until it is updated for the one that is installed now: "
                "odoo -d %s -u crm_mail_plugin --stop-after-init",
                self.env.cr.dbname,
            )
