"""The provider that asks a company's own website."""

import logging
import re
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from odoo.addons.crm_common.tools.domains import is_nobodys

from ...company.identity import normalise_domain
from ...company.types import Company, CompanyQuery, Page, Provenance
from ..base import Provider
from ..errors import NeedsBrowser, ProviderError, ProviderTimeout, ProviderUnavailable
from ..public_hosts import HostNotPublic, HostUnknown, Resolve, resolve_public
from .appearance import read_appearance, titles_of
from .facts import read_facts
from .findings import Finding, is_substantial, merged
from .logo import fetch_logo
from .mailboxes import Mailboxes
from .page import WebPage, same_site
from .parked import is_parked
from .phones import read_phones
from .scripts import needs_browser
from .structured import read_structured
from .technologies import read_technologies
from .values import country_of_host, parsed_phone, phone_country, vat_country
from .visible import read_addresses, read_contact_data, read_identifiers
from .visit import GATE, ROBOT, HostGate, Limits, Visit

_logger = logging.getLogger(__name__)

#: Kind of page -> words in a link's path or text that lead there, in the order of their worth.
_KINDS = {
    "legal": re.compile(
        r"impressum|imprint|mentions?[-_ ]l[eé]gales|aviso[-_ ]legal|note[-_ ]legali|"
        r"legal[-_ ]?notice|colofon|informazioni[-_ ]legali|company[-_ ]information|nota[-_ ]legal|"
        r"mentions\b|informations?[-_ ]l[eé]gales|bedrijfsgegevens|dane[-_ ]firmy|"
        r"informacje[-_ ]prawne",
        re.IGNORECASE,
    ),
    "contact": re.compile(
        r"kontakt|contact|contatt|contato|contacto|dove[-_ ]siamo|find[-_ ]us|anfahrt|standorte?\b|"
        r"yhteys|kapcsolat|επικοινων|where[-_ ]we[-_ ]are|acc[eè]s\b|d[oó]nde[-_ ]estamos",
        re.IGNORECASE,
    ),
    "about": re.compile(
        r"about|(?:ue|ü)ber[-_ ]?uns|chi[-_ ]siamo|qui[-_ ]sommes|qui[eé]nes[-_ ]somos|azienda|"
        r"unternehmen|over[-_ ]ons|o[-_ ]nas\b|o[-_ ]firmie|om[-_ ]o(?:ss|s)\b|sobre|empresa|"
        r"l[-_ ]entreprise|notre[-_ ]histoire|a[-_ ]propos|à[-_ ]propos|company|"
        r"geschichte|storia|historia",
        re.IGNORECASE,
    ),
}
_KIND_LIMIT = 200  # characters of a link that are looked at


class WebsiteProvider(Provider):
    """Enrichment from what the company says about itself on its website; free.

    :param contact_url: page about this installation, sent with every request so that the owners of
        websites know who asks
    :param personal_emails: whether addresses that may be a person's are kept too
    :param limits: bounds of one visit
    :param resolve: the check of addresses and `gate` the pace; both are replaced only in tests
    :param verify: certificates that are trusted, as for `requests`
    :param closed: whether nobody may be visited, as from a copy of a database
    """

    code = "website"
    count_is_free = True
    enrich_is_free = True
    searches = False
    has_contacts = False
    own_hosts = True

    def __init__(
        self,
        *,
        contact_url: str = "",
        personal_emails: bool = False,
        limits: Limits | None = None,
        resolve: Resolve = resolve_public,
        gate: HostGate = GATE,
        verify: bool | str = True,
        closed: bool = False,
    ):
        self._user_agent = user_agent(contact_url)
        self._personal_emails = personal_emails
        self._visit_options: dict[str, Any] = {
            "limits": limits, "resolve": resolve, "gate": gate, "verify": verify, "closed": closed,
        }  # fmt: skip

    def within(self, seconds: float) -> "WebsiteProvider":
        """Return the same provider whose visits end after `seconds`."""
        limits = self._visit_options["limits"] or Limits()
        twin = copy(self)
        twin._visit_options = {
            **self._visit_options,
            "limits": replace(limits, seconds=min(seconds, limits.seconds)),
        }
        return twin

    def count(self, query: CompanyQuery) -> None:
        """Return None: a website answers only about its own company."""

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        """Return no companies: websites are not searched."""
        return Page()

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        """Return what the website at `domain` (or URL, or e-mail address) says, or None.

        None stands for: no such website, free-mail providers and other shared hosts, parked
        domains, pages that robots.txt closes, pages that say nothing about a company.

        :raise NeedsBrowser: if nothing is read because the website is built by scripts
        :raise ProviderTimeout: if the website is too slow
        :raise ProviderUnavailable: if it cannot be reached or answers 5xx
        :raise ProviderRateLimited: if it answers 429
        """
        host = normalise_domain(domain or "")
        if not host:
            return None
        with Visit(self._user_agent, **self._visit_options) as visit:
            try:
                pages = self._pages(visit, host)
            except ProviderError as error:
                error.provider = self.code
                raise
        company = self._company(host, pages) if pages else None
        if pages and not company and needs_browser(pages[0]):
            raise NeedsBrowser(provider=self.code)
        return company

    def logo(self, url: str) -> bytes | None:
        """Return a PNG, JPEG or GIF of a usable size from a public host, or None.

        :param url: `Company.logo_url`, whichever provider told it
        """
        with Visit(self._user_agent, **self._visit_options) as visit:
            return fetch_logo(visit, url)

    # === PAGES === #

    def _pages(self, visit: Visit, host: str) -> list[WebPage]:
        home = _home(visit, host)
        if home is None or is_parked(home):
            return []
        return [home, *_further_pages(visit, home)]

    # === COMPANY === #

    def _company(self, host: str, pages: list[WebPage]) -> Company | None:
        findings = list(self._findings(host, pages))
        if not is_substantial(findings):
            return None
        home = pages[0]
        return merged(
            findings,
            domain=host,
            website=_root(home.url),
            provenance=Provenance(
                provider=self.code, dataset=host, url=home.url, fetched_on=date.today()
            ),
        )

    def _findings(self, host: str, pages: list[WebPage]) -> Iterator[Finding]:
        site = urlsplit(pages[0].url).hostname or host
        found = [finding for page in pages for finding in read_structured(page, site)]
        guess = _country(found)[0] or country_of_host(site) or _country_told(pages)
        appearance = [finding for page in pages for finding in read_appearance(page, host)]
        names = frozenset(
            finding.value.casefold() for finding in found + appearance if finding.field == "name"
        ).union(*map(titles_of, pages))
        found += [finding for page in pages for finding in read_identifiers(page, guess)]
        country = _country(found)[0] or guess
        for page in pages:
            found += read_addresses(page, country, host, names)
        if not country and (country := _country(found)[0]):
            found += [finding for page in pages for finding in read_identifiers(page, country)]
        for page in pages:
            found += [
                *read_contact_data(page, country),
                *read_facts(page),
                *read_technologies(page),
            ]
        found = [*_with_phones(found, country), *appearance]
        yield from self._kept_emails(found, pages, (host, site))
        yield from _country_finding(found)

    def _kept_emails(
        self, found: Collection[Finding], pages: list[WebPage], hosts: tuple[str, str]
    ) -> Iterator[Finding]:
        """Leave out addresses that may be a person's; those of the company's domain come first."""
        mailboxes = Mailboxes(found, pages, hosts[0])
        for finding in found:
            if finding.field != "emails":
                yield finding
                continue
            role = mailboxes.rank(finding.value)
            if role is None and not self._personal_emails:
                continue
            domain = finding.value.rpartition("@")[2]
            own = any(same_site(f"//{domain}", host) for host in hosts)
            rank = (0 if own else 1000) + (500 if role is None else role)
            yield Finding("emails", finding.value, finding.url, rank)


def user_agent(contact_url: str) -> str:
    """Return the header that tells who asks.

    :raise ValueError: if `contact_url` isn't a web address
    """
    if not contact_url:
        return f"{ROBOT}/1.0"
    if not re.fullmatch(r"https?://[!-'*-~]+", contact_url):
        raise ValueError(f"{contact_url!r} is no web address.")
    return f"{ROBOT}/1.0 (+{contact_url})"


# === PAGES === #


def _home(visit: Visit, host: str) -> WebPage | None:
    """Return the home page at the first address that answers, https before http."""
    failure: ProviderError | None = None
    for address in (host, f"www.{host}"):
        for scheme in ("https", "http"):
            try:
                return _landing(visit, f"{scheme}://{address}/")
            except HostNotPublic as error:
                _logger.info("Website %s: %s", host, error)
                return None
            except HostUnknown:
                break
            except (ProviderUnavailable, ProviderTimeout) as error:
                if getattr(error, "status", None):
                    raise
                failure = _more_telling(failure, error)
    if failure:
        raise failure
    return None


def _more_telling(failure: ProviderError | None, error: ProviderError) -> ProviderError:
    """Return the failure of whoever was there, rather than "nobody is there"."""
    return error if failure is None or getattr(failure, "unreached", False) else failure


def _landing(visit: Visit, url: str) -> WebPage | None:
    """Return the page at `url`, following one refresh by a meta element."""
    page = _read(visit, url, "home")
    target = _refreshed(page) if page else ""
    return (target and _read(visit, target, "home")) or page


def _read(visit: Visit, url: str, kind: str) -> WebPage | None:
    answer = visit.page(url)
    if answer is None or _is_shared(answer.url):
        return None
    return WebPage.parsed(answer, kind)


def _is_shared(url: str) -> bool:
    # A domain that leads to a profile on a social network has no website of its own.
    host = urlsplit(url).hostname or ""
    return is_nobodys(host.lower())


def _refreshed(page: WebPage) -> str:
    for content in page.attributes(
        '//meta[translate(@http-equiv,"REFSH","refsh")="refresh"]/@content'
    ):
        match = re.match(r"\d{1,2}\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", content, re.IGNORECASE)
        if match:
            return page.absolute(match[1])
    return ""


def _further_pages(visit: Visit, home: WebPage) -> Iterator[WebPage]:
    """Yield the pages that the home page links as imprint, contact and about, while time lasts.

    What goes wrong there does not take away what was found.
    """
    if not visit.is_patient_enough(home.url):
        return
    for url, kind in _chosen_links(home)[: visit.limits.pages - 1]:
        try:
            page = _read(visit, url, kind)
        except ProviderError as error:
            _logger.info("Website %s: %s", home.url, error)
            continue
        if page is not None:
            yield page


def _chosen_links(home: WebPage) -> list[tuple[str, str]]:
    """Return (URL, kind) of one page of each kind on the same site, then of second ones."""
    host = urlsplit(home.url).hostname or ""
    chosen: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    seen = {home.url.rstrip("/")}
    for link, text in home.links:
        url = link.partition("#")[0]
        kind = _kind_of(url, text)
        if kind and url.rstrip("/") not in seen and same_site(url, host):
            seen.add(url.rstrip("/"))
            chosen[kind].append(url)
    ranked = [(turn, url, kind) for kind, urls in chosen.items() for turn, url in enumerate(urls)]
    ranked.sort(key=lambda entry: entry[0])
    return [(url, kind) for _turn, url, kind in ranked]


def _kind_of(url: str, text: str) -> str:
    if not url.startswith("http"):
        return ""
    words = f"{urlsplit(url).path[:_KIND_LIMIT]} {text[:_KIND_LIMIT]}"
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(words)), "")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# === COUNTRY AND TELEPHONE === #


def _country(found: Iterable[Finding]) -> tuple[str, str]:
    """Return the country that an address, VAT number or register names and where; else ("", "")."""
    for finding in sorted(found, key=lambda finding: finding.rank):
        country = ""
        if finding.field == "address":
            country = finding.value.get("country_code", "")
        elif finding.field == "vat":
            country = vat_country(finding.value)
        elif finding.field == "registry":
            country = finding.value["registry"][:2]
        if country:
            return country, finding.url
    return "", ""


def _country_told(pages: Iterable[WebPage]) -> str:
    """Return the country that the language of a page names, or its international numbers."""
    for page in pages:
        for language in page.attributes("/html/@lang", 1):
            match = re.fullmatch(r"[a-z]{2}[-_]([A-Z]{2})", language)
            if match and match[0] not in ("en-US", "en_US"):  # what website builders preset
                return match[1]
    for page in pages:
        for phone in read_phones(page.own_text, "").phones:
            return phone_country(phone)
    return ""


def _with_phones(found: Iterable[Finding], country: str) -> Iterator[Finding]:
    """Replace raw numbers by valid ones, but for those that a page calls something else."""
    found = list(found)
    others = {finding.value for finding in found if finding.field == "no_phone"}
    for finding in found:
        if finding.field == "no_phone":
            continue
        if finding.field == "raw_phone":
            number, near = finding.value
            phone = parsed_phone(number, near or country)
            finding = Finding("phone", phone, finding.url, finding.rank)
        if finding.field != "phone" or (finding.value and finding.value not in others):
            yield finding


def _country_finding(found: list[Finding]) -> Iterator[Finding]:
    """Yield the country of the company; its telephone tells where nothing better does."""
    country, url = _country(found)
    phones = [finding for finding in found if finding.field == "phone"]
    if not country and phones:
        phone = min(phones, key=lambda finding: finding.rank)
        country, url = phone_country(phone.value), phone.url
    if country:
        yield Finding("country_code", country, url, 90)
