import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.fields import Fact


class IapCreditDocument(models.AbstractModel):
    """A line that names the record it is about, by model and id.

    There is no foreign key: the ledger's own cursors must not wait for a row that the calling
    transaction has locked or only just created, and the line outlives its document. What the
    document belonged to is kept as it was: limits and reports are judged by it, whatever becomes
    of the document. Its name is a text for people, which can be erased.
    """

    _name = "iap.credit.document"
    _description = "Credit Document"

    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        string="Document ID", model_field="document_model", readonly=True
    )
    document_name = fields.Char(string="Document", readonly=True)
    team_id = Fact("crm.team", string="Sales Team", readonly=True)
    campaign_id = Fact("utm.campaign", readonly=True)

    @api.model
    def _guard(self, *columns):
        """Let the database itself refuse to delete lines, or to change these columns.

        It guards columns, not rows: merging contacts or users rewrites foreign keys.
        """
        name = f"{self._table}_append_only"
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION iap_credit_entry_append_only() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'The credit ledger is append-only'
                        USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
                CREATE TRIGGER %(name)s BEFORE DELETE OR UPDATE OF %(columns)s
                    ON %(table)s FOR EACH ROW EXECUTE FUNCTION iap_credit_entry_append_only();
                """,
                name=SQL.identifier(name),
                table=SQL.identifier(self._table),
                columns=SQL(", ").join(
                    SQL.identifier(column)
                    for column in (
                        "id",
                        "account_id",
                        "team_id",
                        "campaign_id",
                        "document_model",
                        "document_id",
                        *columns,
                    )
                ),
            )
        )

    def _forget(self, text: str, mask: str):
        """Take a text, such as a person's name, out of what these lines say to people.

        Nothing that is judged or added up changes.

        :param text: in any case.
        :param mask: what stands in its place.
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE %s
                   SET document_name = regexp_replace(document_name, %s, %s, 'gi'),
                       reason = regexp_replace(reason, %s, %s, 'gi')
                 WHERE id = ANY(%s)
             RETURNING id
                """,
                SQL.identifier(self._table),
                pattern := re.escape(text),
                mask := mask.replace("\\", r"\\"),
                pattern,
                mask,
                list(self.ids),
            )
        )
        self.invalidate_recordset(["document_name", "reason"], flush=False)

    def action_open_document(self):
        """Open the record that the line is about."""
        self.ensure_one()
        if (
            self.document_model not in self.env
            or not self.env[self.document_model].browse(self.document_id).exists()
        ):
            raise UserError(self.env._("This document has been deleted."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.document_model,
            "res_id": self.document_id,
            "views": [(False, "form")],
        }
