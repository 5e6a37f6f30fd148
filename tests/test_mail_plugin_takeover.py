"""Our addon installed over a database that had the stock one, with Italian loaded."""

import subprocess

import pytest

ACTIVATE_ITALIAN = "UPDATE res_lang SET active = true WHERE code = 'it_IT'"
STOCK_TRANSLATION = """
    UPDATE ir_act_window SET name = name || '{"it_IT": "Termine di serie"}'
     WHERE id = (SELECT res_id FROM ir_model_data
                  WHERE module = 'crm_mail_plugin' AND name = 'crm_lead_action_form_edit')
"""
IDS = "SELECT name, res_id FROM ir_model_data WHERE module = 'crm_mail_plugin' AND name = ANY(%s)"
NAMES = ["crm_lead_action_form_edit", "lead_creation_prefilled_action"]
ACTION = """
    SELECT name FROM ir_act_window
     WHERE id = (SELECT res_id FROM ir_model_data
                  WHERE module = 'crm_mail_plugin' AND name = 'crm_lead_action_form_edit')
"""


@pytest.fixture(scope="module")
def before_and_after(host):
    """Yield a database after our addon took over, and the ids that the stock one had given."""
    with host.database("takeover", ours=False) as database:
        host.sql(ACTIVATE_ITALIAN, STOCK_TRANSLATION, database=database)
        before = host.sql(IDS, database=database, parameters=[NAMES])
        done = subprocess.run(
            host.odoo_command(database, "-u", "crm_mail_plugin", "--stop-after-init", "--no-http"),
            env=host.environment(),
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        yield database, before


def test_records_that_the_add_ins_name_stay_the_same_ones(host, before_and_after):
    database, before = before_and_after
    assert len(before) == len(NAMES)
    assert sorted(host.sql(IDS, database=database, parameters=[NAMES])) == sorted(before)


def test_names_and_their_translations_are_ours(host, before_and_after):
    database, _before = before_and_after
    [[name]] = host.sql(ACTION, database=database)
    assert name == {"en_US": "Lead from an e-mail", "it_IT": "Lead da un'e-mail"}


def test_the_views_that_are_new_have_come(host, before_and_after):
    database, _before = before_and_after
    names = ["view_users_form_simple_modif", "app_auth", "mail_plugin_guide_action"]
    assert len(host.sql(IDS, database=database, parameters=[names])) == len(names)
