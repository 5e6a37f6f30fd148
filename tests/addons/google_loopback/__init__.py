"""Has Google asked on loopback, where a test or a benchmark answers.

Never installed: servers load it with `--load`, and find in GOOGLE_LOOPBACK where that is.
"""

import os

from odoo.addons.crm_mail_plugin_google.tools import network

network.GMAIL_URL = os.environ["GOOGLE_LOOPBACK"]
network.KEYS_URL = network.GMAIL_URL + "/oauth2/v3/certs"
