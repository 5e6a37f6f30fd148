"""The columns that can be imported, and how those of foreign files are recognised."""

import re
import unicodedata
from collections.abc import Sequence

from odoo.addons.crm_lead_mining.company.fields import COMPANY, CONTACT

from .persons import contact_names, person_mapping

_ATTRIBUTES = tuple(attribute for attribute in (*COMPANY, *CONTACT) if attribute.aliases)
#: Target -> its label.
TARGETS = {attribute.target: attribute.label for attribute in _ATTRIBUTES}
#: Targets that may be filled from several columns.
SEVERAL = frozenset(one.target for one in _ATTRIBUTES if one.kind == "list") | {"status"}
#: Those of them that have the first value that there is, not all of them.
FIRST_OF = SEVERAL & {one.target for one in CONTACT}
_TARGET_OF = {alias: one.target for one in _ATTRIBUTES for alias in one.aliases.split()}


def normalise_header(header: str) -> str:
    """ " RegAddress.PostTown" -> "regaddressposttown": letters and digits without accents."""
    text = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^a-z0-9]", "", text)


def guess_mapping(header: Sequence[str]) -> list[str]:
    """Return for each column the target that its name means, or "".

    The whole header tells whether "Email" is a company's or a person's. A target that takes only
    one column takes the first.
    """
    targets = person_mapping(header, _TARGET_OF)
    if targets is None:
        targets = [_TARGET_OF.get(normalise_header(cell), "") for cell in header]
        names = contact_names(header)
        targets = [target or name for target, name in zip(targets, names, strict=True)]
    taken: set[str] = set()
    mapping = []
    for target in targets:
        if target in taken and target not in SEVERAL:
            target = ""
        taken.add(target)
        mapping.append(target)
    return mapping


#: Register that a file's columns give away: header -> code as in org-id.guide.
_REGISTER_OF = {"siren": "FR-SIRENE", "companynumber": "GB-COH", "numerorea": "IT-RI"}


def guess_registry(header: Sequence[str]) -> str:
    """Return the register whose own file this is, or ""."""
    names = [normalise_header(cell) for cell in header]
    if "companynumber" in names and "regaddressposttown" not in names:
        return ""
    return next((_REGISTER_OF[name] for name in names if name in _REGISTER_OF), "")
