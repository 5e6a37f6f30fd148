"""Italy's public bodies, schools and public utilities: IndicePA, by AgID.

Source: https://indicepa.gov.it/ipa-dati, data set "enti". Italy's companies have no open register.
The town is told as a number of ISTAT only, and is left out.
"""

from ..recipe import Coded, Column, FirstOf, Matched, Recipe, SourceFile, When, _lt

RECIPE = Recipe(
    code="it_indicepa",
    country_codes=("IT",),
    title="IndicePA",
    publisher="Agenzia per l'Italia Digitale (AgID)",
    page="https://indicepa.gov.it/ipa-dati",
    companies=23_000,
    download_bytes=15_000_000,
    database_bytes=30_000_000,
    rhythm="daily",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution="Source: AgID, IndicePA, CC BY 4.0",
    terms=_lt(
        "Public bodies only. Their certified addresses (PEC) are for formal letters, not for"
        " marketing, and are not loaded."
    ),
    registry="IT-CF",
    files=(
        SourceFile(
            key="enti",
            url="https://indicepa.gov.it/ipa-dati/datastore/dump/"
            "d09adf99-dc10-4349-8c53-27b1e5aa97b6?bom=True",
            hosts=("indicepa.gov.it", "www.indicepa.gov.it"),
        ),
    ),
    columns={
        "name": "Denominazione_ente",
        "registry_id": "Codice_fiscale_ente",
        "status": Coded("Ente_in_liquidazione", {"S": "insolvent"}),
        "legal_form": "Tipologia",
        "website": "Sito_istituzionale",
        "street": "Indirizzo",
        "zip": "CAP",
        # A town's number begins with ISTAT's of its province.
        "state": Coded(
            Matched("Codice_comune_ISTAT", r"(\d{3})"),
            {
                "001": "TO", "002": "VC", "003": "NO", "004": "CN", "005": "AT", "006": "AL",
                "007": "AO", "008": "IM", "009": "SV", "010": "GE", "011": "SP", "012": "VA",
                "013": "CO", "014": "SO", "015": "MI", "016": "BG", "017": "BS", "018": "PV",
                "019": "CR", "020": "MN", "021": "BZ", "022": "TN", "023": "VR", "024": "VI",
                "025": "BL", "026": "TV", "027": "VE", "028": "PD", "029": "RO", "030": "UD",
                "031": "GO", "032": "TS", "033": "PC", "034": "PR", "035": "RE", "036": "MO",
                "037": "BO", "038": "FE", "039": "RA", "040": "FC", "041": "PU", "042": "AN",
                "043": "MC", "044": "AP", "045": "MS", "046": "LU", "047": "PT", "048": "FI",
                "049": "LI", "050": "PI", "051": "AR", "052": "SI", "053": "GR", "054": "PG",
                "055": "TR", "056": "VT", "057": "RI", "058": "RM", "059": "LT", "060": "FR",
                "061": "CE", "062": "BN", "063": "NA", "064": "AV", "065": "SA", "066": "AQ",
                "067": "TE", "068": "PE", "069": "CH", "070": "CB", "071": "FG", "072": "BA",
                "073": "TA", "074": "BR", "075": "LE", "076": "PZ", "077": "MT", "078": "CS",
                "079": "CZ", "080": "RC", "081": "TP", "082": "PA", "083": "ME", "084": "AG",
                "085": "CL", "086": "EN", "087": "CT", "088": "RG", "089": "SR", "090": "SS",
                "091": "NU", "092": "CA", "093": "PN", "094": "IS", "095": "OR", "096": "BI",
                "097": "LC", "098": "LO", "099": "RN", "100": "PO", "101": "KR", "102": "VV",
                "103": "VB", "108": "MB", "109": "FM", "110": "BT", "111": "SU",
            },
        ),
        "email": FirstOf(
            When("Tipo_Mail1", ("Altro", "altro"), "Mail1"),
            When(
                Column("Tipo_Mail2", optional=True),
                ("Altro", "altro"),
                Column("Mail2", optional=True),
            ),
            When(
                Column("Tipo_Mail3", optional=True),
                ("Altro", "altro"),
                Column("Mail3", optional=True),
            ),
        ),
        "industry": "Codice_ateco",
    },
    vanished="ceased",
    never_loaded=("Nome_responsabile", "Cognome_responsabile", "Titolo_responsabile"),
)  # fmt: skip
