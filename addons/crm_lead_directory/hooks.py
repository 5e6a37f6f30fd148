from odoo.tools import SQL

from odoo.addons.crm_common.tools.large_tables import claim


def pre_init_hook(env):
    """Have what others write to all at once, or wait."""
    claim(env, "crm_lead_directory")


def uninstall_hook(env):
    """Leave no provider that cannot be asked, no file that nobody reads, and no function."""
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS lead_directory_company_count() CASCADE"))
    env["lead.directory.source"]._forget_all_files()
    env["lead.mining.provider"]._retire("directory", "crm_lead_directory.provider_directory")
