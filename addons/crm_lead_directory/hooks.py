def uninstall_hook(env):
    """Leave no provider that cannot be asked: it goes, unless what it delivered names it.

    One that stays is out of use, and is the directory's again if that comes back.
    """
    provider = (
        env["lead.mining.provider"]
        .with_context(active_test=False)
        .search([("code", "=", "directory")])
    )
    if provider:
        provider.active = False
        # Also one that an administrator has made in place of ours.
        env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": "crm_lead_directory.provider_directory",
                    "record": provider,
                    "noupdate": True,
                }
            ]
        )
