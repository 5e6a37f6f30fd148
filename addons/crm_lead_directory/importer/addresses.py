"""Whose the addresses of a row are: its company's, its contact's or another person's."""

import re
from collections.abc import Callable, Collection, Sequence

from odoo.addons.crm_lead_mining.company.cells import read_email, read_emails, split_list
from odoo.addons.crm_lead_mining.company.masking import mask_email
from odoo.addons.crm_lead_mining.company.names import is_function, is_of_person, looks_personal

#: Called with a row's place, the cause and the value of what is left out.
Add = Callable[[int, str, str], None]

#: Without it no address looks like a person's.
_SEPARATED = re.compile(r"[._-][^@\n]*@")


def tell_persons(columns: dict[str, Sequence[str]], mapping: Collection[str], add: Add) -> None:
    """Make each row's contact whole, and leave its company no address of a person.

    :param columns: the values of each target, changed in place
    :param mapping: the targets that the file has
    """
    if "contact_first_name" in mapping or "contact_last_name" in mapping:
        names = zip(
            columns["contact_name"],
            columns["contact_first_name"],
            columns["contact_last_name"],
            strict=True,
        )
        columns["contact_name"] = [
            name or " ".join(filter(None, (first, last))) for name, first, last in names
        ]
    columns["email"] = emails = _addresses(columns["email"], add)
    names, theirs = columns["contact_name"], list(columns["contact_email"])
    suspects = set()
    if _SEPARATED.search("\n".join(emails)):  # as few files have
        suspects = {cell for cell in set(emails) if any(map(looks_personal, cell.split(", ")))}
    if not suspects and not any(names):
        return
    for place, cell in enumerate(emails):
        if cell and (names[place] or cell in suspects):
            # Where the file has no column for it, a contact's address is what is no function's.
            kept, own, strange = _whose(
                cell.split(", "), names[place], is_only="contact_email" not in mapping
            )
            if own and not theirs[place]:
                theirs[place] = own.pop(0)
            emails[place] = ", ".join(kept)
            for email in (*own, *strange):
                if email != theirs[place]:
                    add(place, "personal_email", mask_email(email))
    columns["contact_email"] = theirs


def _whose(
    emails: Sequence[str], name: str, *, is_only: bool
) -> tuple[list[str], list[str], list[str]]:
    """Return which addresses are the company's, which its contact's and which other persons'.

    :param is_only: whether these are the only addresses of the row
    """
    company, own, strange = [], [], []
    for email in emails:
        if name and (is_of_person(email, name) or (is_only and not is_function(email))):
            own.append(email)
        elif looks_personal(email):
            strange.append(email)
        else:
            company.append(email)
    return company, own, strange


def first_email(text: str) -> str:
    """Return the first address of a cell, or ""."""
    return read_email(text) or next(filter(None, map(read_email, split_list(text))), "")


def _addresses(column: Sequence[str], add: Add) -> list[str]:
    """Return the addresses of each cell, with ", " between them."""
    if (plain := read_emails(column)) is not None:
        return plain
    emails = [read_email(text) if text else "" for text in column]
    for place, text in enumerate(column):
        if text and not emails[place]:
            found = [read_email(part) for part in split_list(text)]
            emails[place] = ", ".join(dict.fromkeys(filter(None, found)))
            if not all(found):
                add(place, "bad_email", text)
    return emails
