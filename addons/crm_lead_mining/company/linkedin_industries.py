"""The industries that companies choose from at LinkedIn, and what they mean in NACE.

Providers that read its profiles (People Data Labs) use the list's first version, in lower case.
"""

from collections.abc import Iterable

from . import nace

_INDUSTRIES = {
    "01": "farming|ranching",
    "03": "fishery",
    "06": "oil & energy",
    "07": "mining & metals",
    "10": "food production|dairy",
    "11": "wine and spirits",
    "12": "tobacco",
    "13": "textiles",
    "14": "apparel & fashion|luxury goods & jewelry",
    "17": "paper & forest products",
    "18": "printing",
    "20": "chemicals|cosmetics",
    "21": "pharmaceuticals",
    "22": "plastics|packaging and containers",
    "23": "glass, ceramics & concrete|building materials",
    "26": "consumer electronics|computer hardware|computer networking|semiconductors"
          "|nanotechnology",
    "27": "electrical/electronic manufacturing",
    "28": "machinery|industrial automation|mechanical or industrial engineering",
    "29": "automotive",
    "30": "aviation & aerospace|shipbuilding|railroad manufacture|defense & space",
    "31": "furniture",
    "32": "medical devices|sporting goods|consumer goods|business supplies and equipment",
    "35": "utilities|renewables & environment",
    "38": "environmental services",
    "41": "construction",
    "42": "civil engineering",
    "46": "wholesale|import and export|international trade and development",
    "47": "retail|supermarkets",
    "49": "transportation/trucking/railroad",
    "50": "maritime",
    "51": "airlines/aviation",
    "52": "logistics and supply chain|warehousing",
    "53": "package/freight delivery",
    "55": "hospitality",
    "56": "restaurants|food & beverages",
    "58": "publishing|newspapers|computer games",
    "59": "motion pictures and film|media production|music|animation",
    "60": "broadcast media",
    "61": "telecommunications|wireless",
    "62": "computer software|information technology and services"
          "|computer & network security",
    "63": "internet|information services|online media",
    "64": "banking|financial services|venture capital & private equity",
    "65": "insurance",
    "66": "capital markets|investment banking|investment management",
    "68": "real estate|commercial real estate",
    "69": "law practice|legal services|accounting|alternative dispute resolution",
    "70": "management consulting|public relations and communications|think tanks",
    "71": "architecture & planning",
    "72": "research|biotechnology",
    "73": "marketing and advertising|market research",
    "74": "design|graphic design|photography|translation and localization|writing and editing",
    "75": "veterinary",
    "78": "staffing and recruiting|human resources|outsourcing/offshoring",
    "79": "leisure, travel & tourism",
    "80": "security and investigations",
    "81": "facilities services",
    "82": "events services|program development",
    "84": "government administration|government relations|international affairs|judiciary"
          "|law enforcement|legislative office|military|public policy|public safety"
          "|executive office",
    "85": "education management|higher education|primary/secondary education|e-learning"
          "|professional training & coaching",
    "86": "hospital & health care|medical practice|mental health care|alternative medicine",
    "88": "individual & family services|nonprofit organization management|philanthropy"
          "|fund-raising",
    "90": "performing arts|fine art|arts and crafts|entertainment",
    "91": "museums and institutions|libraries",
    "92": "gambling & casinos",
    "93": "sports|recreational facilities and services|health, wellness and fitness",
    "94": "civic & social organization|political organization|religious institutions",
    "96": "consumer services",
}  # fmt: skip

#: Name in lower case -> division.
DIVISION_OF: dict[str, str] = {
    name: division for division, names in _INDUSTRIES.items() for name in names.split("|") if name
}


def names_of(industries: Iterable[str]) -> tuple[str, ...]:
    """Return the names whose companies belong to these sections and divisions of NACE."""
    wanted = set(nace.expand(industries))
    return tuple(sorted(name for name, division in DIVISION_OF.items() if division in wanted))


def plain(name: str) -> str:
    """Return a name as `DIVISION_OF` has it: the list's later versions write "&" for "and"."""
    return _KNOWN.get(_joined(name), "")


def _joined(name: str) -> str:
    return " ".join(name.casefold().replace("&", " and ").replace(",", " ").split())


_KNOWN = {_joined(name): name for name in DIVISION_OF}
