"""A file in the layout of Norway's Enhetsregisteret, with made-up companies."""

import csv
import gzip
import io

from stdnum.no import orgnr

HOST = "data.brreg.no"
PATH = "/enhetsregisteret/api/enheter/lastned/csv"
COLUMNS = (
    "organisasjonsnummer", "navn", "organisasjonsform.kode", "organisasjonsform.beskrivelse",
    "naeringskode1.kode", "naeringskode2.kode", "naeringskode3.kode",
    "harRegistrertAntallAnsatte", "antallAnsatte", "hjemmeside", "epostadresse", "telefon",
    "mobil", "forretningsadresse.adresse", "forretningsadresse.poststed",
    "forretningsadresse.postnummer", "forretningsadresse.kommunenummer",
    "forretningsadresse.landkode", "stiftelsesdato", "registreringsdatoenhetsregisteret",
    "registrertIMvaRegisteret", "konkurs", "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
)  # fmt: skip


def company(number: int, form: str = "AS", **values: str) -> dict[str, str]:
    """Return a row, by column."""
    # The last digit checks the others, one in eleven of which have none.
    candidates = (f"9{number:06d}{n:02d}" for n in range(100))
    told = {
        "organisasjonsnummer": next(filter(orgnr.is_valid, candidates)),
        "navn": f"SYNTHETIC {number} {form}",
        "organisasjonsform.kode": form, "organisasjonsform.beskrivelse": "Aksjeselskap",
        "naeringskode1.kode": "62.100", "harRegistrertAntallAnsatte": "true",
        "antallAnsatte": "12", "hjemmeside": f"www.synthetic{number}.example",
        "forretningsadresse.adresse": "Storgata 1", "forretningsadresse.poststed": "OSLO",
        "forretningsadresse.postnummer": "0155", "forretningsadresse.kommunenummer": "0301",
        "forretningsadresse.landkode": "NO", "stiftelsesdato": "2001-02-03",
        "registrertIMvaRegisteret": "true", "konkurs": "false", "underAvvikling": "false",
        "underTvangsavviklingEllerTvangsopplosning": "false",
    }  # fmt: skip
    return told | values


def packed(rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """Return the file as it is published: all values quoted, the header not."""
    text = io.StringIO()
    text.write(",".join(columns) + "\n")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return gzip.compress(text.getvalue().encode())
