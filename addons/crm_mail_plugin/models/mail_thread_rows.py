from odoo import api, models
from odoo.fields import Domain


class MailThread(models.AbstractModel):
<<<<<<<< HEAD:addons/crm_mail_plugin/models/mail_thread_rows.py
    """How a record is shown and found by the second generation of add-ins."""
========
    """How a record with a discussion is shown and found by the second generation of add-ins."""
>>>>>>>> h-speed:addons/crm_mail_plugin/models/mail_thread_row.py

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    @api.private
    def mail_plugin_row(self) -> dict:
        """Return the values that the add-ins read of a record."""
        self.ensure_one()
        return {"id": self.id, "name": self.display_name}

    @api.private
    def mail_plugin_rows(self) -> list[dict]:
        return [record.mail_plugin_row() for record in self]

    @api.private
    def mail_plugin_search_domain(self, term: str) -> Domain:
        """Return which records a part of a name finds."""
        return Domain("display_name", "ilike", term)
