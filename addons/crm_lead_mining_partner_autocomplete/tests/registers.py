"""The files of every open register, with companies that a test chooses."""

import csv
import io
import json
import random
import zipfile
from dataclasses import dataclass

from odoo.addons.crm_lead_directory.registers.expressions import columns_of_file
from odoo.addons.crm_lead_directory.registers.recipe import Recipe, SourceFile
from odoo.addons.crm_lead_directory.registers.recipes import RECIPES
from odoo.addons.crm_lead_mining.company.identity import normalise_lei, normalise_registry_id
from odoo.addons.crm_lead_mining.company.types import Company

#: What tells of companies by their numbers. A place that has closed does not end its company.
REGISTERS = {code: recipe for code, recipe in RECIPES.items() if not recipe.is_named}
#: Rows of a company that does business, by file; "#" stands for its number.
ALIVE = {
    "be_kbo": {
        "kbo": {"EnterpriseNumber": "#", "TypeOfEnterprise": "2", "Status": "AC",
                "JuridicalSituation": "000"},
        "name": {"EntityNumber": "#", "TypeOfDenomination": "001", "Denomination": "Firma"},
    },
    "br_cnpj": {
        "establishments": {"cnpj_basico": "#:8", "cnpj_ordem": "#8:12", "cnpj_dv": "#12:",
                           "matriz_filial": "1", "situacao_cadastral": "02"},
        "companies": {"cnpj_basico": "#:8", "razao_social": "EXEMPLO LTDA",
                      "natureza_juridica": "2062"},
        "simples": {"cnpj_basico": "0"},
    },
    "cz_res": {"res": {"ICO": "#", "FORMA": "112", "FIRMA": "Ukázka s.r.o."}},
    "ee_rik": {"lihtandmed": {"ariregistri_kood": "#", "nimi": "Näide OÜ", "ettevotja_staatus": "R",
                              "ettevotja_oiguslik_vorm": "Osaühing"}},
    "fi_prh": {"companies": {"businessId": {"value": "#"}, "tradeRegisterStatus": "1",
                             "names": [{"name": "Esimerkki Oy", "type": "1"}],
                             "companySituations": [], "registrationDate": "2001-01-31",
                             "companyForms": [{"descriptions": [{"languageCode": "1",
                                                                 "description": "Osakeyhtiö"}]}],
                             "website": {"url": ""}, "mainBusinessLine": {"type": "62010"},
                             "addresses": [{"type": 1, "street": "", "buildingNumber": "",
                                            "entrance": "", "apartmentNumber": "", "co": "",
                                            "postCode": "", "postOffices": [{"city": "",
                                            "languageCode": "1"}]}]}},
    "fr_sirene": {
        "units": {"siren": "#", "denominationUniteLegale": "EXEMPLE",
                  "statutDiffusionUniteLegale": "O", "etatAdministratifUniteLegale": "A",
                  "categorieJuridiqueUniteLegale": "5710"},
        "seat": {"siren": "#", "etablissementSiege": "true", "etatAdministratifEtablissement": "A"},
    },
    "gb_companies_house": {"companies": {"CompanyNumber": "#", "CompanyName": "EXAMPLE LTD",
                                         "CompanyStatus": "Active"}},
    "gleif_lei": {"lei2": {"LEI": "#", "Entity.LegalName": "Beispiel GmbH",
                           "Entity.EntityStatus": "ACTIVE",
                           "Entity.HeadquartersAddress.Country": "DE"}},
    "it_indicepa": {"enti": {"Codice_fiscale_ente": "#", "Denominazione_ente": "Ente di esempio",
                             "Ente_in_liquidazione": "N"}},
    "lv_ur": {"register": {"regcode": "#", "name": "Piemērs", "regtype": "K", "type": "SIA"}},
    "no_brreg": {"enheter": {"organisasjonsnummer": "#", "navn": "EKSEMPEL AS",
                             "organisasjonsform.kode": "AS", "konkurs": "false"}},
    "se_scb": {"scb": {"PeOrgNr": "16#", "Foretagsnamn": "Exempel AB", "FtgStat": "1",
                       "JurForm": "49", "Reklamsparrtyp": "1"}},
}  # fmt: skip
#: What of these rows is another one of who has ended, and of a person.
ENDED = {
    "be_kbo": {"ceased": {"Status": "ST"}, "insolvent": {"JuridicalSituation": "050"}},
    "br_cnpj": {"ceased": {"situacao_cadastral": "08"},
                "insolvent": {"situacao_especial": "FALIDO"}},
    "cz_res": {"ceased": {"DDATZAN": "2024-01-31"}},
    "ee_rik": {"ceased": {"ettevotja_staatus": "K"}, "insolvent": {"ettevotja_staatus": "N"}},
    "fi_prh": {"ceased": {"tradeRegisterStatus": "3"},
               "insolvent": {"companySituations": [{"type": "KONK"}]}},
    "fr_sirene": {"ceased": {"etatAdministratifUniteLegale": "C"},
                  "protected": {"statutDiffusionUniteLegale": "P"}},
    "gb_companies_house": {"insolvent": {"CompanyStatus": "Liquidation"}},
    "gleif_lei": {"ceased": {"Entity.EntityStatus": "INACTIVE"}},
    "it_indicepa": {"insolvent": {"Ente_in_liquidazione": "S"}},
    "lv_ur": {"ceased": {"terminated": "2024-01-31"}},
    "no_brreg": {"insolvent": {"konkurs": "true"}},
    "se_scb": {"ceased": {"FtgStat": "9"}, "protected": {"Reklamsparrtyp": "21"}},
}  # fmt: skip
PERSONS = {
    "be_kbo": {"TypeOfEnterprise": "1"},
    "br_cnpj": {"natureza_juridica": "2135"},
    "cz_res": {"FORMA": "101"},
    "ee_rik": {"ettevotja_oiguslik_vorm": "Füüsilisest isikust ettevõtja"},
    "fr_sirene": {"categorieJuridiqueUniteLegale": "1000"},
    "gleif_lei": {"Entity.EntityCategory": "SOLE_PROPRIETOR"},
    "lv_ur": {"type": "IK"},
    "no_brreg": {"organisasjonsform.kode": "ENK"},
    "se_scb": {"JurForm": "10"},
}
#: Registers that have no persons.
WITHOUT_PERSONS = {"fi_prh", "gb_companies_house", "it_indicepa"}

_DIGITS = {"EE-RIK": 8, "FI-PRO": 8, "CZ-ICO": 8, "GB-COH": 8, "SE-BLV": 10, "BE-BCEKBO": 10,
           "LV-RE": 11, "IT-CF": 11, "BR-CNPJ": 14}  # fmt: skip
#: What their numbers begin with.
_FIRST = {"BE-BCEKBO": "0", "SE-BLV": "556", "LV-RE": "4", "EE-RIK": "1", "NO-BRC": "9"}


@dataclass(frozen=True)
class Subject:
    """A company of a register.

    :ivar kind: "alive", a status, or "person"
    """

    code: str
    kind: str
    number: str

    @property
    def company(self) -> Company:
        """What others know of it: its number, and a site that the register does not tell."""
        recipe = RECIPES[self.code]
        registry, number = normalise_registry_id(recipe.registry, self.number)
        site = f"{self.kind}-{self.code.replace('_', '-')}.example"
        return Company(
            f"{self.kind} {self.code}",
            registry=registry,
            registry_id=number,
            lei="" if recipe.registry else self.number,
            domain=site,
            website=f"https://{site}",
            country_code=recipe.country_codes[0] if recipe.country_codes else "DE",
        )


def subjects(seed: int) -> list[Subject]:
    """Return a company of each kind that each register can tell, with numbers by chance."""
    chance = random.Random(seed)
    return [
        Subject(code, kind, _number(recipe, chance))
        for code, recipe in sorted(REGISTERS.items())
        for kind in ("alive", *ENDED[code], *(["person"] if code in PERSONS else []))
    ]


def _number(recipe: Recipe, chance: random.Random) -> str:
    """Return a number whose check digits are right, as the register writes it."""
    while True:
        if not recipe.registry:
            body = "".join(chance.choices("0123456789ABCDEF", k=18))
            digits = "".join(str(int(one, 36)) for one in body + "00")
            if lei := normalise_lei(f"{body}{98 - int(digits) % 97:02d}"):
                return lei
            continue
        first = _FIRST.get(recipe.registry, "")
        length = _DIGITS.get(recipe.registry, 9) - len(first)
        number = first + "".join(chance.choices("0123456789", k=length))
        if normalise_registry_id(recipe.registry, number)[1]:
            return number


def write(folder, code: str, of: list[Subject]) -> None:
    """Write a register's files into a folder as if they had been downloaded."""
    recipe = RECIPES[code]
    packed: dict[str, bytes] = {}
    for file in recipe.files:
        rows = [_row(code, file, one) for one in of if file.key in ALIVE[code]]
        content = _written(recipe, file, rows)
        if file.inside or any(one.inside == file.key for one in recipe.files):
            # Two tables may be made of one member.
            packed[file.member] = max(packed.get(file.member, b""), content, key=len)
        elif file.key in ALIVE[code]:
            (folder / file.key).write_bytes(content)
    if packed:
        with zipfile.ZipFile(folder / recipe.files[0].key, "w") as archive:
            for member, content in packed.items():
                archive.writestr(member, content)


def _row(code: str, file: SourceFile, one: Subject) -> dict:
    row = dict(ALIVE[code][file.key])
    change = ENDED[code].get(one.kind) or (PERSONS.get(code) if one.kind == "person" else None)
    # A change is of the file that has the column, or of the first one.
    columns = {name for column in _columns(RECIPES[code], file) for name in column.names}
    for name, value in (change or {}).items():
        if name in row or name in columns or file.container == "json":
            row[name] = value
    return {name: _filled(value, one.number) for name, value in row.items()}


def _filled(value, number: str):
    if isinstance(value, dict):
        return {name: _filled(one, number) for name, one in value.items()}
    if not isinstance(value, str) or "#" not in value:
        return value
    before, _sign, part = value.partition("#")
    start, _colon, end = part.partition(":")
    return before + (number[int(start or 0) : int(end) if end else None] if part else number)


def _columns(recipe: Recipe, file: SourceFile):
    return columns_of_file(recipe, "" if file is recipe.files[0] else file.key)


def _written(recipe: Recipe, file: SourceFile, rows: list[dict]) -> bytes:
    if file.container == "json":
        return json.dumps(rows).encode()
    names = list(file.header) or [column.names[0] for column in _columns(recipe, file)]
    names += [name for row in rows[:1] for name in row if name not in names]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", delimiter=file.delimiter)
    if not file.header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(file.encoding)
