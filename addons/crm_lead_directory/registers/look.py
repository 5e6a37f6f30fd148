"""Whether a publisher has another file than the one that was had, without having it."""

from collections.abc import Collection

from odoo.addons.crm_common.tools.public_hosts import Resolve, resolve_public

from .download import Downloaded, Limits
from .network import DownloadError, follow, host_of, meaning, network_errors, open_session

LIMITS = Limits()


def look(
    url: str,
    had: Downloaded | None = None,
    *,
    hosts: Collection[str],
    closed: bool = False,
    limits: Limits = LIMITS,
    resolve: Resolve = resolve_public,
    verify: bool | str = True,
) -> Downloaded:
    """Return what the publisher says of the file at `url`, of which one byte comes at most.

    :param had: what it said of the file that was had, returned where that is still the same
    :raise DownloadError: as `download` does, whose parameters the others are
    """
    if closed:
        raise DownloadError("closed")
    headers = {"Range": "bytes=0-0"}
    if had and had.etag:
        headers["If-None-Match"] = had.etag
    elif had and had.modified:
        headers["If-Modified-Since"] = had.modified
    with open_session(resolve, limits.lifetime) as session:
        with network_errors(host_of(url)):
            response = follow(
                session,
                url,
                headers,
                hosts=hosts,
                timeout=(limits.connect, limits.read),
                redirects=limits.redirects,
                verify=verify,
            )
        # What else it sends is left in the connection, which is closed.
        with response:
            if response.status_code == 304 and had:
                return had
            if response.status_code not in (200, 206, 416):
                host = host_of(response.url)
                raise DownloadError(meaning(response.status_code), host, f"{response.status_code}")
            return Downloaded(
                response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
            )
