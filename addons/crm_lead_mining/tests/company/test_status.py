from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.status import STATUSES, read_status, worst

#: Status -> words of registers and exports.
WORDS = {
    "": (
        "Active", "ACTIVE", "active", "Live", "Open", "Operating", "operating", "A", "AC", "Normal",
        "Normal ", "NORMAL", "Registered", "currently registered", "Good Standing", "In existence",
        "Attiva", "ATTIVA", "Iscritta", "Attiva nel registro", "Actif", "Active (en activité)",
        "aktiv", "Aktiv", "eingetragen", "bestehend", "Activa", "Vigente", "Ativa", "ATIVA",
        "Actief", "ingeschreven", "AKTIV", "Registrisse kantud", "Aktywny", "AKTYWNA", "Verksam",
        "Registrert", "Zarejestrowana", "aktivní", "TEMPORARILY_CLOSED", "Temporarily closed",
        "Lapsed", "ISSUED", "Exists", "Private", "Was Acquired", "not insolvent", "non fallita",
        "Keine Insolvenz", "no insolvency", "nicht in Liquidation", "sin concurso", "ikke konkurs",
        "Closed Won", "Closed Lost", "Closed - Not Converted", "", " ", "In attività / attiva",
    ),
    "ceased": (
        "Ceased", "Closed", "CLOSED_PERMANENTLY", "permanently_closed", "Dissolved", "DISSOLVED",
        "Administratively Dissolved", "Struck Off", "struck-off", "Strike Off Listed",
        "Active - Proposal to Strike off", "Converted / Closed", "Removed", "removed",
        "Deregistered", "De-registered", "Cancelled", "Canceled", "Inactive", "INACTIVE", "Revoked",
        "Forfeited", "Withdrawn", "RETIRED", "ANNULLED", "DUPLICATE", "MERGED", "Dormant",
        "Out of business", "Not active", "No longer trading", "Suspended",
        "Cessata", "CESSATA", "Cancellata", "Inattiva", "Sospesa", "Sciolta", "Chiusa", "Estinta",
        "non attiva", "In scioglimento", "Cessata per fusione",
        "gelöscht", "Gelöscht", "erloschen", "aufgelöst", "Löschung von Amts wegen", "inaktiv",
        "nicht aktiv", "abgemeldet", "Betrieb eingestellt", "stillgelegt", "geschlossen", "ruhend",
        "Cessée", "Radiée", "radié", "Fermé", "Fermée", "Dissoute", "Cessation d'activité",
        "Entreprise cessée", "non active", "En sommeil", "Radiation d'office",
        "Extinguida", "EXTINGUIDA", "Disuelta", "Baja", "Cierre de hoja registral", "inactiva",
        "BAIXADA", "Baixada", "Encerrada", "SUSPENSA", "INAPTA", "NULA", "extinta",
        "Uitgeschreven", "Ontbonden", "Opgeheven", "Beëindigd", "Niet actief", "inactief",
        "OPHØRT", "SLETTET", "OPLØST EFTER FUSION", "TVANGSOPLØST",
        "UNDER TVANGSOPLØSNING", "Uden retsvirkning", "Slettet", "Oppløst", "Under avvikling",
        "Avregistrerad", "Upplöst", "Nedlagd", "Ej verksam", "Vilande", "Lakannut", "Poistettu",
        "Wykreślona", "WYKREŚLONY", "Zawieszona", "zlikwidowana", "nieaktywny", "Zamknięta",
        "zaniklý", "Vymazaná", "Zrušena", "neaktivní", "Kustutatud", "Išregistruotas", "Megszűnt",
        "Törölt", "Radiată", "dizolvată", "Suspendată", "I",
    ),
    "insolvent": (
        "Insolvent", "Insolvency", "In Administration", "In Administration/Receiver Manager",
        "ADMINISTRATION ORDER", "ADMINISTRATIVE RECEIVER", "RECEIVERSHIP", "Liquidation",
        "RECEIVER MANAGER / ADMINISTRATIVE RECEIVER", "Voluntary Arrangement", "Bankrupt",
        "Live but Receiver Manager on at least one charge", "In liquidation", "Chapter 11",
        "Bankruptcy", "Creditors voluntary liquidation", "winding up",
        "In liquidazione", "IN LIQUIDAZIONE", "Attiva - in liquidazione", "Fallita", "Fallimento",
        "Liquidazione giudiziale", "Liquidazione volontaria", "Concordato preventivo",
        "Amministrazione straordinaria", "Procedura concorsuale", "con procedure concorsuali",
        "Insolvenzverfahren eröffnet", "insolvent", "In Liquidation", "Konkurs", "In Abwicklung",
        "i. L.", "Liquidata", "Vereffend",
        "Liquidation judiciaire", "Redressement judiciaire", "Procédure de sauvegarde",
        "Faillite", "En liquidation", "Procédure collective", "En concurso", "En liquidación",
        "Concurso de acreedores", "Quiebra", "Suspensión de pagos", "Insolvente", "Falência",
        "Massa falida", "Em recuperação judicial", "Em liquidação", "Faillissement", "Failliet",
        "Surseance van betaling", "In vereffening", "UNDER KONKURS", "Under konkurs",
        "UNDER FRIVILLIG LIKVIDATION", "OPLØST EFTER KONKURS", "UNDER REKONSTRUKTION",
        "Konkurs inledd", "Likvidation beslutad", "Företagsrekonstruktion", "Konkurssissa",
        "Selvitystilassa",
        "Yrityssaneeraus", "W upadłości", "w likwidacji", "W restrukturyzacji", "v likvidaci",
        "v konkurzu", "Pankrotis", "Likvideerimisel", "Bankrutuojanti", "Felszámolás alatt",
        "Végelszámolás", "în faliment", "Lichidare", "Maksātnespējas process",
    ),
    "protected": (
        "Reklamebeskyttet", "reklamspärr", "Werbesperre", "Non diffusible", "NON-DIFFUSIBLE",
        "Advertising protected", "Do not contact", "Do Not Call", "Opted out of marketing",
        "No marketing", "Robinson list", "Non-mailing", "Diffusion partielle",
    ),
}  # fmt: skip
#: (header, cell, status)
BENEATH = (
    ("CompanyStatus", "Active", ""), ("CompanyStatus", "Liquidation", "insolvent"),
    ("Entity.EntityStatus", "INACTIVE", "ceased"),
    ("Registration.RegistrationStatus", "LAPSED", ""),
    ("etatAdministratif", "A", ""), ("etatAdministratifUniteLegale", "C", "ceased"),
    ("etatAdministratifEtablissement", "F", "ceased"), ("etatAdministratif", "Cessée", "ceased"),
    ("statutDiffusionUniteLegale", "O", ""), ("statutDiffusionUniteLegale", "P", "protected"),
    ("statutDiffusionEtablissement", "N", "protected"),
    ("konkurs", "true", "insolvent"), ("konkurs", "false", ""), ("konkurs", "N", ""),
    ("konkurs", "J", "insolvent"), ("konkurs", "Ja", "insolvent"), ("konkurs", "Nej", ""),
    ("konkursdato", "2024-05-02", "insolvent"), ("konkursdato", "", ""),
    ("underAvvikling", "true", "ceased"), ("underAvvikling", "false", ""),
    ("underTvangsavviklingEllerTvangsopplosning", "true", "ceased"),
    ("underavvikling", "true", "ceased"), ("underKonkursbehandling", "1", "insolvent"),
    ("Konkurs inledd", "Nej", ""), ("slettedato", "2023-01-31", "ceased"),
    ("STATO ATTIVITA", "Attiva", ""), ("STATO ATTIVITA'", "CESSATA", "ceased"),
    ("Stato attività", "In liquidazione", "insolvent"), ("Data cessazione", "31/12/2022", "ceased"),
    ("Data cessazione", "", ""), ("DissolutionDate", "05/06/2020", "ceased"),
    ("DissolutionDate", "0001-01-01", ""), ("Date of cessation", "9999-12-31", ""),
    ("Dissolution Date", "1900-01-01", ""), ("DDATZAN", "2019-03-01", "ceased"),
    ("closed", "L", "ceased"), ("closed", "R", "ceased"), ("closed", "false", ""),
    ("is_closed", "0", ""), ("is_closed", "1", "ceased"), ("terminated", "2020-01-02", "ceased"),
    ("Insolvenz", "nein", ""), ("Insolvenz", "Ja", "insolvent"), ("Insolvenz", "keine", ""),
    ("Insolvenzverfahren", "eröffnet", "insolvent"), ("isBankrupt", "no", ""),
    ("isBankrupt", "yes", "insolvent"), ("Bankruptcy", "Chapter 7", "insolvent"),
    ("reklamebeskyttet", "true", "protected"), ("reklamebeskyttelse", "False", ""),
    ("Reklamebeskyttet", "Ja", "protected"), ("Reklamsparrtyp", "1", ""),
    ("Reklamsparrtyp", "2", "protected"), ("Reklamsparrtyp", "21", "protected"),
    ("Reklamsparrtyp", "13", ""), ("Reklam, kod", "11", ""), ("Reklam, kod", "23", "protected"),
    ("Företagsstatus, kod", "1", ""), ("Företagsstatus, kod", "9", "ceased"),
    ("Reklamspärr", "J", "protected"), ("Reklamspärr", "N", ""), ("Non-mailing", "Ja", "protected"),
    ("nonMailing", "Nee", ""), ("Do not contact", "TRUE", "protected"), ("Do Not Call", "0", ""),
    ("Opt out", "x", "protected"), ("is_active", "false", "ceased"), ("is_active", "True", ""),
    ("Attiva", "NO", "ceased"), ("Attiva", "SI", ""), ("Aktiv", "Nein", "ceased"),
    ("diffusionCommerciale", "false", "protected"), ("diffusionCommerciale", "true", ""),
    ("Diffusible", "Non", "protected"),
    ("ettevotja_staatus", "R", ""), ("ettevotja_staatus", "K", "ceased"),
    ("ettevotja_staatus", "L", "insolvent"),
    ("ettevotja_staatus_tekstina", "Pankrotis", "insolvent"),
    ("SITUAÇÃO CADASTRAL", "02", ""), ("situacao_cadastral", "8", "ceased"),
    ("situacao_cadastral", "ATIVA", ""), ("situacao_cadastral", "INAPTA", "ceased"),
    ("Status", "AC", ""), ("Status", "Frobnicated", None), ("Status", "4711", None),
    ("JuridicalSituation", "000", ""), ("operating_status", "open", ""),
    ("operating_status", "permanently_closed", "ceased"),
    ("Closed date", "2024-02-29T00:00:00Z", "ceased"),
    ("Stato impresa", "INATTIVA", "ceased"), ("Rechtsstand", "in Insolvenz", "insolvent"),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestStatus(BaseCase):
    def test_registers_words_tell_who_has_ceased_is_insolvent_or_protected(self):
        for status, texts in WORDS.items():
            for text in texts:
                for written in {text, text.upper(), text.lower()}:
                    with self.subTest(written):
                        self.assertEqual(read_status(written, "Status"), status)

    def test_a_column_s_header_says_what_its_answer_is_about(self):
        for header, text, status in BENEATH:
            with self.subTest(header, text=text):
                self.assertEqual(read_status(text, header), status)

    def test_of_several_statuses_the_first_counts(self):
        self.assertEqual(worst(["", "protected", "ceased"]), "ceased")
        self.assertEqual(worst(["", "insolvent", "protected"]), "insolvent")
        self.assertEqual(worst(["", ""]), "")

    @given(st.text(max_size=60), st.text(max_size=30))
    def test_any_cell_is_a_status_or_is_not_understood(self, text, header):
        self.assertIn(read_status(text, header), {None, "", *STATUSES})
