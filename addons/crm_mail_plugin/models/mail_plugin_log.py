from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

#: Messages of one e-mail that are looked at: it may be logged on several records.
MAX_MESSAGES = 100
ACTION_TABLES = {"ir.actions.act_window": "ir_act_window", "ir.actions.server": "ir_act_server"}


class MailPluginLog(models.Model):
    """Which message is which e-mail, so that an e-mail is logged on a record once.

    The record is the message's: it stays right when records are merged.
    """

    _name = "mail.plugin.log"
    _description = "Mail Plugin Logged E-mail"
    _log_access = False

    email_key = fields.Char(
        required=True, readonly=True, index=True, help="Message-ID, or a digest."
    )
    message_id = fields.Many2one("mail.message", required=True, readonly=True, ondelete="cascade")

    _unique_message = models.Constraint(
        "UNIQUE(message_id)", "A message can belong to only one e-mail."
    )

    def _auto_init(self):
        """Extend `base`: the first time, drop the translations of the stock addon of this name.

        An update overwrites no translation, so those would stay beside our own terms.
        """
        is_first = not table_exists(self.env.cr, self._table)
        result = super()._auto_init()
        if is_first:
            self._forget_stock_translations()
        return result

    def _forget_stock_translations(self):
        for model, table in ACTION_TABLES.items():
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s
                       SET name = jsonb_build_object('en_US', name -> 'en_US')
                     WHERE id IN (SELECT res_id FROM ir_model_data
                                   WHERE module = 'crm_mail_plugin' AND model = %(model)s)
                    """,
                    table=SQL.identifier(table),
                    model=model,
                )
            )

    # === WHERE AN E-MAIL IS === #

    @api.private
    @api.model
    def places_query(self, message_id: str) -> SQL:
        """Return the query for model and res_id of each record that an e-mail is on, whoever put it
        there.

        Nobody is told of them: for asking whether a record that the user sees is among them.

        :param message_id: Message-ID of the e-mail
        """
        self.flush_model(["email_key", "message_id"])
        self.env["mail.message"].flush_model(["message_id", "model", "res_id"])
        # It may have come in through Odoo's own mail gateway, or have been sent from there.
        return SQL(
            """
            SELECT model, res_id FROM mail_message
             WHERE model != '' AND id IN (
                   (SELECT id FROM mail_message
                     WHERE message_id = %(message_id)s AND model != ''
                     ORDER BY id DESC LIMIT %(limit)s)
                    UNION ALL
                   (SELECT message_id FROM mail_plugin_log
                     WHERE email_key = %(message_id)s
                     ORDER BY id LIMIT %(limit)s))
             ORDER BY id DESC
            """,
            message_id=message_id,
            limit=MAX_MESSAGES,
        )

    @api.private
    @api.model
    def places_of(self, message_id: str) -> list[tuple[str, int]]:
        """Return what `places_query` tells of an e-mail, nothing for one without a Message-ID."""
        return self.env.execute_query(self.places_query(message_id)) if message_id else []

    @api.private
    @api.model
    def records_of(self, places: list[tuple[str, int]], names: list[str]) -> list:
        """Return the records that an e-mail is on, of those that the user may read.

        :param places: model and id of each that it is on
        :param names: models of records that are told
        :return: recordset of each of these models
        """
        found = []
        for name in names:
            ids = dict.fromkeys(res_id for model, res_id in places if model == name)
            if records := self.env[name].browse(ids).exists()._filtered_access("read"):
                found.append(records)
        return found
