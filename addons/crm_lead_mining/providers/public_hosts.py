"""The guard of public hosts, whose refusals are errors of providers here."""

from odoo.addons.crm_common.tools import public_hosts
from odoo.addons.crm_common.tools.public_hosts import PublicHostAdapter, Resolve, is_public_url

from .errors import ProviderError, ProviderUnavailable

__all__ = (
    "HostNotPublic", "HostUnknown", "PublicHostAdapter", "Resolve", "is_public_url",
    "resolve_public",
)  # fmt: skip


class HostNotPublic(ProviderError, public_hosts.HostNotPublic):
    """The URL does not lead to a public host."""


class HostUnknown(ProviderError, public_hosts.HostUnknown):
    """There is no such host."""


def resolve_public(host: str, port: int) -> list[tuple[str, int]]:
    """Return the addresses of a host, IPv4 first.

    :raise HostUnknown: if it has none
    :raise HostNotPublic: if one of them isn't public
    :raise ProviderUnavailable: if the name service fails
    """
    try:
        return public_hosts.resolve_public(host, port)
    except public_hosts.HostUnknown as error:
        raise HostUnknown(str(error)) from error
    except public_hosts.HostNotPublic as error:
        raise HostNotPublic(str(error)) from error
    except public_hosts.NameServiceFailed as error:
        raise ProviderUnavailable(str(error)) from error
