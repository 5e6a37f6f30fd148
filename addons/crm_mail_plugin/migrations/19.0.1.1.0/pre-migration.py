from odoo.tools import SQL

TABLES = {"ir.actions.act_window": "ir_act_window", "ir.actions.server": "ir_act_server"}


def migrate(cr, version):
    """Drop the translations that the stock addon of this name has left in the database.

    An update does not overwrite translations, so its own would stay beside our terms.
    """
    if not version:
        return
    for model, table in TABLES.items():
        cr.execute(
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
