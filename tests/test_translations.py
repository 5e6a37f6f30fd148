"""The product speaks Italian as well as English: `./run i18n` keeps the files in step."""

import re
from pathlib import Path

import polib
import pytest

ADDONS = Path(__file__).parent.parent / "addons"
TEMPLATES = sorted(ADDONS.glob("*/i18n/*.pot"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z]+|\{\{.*?\}\}")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_every_text_has_an_italian_translation_with_the_same_placeholders(template):
    translation = polib.pofile(template.with_name("it.po"))
    assert {entry.msgid for entry in translation} == {
        entry.msgid for entry in polib.pofile(template)
    }
    assert not [entry.msgid for entry in translation.untranslated_entries()]
    assert not [
        entry.msgid
        for entry in translation
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]


def test_every_addon_with_texts_has_a_template():
    addons = {manifest.parent for manifest in ADDONS.glob("*/__manifest__.py")}
    assert addons == {template.parent.parent for template in TEMPLATES}


#: What stands beside Odoo's own fields has the name that Odoo's Italian gives them.
OF_ODOO = {
    "Country": "Nazione",
    "Countries": "Nazioni",
    "States": "Stati/Province",
    "Street": "Indirizzo",
    "Street2": "Indirizzo 2",
    "Street 2": "Indirizzo 2",
    "Company Name": "Nome azienda",
    "Contact Name": "Nome contatto",
    "Expected Revenue": "Ricavi previsti",
}
#: "Paese" is the word of data protection law alone, and part of a country's name.
OF_LAW = re.compile(r"[Cc]ountr(y|ies) (outside|in which|where)|[Tt]hird [Cc]ountries|Netherlands")


def test_italian_calls_things_as_odoo_does():
    entries = [entry for one in TEMPLATES for entry in polib.pofile(one.with_name("it.po"))]
    assert not [
        (entry.msgid, entry.msgstr)
        for entry in entries
        if entry.msgstr != OF_ODOO.get(entry.msgid, entry.msgstr)
        or (re.search(r"\b[Pp]aes[ei]\b", entry.msgstr) and not OF_LAW.search(entry.msgid))
    ]
