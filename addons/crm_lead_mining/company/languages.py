"""In which language a company is written to."""

import re
from collections.abc import Sequence

from babel.languages import get_official_languages

from .types import Company


def language_of(company: Company, installed: Sequence[str]) -> str:
    """Return the code of the installed language that a company most likely reads, or "".

    That of its website, else the official one of its country. Where several official ones are
    installed, as in Belgium, none is guessed.

    :param installed: codes as Odoo has them: "it_IT", "sr@latin"
    """
    country = company.country_code
    official = get_official_languages(country, de_facto=True) if country else ()
    for told in company.languages:
        if code := _installed_as(told, country, installed):
            return code
    found = {code for one in official if (code := _installed_as(one, country, installed))}
    return found.pop() if len(found) == 1 else ""


def _installed_as(language: str, country: str, installed: Sequence[str]) -> str:
    """Return the language as it is spoken in the country, or anywhere."""
    if f"{language}_{country}" in installed:
        return f"{language}_{country}"
    # Babel adds the script where there are several: "sr_Cyrl".
    plain = language.partition("_")[0]
    return next((code for code in installed if re.split("[_@]", code)[0] == plain), "")
