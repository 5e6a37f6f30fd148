"""Which company an e-mail address belongs to, judged by its domain."""

import re
from collections.abc import Collection

from odoo.tools import email_normalize

#: Second-level names under which a country's registry sells, as in ``acme.co.uk``.
_REGISTRY_LABELS = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "or", "org"})

# Mailboxes that nobody reads, in the languages of most of our users.
_UNREAD = re.compile(
    r"(?:^|[._+-])(?:no|not|non|nicht|do[._-]?not|dont|ne[._-]?pas)[._-]?"
    r"(?:reply|rispondere|antworten|responder|repondre)(?:$|[._+-])"
    r"|^(?:mailer-daemon|postmaster|bounces?)(?:$|[._+-])"
)


def normalize(text: object) -> str:
    """Return the one e-mail address that a text is, lower case, "" when it is none or several."""
    address = email_normalize(text) if isinstance(text, str) else ""
    local, _at, domain = (address or "").rpartition("@")
    return address if local and domain else ""


def domain_of(address: str) -> str:
    """Return the domain of a normalized address, "" when it has none."""
    return address.rpartition("@")[2] if "@" in address else ""


def is_unread(address: str) -> bool:
    """Say whether nobody reads what is sent to a normalized address, as to ``noreply@``.

    A shop or a portal sends from such a one on behalf of all its customers.
    """
    return bool(_UNREAD.search(address.rpartition("@")[0]))


def company_domains(domain: str, shared: Collection[str]) -> tuple[str, ...]:
    """Return the domains whose company a sender of `domain` belongs to, the nearest first.

    A sender of ``news.eu.acme.co.uk`` belongs to the company of ``eu.acme.co.uk`` or of
    ``acme.co.uk`` as well.

    :param domain: of the sender, lower case
    :param shared: domains of mail providers, whose users have no company in common
    :return: nothing for a sender of a mail provider
    """
    labels = domain.split(".")
    domains = tuple(".".join(labels[start:]) for start in range(len(labels) - 1))
    if any(candidate in shared for candidate in domains):
        return ()
    return tuple(candidate for candidate in domains if not _is_registry(candidate)) or domains[:1]


def _is_registry(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRY_LABELS
