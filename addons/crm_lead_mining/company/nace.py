"""NACE Rev. 2 sections and divisions, and how other classifications are read as NACE.

A company's industries are told by divisions ("62"), or by a section ("J") where no more is known.
Sources: Regulation (EC) 1893/2006 annex I; UK SIC 2007 (its first four digits are NACE); US SIC
1987 (OSHA manual); NAICS 2022 (Census Bureau) with its published concordance to ISIC Rev. 4, whose
divisions are NACE's. Codes that a wider one covers are not listed: the longest prefix decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: Section -> (first, last) division.
_RANGES = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (45, 47), "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68),
    "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93),
    "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip

#: Numbers inside the ranges above that Rev. 2 does not use.
_UNUSED = frozenset({4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})

#: Section -> its divisions.
SECTIONS: dict[str, tuple[str, ...]] = {
    section: tuple(f"{n:02}" for n in range(first, last + 1) if n not in _UNUSED)
    for section, (first, last) in _RANGES.items()
}
#: Division -> its section.
DIVISIONS: dict[str, str] = {
    division: section for section, divisions in SECTIONS.items() for division in divisions
}
CODES = frozenset(SECTIONS) | frozenset(DIVISIONS)

US_SIC = {
    "01": "01", "02": "01", "07": "01", "074": "75", "078": "81", "08": "02", "09": "03",
    "10": "07", "12": "05", "13": "06", "138": "09", "14": "08", "15": "41", "16": "42",
    "17": "43", "20": "10", "208": "11", "21": "12", "22": "13", "23": "14", "24": "16",
    "25": "31", "26": "17", "27": "58", "275": "18", "278": "18", "279": "18", "28": "20",
    "283": "21", "29": "19", "30": "22", "31": "15", "32": "23", "33": "24", "34": "25",
    "348": "25", "35": "28", "357": "26", "36": "27", "365": "26", "366": "26", "367": "26",
    "37": "29", "372": "30", "373": "30", "374": "30", "375": "30", "376": "30", "38": "26",
    "384": "32", "385": "32", "39": "32", "40": "49", "41": "49", "42": "49", "422": "52",
    "43": "53", "44": "50", "449": "52", "45": "51", "458": "52", "46": "49", "47": "52",
    "472": "79", "48": "61", "483": "60", "484": "60", "49": "35", "494": "36", "495": "38",
    "50": "46", "501": "45", "51": "46", "52": "47", "53": "47", "54": "47", "55": "45",
    "554": "47", "56": "47", "57": "47", "58": "56", "59": "47", "60": "64", "61": "64",
    "62": "66", "63": "65", "64": "66", "65": "68", "67": "64", "70": "55", "72": "96",
    "721": "96", "73": "82", "731": "73", "734": "81", "735": "77", "736": "78", "737": "62",
    "7372": "58", "7374": "63", "7375": "63", "7377": "77", "7378": "95", "7381": "80",
    "7382": "80", "75": "45", "751": "77", "752": "52", "76": "95", "78": "59", "784": "77",
    "79": "93", "792": "90", "7993": "92", "80": "86", "805": "87", "81": "69", "82": "85",
    "823": "91", "83": "88", "836": "87", "84": "91", "86": "94", "87": "70", "871": "71",
    "872": "69", "873": "72", "88": "97", "89": "74", "91": "84", "92": "84", "93": "84",
    "94": "84", "95": "84", "96": "84", "97": "84",
}  # fmt: skip

NAICS = {
    "11": "01", "113": "02", "114": "03", "1153": "02", "211": "06", "212": "08", "2121": "05",
    "2122": "07", "213": "09", "221": "35", "2213": "36", "22132": "37", "23": "41",
    "237": "42", "2372": "68", "238": "43", "311": "10", "312": "11", "3122": "12",
    "313": "13", "314": "13", "315": "14", "316": "15", "321": "16", "322": "17", "323": "18",
    "324": "19", "325": "20", "3254": "21", "326": "22", "327": "23", "331": "24",
    "332": "25", "333": "28", "334": "26", "3346": "18", "335": "27", "336": "29",
    "3364": "30", "3365": "30", "3366": "30", "3369": "30", "337": "31", "339": "32",
    "42": "46", "4231": "45", "44": "47", "45": "47", "441": "45", "48": "49", "481": "51",
    "483": "50", "488": "52", "49": "53", "493": "52", "511": "58", "512": "59",
    "513": "58", "515": "60", "516": "60", "517": "61", "518": "63", "519": "63", "51921": "91",
    "52": "64", "523": "66", "524": "65", "5242": "66", "531": "68", "532": "77",
    "533": "77", "54": "74", "5411": "69", "5412": "69", "5413": "71", "5414": "74",
    "5415": "62", "5416": "70", "5417": "72", "5418": "73", "54182": "70", "54191": "73",
    "54194": "75", "55": "70", "561": "82", "5613": "78", "5615": "79", "5616": "80",
    "5617": "81", "562": "38", "56291": "39", "61": "85", "621": "86", "622": "86", "623": "87",
    "624": "88", "71": "93", "711": "90", "7112": "93", "712": "91", "7132": "92",
    "721": "55", "722": "56", "81": "96", "811": "95", "8111": "45", "813": "94",
    "814": "97", "92": "84",
}  # fmt: skip

#: What names of sectors contain -> NACE; the first that fits decides, narrow before broad.
_NAMES = (
    ("62", r"software|it services|information technology.*(consult|outsourc)|computer programming"
           r"|edp services|it consult|cloud computing|cybersecurity|computer security|saas"
           r"|information security|identity verification|customer experience"),
    ("58", r"video games?|publishing|newspaper|magazines"),
    ("63", r"internet|data processing|web (portal|hosting)|search engine|online services"
           r"|social media|interactive media|online dating|data (analytics|connectivity|services)"),
    ("26", r"semiconductor|electronic|computer(s)? hardware|computers?, phones|technology hardware"
           r"|technology equipment|networking|communications equipment|telecommunications equipment"
           r"|precision instruments|technology distributors|rfid|data storage|photovoltaic"),
    ("61", r"telecom|wireless"),
    ("60", r"broadcast|television|radio"),
    ("59", r"film|movies|entertainment production|music"),
    ("21", r"pharma|biotech|biopharm|life sciences|drug manufactur"),
    ("32", r"medical (equipment|devices?|technology|supplies|instruments)|health ?care (equipment"
           r"|supplies)|toys|jewel|sport(s|ing) (equipment|goods)|leisure products"),
    ("65", r"insurance|insurer"),
    ("68", r"real estate|reit|property|immobilien"),
    ("66", r"investment bank|brokerage|asset management|investment management|stock exchange"
           r"|capital markets|fund operators|market operators|financial data"),
    ("64", r"bank|financ|credit|lending|investment trust|private equity|holding|finanz"),
    ("82", r"\bcall cent|business support"),
    ("47", r"\bretail|department store|supermarket|e-?commerce|pharmacy|drug stores|discount store"
           r"|grocery"),
    ("46", r"wholesal|trading compan|distribut(or|ion)"),
    ("12", r"tobacco"),
    ("56", r"restaurant|foodservice|food service|catering"),
    ("11", r"beverage|brewer|brewing|drink|distill|wine|spirits"),
    ("10", r"food|meat|dairy|confection|packaged goods"),
    ("30", r"aerospace|aircraft|defen[cs]e|shipbuilding|rolling stock|motorcycles"),
    ("29", r"auto(mobile|motive)?\b|\bauto\b|automobiles|car manufactur|truck manufactur|vehicles"),
    ("51", r"airline|air transport|air freight|aviation"),
    ("50", r"shipping|marine transport|cruise"),
    ("53", r"courier|postal|parcel"),
    ("52", r"logistic|airport|port operat|transport infrastructure|warehous"),
    ("49", r"rail|truck(ing)?|road transport|\bbus\b|passenger transport|transport"),
    ("06", r"oil|petroleum|natural gas|fossil"),
    ("07", r"metals (&|and) mining|gold|iron ore|copper|silver|mineral|mining"),
    ("05", r"\bcoal"),
    ("24", r"steel|nonferrous|aluminium|aluminum|\bmetals?\b"),
    ("36", r"water (utilit|supply|industry)|water and wastewater"),
    ("35", r"electric (utilit|power)|electricity|gas utilit|utilities|utility|renewable|energy"
           r"|multiline util|independent power"),
    ("38", r"waste|environmental services|recycling"),
    ("41", r"home ?build|housebuild|home construction|household goods & home construction"),
    ("42", r"construction (&|and) engineering|civil engineering|infrastructure"),
    ("23", r"construction materials?|building (materials?|products?)|cement|glass|ceramics"
           r"|construction supplies"),
    ("28", r"machinery|industrial equipment|engines|elevators|robotics|industrial goods"
           r"|agricultural equipment"),
    ("43", r"construction|building services"),
    ("27", r"electrical|electric machinery|appliances|batteries|lighting"),
    ("20", r"chemi|paint|fertili|cosmetic|personal products|household products"
           r"|personal & household"),
    ("17", r"paper|pulp|packag"),
    ("16", r"wood|timber|forest products|lumber"),
    ("22", r"rubber|plastic|tires|tyres"),
    ("14", r"apparel|clothing|fashion|textile|sportswear|luxury"),
    ("15", r"footwear|leather|shoes"),
    ("31", r"furniture"),
    ("18", r"printing"),
    ("55", r"hotel|resort|motel|lodging|hospitality"),
    ("79", r"travel|tourism|leisure facilities"),
    ("92", r"casino|gambling|betting|gaming"),
    ("93", r"sports|amusement|recreation|leisure|entertainment|theme park"),
    ("73", r"advertis|marketing|market research"),
    ("78", r"staffing|human resource|employment|recruit"),
    ("80", r"security services|security & alarm"),
    ("77", r"rental|leasing"),
    ("85", r"education|school|university"),
    ("87", r"nursing|residential care"),
    ("86", r"health|hospital|medical|managed care"),
    ("69", r"legal|accounting|audit|law firm"),
    ("71", r"engineering|architect|testing"),
    ("70", r"management consult|conglomerate"),
    ("72", r"research"),
    ("01", r"agricult|farming"),
    ("03", r"fish"),
    ("25", r"tools|fabricated metal|defense contractors"),
    ("58", r"\bmedia\b|medien"),
    ("96", r"consumer services|funeral"),
    ("J", r"information technology|technology|communication"),
    ("M", r"professional|consult"),
    ("N", r"business services|commercial services|support services|services"),
    ("C", r"manufactur|industrials?|consumer (staples|goods|cyclical|defensive)|materials"),
)  # fmt: skip
_NAME_PATTERNS = tuple((code, re.compile(pattern)) for code, pattern in _NAMES)

_SECTION_AND_CODE = re.compile(r"^([A-U])\s*-?\s*(\d{2}(?:\.?\d{1,2})?[A-Z]?)?$")
_LEADING_CODE = re.compile(r"^(\d{2}(?:\.\d{1,2}){0,2}[A-Z]?|\d{1,6})(?:[A-Z])?(?=$|[\s:,–-])")


def expand(codes: Iterable[str]) -> tuple[str, ...]:
    """Return all codes that the given ones cover: a section covers itself and its divisions.

    :param codes: sections and divisions; unknown ones are left out
    """
    covered: set[str] = set()
    for code in codes:
        covered.update((code, *SECTIONS.get(code, ())) if code in CODES else ())
    return tuple(sorted(covered))


def section_of(code: str) -> str:
    """Return the section of a section or division, or ""."""
    return code if code in SECTIONS else DIVISIONS.get(code, "")


def from_uk_sic(code: str) -> str:
    """Return the division of a UK SIC 2007 code ("62012", also "1110" for "01110"), or "".

    74990 (non-trading), 98000 (residents) and 99999 (dormant) are no industry: they give "".
    """
    digits = _digits(code).zfill(5)
    if digits in {"74990", "98000", "99999"}:
        return ""
    return digits[:2] if digits[:2] in DIVISIONS else ""


def from_us_sic(code: str) -> str:
    """Return the division of a US SIC 1987 code of two to four digits, or ""."""
    return _longest_prefix(US_SIC, _digits(code))


def from_naics(code: str) -> str:
    """Return the division of a NAICS 2022 (or 2017) code of two to six digits, or ""."""
    return _longest_prefix(NAICS, _digits(code))


def from_nace(code: str) -> str:
    """Return the section or division of a NACE code in any of its spellings.

    "J", "62", "62.01", "6201", "J62.01", "62.01Z" (France's NAF), "62.01.00" (ATECO); "" if it
    is none.
    """
    code = (code or "").strip().upper()
    match = _SECTION_AND_CODE.match(code)
    if match:
        code = match[2] or match[1]
    division = _digits(code)[:2]
    if division:
        return division if division in DIVISIONS else ""
    return code if code in SECTIONS else ""


@lru_cache(maxsize=8192)
def from_name(name: str) -> str:
    """Return the division (or section, where no more can be told) that a sector's name means."""
    text = unicodedata.normalize("NFKC", name or "")[:200].casefold()
    return next((code for code, pattern in _NAME_PATTERNS if pattern.search(text)), "")


@lru_cache(maxsize=8192)
def read(text: str, country_code: str = "") -> str:
    """Return the NACE code that one cell of a foreign file means, or "" if it means none.

    Without knowing the classification: two digits are NACE and six NAICS; three or four are US SIC
    and five NAICS for companies of the United States, NACE or UK SIC 2007 elsewhere; text behind a
    code ("62012 - Business and domestic software development") is ignored; else it is a name.
    """
    text = unicodedata.normalize("NFKC", text or "").strip()
    if _SECTION_AND_CODE.match(text.upper()):
        return from_nace(text)
    match = _LEADING_CODE.match(text.upper())
    if not match:
        return from_name(text)
    code = match[1]
    if country_code == "US" and code.isdigit() and len(code) > 2:
        return from_us_sic(code) if len(code) < 5 else from_naics(code)
    if code.isdigit() and len(code) == 6:
        return from_naics(code)
    return from_uk_sic(code) if code.isdigit() and len(code) == 5 else from_nace(code)


def _longest_prefix(table: dict[str, str], code: str) -> str:
    return next((table[code[:n]] for n in range(len(code), 1, -1) if code[:n] in table), "")


def _digits(code: str) -> str:
    return re.sub(r"[^0-9]", "", code or "")
