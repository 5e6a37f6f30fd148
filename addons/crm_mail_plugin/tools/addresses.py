"""Which company an e-mail address belongs to, judged by its domain."""

import email.utils
import re
from collections.abc import Iterable

from odoo.tools import email_normalize

from odoo.addons.crm_common.tools import domains

from .params import MAX_COMMENTS

#: An address without anything that could be read in another way.
_PLAIN = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Mailboxes that nobody reads, in the languages of most of our users.
_UNREAD = re.compile(
    r"(?:^|[._+-])(?:no|not|non|nicht|do[._-]?not|dont|ne[._-]?pas|nao|niet|nie)[._-]?"
    r"(?:reply|rispondere|antworten|responder|repondre|responda|contestar|beantwoorden|odpowiadaj)"
    r"(?:$|[._+-])|(?:^|[._+-])(?:svara?[._-]?(?:ej|inte|ikke)|(?:ej|inte|ikke)[._-]?svar)(?:$|[._+-])"
    r"|^(?:mailer-daemon|postmaster|bounces?)(?:$|[._+-])"
)


def normalize(text: object) -> str:
    """Return the one e-mail address that a text is, lower case, "" when it is none or several."""
    if not isinstance(text, str) or text.count("(") > MAX_COMMENTS:
        return ""
    plain = text.lower()
    if text.isascii() and _PLAIN.fullmatch(plain):
        return plain  # As most are: reading all that an address may be costs as much as a query.
    address = email_normalize(text)
    local, _at, domain = (address or "").rpartition("@")
    return address if local and domain else ""


def each_of(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return name and address of each entry of headers, as they are written there.

    Newer versions of Python give none of a whole header where one entry is odd.
    """
    can_be_lenient = hasattr(email.utils, "supports_strict_parsing")
    return email.utils.getaddresses(list(texts), **({"strict": False} if can_be_lenient else {}))


def domain_of(address: str) -> str:
    """Return the domain of a normalized address, "" when it has none."""
    return address.rpartition("@")[2] if "@" in address else ""


def is_unread(address: str) -> bool:
    """Say whether nobody reads what is sent to a normalized address, as to ``noreply@``.

    A shop or a portal sends from such a one on behalf of all its customers.
    """
    return bool(_UNREAD.search(address.rpartition("@")[0]))


def company_domains(domain: str) -> tuple[str, ...]:
    """Return the domains whose company a sender of `domain` belongs to, the nearest first.

    A sender of ``news.eu.acme.co.uk`` belongs to the company of ``eu.acme.co.uk`` or of
    ``acme.co.uk`` as well. Each is there as it may be stored, in letters and in ASCII.

    :param domain: of the sender, lower case
    :return: nothing for a sender at a domain that is nobody's own, such as a mail provider's
    """
    host = _host(domain)
    if domains.is_nobodys(host):
        return ()
    shortest = domains.registrable(host).count(".")
    labels = domain.split(".")
    names = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return tuple(
        spelling
        for name in names
        if name.count(".") >= shortest
        for spelling in domains.domain_spellings(name)
    )


def own_domain(address: str) -> str:
    """Return the domain of the company that an address belongs to, "" if it is nobody's own."""
    return domains.own_domain(_host(domain_of(address)))


def _host(domain: str) -> str:
    """Return a domain as it is compared; one with a sign that hosts lack, as "_", has mail too."""
    return domains.domain_key(domain) or domain.lower()
