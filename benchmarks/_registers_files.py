"""Files in the layouts of registers, made up: the same ones for the same number of rows.

They are kept in the cache, as making one takes as long as reading it.
"""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import paths

#: To be raised when the files change.
_VERSION = 1
_PIECE = 10_000

_STREETS = ("HIGH STREET", "STATION ROAD", "CHURCH LANE", "VICTORIA ROAD", "PARK AVENUE")
_TOWNS = (
    "LONDON", "LONDON", "MANCHESTER", "BIRMINGHAM", "LEEDS", "GLASGOW", "BRISTOL", "CARDIFF",
    "BELFAST", "EDINBURGH",
)  # fmt: skip
_COUNTIES = ("", "", "GREATER MANCHESTER", "WEST MIDLANDS", "KENT", "SURREY", "ESSEX", "")
#: Of the Standard Industrial Classification 2007; the first ones are the frequent ones.
_SICS = (
    "68209 - Other letting and operating of own or leased real estate",
    "47910 - Retail sale via mail order houses or via Internet",
    "62020 - Information technology consultancy activities",
    "70229 - Management consultancy activities other than financial management",
    "41100 - Development of building projects",
    "82990 - Other business support service activities n.e.c.",
    "96090 - Other service activities n.e.c.",
    "41201 - Construction of commercial buildings",
    "43999 - Other specialised construction activities n.e.c.",
    "62090 - Other information technology service activities",
    "56101 - Licensed restaurants",
    "49410 - Freight transport by road",
    "86900 - Other human health activities",
    "74909 - Other professional, scientific and technical activities n.e.c.",
    "46900 - Non-specialised wholesale trade",
    "85590 - Other education n.e.c.",
    "71122 - Engineering related scientific and technical consulting activities",
    "59111 - Motion picture production activities",
    "25620 - Machining",
    "10710 - Manufacture of bread; manufacture of fresh pastry goods and cakes",
)
_CATEGORIES = ("Private Limited Company",) * 19 + ("Limited Partnership",)
#: One in so many is told to be insolvent.
_INSOLVENT = 33
#: Of one thousand companies, how many are new, gone or changed in the second edition.
NEW, GONE, CHANGED = 3, 3, 20

_GB_HEADER = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1,"
    " RegAddress.AddressLine2,RegAddress.PostTown,RegAddress.County,RegAddress.Country,"
    "RegAddress.PostCode,CompanyCategory,CompanyStatus,CountryOfOrigin,DissolutionDate,"
    "IncorporationDate,Accounts.AccountRefDay,Accounts.AccountRefMonth,Accounts.NextDueDate,"
    "Accounts.LastMadeUpDate,Accounts.AccountCategory,Returns.NextDueDate,Returns.LastMadeUpDate,"
    "Mortgages.NumMortCharges,Mortgages.NumMortOutstanding,Mortgages.NumMortPartSatisfied,"
    "Mortgages.NumMortSatisfied,SICCode.SicText_1,SICCode.SicText_2,SICCode.SicText_3,"
    "SICCode.SicText_4,LimitedPartnerships.NumGenPartners,LimitedPartnerships.NumLimPartners,URI,"
    + ",".join(f"PreviousName_{n}.CONDATE, PreviousName_{n}.CompanyName" for n in range(1, 11))
    + ",ConfStmtNextDueDate, ConfStmtLastMadeUpDate\n"
)
_FR_UNITS = (
    "siren,statutDiffusionUniteLegale,unitePurgeeUniteLegale,dateCreationUniteLegale,"
    "sigleUniteLegale,sexeUniteLegale,prenom1UniteLegale,prenom2UniteLegale,prenom3UniteLegale,"
    "prenom4UniteLegale,prenomUsuelUniteLegale,pseudonymeUniteLegale,"
    "identifiantAssociationUniteLegale,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,"
    "dateDernierTraitementUniteLegale,nombrePeriodesUniteLegale,categorieEntreprise,"
    "anneeCategorieEntreprise,dateDebut,etatAdministratifUniteLegale,nomUniteLegale,"
    "nomUsageUniteLegale,denominationUniteLegale,denominationUsuelle1UniteLegale,"
    "denominationUsuelle2UniteLegale,denominationUsuelle3UniteLegale,"
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,"
    "nomenclatureActivitePrincipaleUniteLegale,nicSiegeUniteLegale,"
    "economieSocialeSolidaireUniteLegale,societeMissionUniteLegale,caractereEmployeurUniteLegale,"
    "activitePrincipaleNAF25UniteLegale\n"
)
_FR_SEATS = (
    "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,etablissementSiege,"
    "complementAdresseEtablissement,numeroVoieEtablissement,indiceRepetitionEtablissement,"
    "typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,"
    "libelleCommuneEtablissement,libelleCommuneEtrangerEtablissement,codeCommuneEtablissement,"
    "codePaysEtrangerEtablissement,libellePaysEtrangerEtablissement,"
    "etatAdministratifEtablissement,enseigne1Etablissement,activitePrincipaleEtablissement,"
    "dateDernierTraitementEtablissement,trancheEffectifsEtablissement\n"
)
#: The first digit of a form: most are sole traders, whom the recipe leaves out.
_FORMS = ("1000", "1000", "1000", "5710", "5499", "9220", "6540", "1000", "5710", "9210")
_NAF = ("62.01Z", "68.20B", "47.11F", "41.20A", "56.10A", "70.22Z", "43.32A", "49.41A", "96.02A")
_BANDS = ("NN", "NN", "00", "01", "02", "03", "11", "12", "21", "31")
#: Establishments for each thirty units.
SEATS = 44


def folder() -> Path:
    """Return where files of benchmarks are kept."""
    found = paths.cache() / "bench-registers"
    found.mkdir(exist_ok=True)
    return found


def united_kingdom(rows: int, edition: int = 1) -> Path:
    """Return a zip in the layout of Companies House, 2.7 GB when unpacked for 5.7 million rows."""
    name = f"gb-{rows}-{edition}-v{_VERSION}.zip"
    return _kept(folder() / name, "companies.csv", _GB_HEADER, lambda: _gb(rows, edition))


def france(units: int) -> Path:
    """Return a folder with units and 44/30 as many establishments in the layout of INSEE."""
    found = folder() / f"fr-{units}-v{_VERSION}"
    found.mkdir(exist_ok=True)
    _kept(found / "units", "StockUniteLegale_utf8.csv", _FR_UNITS, lambda: map(_unit, range(units)))
    seats = units * SEATS // 30
    lines = lambda: (_seat(number, units) for number in range(seats))  # noqa: E731
    _kept(found / "seat", "StockEtablissement_utf8.csv", _FR_SEATS, lines)
    return found


def _kept(path: Path, member: str, header: str, lines: Callable[[], Iterator[str]]) -> Path:
    if not path.exists():
        part = path.with_name(f"{path.name}.part")
        with (
            zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open(member, "w", force_zip64=True) as file,
        ):
            file.write(header.encode())
            text = io.StringIO()
            for many, line in enumerate(lines(), 1):
                text.write(line)
                if many % _PIECE == 0:
                    file.write(text.getvalue().encode())
                    text = io.StringIO()
            file.write(text.getvalue().encode())
        os.replace(part, path)
    return path


def _mixed(number: int) -> int:
    """Return a number as if by chance."""
    mixed = (number + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return mixed ^ mixed >> 27


def _gb(rows: int, edition: int) -> Iterator[str]:
    for number in range(rows):
        fate = _mixed(number + (1 << 40)) % 1000
        if edition == 1:
            yield _gb_line(number, 0)
        elif fate >= GONE:
            yield _gb_line(number, int(fate < GONE + CHANGED))
    if edition > 1:
        for number in range(rows, rows + rows * NEW // 1000):
            yield _gb_line(number, 0)


def _gb_line(number: int, moves: int) -> str:
    luck = _mixed(number)
    pick = luck >> 8
    # Skewed: the square of an even share.
    main = (pick & 1023) * (pick >> 10 & 1023) * len(_SICS) >> 20
    sics = [_SICS[main], "", "", ""]
    for place in range((0, 0, 0, 0, 0, 0, 1, 1, 2, 3)[luck % 10]):
        sics[place + 1] = _SICS[(main + 1 + (pick >> 20 + 3 * place & 7)) % len(_SICS)]
    status = "Liquidation" if pick % _INSOLVENT == 0 else "Active"
    house = 1 + (pick >> 30) % 300 + moves
    return (
        f'"SYNTHETIC {luck:016X} LIMITED","{number:08d}","","","{house}'
        f' {_STREETS[pick % 5]}","UNIT {house % 40}","{_TOWNS[pick % 10]}",'
        f'"{_COUNTIES[(pick >> 4) % 8]}","ENGLAND","{"ABCDEFGHKL"[pick % 10]}{pick % 90} '
        f'{number % 10}AB","{_CATEGORIES[pick % 20]}","{status}","United Kingdom","",'
        f'"{1 + number % 28:02d}/{1 + number % 12:02d}/{1950 + pick % 75}","31","12",'
        f'"30/09/2026","31/12/2024","TOTAL EXEMPTION FULL","","","0","0","0","0",'
        f'"{sics[0]}","{sics[1]}","{sics[2]}","{sics[3]}","0","0",'
        f'"http://business.data.gov.uk/id/company/{number:08d}"'
        f'{_NO_NAMES}"13/07/2026","29/06/2025"\n'
    )


_NO_NAMES = ',"",""' * 10 + ","


def _siren(number: int) -> str:
    """Return a number with the check digit that INSEE gives it."""
    digits = f"{number + 10_000_000:08d}"
    doubled = (int(digit) * 2 for digit in digits[1::2])
    total = sum(map(int, digits[::2])) + sum(one // 10 + one % 10 for one in doubled)
    return f"{digits}{-total % 10}"


def _unit(number: int) -> str:
    luck = _mixed(number)
    pick = luck >> 8
    form = _FORMS[luck % 10]
    state = "C" if pick % 3 == 0 else "A"
    name = "" if form == "1000" else f"SYNTHETIQUE {luck:016X}"
    person = "DUPONT" if form == "1000" else ""
    return (
        f"{_siren(number)},O,,{1950 + pick % 75}-01-{1 + pick % 28:02d},,,,,,,,,,"
        f"{_BANDS[(pick >> 4) % 10]},2023,2025-03-01T08:00:00,3,PME,2022,2020-01-01,{state},"
        f"{person},,{name},,,,{form},{_NAF[(pick >> 8) % 9]},NAFRev2,00012,N,,,\n"
    )


def _seat(number: int, units: int) -> str:
    """Return an establishment: each unit's seat comes first, then its others."""
    unit = number * 30 // SEATS
    is_seat = number * 30 % SEATS < 30
    luck = _mixed(number + (1 << 41))
    pick = luck >> 8
    siren = _siren(min(unit, units - 1))
    nic = "00012" if is_seat else f"{number % 90000 + 20:05d}"
    department = f"{1 + pick % 95:02d}"
    return (
        f"{siren},{nic},{siren}{nic},O,2001-02-03,{'true' if is_seat else 'false'},,"
        f"{1 + pick % 200},,RUE,DE LA PAIX,{department}{pick % 1000:03d},COMMUNE {pick % 5000},,"
        f"{department}{pick % 900:03d},,,{'A' if is_seat or pick % 2 else 'F'},,"
        f"{_NAF[pick % 9]},2025-03-01T08:00:00,NN\n"
    )
