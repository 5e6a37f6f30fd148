from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class MailThread(models.AbstractModel):
    """How a record is shown and found by the second generation of add-ins."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    #: What is read of records that are found, for their rows.
    _mail_plugin_shown: tuple[str, ...] = ("display_name",)
    #: The field that tells which record it is.
    _mail_plugin_named = "display_name"
    #: Model of where a record that is made of an e-mail is put, as a task is in a project.
    _mail_plugin_place: str | None = None

    @api.private
    def mail_plugin_row(self) -> dict:
        """Return the values that the add-ins read of a record."""
        self.ensure_one()
        return {"id": self.id, "name": self._mail_plugin_name()}

    def _mail_plugin_name(self):
        return self[self._mail_plugin_named]

    @api.private
    def mail_plugin_rows(self) -> list[dict]:
        return [record.mail_plugin_row() for record in self]

    @api.private
    def mail_plugin_search_domain(self, term: str) -> Domain:
        """Return which records a part of a name finds."""
        return Domain("display_name", "ilike", term)

    @api.private
    @api.model
    def mail_plugin_found_of(self, partner, address: str, limit: int) -> tuple:
        """Return the first records of a sender, and how many there are in all.

        Most senders have none of most kinds. Whether there is any at all is one look into indexes;
        the search, which decides who may see it, costs many times as much.

        :param partner: a `res.partner`, the sender, may be none; of a `Look`, where that was told
        :param address: normalized e-mail address of the sender, else the contact's
        """
        is_any = partner.env.context.get("mail_plugin_any_of", {}).get(self._name)
        if is_any is None:
            [[is_any]] = self.env.execute_query(self.mail_plugin_any_query(partner, address))
        if not is_any:
            return self.browse(), 0
        return self.mail_plugin_found(self.mail_plugin_domain(partner, address), limit)

    @api.private
    @api.model
    def mail_plugin_any_query(self, partner, address: str) -> SQL:
        """Return the query for whether there is a record that `mail_plugin_domain` may find, for
        whomever: its one column is is_any."""
        address = self._mail_plugin_address_of(partner, address)
        # sudo: who may see a record is asked of what is found; here nothing is told of it.
        records_sudo = self.sudo().with_context(active_test=False)
        is_any = SQL("FALSE")
        if address:
            by_address = records_sudo._search(self._mail_plugin_address_domain(address))
            is_any = SQL("EXISTS %s", by_address.subselect())
        if partner:
            self.flush_model(["partner_id"])
            partner.flush_model(["commercial_partner_id"])
            is_any = SQL(
                """
                %(is_any)s OR EXISTS (
                    SELECT FROM %(table)s AS record
                      JOIN res_partner contact ON contact.id = record.partner_id
                     WHERE contact.commercial_partner_id = %(family)s)
                """,
                is_any=is_any,
                table=SQL.identifier(self._table),
                family=partner.commercial_partner_id.id,
            )
        return SQL("SELECT %s AS is_any", is_any)

    @api.private
    @api.model
    def mail_plugin_found(self, domain: Domain, limit: int):
        """Return the first records that are found, and how many there are in all."""
        found = self.search_fetch(domain, self._mail_plugin_shown, limit=limit)
        # Where there was room for more, these are all.
        return found, len(found) if len(found) < limit else self.search_count(domain)
