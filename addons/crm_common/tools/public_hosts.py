"""HTTP to public hosts only: what others name must not lead into our own network.

A host is resolved once, all its addresses are checked and the connection goes to one of those, so
a name that is resolved anew (DNS rebinding) cannot lead elsewhere. The same check applies to every
connection, hence to every redirect.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family, create_connection

#: (host, port) -> the addresses (host, port) to connect to, best first.
Resolve = Callable[[str, int], Sequence[tuple[str, int]]]

PORTS = {"http": 80, "https": 443}

# The global unicast block; whatever lies outside (mapped, local, multicast) is refused.
_IPV6_UNICAST = ipaddress.ip_network("2000::/3")
# Behind it is the IPv4 address of its last 32 bits (RFC 6052), where a network has no IPv4.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "100.64.0.0/10",  # shared by carriers; metadata service of Alibaba Cloud
            "168.63.129.16/32",  # Azure's platform service, public only in appearance
            "192.0.0.0/24",  # IETF protocols; metadata service of Oracle Cloud
            "192.88.99.0/24",  # 6to4 relays
            "2001::/23",  # IETF protocols, Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: carries an IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
# What resolvers take for an IPv4 address: decimal, octal or hexadecimal, perhaps in fewer parts.
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)


class HostNotPublic(Exception):
    """The URL does not lead to a public host."""


class HostUnknown(Exception):
    """There is no such host."""


class NameServiceFailed(Exception):
    """The name service does not answer; it may do later."""


def is_public_address(address: str) -> bool:
    """Tell whether an IP address is of the public internet (IANA's special registries)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.version == 6 and ip not in _IPV6_UNICAST:
        return False
    if any(ip in network for network in _REFUSED if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_public_url(url: str) -> bool:
    """Tell whether a URL may be fetched at all, as far as can be told without resolving its host.

    http or https on its own port, no credentials, a name with a dot or a public address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme not in PORTS or port not in (None, PORTS[parts.scheme]) or "@" in parts.netloc:
        return False
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return is_public_address(host)
    return "." in host.strip(".") and not host.startswith(".")


def resolve_public(host: str, port: int) -> list[tuple[str, int]]:
    """Return the addresses of a host, IPv4 first.

    :raise HostUnknown: if it has none
    :raise HostNotPublic: if one of them isn't public
    :raise NameServiceFailed: if there is no answer
    """
    try:
        found = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise NameServiceFailed(f"The name service does not answer for {host}.") from error
        raise HostUnknown(f"There is no host {host}.") from error
    except (UnicodeError, OverflowError) as error:
        raise HostUnknown(f"There is no host {host!r}.") from error
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    addresses = [str(sockaddr[0]) for *_rest, sockaddr in found]
    if not all(map(is_public_address, addresses)):
        raise HostNotPublic(f"The host {host} is not public.")
    return [(address, port) for address in addresses]


class PublicHostAdapter(HTTPAdapter):
    """Transport for `requests.Session.mount` that connects only where `resolve` leads.

    :param resolve: the check, `resolve_public` but in tests
    :param lifetime: seconds after which a connection is cut, whatever it is doing. Time-outs of
        sockets count from the last byte: a server that sends one at a time would never end.
    """

    def __init__(self, resolve: Resolve = resolve_public, lifetime: float = 30.0):
        self._resolve = resolve
        self._lifetime = lifetime
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # pylint: disable=missing-return
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": self._guarded(HTTPConnectionPool),
            "https": self._guarded(HTTPSConnectionPool),
        }

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> NoReturn:
        # A proxy would resolve the name again, out of our sight.
        raise HostNotPublic("No proxy is used for public hosts.")

    def _guarded(self, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
        checks = {"resolve": staticmethod(self._resolve), "lifetime": self._lifetime}
        connection = type("Guarded", (_GuardedConnection, pool.ConnectionCls), checks)
        return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class _GuardedConnection(HTTPConnection):
    """What comes before one of urllib3's own connections."""

    resolve: Resolve
    lifetime: float
    _end: threading.Timer | None = None
    _twin: socket.socket

    def _new_conn(self) -> socket.socket:
        sock = self._connect(self.resolve(self.host, self.port))
        self._cut_after(sock.dup())
        return sock

    def _connect(self, addresses: Sequence[tuple[str, int]]) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in addresses:
            try:
                return create_connection(address, self.timeout, socket_options=self.socket_options)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} does not answer.") from failure
        raise NewConnectionError(self, f"{self.host} cannot be reached.") from failure

    def _cut_after(self, twin: socket.socket) -> None:
        """Shut the connection down through a second handle, as TLS takes the first one over."""
        self._stop_timer()
        self._twin = twin
        self._end = threading.Timer(self.lifetime, _shut, (twin,))
        self._end.daemon = True
        self._end.start()

    def _stop_timer(self) -> None:
        if self._end:
            self._end.cancel()
            self._twin.close()
            self._end = None

    def close(self) -> None:  # pylint: disable=missing-return
        self._stop_timer()
        super().close()


def _shut(twin: socket.socket) -> None:
    try:
        twin.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # The other side was faster.
    finally:
        twin.close()
