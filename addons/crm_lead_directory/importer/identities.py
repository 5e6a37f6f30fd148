"""What identifies the company of a row: its numbers, else its own host."""

from collections.abc import Sequence

from odoo.addons.crm_common.tools.domains import own_domain
from odoo.addons.crm_lead_mining.company.cells import read_email, split_list
from odoo.addons.crm_lead_mining.company.identity import normalise_domain, normalise_domains


def identities(
    registries: Sequence[str],
    numbers: Sequence[str],
    leis: Sequence[str],
    vats: Sequence[str],
    domains: Sequence[str],
) -> list[str]:
    if "" not in numbers:  # as in a register
        return [
            f"reg:{registry}:{number}" for registry, number in zip(registries, numbers, strict=True)
        ]
    return [
        (number and f"reg:{registry}:{number}")
        or (lei and f"lei:{lei}")
        or (vat and f"vat:{vat}")
        or (domain and f"domain:{domain}")
        for registry, number, lei, vat, domain in zip(
            registries, numbers, leis, vats, domains, strict=True
        )
    ]


def own_hosts(domains: Sequence[str], websites: Sequence[str]) -> list[str]:
    """Return each company's own host: its domain's, or else its website's."""
    if not any(domains):
        return normalise_domains(websites) if any(websites) else list(domains)
    hosts = normalise_domains(domains)
    if "" in hosts and any(websites):
        asked = ["" if host else site for host, site in zip(hosts, websites, strict=True)]
        sites = normalise_domains(asked)
        hosts = [host or site for host, site in zip(hosts, sites, strict=True)]
    return hosts


def fill_from_emails(
    hosts: list[str], known: Sequence[Sequence[str]], emails: Sequence[str]
) -> None:
    """Give rows that nothing identifies the host of their company's address, in place.

    :param known: columns of what identifies a company otherwise
    :param emails: as the file has them
    """
    if any(emails) and all("" in column for column in (hosts, *known)):
        for place, cells in enumerate(zip(hosts, *known, strict=True)):
            if emails[place] and not any(cells):
                hosts[place] = _host_of(emails[place])


def _host_of(text: str) -> str:
    """Return the host of the first address that is not of a provider of mail, or ""."""
    addresses = map(read_email, (text, *split_list(text)))
    hosts = (normalise_domain(address) for address in addresses if address)
    return next(filter(None, (host and own_domain(host) for host in hosts)), "")
