"""How much of what a person reads on small companies' websites is read, and how much is right.

pages_data/ holds websites in the layouts that companies of Europe and the United States use, all
made up, each below what a person reads there; that was written down before the code was tried.
Hosts below a country's domain end with ".example" too, which is taken away first. The figures
are those of the half "unseen", which was not looked at while the reader was written. At the first
try 93.2 per cent of its names were found and 96.5 right; in builders.txt 93.8 and 93.8 (addresses
98.1 and 100, telephones 93.8 and 100, e-mail addresses 75 and 100), and what was missed there has
been looked at since; in static.txt, which came last, 100 and 100 (addresses 96.8 and 96.8,
telephones 100 and 100, e-mail addresses 90 and 100). `python -m benchmarks.pages seen` tells what
is missed and what is wrong in the other half. The opponent is extruct, which hands out the markup
of a page.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import extruct

from benchmarks._addons import findable

DATA = Path(__file__).with_name("pages_data")
#: What is counted as one field: an address has several parts.
FIELDS = {
    "name": ("name",),
    "address": ("street", "zip", "city", "state"),
    "country": ("country",),
    "telephone": ("phone",),
    "e-mail": ("email",),
    "VAT": ("vat",),
    "register number": ("registry",),
    "profiles": ("social",),
    "founded": ("founded",),
    "employees": ("employees",),
}


def run(_host):
    """Read the half that nobody looked at; what is read needs no database."""
    readers = _readers()
    sites = _sites("unseen")
    counts = {name: Counter() for name in readers}
    for site in sites:
        for name, reader in readers.items():
            for part, told, wrong, missed in _compared(site, reader(site)):
                counts[name][part, "right"] += len(told) - len(wrong)
                counts[name][part, "told"] += len(told)
                counts[name][part, "true"] += len(told) - len(wrong) + len(missed)
    rows = []
    for field, parts in FIELDS.items():
        for measure, of in (("recall", "true"), ("precision", "told")):
            shares = {}
            for name, count in counts.items():
                size = sum(count[part, of] for part in parts)
                right = sum(count[part, "right"] for part in parts)
                shares[name] = round(100 * right / size, 1) if size else None
            rows.append(
                {
                    "claim": f"{measure} {field}",
                    "unit": "%",
                    "size": sum(counts["ours"][part, "true"] for part in parts),
                    **shares,
                    "opponent_is": "extruct's output",
                }
            )
    return rows


# === WHAT A PERSON READS === #


def _sites(half):
    """Return the websites of a half: host, pages by path, and true values by field."""
    sites = []
    for path in sorted((DATA / half).glob("*.txt")):
        text = re.sub(r"(\.[a-z]{2})\.example\b", r"\1", path.read_text(encoding="utf-8"))
        for part in text.split("##### ")[1:]:
            head, *pages = re.split(r"^=== ", part, flags=re.MULTILINE)
            host, *lines = head.strip().splitlines()
            truth = {}
            for line in lines:
                field, _colon, value = line.partition(": ")
                truth[field] = {_plain(field, one) for one in value.split(" | ")}
            sites.append(SimpleNamespace(
                host=host, truth=truth, pages=dict(page.split("\n", 1) for page in pages)
            ))  # fmt: skip
    return sites


def _compared(site, values):
    """Yield (field, what was told, what of it is wrong, what was missed)."""
    for part in (part for parts in FIELDS.values() for part in parts):
        true = site.truth.get(part, set())
        told = {_plain(part, value) for value in values.get(part, ()) if value}
        yield part, told, told - true, true - told


def _plain(field, value):
    """Return a value in the spelling in which two are compared."""
    from odoo.addons.crm_lead_mining.company.identity import normalise_registry_id
    from odoo.addons.crm_lead_mining.company.names import company_name_key

    if field == "name":
        return company_name_key(value)
    if field == "registry" and value.strip():
        return " ".join(normalise_registry_id(*value.split()))
    if field in ("street", "zip", "city", "phone"):
        return re.sub(r"[^\w+]", "", value.casefold())
    return value.strip()


# === THE READERS === #


def _readers():
    findable()
    return {"ours": _ours, "opponent": _extruct}


def _ours(site):
    from odoo.addons.crm_lead_mining.providers.website import WebsiteProvider
    from odoo.addons.crm_lead_mining.providers.website.visit import Answer, Limits

    def page(url):
        path = urlsplit(url).path
        if path not in site.pages:
            return None
        headers = {"content-type": "text/html; charset=utf-8"}
        return Answer(url, 200, headers, body=site.pages[path].encode())

    provider = WebsiteProvider()
    visit = SimpleNamespace(page=page, is_patient_enough=lambda url: True, limits=Limits())
    company = provider._company(site.host, provider._pages(visit, site.host))
    if company is None:
        return {}
    least, most = company.employees_min, company.employees_max
    bands = f"{least}" if least == most else f"{least}-{most}" if most else f"{least}+"
    return {
        "name": [company.name], "street": [company.street], "zip": [company.zip],
        "city": [company.city], "state": [company.state_code], "country": [company.country_code],
        "phone": [company.phone], "email": company.emails, "vat": [company.vat],
        "registry": [f"{company.registry} {company.registry_id}".strip()],
        "founded": [str(company.founded or "")], "employees": [bands if least else ""],
        "social": [_profile(url) for url in company.socials.values()],
    }  # fmt: skip


def _profile(url):
    """Return "linkedin company/acme" of a profile's URL."""
    parts = urlsplit(url)
    network = parts.netloc.removeprefix("www.").rpartition(".")[0].rpartition(".")[2]
    return f"{network.replace('twitter', 'x')} {parts.path.strip('/')}"


#: Properties of schema.org, and of Open Graph, by field.
_PROPERTIES = {
    "name": ("name", "og:site_name"), "street": ("streetAddress",), "zip": ("postalCode",),
    "city": ("addressLocality",), "state": ("addressRegion",), "country": ("addressCountry",),
    "phone": ("telephone",), "email": ("email",), "vat": ("vatID", "taxID"),
    "founded": ("foundingDate",), "employees": ("numberOfEmployees",), "social": ("sameAs",),
}  # fmt: skip


def _extruct(site):
    """Return the first value of each property, of what isn't the website itself."""
    found = {}
    for path, html in site.pages.items():
        items = extruct.extract(
            html,
            base_url=f"https://{site.host}{path}",
            syntaxes=["json-ld", "microdata", "opengraph", "rdfa"],
            uniform=True,
            errors="ignore",
        )
        for item in (item for syntax in items.values() for item in syntax):
            _collect(item, found)
    values = {
        field: next((found[name] for name in names if name in found), [])
        for field, names in _PROPERTIES.items()
    }
    values["social"] = [_profile(url) for url in values["social"]]
    values["email"] = [one.removeprefix("mailto:") for one in values["email"]]
    return values


def _collect(item, found):
    if isinstance(item, list):
        for part in item:
            _collect(part, found)
    if not isinstance(item, dict) or item.get("@type") in ("WebSite", "WebPage", "BreadcrumbList"):
        return
    for name, value in item.items():
        name = name.rpartition("schema.org/")[2]
        texts = [str(one) for one in (value if isinstance(value, list) else [value])
                 if isinstance(one, str | int) and one]  # fmt: skip
        if texts:
            found.setdefault(name, texts)
        _collect(value, found)


# === WHAT IS MISSED === #


def mistakes(half="seen"):
    """Yield a line for each value of a website that is missed, or is not what a person reads."""
    ours = _readers()["ours"]
    for site in _sites(half):
        for part, _told, wrong, missed in _compared(site, ours(site)):
            if wrong or missed:
                yield f"{site.host}: {part}: missed {sorted(missed)}, wrong {sorted(wrong)}"


if __name__ == "__main__":
    print(*mistakes(*sys.argv[1:]), sep="\n")
