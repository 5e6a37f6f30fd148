"""Domains without a company: for sale, parked, or with the page that a new server shows."""

import re
from urllib.parse import urlsplit

from .page import WebPage

_HOSTS = ("sedo.com", "sedoparking.com", "parkingcrew.net", "bodis.com", "dan.com", "afternic.com",
          "hugedomains.com", "above.com", "parklogic.com", "undeveloped.com", "domainmarket.com",
          "parkingpage.namecheap.com", "img1.wsimg.com/parking-lander")  # fmt: skip

_SENTENCES = re.compile(
    r"(?:domain|domain name|website|page) (?:\S+ )?(?:is|may be|might be) (?:for sale|parked|"
    r"available for purchase)|buy this domain|domain parking|parked (?:free|domain)|"
    r"domain (?:\S+ )?(?:steht|ist) (?:zum verkauf|zu verkaufen|geparkt)|domain kaufen|"
    r"domaine (?:\S+ )?est (?:a|à) vendre|acheter ce (?:nom de )?domaine|"
    r"(?:dominio|sito) (?:\S+ )?(?:è|e') (?:in vendita|parcheggiato)|acquista questo dominio|"
    r"dominio (?:\S+ )?est[aá] (?:en venta|aparcado)|"
    r"welcome to nginx|apache2? (?:\S+ )?default page|test page for the .{0,40}http server|"
    r"iis windows server|default (?:web ?site|plesk) page|^it works!$|web server's default page|"
    r"account (?:has been )?suspended",
    re.IGNORECASE | re.MULTILINE,
)

#: A page with more words than this tells about more than its domain.
_WORDS = 200


def is_parked(page: WebPage) -> bool:
    """Tell whether a home page says that no company lives here."""
    places = [page.url, *page.attributes("//script/@src | //iframe/@src | //frame/@src")]
    if any(_is_of(place, host) for place in places for host in _HOSTS):
        return True
    text = f"{page.title}\n{page.text}"
    return len(text.split()) <= _WORDS and bool(_SENTENCES.search(text))


def _is_of(url: str, known: str) -> bool:
    try:
        parts = urlsplit(url, scheme="https")
    except ValueError:
        return False
    place = (parts.hostname or "") + parts.path
    return (f".{place}".split("/")[0]).endswith(f".{known}") or place.startswith(f"{known}/")
