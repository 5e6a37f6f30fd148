"""Odoo's program as a file, which a server of several processes starts again for browsers' sockets.

Nobody has a browser here, so that this one process waits for its end and loads nothing.
"""

import signal
import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["gevent"]:
        signal.pause()
    from odoo.cli.command import main

    main()
