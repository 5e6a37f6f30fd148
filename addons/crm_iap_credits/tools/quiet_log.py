"""Keeps out of the server's log what opens a credit account.

Links of Odoo 17 and 18 have the account's token in their query, ours have an access token, and
Odoo's servers log the address of each request. A proxy's log is its operator's business.
"""

import logging
import re

_SECRET = re.compile(r"([?&](?:account_token|access_token)=)[^&\s\"]+")


class HidesTokens(logging.Filter):
    """Hides tokens in the addresses of pages of credits."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_hidden, record.args))
        return True


def _hidden(value: object) -> object:
    if not isinstance(value, str) or "/iap/" not in value:
        return value
    return _SECRET.sub(r"\1***", value)


def hide_tokens() -> None:
    """Hide them in what the server logs of requests from now on."""
    requests = logging.getLogger("werkzeug")
    if not any(isinstance(one, HidesTokens) for one in requests.filters):
        requests.addFilter(HidesTokens())
