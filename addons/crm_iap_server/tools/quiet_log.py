"""Tokens of clients stay out of the log.

Odoo 17 and 18 send their token itself in the query of the link to buy credits, and whoever reads
the log of requests could spend with it. The server logs each request's whole address.
"""

import logging
import re

#: Who logs addresses: HTTP workers, and the one of websockets, where a proxy may lead by mistake.
LOGGERS = ("werkzeug", "longpolling")
HIDDEN = "[hidden]"
# As werkzeug writes it: decoded or not, with doubled slashes or none, until the next space.
_QUERY = re.compile(
    r"(/iap/+1/+(?:credit|update-auto-refill-payment-methods)/*)\?[^ ]*", re.IGNORECASE
)


class WithoutTokens(logging.Filter):
    """Lets every record pass, without the query of those links."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.msg
        record.msg = without_tokens(message) if isinstance(message, str) else message
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_tokens(one) if isinstance(one, str) else one for one in record.args
            )
        return True


def without_tokens(text: str) -> str:
    """Return a text in which the links to buy credits have no query."""
    return _QUERY.sub(rf"\1?{HIDDEN}", text)


_FILTER = WithoutTokens()


def install() -> None:
    """Have the process log so from now on; a second call changes nothing."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
