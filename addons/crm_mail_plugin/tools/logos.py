"""The logo that a company shows on its own website."""

import base64
import functools
import time

from . import fetch

#: Where websites keep a picture of themselves, the larger one first.
PLACES = ("apple-touch-icon.png", "favicon.ico")
SECONDS_REMEMBERED = 3600


def of_domain(domain: str, *, closed: bool = False) -> str | None:
    """Return the logo of a domain's website as a data URL, None when it has none.

    :param domain: of an e-mail address
    :param closed: whether nobody may be asked, see `fetch_image`
    """
    return _of_domain(domain, int(time.time() // SECONDS_REMEMBERED), closed)


@functools.lru_cache(maxsize=512)
def _of_domain(domain: str, _period: int, closed: bool) -> str | None:
    return fetch.within(fetch.SECONDS, lambda: _of_places(domain, closed))


def _of_places(domain: str, closed: bool) -> str | None:
    for place in PLACES:
        content = fetch.fetch_image(f"https://{domain}/{place}", closed=closed)
        if content:
            kind = "x-icon" if place.endswith("ico") else "png"
            return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    return None
