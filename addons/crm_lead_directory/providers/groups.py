"""Groups of companies: whose parents are customers, whose group is known, who is at the top."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.types import CompanyQuery

from .conditions import registered
from .merged import Handle, Merged

#: Runs a statement and returns its rows.
Fetch = Callable[[SQL], list[tuple]]
#: Of a step to the same company by another name.
_SAME = "same"


class Edge(NamedTuple):
    """That one company is another one's subsidiary, of those above a company.

    :ivar place: which of the companies that were asked about
    :ivar is_own: whether it is that company's own parent
    :ivar kind: "direct" or "ultimate"
    """

    place: int
    is_own: bool
    child: str
    parent: str
    parent_lei: str | None
    kind: str
    child_lei: str | None = None


def top_of(edges: Iterable[Edge]) -> Edge | None:
    """Return the edge to the ultimate parent of a company, None of one without a parent.

    Who has no parent is at the top; of several who the register says is the ultimate one. Of
    companies that are each other's parents it is the company's own one.
    """
    edges = list(edges)
    children = {edge.child for edge in edges}
    leis = {edge.child_lei for edge in edges if edge.child_lei}
    tops = [one for one in edges if one.parent not in children and one.parent_lei not in leis]
    tops = tops or [edge for edge in edges if edge.is_own]
    order = sorted(tops, key=lambda edge: (edge.kind != "ultimate", not edge.is_own, edge.parent))
    return next(iter(order), None)


class Groups:
    """What is known of groups, for one company of the database.

    :param datasets: ids of those that tell of it, whose companies are looked at, in their order
    :param company_id: whose customers count, beside those of all
    :param is_known_by_group: whether a company is known where another one of its group is
    :param before: what is newer makes no group known
    :param merged: companies that somebody has merged -> those that stay for them, which are in
        the place of both
    """

    def __init__(
        self,
        datasets: Collection[int],
        company_id: int,
        is_known_by_group: bool = False,
        before: datetime | None = None,
        merged: Mapping[Handle, Handle] | None = None,
    ):
        self._datasets = list(datasets)
        self._company_id = company_id
        self._is_known_by_group = is_known_by_group
        self._before = before
        self._found: dict[str, frozenset[str]] = {}
        self.merged = Merged(merged or {})

    def left_out(self, query: CompanyQuery, fetch: Fetch) -> frozenset[str]:
        """Return the identity keys of companies that a query does not want for their group.

        They are asked for once, however many statements follow.
        """
        keys: frozenset[str] = frozenset()
        if query.no_subsidiaries:
            keys |= self._keys("customers", self.subsidiaries_of_customers, fetch)
        return keys | self.known(fetch)

    def known(self, fetch: Fetch) -> frozenset[str]:
        """Return the identity keys of companies that are known because their group is."""
        if not self._is_known_by_group:
            return frozenset()
        return self._keys("known", self.of_known_groups, fetch)

    def _keys(self, name: str, statement: Callable[[], SQL], fetch: Fetch) -> frozenset[str]:
        if name not in self._found:
            self._found[name] = frozenset(
                key
                for identity, lei in (fetch(statement()) if self._datasets else ())
                for key in (identity, lei and f"lei:{lei}")
                if key
            )
        return self._found[name]

    # === STATEMENTS === #

    def _live(self, alias: str) -> SQL:
        return SQL(
            "%s = ANY(%s) AND %s IS NULL",
            SQL.identifier(alias, "dataset_id"),
            self._datasets,
            SQL.identifier(alias, "gone_on"),
        )

    def _below(self, of: str, *, has_same: bool = True) -> SQL:
        """Return the companies right below those of a table, by each of their two names.

        :param has_same: whether those that are one with the table's own come too
        """
        return self._steps(of, "child", "parent", has_same=has_same)

    def _above(self, of: str, *, has_same: bool = True) -> SQL:
        return self._steps(of, "parent", "child", has_same=has_same)

    def _steps(self, of: str, wanted: str, known: str, *, has_same: bool) -> SQL:
        """Return what follows FROM: a table with `identity` and `lei`, and `step` beside it."""
        table, live = SQL.identifier(of), self._live("relation")
        lei = SQL.identifier("relation", f"{known}_lei")
        columns = SQL(
            "relation.child::text AS child, relation.child_lei::text AS child_lei,"
            " relation.kind::text AS kind, %s::text AS identity, %s::text AS lei",
            SQL.identifier("relation", wanted),
            SQL.identifier("relation", f"{wanted}_lei"),
        )
        same = SQL()
        if has_same and self.merged:
            same = SQL(
                "UNION ALL SELECT NULL, NULL, %s, one.identity, one.lei FROM (%s) AS one",
                _SAME,
                self.merged.others(of),
            )
        # Each by its own index.
        return SQL(
            """
            %(table)s CROSS JOIN LATERAL (
                SELECT %(columns)s FROM lead_directory_relation AS relation
                 WHERE %(identity)s = %(table)s.identity AND %(live)s
                 UNION ALL
                SELECT %(columns)s FROM lead_directory_relation AS relation
                 WHERE %(lei)s = %(table)s.lei AND %(live)s
                %(same)s
            ) AS step
            """,
            same=same,
            table=table,
            columns=columns,
            identity=SQL.identifier("relation", known),
            lei=lei,
            live=live,
        )

    def _named_by(self, keys: str) -> SQL:
        """Return (identity, lei) of the companies that a table's keys name.

        A domain is not enough where a VAT number tells that it is another company's: those of one
        group may share a site.

        :param keys: a table with the columns `key` and `vat`
        """
        return SQL(
            """
            SELECT key::text AS identity,
                   CASE WHEN starts_with(key, 'lei:') THEN substr(key, 5) END::text AS lei
              FROM %(keys)s WHERE starts_with(key, 'reg:') OR starts_with(key, 'lei:')
             UNION
            SELECT %(registered)s, NULL FROM %(keys)s
             WHERE vat <> '' AND %(registered)s IS NOT NULL
             UNION
            SELECT company.identity::text, company.lei::text
              FROM %(keys)s
              JOIN lead_directory_company AS company ON company.vat = substr(key, 5)
             WHERE starts_with(key, 'vat:') AND company.dataset_id = ANY(%(datasets)s)
             UNION
            SELECT company.identity::text, company.lei::text
              FROM %(keys)s
              JOIN lead_directory_company AS company ON company.domain = substr(key, 8)
             WHERE starts_with(key, 'domain:') AND company.dataset_id = ANY(%(datasets)s)
               AND (coalesce(%(keys)s.vat, '') IN ('', company.vat) OR company.vat IS NULL)
            """,
            keys=SQL.identifier(keys),
            registered=registered(SQL("%s.vat", SQL.identifier(keys))),
            datasets=self._datasets,
        )

    def subsidiaries_of_customers(self) -> SQL:
        """Return the statement for (identity, lei) of all below companies among the contacts."""
        return SQL(
            """
            WITH RECURSIVE customer AS (
                SELECT key, partner.identity_vat AS vat
                  FROM res_partner AS partner
            CROSS JOIN LATERAL unnest(%(keys)s) AS key
                 WHERE partner.is_company AND partner.active AND key IS NOT NULL
                   AND (partner.company_id IS NULL OR partner.company_id = %(company_id)s)
            ), named AS MATERIALIZED (
                %(named)s
            ), parent AS (
                SELECT named.identity, named.lei FROM named
                %(same)s
            ), below AS (
                SELECT step.identity, step.lei FROM %(first)s
                 UNION
                SELECT step.identity, step.lei FROM %(next)s
            )
            SELECT identity, lei FROM below
            """,
            keys=_KEYS_OF_PARTNER,
            company_id=self._company_id,
            named=self._named_by("customer"),
            same=SQL(
                "UNION SELECT one.identity, one.lei FROM named CROSS JOIN LATERAL (%s) AS one",
                self.merged.others("named"),
            )
            if self.merged
            else SQL(),
            first=self._below("parent", has_same=False),
            next=self._below("below"),
        )

    def of_known_groups(self) -> SQL:
        """Return the statement for (identity, lei) of those in a group with who is known.

        Known is what makes a company known itself: what was mined before, leads and contacts,
        archived ones too, whoever may see them. Those that are known themselves are none of them.
        """
        return SQL(
            """
            WITH RECURSIVE mark AS (
                SELECT mined.key, NULL::varchar AS vat
                  FROM lead_mining_identity AS mined
             LEFT JOIN crm_lead AS lead ON lead.id = mined.lead_id
                 WHERE (lead.id IS NULL OR %(before)s)
                 UNION ALL
                SELECT key, NULL
                  FROM crm_lead AS lead
            CROSS JOIN LATERAL unnest(%(lead_keys)s) AS key
                 WHERE key IS NOT NULL AND %(before)s
                 UNION ALL
                SELECT key, partner.identity_vat
                  FROM res_partner AS partner
            CROSS JOIN LATERAL unnest(%(partner_keys)s) AS key
                 WHERE key IS NOT NULL AND %(partner_before)s
            ), known AS MATERIALIZED (
                %(named)s
            ), above AS (
                SELECT known.identity, known.lei FROM known
                 UNION
                SELECT step.identity, step.lei FROM %(up)s
            ), below AS (
                SELECT above.identity, above.lei FROM above
                 UNION
                SELECT step.identity, step.lei FROM %(down)s
            )
            SELECT below.identity, below.lei
              FROM below
             WHERE NOT EXISTS (SELECT FROM known WHERE known.identity = below.identity)
               AND NOT EXISTS (SELECT FROM known WHERE known.lei = below.lei)
            """,
            before=self._is_before("lead"),
            partner_before=self._is_before("partner"),
            lead_keys=_KEYS_OF_LEAD,
            partner_keys=_KEYS_OF_PARTNER,
            named=self._named_by("mark"),
            up=self._above("above"),
            down=self._below("below"),
        )

    def _is_before(self, alias: str) -> SQL:
        if not self._before:
            return SQL("TRUE")
        return SQL("%s < %s", SQL.identifier(alias, "create_date"), self._before)

    def above(self, companies: Sequence[Handle]) -> SQL:
        """Return the statement for the `Edge`s above companies, given by identity and LEI."""
        return SQL(
            """
            WITH RECURSIVE asked AS (
                SELECT * FROM %(asked)s
            ), above AS (
                SELECT asked.place, TRUE AS is_own, step.child, step.child_lei, step.identity,
                       step.lei, step.kind
                  FROM %(first)s
                 UNION
                SELECT above.place, FALSE, step.child, step.child_lei, step.identity, step.lei,
                       step.kind
                  FROM %(next)s
            )
            SELECT place, is_own, child, identity, lei, kind, child_lei FROM above
             WHERE kind <> %(same)s
            """,
            asked=self.merged.asked(companies),
            same=_SAME,
            first=self._above("asked", has_same=False),
            next=self._above("above"),
        )

    def below(self, companies: Sequence[Handle]) -> SQL:
        """Return the statement for (place, identity, lei) of all below each of some companies."""
        return SQL(
            """
            WITH RECURSIVE asked AS (
                SELECT * FROM %(asked)s
            ), below AS (
                SELECT asked.place, step.identity, step.lei FROM %(first)s
                 UNION
                SELECT below.place, step.identity, step.lei FROM %(next)s
            )
            SELECT place, identity, lei FROM below
            """,
            asked=self.merged.asked(companies),
            first=self._below("asked", has_same=False),
            next=self._below("below"),
        )

    def tops(self, companies: Sequence[Handle], fetch: Fetch) -> dict[int, Handle]:
        """Return the ultimate parent of companies: place -> (identity, LEI); one query for all."""
        if not companies or not self._datasets:
            return {}
        edges = defaultdict(list)
        for row in fetch(self.above(companies)):
            edge = self._of_kept(Edge(*row))
            if edge.child != edge.parent:
                edges[edge.place - 1].append(edge)
        tops = {place: top_of(some) for place, some in edges.items()}
        return {place: (top.parent, top.parent_lei) for place, top in tops.items() if top}

    def _of_kept(self, edge: Edge) -> Edge:
        """Return an edge between the companies that stay."""
        child, child_lei = self.merged.kept(edge.child, edge.child_lei)
        parent, parent_lei = self.merged.kept(edge.parent, edge.parent_lei)
        return edge._replace(child=child, child_lei=child_lei, parent=parent, parent_lei=parent_lei)

    def names(self, companies: Collection[Handle], fetch: Fetch) -> dict[str, str]:
        """Return identity -> name of those that the directory has, by identity or LEI."""
        if not companies:
            return {}
        rows = fetch(find(companies, self._datasets))
        return {identity: name for identity, _lei, _id, name in rows}


def find(companies: Collection[Handle], datasets: Collection[int]) -> SQL:
    """Return the statement for (identity, lei, id, name) of those that the directory has.

    One that several datasets have is taken from the first of them.

    :param datasets: ids of those whose companies are looked at, in their order
    """
    return SQL(
        """
        SELECT DISTINCT ON (asked.identity, asked.lei)
               asked.identity, asked.lei, company.id, company.name
          FROM unnest(%(identities)s::text[], %(leis)s::text[]) AS asked(identity, lei)
    CROSS JOIN LATERAL (
            SELECT id, name, dataset_id FROM lead_directory_company AS one
             WHERE one.dataset_id = ANY(%(datasets)s) AND one.identity = asked.identity
             UNION ALL
            SELECT id, name, dataset_id FROM lead_directory_company AS one
             WHERE one.dataset_id = ANY(%(datasets)s) AND one.lei = asked.lei
               ) AS company
      ORDER BY asked.identity, asked.lei,
               array_position(%(datasets)s, company.dataset_id), company.id
        """,
        identities=[identity for identity, _lei in companies],
        leis=[lei for _identity, lei in companies],
        datasets=list(datasets),
    )


def shown(identity: str, lei: str | None, names: dict[str, str]) -> str:
    """Return what users read of a parent: its name, else its number."""
    return names.get(identity) or (f"LEI {lei}" if lei else identity.rpartition(":")[2])


_KEYS_OF_PARTNER = SQL(
    "ARRAY['lei:' || nullif(partner.company_lei, ''), 'vat:' || nullif(partner.identity_vat, ''),"
    " 'domain:' || nullif(partner.identity_domain, '')]"
)
_KEYS_OF_LEAD = SQL(
    "ARRAY[lead.reveal_id, 'lei:' || nullif(lead.company_lei, ''),"
    " 'domain:' || nullif(lead.identity_domain, '')]"
)
