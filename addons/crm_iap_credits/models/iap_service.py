from odoo import api, fields, models


class IapService(models.Model):
    _inherit = "iap.service"

    kept_by = fields.Selection(
        selection=[("local", "This database"), ("remote", "IAP server")],
        string="Credits Kept By",
        default="remote",
        required=True,
        help="Who keeps the credits of this service. This database keeps them only while an "
        "installed app serves the service; otherwise the IAP server does.",
    )

    @api.model
    def _locally_served_services(self) -> set[str]:
        """Name the services that installed addons serve themselves.

        This method serves as a hook for the addons that serve one.

        :return: technical names, such as ``reveal``.
        """
        return set()

    def _get_label(self) -> str:
        """Return the service's name in the reader's language, which Odoo has in English alone."""
        if self.technical_name == "reveal" and self.name == "Lead Generation":
            return self.env._("Lead Generation")
        return self.name

    def _is_kept_locally(self) -> bool:
        """Tell whether this database keeps the credits of the service."""
        return self.kept_by == "local" and self.technical_name in self._locally_served_services()

    @api.model
    def _get_kept_locally(self, service_name: str):
        """Return the service of that technical name if this database keeps its credits.

        :param service_name: technical name, such as ``reveal``.
        :return: the service in sudo, or an empty recordset.
        """
        # Sudo: who asks for an account's balance need not be allowed to read services.
        domain, needed = [("technical_name", "=", service_name)], ["kept_by", "technical_name"]
        service_sudo = self.sudo().search_fetch(domain, needed, limit=1)
        return service_sudo.filtered(lambda service: service._is_kept_locally())
