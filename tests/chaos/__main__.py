"""`python -m tests.chaos`: what `./run chaos` starts in the environment of Odoo."""

import argparse
import signal
import sys

from tools.console import Failure, say
from tools.host import Host

from .play import play


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    options = parser.parse_args()
    # Whoever ends it leaves nothing behind.
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(143))
    try:
        outcome = play(Host.current(), **vars(options))
    except Failure as failure:
        say(str(failure))
        return 1
    for line in outcome.lines():
        print(line, flush=True)
    return 0 if outcome.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
