"""Whose requests are counted together."""

import ipaddress

#: Length of the window that requests are counted in.
WINDOW_SECONDS = 60


def address_key(address: str | None) -> str:
    """Return the key that the requests of an IP address are counted under.

    One subscriber has a whole /64 of IPv6 addresses, so those count as one.
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "address:unknown"
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.version == 6:
        return f"address:{ipaddress.ip_network((parsed, 64), strict=False).network_address}/64"
    return f"address:{parsed}"


def token_key(key_id: int) -> str:
    """Return the key that the requests of a token are counted under."""
    return f"token:{key_id}"
