"""Who never becomes a lead, whatever another dataset tells of the company."""

from collections.abc import Collection

from odoo.tools import SQL

#: What keys begin with of which a company has one only: the same beginning and another end is
#: another company. "reg:FR-SIRENE:", "lei:", "vat:FR".
_OF_ONE = SQL("'^(reg:.*:|lei:|vat:..)'")
_DOMAIN = "domain:"


def told_of(keys: SQL, datasets: Collection[int]) -> SQL:
    """Return the rows of `lead_directory_ended AS ended` about a company, from FROM on.

    A key that companies may share counts only where no number tells that it is another company; a
    domain not where the dataset knows a company of it that does business.

    :param keys: an array of all that the company is known by
    :param datasets: whose word counts
    """
    return SQL(
        """
          FROM lead_directory_ended AS ended
         WHERE ended.key = ANY(%(keys)s) AND ended.dataset_id = ANY(%(datasets)s)
           AND NOT EXISTS (
               SELECT FROM unnest(%(keys)s) AS own(key)
                WHERE substring(own.key FROM %(of_one)s)
                      = substring(ended.of_identity FROM %(of_one)s)
                  AND own.key <> ended.of_identity)
           AND NOT (starts_with(ended.key, %(domain)s) AND EXISTS (
               SELECT FROM lead_directory_company AS alive
                WHERE alive.domain = substr(ended.key, %(host)s)
                  AND alive.dataset_id = ended.dataset_id AND alive.status IS NULL))
        """,
        keys=keys,
        datasets=list(datasets),
        of_one=_OF_ONE,
        domain=_DOMAIN,
        host=len(_DOMAIN) + 1,
    )


def is_told_of(keys: SQL, datasets: Collection[int]) -> SQL:
    """Return the condition that a company with these keys has ended."""
    # OFFSET keeps it a look-up for each row, see `Statements._deliverable`.
    return SQL("EXISTS (SELECT %s OFFSET 0)", told_of(keys, datasets))


def look_up(companies: Collection[Collection[str]], datasets: Collection[int]) -> SQL:
    """Return the statement that tells (place, status, identity, dataset) of those that have ended.

    :param companies: all keys of each, none of which holds a line break
    """
    return SQL(
        """
        SELECT asked.place, told.status, told.identity, told.dataset_id
          FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS asked(keys, place)
    CROSS JOIN LATERAL (
               SELECT ended.status, coalesce(ended.of_identity, ended.key) AS identity,
                      ended.dataset_id
               %(told)s
             ORDER BY ended.status = 'protected' DESC, ended.dataset_id
                LIMIT 1
               ) AS told
        """,
        keys=["\n".join(keys) for keys in companies],
        told=told_of(SQL(r"string_to_array(asked.keys, E'\n')"), datasets),
    )
