"""How a publisher is asked: over TLS, where the guard of public hosts leads, or by a proxy."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from odoo.addons.crm_common.tools.public_hosts import (
    HostNotPublic,
    HostUnknown,
    NameServiceFailed,
    PublicHostAdapter,
    Resolve,
    is_public_url,
)

USER_AGENT = "open-crm-lead-directory/19.0"


class DownloadError(Exception):
    """The file is not here.

    :ivar code: stable name of the cause, for the sentence shown to the user: "busy", "certificate",
        "changed", "closed", "cut", "damaged", "disk", "disk_full", "foreign", "gone", "html",
        "insecure", "not_public", "proxy", "redirects", "refused", "status", "timeout",
        "too_large", "unavailable", "unknown_host", "unreachable"
    :ivar host: whom it is about
    :ivar detail: what was found, for the log and the sentence
    """

    def __init__(self, code: str, host: str = "", detail: str = ""):
        super().__init__(": ".join(filter(None, (code, host, detail))))
        self.code = code
        self.host = host
        self.detail = detail


class _Adapter(PublicHostAdapter):
    """The guard of public hosts, which lets a proxy of the administrator resolve names instead.

    The hosts are the source's, and the certificate proves them, whoever has found the way.
    """

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return HTTPAdapter.proxy_manager_for(self, *args, **kwargs)


def open_session(resolve: Resolve, lifetime: float) -> requests.Session:
    session = requests.Session()
    # Without an `auth`, requests would look for the host in the account's ~/.netrc.
    session.auth = lambda request: request
    session.headers.update(
        {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    )
    session.mount("https://", _Adapter(resolve, lifetime))
    return session


def follow(
    session: requests.Session,
    url: str,
    headers: Mapping[str, str],
    *,
    hosts: Collection[str],
    timeout: tuple[float, float],
    redirects: int,
    verify: bool | str,
) -> requests.Response:
    """Ask, and follow redirects to the hosts of the source only; the body is still to be read.

    :param timeout: seconds until the connection stands, and between two pieces
    :param redirects: at most
    :raise DownloadError: with the cause
    """
    for _hop in range(redirects + 1):
        _check_url(url, hosts)
        # A session's own `verify` would give way to what the environment says.
        response = session.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=timeout, verify=verify
        )
        if not response.is_redirect:
            return response
        response.close()
        url = urljoin(url, response.headers["Location"])
    raise DownloadError("redirects", host_of(url))


def _check_url(url: str, hosts: Collection[str]) -> None:
    host = host_of(url)
    if urlsplit(url).scheme != "https":
        raise DownloadError("insecure", host)
    if host not in hosts:
        raise DownloadError("foreign", host)
    if not is_public_url(url):
        raise DownloadError("not_public", host)


@contextmanager
def network_errors(host: str) -> Iterator[None]:
    """Say in our own words why nothing comes; the libraries' errors tell the whole URL."""
    try:
        yield
    except HostNotPublic as error:
        raise DownloadError("not_public", host) from error
    except HostUnknown as error:
        raise DownloadError("unknown_host", host) from error
    except NameServiceFailed as error:
        raise DownloadError("unreachable", host) from error
    except requests.exceptions.ProxyError as error:
        raise DownloadError("proxy") from error
    except requests.exceptions.SSLError as error:
        raise DownloadError("certificate", host) from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise DownloadError("timeout", host) from error
    except requests.ConnectionError as error:
        raise DownloadError("unreachable", host) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise DownloadError("cut", host) from error


def meaning(status: int) -> str:
    """Return the cause that a status stands for."""
    if status in (404, 410):
        return "gone"
    if status in (401, 402, 403, 407, 451):
        return "refused"
    if status in (429, 503):
        return "busy"
    return "unavailable" if status in (408, 425) or status >= 500 else "status"


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
