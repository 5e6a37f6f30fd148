"""How a client database is pointed here: parameters of Odoo 17.0 to 19.5, and nothing else."""

#: Each client of IAP has an address of its own. Bare hosts: 18.0 drops a path from the first.
PARAMETERS = (
    "iap.endpoint",
    "reveal.endpoint",
    "enrich.endpoint",
    "iap.partner_autocomplete.endpoint",
)
CHECK = "/iap/1/check"


def script(url: str) -> str:
    """Return one line for the client's Odoo shell: it sets the parameters, and checks them.

    :param url: of this server, without a slash at its end
    """
    return (
        f"url = {url!r}; p = env['ir.config_parameter']; "
        f"[p.set_param(key, url) for key in {PARAMETERS!r}]; "
        "token = env['iap.account'].get('reveal').account_token; env.cr.commit(); "
        f"print(__import__('requests').post(url + {CHECK!r}, json={{'params': "
        "{'dbuuid': p.get_param('database.uuid'), 'account_token': token}}, timeout=15).text)"
    )
