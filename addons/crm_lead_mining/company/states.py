"""States as people and machines name them, by the codes of Odoo's res.country.state.

Companies and queries have these codes without the country ("BY"), which those of twenty countries
carry in Odoo ("DE-BY").
"""

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import pycountry

from odoo.addons.crm_common.tools.odoo_states import odoo_states

from .countries import plain
from .names import word_set

#: Countries whose states Odoo has once for each language: "ZH", "ZH-IT", "ZH-FR".
_IN_LANGUAGES = frozenset({"CH", "IQ"})
_LANGUAGE = re.compile(r"(?<=^[A-Z]{2})-[A-Z]{2}$")
_CODE = re.compile(r"[A-Z0-9]{1,3}")
#: What a state is called, in any language, and what stands between it and the name.
_KINDS = word_set(
    "provincia province provincie provinz provins prov provincial region regione regio regiao"
    " regional lan lani county counties bundesland land freistaat kanton canton cantone cantao"
    " citta metropolitana metropolitan city metropolis libero consorzio comunale autonoma autonome"
    " autonomous autonomo comunidad comunitat comunidade foral principado state states stato staat"
    " etat estado departamento departement department prefecture praefektur prefeitura ken fu to"
    " do voivodeship voivodship woj wojewodztwo woiwodschaft voivodato voivodie oblast okrug krai"
    " governorate distrikt district distrito maakunta fylke fylki megye judet zupanija kraj gewest"
    " commonwealth gwangyeoksi teukbyeolsi si capitale capital nell lan metropole of di de del"
    " della dell da dos das des der die d la le il el the l du"
)

#: First digits of Italian postal codes that lie in one province.
_ITALIAN_ZIP = dict(
    pair.split(":")
    for pair in word_set(
        "00:RM 01:VT 02:RI 03:FR 04:LT 05:TR 06:PG 071:SS 081:NU 10:TO 11:AO 12:CN 138:BI 139:BI"
        " 131:VC 14:AT 15:AL 16:GE 17:SV 18:IM 19:SP 200:MI 201:MI 208:MB 209:MB 21:VA 22:CO"
        " 230:SO 231:SO 238:LC 239:LC 24:BG 25:BS 260:CR 261:CR 268:LO 269:LO 27:PV 280:NO 281:NO"
        " 288:VB 289:VB 29:PC 30:VE 31:TV 32:BL 3310:UD 3317:PN 3307:PN 3308:PN 3309:PN 341:TS"
        " 35:PD 36:VI 37:VR 38:TN 39:BZ 40:BO 41:MO 42:RE 43:PR 44:FE 45:RO 46:MN 471:FC 479:RN"
        " 48:RA 50:FI 51:PT 52:AR 53:SI 54:MS 55:LU 56:PI 57:LI 58:GR 59:PO 60:AN 61:PU 62:MC"
        " 631:AP 639:FM 638:FM 64:TE 65:PE 66:CH 67:AQ 70:BA 71:FG 72:BR 73:LE 74:TA 75:MT 80:NA"
        " 81:CE 82:BN 83:AV 84:SA 85:PZ 87:CS 88:CZ 881:CZ 888:KR 889:KR 89:RC 891:RC 898:VV"
        " 899:VV 90:PA 91:TP 92:AG 93:CL 94:EN 95:CT 96:SR 97:RG 98:ME"
    )
)
#: Provinces that ISO 3166-2 has no more, or has as a region only.
_ITALIAN_REGIONS = {"AO": "IT-23", "CI": "IT-88", "VS": "IT-88", "OG": "IT-88", "OT": "IT-88"}

#: Common names that neither Odoo nor ISO's translations have: of states, and of Italy's regions.
_ALSO = {
    "DE-BW": "BaWü, Baden Wurttemberg, Bade-Wurtemberg, Baden-Wurtemberg, Badenia-Wirtembergia",
    "DE-BB": "Brandeburgo, Brandebourg, Brandenburgo, Brandenburgia",
    "DE-HB": "Brema, Brême, Brema, Bremen, Freie Hansestadt Bremen",
    "DE-HE": "Hesse, Assia, Hesja",
    "DE-HH": "Amburgo, Hambourg, Hamburgo, Hansestadt Hamburg, Freie und Hansestadt Hamburg",
    "DE-MV": "Meck-Pomm, Mecklenburg-Western Pomerania, Mecklenburg-West Pomerania,"
    " Meclemburgo-Pomerania Anteriore, Mecklembourg-Poméranie-Occidentale,"
    " Mecklemburgo-Pomerania Occidental",
    "DE-NI": "Lower Saxony, Bassa Sassonia, Basse-Saxe, Baja Sajonia, Nedersaksen, Dolna Saksonia",
    "DE-NW": "NRW, North Rhine-Westphalia, Renania Settentrionale-Vestfalia, Renania del"
    " Norte-Westfalia,"
    " Nord-Westfalen, Rhénanie-du-Nord-Westphalie, Noordrijn-Westfalen, Nadrenia"
    " Północna-Westfalia",
    "DE-RP": "Rhineland-Palatinate, Renania-Palatinato, Rhénanie-Palatinat, Renania-Palatinado,"
    " Rijnland-Palts",
    "DE-SH": "Slesvig-Holsten, Schleswig Holstein",
    "DE-SL": "Saar, Sarre, Saarland, Sarrois",
    "DE-SN": "Saxony, Sassonia, Saxe, Sajonia",
    "DE-ST": "Saxony-Anhalt, Sassonia-Anhalt, Saxe-Anhalt, Sajonia-Anhalt",
    "DE-TH": "Thuringia, Turingia, Thuringe, Thueringen",
    "DE-BE": "Berlino, Berlín",
    "DE-BY": "Bavaria, Baviera, Bavière",
    "AT-2": "Carinthia, Carinzia, Carintia, Kaernten",
    "AT-3": "Lower Austria, Bassa Austria, Basse-Autriche, Baja Austria, Niederoesterreich",
    "AT-4": "Upper Austria, Alta Austria, Haute-Autriche, Oberoesterreich",
    "AT-5": "Salisburgo, Salzbourg, Salzburgo",
    "AT-6": "Styria, Stiria, Styrie, Estiria",
    "AT-7": "Tyrol, Tirolo, Tirol",
    "AT-9": "Vienna, Vienne, Viena",
    "ES-B": "Barcellona, Barcelone", "ES-SE": "Seville, Siviglia, Séville",
    "ES-Z": "Saragossa, Saragozza",
    "ES-PM": "Balearic Islands, Baleares, Balearen, Baleari, Mallorca", "ES-NA": "Navarre, Navarra",
    "ES-BI": "Biscay, Vizcaya", "ES-SS": "Guipúzcoa, Gipuzkoa", "ES-GI": "Gerona", "ES-L": "Lérida",
    "ES-OR": "Orense", "ES-C": "Corunna",
    "IT-BZ": "Südtirol, Alto Adige, Bozen, South Tyrol, Bolzano-Bozen, Bolzano - Alto Adige",
    "IT-TN": "Trentino, Trient", "IT-FC": "Forlì, Cesena", "IT-MS": "Massa", "IT-PU": "Pesaro",
    "IT-MB": "Monza, Brianza", "IT-VB": "Verbania", "IT-BT": "BAT",
    "IT-GE": "Genoa, Genua, Gênes, Génova",
    "IT-RM": "Rome, Rom", "IT-MI": "Milan, Mailand, Milán", "IT-TO": "Turin, Turín",
    "IT-NA": "Naples, Neapel, Nápoles", "IT-FI": "Florence, Florenz, Florencia",
    "IT-VE": "Venice, Venedig, Venise, Venecia", "IT-PD": "Padua, Padoue",
    "IT-MN": "Mantua, Mantoue",
    "IT-SR": "Syracuse, Syrakus", "IT-AO": "Valle d'Aosta, Vallée d'Aoste, Aosta Valley, Aostatal",
    "NL-NH": "North Holland, Nordholland", "NL-ZH": "South Holland, Südholland",
    "NL-NB": "North Brabant, Brabant",
    "NL-FR": "Fryslân, Frisia", "NL-ZE": "Zealand",
    "BE-VAN": "Antwerpen, Anvers, Anversa, Amberes", "BE-VOV": "Oost-Vlaanderen, Flandre orientale",
    "BE-VWV": "West-Vlaanderen, Flandre occidentale", "BE-VBR": "Vlaams-Brabant, Brabant flamand",
    "BE-WBR": "Waals-Brabant, Brabant wallon", "BE-WHT": "Henegouwen", "BE-WLG": "Luik, Lüttich",
    "BE-WNA": "Namen", "BE-WLX": "Luxemburg",
    "CH-GE": "Geneva", "CH-LU": "Lucerne", "CH-BS": "Basilea Città, Bâle-Ville, Basel City",
    "CH-VD": "Waadt, Vaud",
    "CH-TI": "Ticino, Tessin", "CH-GR": "Grisons, Grigioni", "CH-VS": "Wallis, Valais, Vallese",
    "PL-MZ": "Masovia, Mazovia, Mazowsze", "PL-MP": "Lesser Poland",
    "PL-WP": "Greater Poland, Wielkopolska",
    "PL-DŚ": "Lower Silesia, Dolny Śląsk", "PL-ŚL": "Silesia, Śląsk", "PL-PM": "Pomerania",
    "PT-11": "Lisbon, Lisbona", "US-DC": "Washington DC, Washington D.C.",
    "FI-18": "Nyland, Helsinki", "SE-O": "Västra Götaland", "SE-M": "Scania",
}  # fmt: skip
_REGIONS_ALSO = {
    "IT-21": "Piedmont, Piemont, Piémont, Piamonte", "IT-25": "Lombardy, Lombardei, Lombardie",
    "IT-34": "Venetien, Vénétie", "IT-42": "Ligurien, Ligurie",
    "IT-52": "Tuscany, Toskana, Toscane",
    "IT-55": "Umbrien, Ombrie", "IT-57": "The Marches, Marken", "IT-62": "Latium",
    "IT-65": "Abruzzen, Abruzzi",
    "IT-72": "Kampanien, Campanie", "IT-75": "Apulia, Apulien, Pouilles",
    "IT-78": "Kalabrien, Calabre",
    "IT-82": "Sicily, Sizilien, Sicile", "IT-88": "Sardinia, Sardinien, Sardaigne",
    "IT-32": "Trentino-Südtirol, Trentino-South Tyrol", "IT-36": "Friuli, Friaul-Julisch Venetien",
    "IT-45": "Emilia Romagna, Romagna",
}  # fmt: skip


def state_key(country: str, code: str) -> str:
    """Return a code without country and language: "DE-BY" -> "BY"; Swiss "ZH-IT" -> "ZH"."""
    code = code.strip().upper().removeprefix(f"{country}-")
    return _LANGUAGE.sub("", code) if country in _IN_LANGUAGES else code


def odoo_code(country: str, key: str) -> str:
    """Return a state's code as Odoo has it: "DE-BY" of "BY"."""
    return f"{country}-{key}" if key in _carrying_country().get(country, ()) else key


def odoo_spellings(country: str, code: str) -> set[str]:
    """Return the codes by which Odoo may know a state."""
    key = state_key(country, code)
    return {code, key, f"{country}-{key}"}


def told_state(country: str, text: str, zip_code: str = "") -> str:
    """Return the state that an answer tells, also if Odoo has none with such a code."""
    key = state_key(country, text)
    return state_code(country, text, zip_code) or (key if _CODE.fullmatch(key) else "")


@lru_cache(1 << 14)
def state_code(country: str, text: str, zip_code: str = "") -> str:
    """Return the code of a state by Odoo's or ISO's code or its name in any language, or "".

    :param country: ISO code
    :param zip_code: which tells the province where the text only names its region
    """
    if not text.strip() or country not in _of_odoo():
        return ""
    for index_of in (_index, _index_in_all_languages):
        index = index_of(country)
        for spelling in _spellings(country, text):
            if found := index.get(spelling):
                return found if isinstance(found, str) else _province(zip_code, found)
    return ""


#: A name -> the code, or those of all the states in a region.
Index = Mapping[str, str | frozenset[str]]


def _province(zip_code: str, provinces: frozenset[str]) -> str:
    digits = re.sub(r"[^0-9]", "", zip_code)
    found = next(filter(None, (_ITALIAN_ZIP.get(digits[:length]) for length in (4, 3, 2))), "")
    return found if len(digits) == 5 and found in provinces else ""


def _spellings(country: str, text: str) -> Iterator[str]:
    """Yield the ways a state may be meant: "Provincia di Milano (MI)" -> "milano", "mi"."""
    yield state_key(country, text).casefold()
    yield plain(text)
    yield from _forms(country, text)
    for part in re.split(r"[()/,;\[\]]|\s[-–]\s", text):
        yield from _forms(country, part)


def _forms(country: str, name: str) -> list[str]:
    """Return a name and what is left of it without what a state is called."""
    words = plain(name)
    bare = " ".join(word for word in words.split() if word not in _KINDS)
    genitive = bare.removesuffix("s") if country == "SE" else ""  # "Stockholms län"
    return list(filter(None, (words, bare, genitive)))


@cache
def _index(country: str) -> Index:
    return _linked(country, lambda name: ())


@cache
def _index_in_all_languages(country: str) -> Index:
    return _linked(country, lambda name: _translations().get(name, ()))


def _linked(country: str, translations: Callable[[str], Iterable[str]]) -> Index:
    """Return Odoo's states of a country by their names, and by what ISO 3166-2 says of them.

    A subdivision is the state that has one of its names, or else its code.
    """
    states = _of_odoo()[country]
    index: dict[str, set[str]] = {}
    for key, names in states.items():
        for name in names:
            for form in _forms(country, name):
                index.setdefault(form, set()).add(key)
    own = dict(index)
    subdivisions = {
        one.code: [one.name, *_REGIONS_ALSO.get(one.code, "").split(", "), *translations(one.name)]
        for one in pycountry.subdivisions.get(country_code=country) or ()
        if one.type != "City corporation"  # the City of London is not London
    }
    forms = {
        code: {
            form
            for name in names
            # In parentheses stands what a state was, or lies in: "Sankt Petersburg (Leningrad)".
            for part in _alternatives(name, r"[/;\[]")
            for form in _forms(country, part)
        }
        for code, names in subdivisions.items()
    }
    linked = {}
    for code, known in forms.items():
        keys = set().union(*(own[form] for form in known if len(own.get(form, ())) == 1))
        same = state_key(country, code)
        if len(keys) == 1 or same in keys:
            linked[code] = same if same in keys else keys.pop()
    named = set(linked.values())
    for code in forms.keys() - linked.keys():
        if (key := state_key(country, code)) in states.keys() - named:
            linked[code] = key
    for code, key in linked.items():
        for form in forms[code]:
            index.setdefault(form, set()).add(key)
    found: dict[str, str | frozenset[str]] = {
        form: next(iter(keys)) for form, keys in index.items() if form and len(keys) == 1
    }
    for code, inside in _regions(country, linked).items():
        region = next(iter(inside)) if len(inside) == 1 else inside
        for form in forms.get(code, ()):
            found.setdefault(form, region)
        found.setdefault(state_key(country, code).casefold(), region)
    codes = {state_key(country, code).casefold(): key for code, key in linked.items()}
    return found | codes | {key.casefold(): key for key in states}


def _regions(country: str, linked: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the states in each larger subdivision."""
    found: dict[str, set[str]] = {}
    for one in pycountry.subdivisions.get(country_code=country) or ():
        if one.parent_code and one.code in linked:
            found.setdefault(one.parent_code, set()).add(linked[one.code])
    if country == "IT":
        for province, region in _ITALIAN_REGIONS.items():
            found.setdefault(region, set()).add(province)
    return {code: frozenset(keys) for code, keys in found.items()}


@cache
def _of_odoo() -> dict[str, dict[str, list[str]]]:
    """Return the names of Odoo's own states: country -> code -> names."""
    found: dict[str, dict[str, list[str]]] = {}
    for country, code, name in odoo_states():
        names = found.setdefault(country, {}).setdefault(state_key(country, code), [])
        names += _alternatives(name)
    for code, also in _ALSO.items():
        found[code[:2]][code[3:]] += also.split(", ")
    return found


@cache
def _carrying_country() -> dict[str, set[str]]:
    """Return the codes, without their country, that have it in Odoo."""
    found: dict[str, set[str]] = {}
    for country, code, _name in odoo_states():
        if code.startswith(f"{country}-"):
            found.setdefault(country, set()).add(state_key(country, code))
    return found


def _alternatives(name: str, signs: str = r"[(/;\[]") -> list[str]:
    """Return the names in "Alacant (Alicante)", "Araba/Álava", "Madrid, Comunidad de"."""
    parts = re.split(signs, name)
    return [name, *(part.strip(" )]") for part in parts), name.partition(",")[0]]


@cache
def _translations() -> dict[str, frozenset[str]]:
    """Return ISO's names of subdivisions in all languages, by the name in their own."""
    names = {one.name for one in pycountry.subdivisions if one.country_code in _of_odoo()}
    found: dict[str, set[str]] = {}
    for path in Path(pycountry.LOCALES_DIR).glob("*/LC_MESSAGES/iso3166-2.mo"):
        with path.open("rb") as file:
            translated = gettext.GNUTranslations(file)
        for name in names:
            if (other := translated.gettext(name)) != name:
                found.setdefault(name, set()).add(other)
    return {name: frozenset(others) for name, others in found.items()}
