"""Companies that somebody has merged, as those are named that datasets tell of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from odoo.tools import SQL

#: By what relations name a company: its identity, and its LEI.
Handle = tuple[str, str | None]


class Merged:
    """Which companies are one.

    :param stays: who was merged -> the company that stays, which is merged into no other one
    """

    def __init__(self, stays: Mapping[Handle, Handle]):
        self._members: dict[Handle, list[Handle]] = defaultdict(list)
        for one, kept in stays.items():
            self._members[kept].append(one)
        self._stays = {key: kept for one, kept in stays.items() for key in _keys(*one)}

    def __bool__(self) -> bool:
        return bool(self._stays)

    def kept(self, identity: str, lei: str | None) -> Handle:
        """Return which company stays for one, itself if it is merged into none."""
        found = (self._stays[key] for key in _keys(identity, lei) if key in self._stays)
        return next(found, (identity, lei))

    def names(self, identity: str, lei: str | None) -> list[Handle]:
        """Return all names of a company: its own, and those of who is one with it."""
        kept = self.kept(identity, lei)
        return list(dict.fromkeys([(identity, lei), kept, *self._members.get(kept, ())]))

    def asked(self, companies: Sequence[Handle]) -> SQL:
        """Return a table of companies by each of their names: identity, lei, place from 1 on."""
        names = [
            (*name, place)
            for place, (identity, lei) in enumerate(companies, 1)
            for name in self.names(identity, lei or None)
        ]
        return SQL(
            "unnest(%s::text[], %s::text[], %s::int[]) AS asked(identity, lei, place)",
            *_columns(names, 3),
        )

    def others(self, of: str) -> SQL:
        """Return (identity, lei) of who is one with the company of a table's row.

        :param of: the table, with the columns `identity` and `lei`
        """
        pairs = [
            (*one, *other)
            for kept in self._members
            for names in [self.names(*kept)]
            for one in names
            for other in names
            if one != other
        ]
        identities, leis, others, other_leis = _columns(pairs, 4)
        # The gate is shut for most rows of the table, which are spared the list then.
        return SQL(
            """
            SELECT same.identity, same.lei
              FROM (SELECT WHERE %(identity)s = ANY(%(identities)s::text[])
                              OR %(lei)s = ANY(%(leis)s::text[]) OFFSET 0) AS gate
        CROSS JOIN unnest(%(identities)s::text[], %(leis)s::text[], %(others)s::text[],
                          %(other_leis)s::text[]) AS same(of_identity, of_lei, identity, lei)
             WHERE same.of_identity = %(identity)s OR same.of_lei = %(lei)s
            """,
            identity=SQL.identifier(of, "identity"),
            lei=SQL.identifier(of, "lei"),
            identities=identities,
            leis=leis,
            others=others,
            other_leis=other_leis,
        )


def _keys(identity: str, lei: str | None) -> list[str]:
    return [identity, f"lei:{lei}"] if lei else [identity]


def _columns(rows: Sequence[tuple], number: int) -> list[list]:
    return [[row[place] for row in rows] for place in range(number)]
