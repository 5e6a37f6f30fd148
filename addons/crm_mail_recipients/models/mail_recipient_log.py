from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api, fields, models, modules

from odoo.addons.crm_common.tools.spreadsheets import plain_cell

from ..tools.address import address_key
from ..tools.guard import guarded

_BATCH = 10_000


class MailRecipientLog(models.Model):
    """Who tried to write to whom from which card, and what became of it. Append-only.

    Users and documents are named by id without a foreign key: a refusal is written by a cursor of
    its own, after the refused transaction was rolled back.
    """

    _name = "mail.recipient.log"
    _description = "Recipient Log"
    _order = "id desc"
    _rec_name = "email"

    user_id = fields.Integer("User ID", readonly=True)
    user_name = fields.Char("User", readonly=True)
    res_model = fields.Char("Model", readonly=True, index=True)
    model_name = fields.Char("Document Type", compute="_compute_model_name")
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    message_id = fields.Integer("Message ID", readonly=True, index="btree_not_null")
    partner_id = fields.Integer("Contact ID", readonly=True)
    email = fields.Char(
        "Address", readonly=True, help="Empty if the recipient was given as a contact."
    )
    email_key = fields.Char(readonly=True, index=True)
    header = fields.Selection(
        [("to", "To"), ("cc", "Cc"), ("bcc", "Bcc")],
        "Sent As",
        readonly=True,
        help="In which line of the message the address stood, where it was sent.",
    )
    path = fields.Char("Sent Via", readonly=True)
    verdict = fields.Selection(
        [("sent", "Sent"), ("refused", "Refused"), ("dropped", "Left Out"), ("blocked", "Blocked")],
        readonly=True,
        help="Refused: the user was informed. Left out: an automation went on without this "
        "recipient. Blocked: stopped when the queue was sent.",
    )
    reason = fields.Selection(
        [
            ("edit", "No Edit Permission"),
            ("no_link", "No Contact Linked"),
            ("no_address", "No Address Registered"),
            ("hidden", "Linked Contact Not Accessible"),
            ("not_allowed", "Not Registered"),
            ("invalid", "Invalid Address"),
            ("gone", "Record Deleted"),
            ("failed", "Check Failed"),
            ("changed", "Contact Changed"),
        ],
        readonly=True,
    )

    _document = models.Index("(res_model, res_id)")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_model_name(self):
        for line in self:
            line.model_name = self.env["ir.model"]._get(line.res_model).name

    def export_data(self, fields_to_export):
        """What somebody typed as an address is run by no spreadsheet, in any kind of file."""
        exported = super().export_data(fields_to_export)
        return {"datas": [[plain_cell(cell) for cell in row] for row in exported["datas"]]}

    @api.model
    def _values_of(self, refusal, path, verdict):
        """Return what is logged of one refusal, besides the card."""
        return {
            "user_id": self.env.uid,
            "user_name": self.env.user.sudo().name,
            "email": refusal.text[:254].replace("\x00", ""),
            "email_key": address_key(refusal.text),
            "partner_id": refusal.partner_id,
            "path": path,
            "verdict": verdict,
            "reason": refusal.reason,
        }

    @api.model
    def _record_verdicts(self, verdicts, path, verdict):
        """Add lines for those who do not get the mails that were judged; nothing fails for them."""
        verdicts = list(verdicts)
        if not verdicts:
            return
        with guarded(self.env, "logging"):
            self._record(
                [
                    {**judged.document, **self._values_of(refusal, path, verdict)}
                    for judged in verdicts
                    for refusal in judged.left_out
                ]
            )

    @api.model
    def _record(self, vals_list):
        """Add lines in this transaction."""
        if vals_list:
            # Nobody may write the log by hand.
            self.sudo().create(vals_list)

    @api.model
    def _record_after_rollback(self, vals_list):
        """Add lines once the current transaction, which is about to be refused, is rolled back."""
        if not vals_list or modules.module.current_test:
            return self._record(vals_list)
        registry = self.env.registry

        @self.env.cr.postrollback.add
        def write():
            with registry.cursor() as cr:
                api.Environment(cr, SUPERUSER_ID, {})[self._name]._record(vals_list)

    @api.model
    def _sent(self, messages) -> dict[int, list[tuple[str, int | None, str]]]:
        """Return to whom each of `messages` was sent: the key, whose it is, and in which line."""
        rows_sudo = self.sudo().search_fetch(
            [("message_id", "in", messages.ids), ("verdict", "=", "sent")],
            ["message_id", "email_key", "partner_id", "header"],
            order="id",
        )
        found = {}
        for row in rows_sudo:
            # Erased persons leave a line without an address.
            if row.email_key:
                line = (row.email_key, row.partner_id or None, row.header or "to")
                found.setdefault(row.message_id, []).append(line)
        return found

    @api.model
    def _sent_on(self, messages) -> dict[tuple[int, str], datetime]:
        """Return when each of `messages` was last sent to each key, by message id and key."""
        # Only asked for with messages that the user may read.
        groups = self.sudo()._read_group(
            [("message_id", "in", messages.ids), ("verdict", "=", "sent")],
            ["message_id", "email_key"],
            ["create_date:max"],
        )
        return {(message_id, key): date for message_id, key, date in groups}

    @api.model
    def _last_used(self, cards) -> dict[int, tuple[str, ...]]:
        """Return the keys that mails of each of `cards` were addressed to, newest first.

        Who only got a copy is not who was written to.
        """
        # Only an order is made of it: what the user may not see is not offered in the first place.
        groups = self.sudo()._read_group(
            [
                ("res_model", "=", cards._name),
                ("res_id", "in", cards.ids),
                ("verdict", "=", "sent"),
                ("header", "not in", ("cc", "bcc")),
            ],
            ["res_id", "email_key"],
            ["id:max"],
            order="id:max DESC",
        )
        found = {}
        for res_id, key, _newest in groups:
            found[res_id] = (*found.get(res_id, ()), key)
        return found

    @api.model
    def _last_written(self, card) -> dict[str, str]:
        """Return when each key was last mailed from this one `card`, as the client reads it."""
        # Only told of those that the card offers to the user.
        groups = self.sudo()._read_group(
            [("res_model", "=", card._name), ("res_id", "=", card.id), ("verdict", "=", "sent")],
            ["email_key"],
            ["create_date:max"],
        )
        return {key: fields.Datetime.to_string(date) for key, date in groups}

    @api.autovacuum
    def _gc_old_lines(self):
        """Delete what is older than its company keeps it, an archived one too.

        Lines of no company stay as long as the one that keeps them longest says.
        """
        now = fields.Datetime.now()
        companies_sudo = self.env["res.company"].sudo().with_context(active_test=False)
        groups = companies_sudo._read_group([], ["recipient_log_days"], ["id:array_agg"])
        kept_by = dict(groups)
        longest = 0 if 0 in kept_by else max(kept_by)
        kept_by[longest] = [*kept_by[longest], False]
        for kept, company_ids in kept_by.items():
            if kept:
                limit = now - timedelta(days=kept)
                domain = [("company_id", "in", company_ids), ("create_date", "<", limit)]
                # Sudo: nobody else may delete it.
                self.sudo().search(domain, limit=_BATCH).unlink()
