"""Has open registers asked on loopback, where a test serves them.

Never installed: servers load it with `--load`, and find in REGISTER_PORT where the publisher is and
in REGISTER_CERTIFICATE what proves it.
"""

import os
from functools import partial

from odoo.addons.crm_lead_directory.models import lead_directory_source_run as run

PORT, CERTIFICATE = int(os.environ["REGISTER_PORT"]), os.environ["REGISTER_CERTIFICATE"]


def _on_loopback(_host, _port):
    return [("127.0.0.1", PORT)]


run.download = partial(run.download, resolve=_on_loopback, verify=CERTIFICATE)
