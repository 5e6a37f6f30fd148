from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

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
