def uninstall_hook(env):
    """Leave no provider that cannot be asked."""
    env["lead.mining.provider"]._retire("directory", "crm_lead_directory.provider_directory")
