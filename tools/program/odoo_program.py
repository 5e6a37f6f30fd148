"""Odoo's program as a file, which a server of several processes starts again for browsers' sockets.

Nobody has a browser here, so that this one process waits for its end and loads nothing.
"""

import os
import sys
import time

if __name__ == "__main__":
    if sys.argv[1:2] == ["gevent"]:
        server = os.getppid()
        while os.getppid() == server:
            time.sleep(1)
        sys.exit()
    from odoo.cli.command import main

    main()
