"""Estonia's e-Business Register, by the Centre of Registers and Information Systems (RIK).

Source: https://avaandmed.ariregister.rik.ee/en/downloading-open-data, the header of "lihtandmed" as
published, and public readers of "yldandmed". Who was deleted is not in it.
"""

from ..recipe import (
    Coded,
    Filter,
    FirstOf,
    Join,
    Matched,
    Recipe,
    SourceFile,
    Status,
    _lt,
)

RECIPE = Recipe(
    code="ee_rik",
    country_codes=("EE",),
    title="e-äriregister",
    publisher="Registrite ja Infosüsteemide Keskus (RIK)",
    page="https://avaandmed.ariregister.rik.ee/en/downloading-open-data",
    companies=330_000,
    download_bytes=250_000_000,
    database_bytes=350_000_000,
    rhythm="daily",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution="Source: e-Business Register of Estonia, RIK, CC BY 4.0",
    terms=_lt(
        "The register's e-mail addresses and mobile numbers are often the owner's private ones, and"
        " are not loaded."
    ),
    registry="EE-RIK",
    files=(
        SourceFile(
            key="lihtandmed",
            url="https://avaandmed.ariregister.rik.ee/sites/default/files/avaandmed/"
            "ettevotja_rekvisiidid__lihtandmed.csv.zip",
            hosts=("avaandmed.ariregister.rik.ee",),
            delimiter=";",
        ),
        SourceFile(
            key="yldandmed",
            url="https://avaandmed.ariregister.rik.ee/sites/default/files/avaandmed/"
            "ettevotja_rekvisiidid__yldandmed.json.zip",
            hosts=("avaandmed.ariregister.rik.ee",),
            container="json",
        ),
    ),
    joins=(Join(key="yldandmed", of="ariregistri_kood", on="ariregistri_kood"),),
    filters=(
        Filter(
            reason="sole_trader",
            part="ettevotja_oiguslik_vorm",
            among=("Füüsilisest isikust ettevõtja", "FIE"),
        ),
        Filter(
            reason="no_company",
            part="ettevotja_oiguslik_vorm",
            among=("Korteriühistu", "Mittetulundusühing"),  # owners of flats; associations
        ),
    ),
    columns={
        "name": "nimi",
        "registry_id": "ariregistri_kood",
        "status": Status("ettevotja_staatus"),
        "vat": "kmkr_nr",
        "legal_form": "ettevotja_oiguslik_vorm",
        "street": FirstOf("asukoht_ettevotja_aadressis", "ettevotja_aadress"),
        # "Haabersti linnaosa, Tallinn, Harju maakond": a part of the town may stand before it.
        "city": Matched("asukoha_ehak_tekstina", r"(?:.*, )?([^,]+), [^,]+$"),
        "state": Coded(
            Matched("asukoha_ehak_tekstina", r"(?:.*, )?([^,]+) maakond$"),
            {
                "Harju": "Harjumaa",
                "Hiiu": "Hiiumaa",
                "Ida-Viru": "Ida-Virumaa",
                "Jõgeva": "Jõgevamaa",
                "Järva": "Järvamaa",
                "Lääne": "Läänemaa",
                "Lääne-Viru": "Lääne-Virumaa",
                "Põlva": "Põlvamaa",
                "Pärnu": "Pärnumaa",
                "Rapla": "Raplamaa",
                "Saare": "Saaremaa",
                "Tartu": "Tartumaa",
                "Valga": "Valgamaa",
                "Viljandi": "Viljandimaa",
                "Võru": "Võrumaa",
            },
        ),
        "zip": "indeks_ettevotja_aadressis",
        "founded": "ettevotja_esmakande_kpv",
        "website": "yldandmed:yldandmed.sidevahendid[liik=WWW][lopp_kpv=].sisu",
        "phone": "yldandmed:yldandmed.sidevahendid[liik=TEL][lopp_kpv=].sisu",
        "industry": (
            "yldandmed:yldandmed.teatatud_tegevusalad[on_pohitegevusala=true][lopp_kpv=].emtak_kood"
        ),
        # 2 is EMTAK 2008, 3 is EMTAK 2025.
        "industry_version": Coded(
            "yldandmed:yldandmed.teatatud_tegevusalad[on_pohitegevusala=true][lopp_kpv=]"
            ".emtak_versioon",
            {"2": "2008", "3": "2025"},
        ),
    },
    vanished="ceased",
)
