"""Export our addons' texts and carry their translations over, inside an Odoo shell."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polib

from odoo.tools.translate import trans_export

#: Headers that would change each file each time.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def update(env: Any, addons: Path, modules: Iterable[str], language: str) -> Iterator[str]:
    """Write each module's template, and its texts in `language` with what is translated so far.

    Texts the module no longer has are dropped.

    :param language: the name of the translation file, for instance ``it``.
    :return: a sentence for each module with texts that lack a translation.
    """
    for module in modules:
        exported = io.BytesIO()
        if not trans_export(None, [module], exported, "po", env):
            continue
        folder = addons / module / "i18n"
        folder.mkdir(exist_ok=True)
        file = folder / f"{language}.po"
        known = {entry.msgid: entry.msgstr for entry in polib.pofile(file)} if file.exists() else {}
        translation = polib.pofile(exported.getvalue().decode())
        for name in DATES:
            translation.metadata.pop(name, None)
        translation.save(folder / f"{module}.pot")
        translation.metadata["Language"] = language
        for entry in translation:
            entry.msgstr = known.get(entry.msgid, "")
        translation.save(file)
        if missing := len(translation.untranslated_entries()):
            yield f"{module} lacks {missing} of {len(translation)} texts in {language}.po."
