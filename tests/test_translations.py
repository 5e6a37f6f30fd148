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
