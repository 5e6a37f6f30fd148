"""The world: Odoo's own lead generation service, as a provider among others.

The protocol is that of Odoo's addons crm_iap_mine and iap (19.0): JSON-RPC 2.0, paid by an account
token, a credit of Odoo for each company. The answer names its companies by their DUNS number.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ..company import bands, nace
from ..company.contacts import choose_contacts
from ..company.identity import normalise_domain
from ..company.industries import from_name
from ..company.roles import role_of, seniority_of
from ..company.states import told_state
from ..company.types import Company, CompanyQuery, Contact, Page, Provenance
from .answers import (
    emails,
    employees,
    items,
    mapping,
    number,
    required_items,
    text,
    texts,
    web_url,
    year,
)
from .base import Access, NetworkProvider, distinct
from .errors import (
    ProviderAnswerInvalid,
    ProviderQuotaExceeded,
    ProviderRefused,
    ProviderUnavailable,
)
from .http import HttpClient

REGISTRY = "DUNS"
PAGE_SIZE = 200
BALANCE_URL = "https://iap.odoo.com"
#: Odoo asks with 300 seconds of patience; ours ends before a lane's lease does.
SECONDS = 150.0
#: Countries whose states can be asked for (`iap_tools._STATES_FILTER_COUNTRIES_WHITELIST`).
STATE_COUNTRIES = frozenset({"AR", "AU", "BR", "CA", "IN", "MY", "MX", "NZ", "AE", "US"})
#: Most DUNS numbers that are told as known already.
MAX_KNOWN = 20_000

#: Its industries (`reveal_ids` of crm.iap.lead.industry.csv) -> the divisions of NACE in them.
INDUSTRIES: dict[str, tuple[str, ...]] = {
    "33": ("47",), "69": ("64",), "86": ("58", "59", "60"), "114": ("68",),
    "136": ("49", "50", "51", "52", "53"), "138": ("05", "06", "09", "19", "35"),
    "148": ("07", "08", "16", "17", "20", "24"), "149": ("61",), "150": ("55", "56", "79"),
    "151": ("85", "96"), "152": ("47",), "153": ("10", "11"), "154": ("12",), "157": ("65",),
    "158": ("64", "66"), "159": ("64", "66"), "160": ("86", "87"), "161": ("21", "72"),
    "162": ("25", "27", "28", "30", "41", "42", "43"),
    "163": ("69", "70", "71", "73", "74", "77", "78", "80", "81", "82"), "165": ("62", "63"),
    "166": ("26",), "167": ("23",), "168": ("35",), "238": ("29", "45"),
    "239": ("13", "14", "15", "31", "32"),
}  # fmt: skip


class OdooIap(NetworkProvider):
    """Adapter of Odoo's lead mining and lead enrichment.

    Its industries are coarse: one is asked for only when all that it holds is wanted, so a query
    is narrowed by it and never widened. It has no pages: the next one is asked for by telling the
    companies that came before.

    :param db_uuid: of the database, as the service asks for
    :param known: DUNS numbers that it shall not deliver, nor charge
    """

    code = "odoo_iap"
    filters = frozenset({"states", "industries", "size"})
    base_url = "https://iap-services.odoo.com"
    needs_key = True
    licence = "Odoo's terms of IAP"

    def __init__(
        self,
        client: HttpClient | None = None,
        *,
        token: str = "",
        db_uuid: str = "",
        known: Iterable[str] = (),
    ):
        super().__init__(client)
        self._token = token
        self._db_uuid = db_uuid
        self._known = list(known)[:MAX_KNOWN]

    @classmethod
    def connect(cls, access: Access, **options: Any) -> "OdooIap":
        return cls(cls.client(access), token=access.key, **options)

    @classmethod
    def client(cls, access: Access) -> HttpClient:
        client = super().client(access)
        return replace(client, limits=replace(client.limits, read=SECONDS, deadline=SECONDS))

    @classmethod
    def _credentials(cls, key: str) -> dict:
        return {"secrets": (key,)}

    def _with(self, client: HttpClient) -> "OdooIap":
        return OdooIap(client, token=self._token, db_uuid=self._db_uuid, known=self._known)

    @classmethod
    def unfit(cls, query: CompanyQuery) -> tuple[str, ...]:
        unfit = super().unfit(query)
        if any(country not in STATE_COUNTRIES for country, _state in query.states):
            unfit += ("states",)
        if query.industries and not _industry_ids(query):
            unfit += ("industries",)
        return unfit

    def count(self, query: CompanyQuery) -> None:
        """Return None: the service only counts what it delivers, and charges."""

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        before = _read_cursor(cursor) if cursor else []
        size = max(1, min(limit, PAGE_SIZE))
        result = self._call(
            "api/dnb/1/search_by_criteria",
            {
                "account_token": self._token,
                "db_uuid": self._db_uuid,
                "db_version": "19.0",
                "db_lang": "en_US",
                "country_code": False,
                "reveal_ids": [*self._known, *before],
                "query": _criteria(query, size),
            },
        )
        result = mapping(result)
        if result.get("credit_error"):
            raise ProviderQuotaExceeded(provider=self.code)
        found = required_items(result, "data", self.code)
        told = [duns for item in found if (duns := text(item.get("duns"), 32))]
        new = set(told) - set(before)
        companies = (self._company(item, query) for item in found)
        more = len(found) >= size and new
        return Page(distinct(companies, query), ",".join([*before, *sorted(new)]) if more else None)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        host = normalise_domain(domain or "")
        if not host:
            return None
        result = self._call(
            "iap/clearbit/1/lead_enrichment_email",
            {"domains": {host: host}, "account_token": self._token, "dbuuid": self._db_uuid},
        )
        found = self._company(mapping(mapping(result).get(host)), CompanyQuery())
        if found and not found.domain:
            found = replace(found, domain=host, website=found.website or f"https://{host}")
        return found

    def _try_out(self) -> int | None:
        own = self._client.base_url != self.base_url
        return number(
            self._call(
                "iap/1/balance" if own else f"{BALANCE_URL}/iap/1/balance",
                {"dbuuid": self._db_uuid, "account_token": self._token, "service_name": "reveal"},
            )
        )

    def _call(self, path: str, params: Mapping[str, Any]) -> Any:
        """Return the result of a JSON-RPC call.

        :raise ProviderQuotaExceeded: if the account has no credits
        :raise ProviderRefused: if it is not accepted
        """
        body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": uuid.uuid4().hex}
        answer = mapping(self._client.post(path, body))
        if error := answer.get("error"):
            name = text(mapping(mapping(error).get("data")).get("name")).rpartition(".")[2]
            if name == "InsufficientCreditError":
                raise ProviderQuotaExceeded(provider=self.code)
            if name in ("AccessError", "AccessDenied"):
                raise ProviderRefused(status=403, provider=self.code)
            raise ProviderUnavailable(name or "JSON-RPC error", provider=self.code)
        if "result" not in answer:
            raise ProviderAnswerInvalid("no result", provider=self.code)
        return answer["result"]

    # === ANSWERS === #

    def _company(self, item: Mapping[str, Any], query: CompanyQuery) -> Company | None:
        """Return the company of either service, or None if it has no name."""
        name = text(item.get("name")) or text(item.get("legal_name"))
        if not name:
            return None
        duns = text(item.get("duns"), 32)
        host = normalise_domain(text(item.get("domain")) or text(item.get("website")))
        provenance = Provenance(
            provider=self.code, dataset="Odoo IAP", licence=self.licence, url=self.base_url,
            fetched_on=date.today(),
        )  # fmt: skip
        sectors = ("industry", "sub_industry", "industry_group", "sector_primary")
        codes = [from_name(text(item.get(sector))) for sector in sectors]
        phones = texts(item.get("phone")) + texts(item.get("phone_numbers"))
        people = (_contact(one, provenance) for one in items(item.get("people_data")))
        return Company(
            name=name,
            registry=REGISTRY if duns else "",
            registry_id=duns,
            vat=text(item.get("vat"), 32),
            domain=host,
            website=f"https://{host}" if host else "",
            street=text(item.get("street")) or text(item.get("location")),
            street2=text(item.get("street2")),
            city=text(item.get("city")),
            zip=text(item.get("zip")) or text(item.get("postal_code")),
            state_code=told_state(
                text(item.get("country_code")).upper(), text(item.get("state_code"), 8)
            ),
            country_code=text(item.get("country_code"), 2).upper(),
            phone="".join(phones[:1]),
            emails=emails(item.get("email")),
            **employees(item.get("employees")),
            industries=tuple(filter(None, codes))[:1],
            founded=year(item.get("founded_year")),
            revenue=text(item.get("estimated_annual_revenue")),
            description=text(item.get("description"), 4096),
            logo_url=web_url(item.get("logo")),
            technologies=texts(item.get("tech")),
            timezone=text(item.get("timezone"), 64).replace(" ", "_"),
            socials=_socials(item),
            contacts=choose_contacts(filter(lambda one: one.name, people), query),
            provenance=provenance,
        )


def _criteria(query: CompanyQuery, size: int) -> dict[str, Any]:
    """Return the query as crm_iap_mine sends it."""
    states: dict[str, list[str]] = {}
    for country, state in query.states:
        states.setdefault(country, []).append(state)
    criteria: dict[str, Any] = {
        "lead_number": size,
        "search_type": "people" if query.with_contacts else "companies",
        "countries": [{"code": c, "states": states.get(c, [])} for c in query.countries],
    }
    if bands.is_sized(query):
        criteria["company_size_min"] = query.size_min or 1
        criteria["company_size_max"] = query.size_max or 10_000_000
    if query.industries:
        criteria["industry_ids"] = _industry_ids(query)
    return criteria | (_people(query) if query.with_contacts else {})


def _people(query: CompanyQuery) -> dict[str, Any]:
    people: dict[str, Any] = {
        "contact_number": query.contacts_per_company,
        "contact_filter_type": query.contact_filter or "role",
    }
    if query.contact_filter == "seniority":
        return people | {"seniority": query.seniority}
    roles = [_role(role) for role in (query.preferred_role, *query.other_roles)]
    return people | {"preferred_role": roles[0], "other_roles": roles[1:]}


def _role(code: str) -> str:
    return "CEO" if code == "ceo" else code


def _industry_ids(query: CompanyQuery) -> list[str]:
    """Return the service's industries all of whose divisions are wanted."""
    wanted = set(nace.expand(query.industries))
    return [code for code, divisions in INDUSTRIES.items() if wanted.issuperset(divisions)]


def _contact(item: Mapping[str, Any], provenance: Provenance) -> Contact:
    title = text(item.get("title"))
    return Contact(
        name=text(item.get("full_name")),
        job_title=title,
        role=role_of(title),
        seniority=seniority_of(title),
        email=next(iter(emails(item.get("email"))), ""),
        phone=text(item.get("phone"), 64),
        provenance=provenance,
    )


_NETWORKS = {
    "linkedin": "https://www.linkedin.com/",
    "facebook": "https://www.facebook.com/",
    "twitter": "https://x.com/",
}


def _socials(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses of what are names at a network, or addresses already."""
    handles = {network: text(item.get(network)) for network in _NETWORKS}
    return {
        network: web_url(handle) if "." in handle else _NETWORKS[network] + handle
        for network, handle in handles.items()
        if handle
    }


def _read_cursor(cursor: str) -> list[str]:
    numbers = cursor.split(",")
    if not all(number_.isalnum() for number_ in numbers):
        raise ProviderAnswerInvalid(f"cursor {cursor[:80]!r}", provider=OdooIap.code)
    return numbers
