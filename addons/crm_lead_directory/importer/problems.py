"""What can be wrong with one row, or with one of its values."""

from dataclasses import dataclass

from odoo.addons.crm_lead_mining.files.errors import ROW_ERRORS

#: Causes that drop a row, and those that only leave a value empty.
DROPPED = (
    *ROW_ERRORS, "no_name", "no_country", "unknown_country", "no_identity", "never", "shared_host",
    "other_name",
)  # fmt: skip
IGNORED = (
    "alike", "bad_registry_id", "bad_lei", "bad_vat", "rounded", "shared_website", "bad_employees",
    "bad_year", "bad_email", "personal_email", "unknown_industry", "unknown_status",
)  # fmt: skip
#: Values without which a row may have lost what identified it.
IDENTIFYING = frozenset({"bad_registry_id", "bad_lei", "bad_vat", "rounded"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark for the file of problems that users download."""

    line: int
    code: str
    value: str

    @property
    def dropped(self) -> bool:
        return self.code in DROPPED
