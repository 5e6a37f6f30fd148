def uninstall_hook(env):
    """Leave no provider that cannot be asked."""
    env["lead.mining.provider"]._retire("demo", "crm_lead_mining_demo.provider_demo")
