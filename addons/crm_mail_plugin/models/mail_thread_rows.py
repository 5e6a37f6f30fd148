from odoo import api, models
from odoo.fields import Domain


class MailThread(models.AbstractModel):
    """How a record is shown and found by the second generation of add-ins."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    #: Model of where a record that is made of an e-mail is put, as a task is in a project.
    _mail_plugin_place: str | None = None

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

    @api.private
    @api.model
    def mail_plugin_found(self, domain: Domain, limit: int):
        """Return the first records that are found, and how many there are in all."""
        found = self.search(domain, limit=limit)
        # Where there was room for more, these are all.
        return found, len(found) if len(found) < limit else self.search_count(domain)
