"""What an edition changes of a company that who follows it wants to know.

Expressions on `changed`, which has a company's new values in the columns of their names, and the
old ones of `TOLD` behind "old_".
"""

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.bands import LINKEDIN

#: Columns whose old values tell a change.
TOLD = (
    "street", "zip", "city", "country_code", "industry", "employees_min", "employees_max"
)  # fmt: skip
#: Where bands of sizes begin.
_BANDS = [least for least, _most in LINKEDIN.values()]


def _plain(column: str) -> SQL:
    """Return a text without what is spelled in several ways."""
    return SQL(r"nullif(regexp_replace(lower(%s), '\W', '', 'g'), '')", SQL.identifier(column))


def _band(column: str) -> SQL:
    return SQL("width_bucket(%s, %s::int4[])", SQL.identifier(column), _BANDS)


def _address(prefix: str) -> SQL:
    place = SQL("concat_ws(' ', %s, %s)", *(SQL.identifier(prefix + c) for c in ("zip", "city")))
    return SQL("concat_ws(', ', %s, nullif(%s, ''))", SQL.identifier(prefix + "street"), place)


def _size(prefix: str) -> SQL:
    return SQL(
        "nullif(concat_ws('-', %s, nullif(%s, %s)), '')",
        SQL.identifier(prefix + "employees_min"),
        SQL.identifier(prefix + "employees_max"),
        SQL.identifier(prefix + "employees_min"),
    )


#: (kind, old value, new value, whether it is so); what was not known before has not changed.
CHANGES = SQL(
    """
    VALUES ('moved', %(old_address)s, %(address)s, (%(has_moved)s)),
           ('grew', %(old_size)s, %(size)s, %(band)s > %(old_band)s),
           ('industry', old_industry, industry,
            nullif(old_industry, '') <> nullif(industry, ''))
    """,
    old_address=_address("old_"),
    address=_address(""),
    has_moved=SQL(" OR ").join(
        SQL("%s <> %s", _plain(f"old_{one}"), _plain(one))
        for one in ("street", "zip", "city", "country_code")
    ),
    old_size=_size("old_"),
    size=_size(""),
    old_band=_band("old_employees_min"),
    band=_band("employees_min"),
)


def noted(import_id: int) -> SQL:
    """Return the statement that notes the changes of the rows of `changed` for an import."""
    return SQL(
        """
        INSERT INTO lead_directory_change (import_id, directory_company_id, kind, old, new)
        SELECT %s, changed.id, change.kind, change.old, change.new
          FROM changed
    CROSS JOIN LATERAL (%s) AS change(kind, old, new, is_so)
         WHERE change.is_so
        """,
        import_id,
        CHANGES,
    )
