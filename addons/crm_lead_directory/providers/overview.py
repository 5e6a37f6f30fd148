"""What is told of matches beside their number: what is known of them, who works there."""

from collections.abc import Collection

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.types import CompanyQuery

from .conditions import REACHED, all_of
from .counts import ANY_STATE

#: Of the first so many: a share of them is as good as one of all.
LOOKED_AT = 2_000


def known(matching: SQL, matches_with: SQL) -> SQL:
    """Return how many of the first matches there are, and of how many what is known.

    :param matching: the condition on `company`
    :param matches_with: the condition on `contact` of those who are wanted
    """
    return SQL(
        """
        SELECT count(*), %(numbers)s,
               count(*) FILTER (WHERE EXISTS (
                   SELECT FROM lead_directory_contact AS contact
                    WHERE contact.directory_company_id = company.id AND %(wanted)s))
          FROM (SELECT * FROM lead_directory_company AS company WHERE %(matching)s
                 LIMIT %(limit)s) AS company
        """,
        numbers=SQL(", ").join(
            SQL("count(*) FILTER (WHERE %s)", condition) for condition in REACHED.values()
        ),
        wanted=matches_with,
        matching=matching,
        limit=LOOKED_AT,
    )


def roles(matching: SQL) -> SQL:
    """Return the roles of the contacts of the first matches, and how many have each."""
    return SQL(
        """
        SELECT contact.role, count(*)
          FROM (SELECT company.id FROM lead_directory_company AS company WHERE %s
                 LIMIT %s) AS company
          JOIN lead_directory_contact AS contact ON contact.directory_company_id = company.id
         WHERE contact.role IS NOT NULL
      GROUP BY contact.role
      ORDER BY count(*) DESC, contact.role
        """,
        matching,
        LOOKED_AT,
    )


def industries(query: CompanyQuery, dataset_ids: Collection[int]) -> SQL:
    """Return the divisions of a query's countries, and how many companies do business in each."""
    terms = [
        SQL("dataset_id = ANY(%s)", list(dataset_ids)),
        # By the index, which begins with the industry.
        SQL("state_code = %s AND industry = ANY(%s)", ANY_STATE, list(nace.DIVISIONS)),
    ]
    if query.countries:
        terms.append(SQL("country_code = ANY(%s)", list(query.countries)))
    return SQL(
        """
        SELECT industry, sum(number)::int8 FROM lead_directory_count WHERE %s
      GROUP BY industry HAVING sum(number) > 0
      ORDER BY sum(number) DESC, industry LIMIT 20
        """,
        all_of(terms),
    )
