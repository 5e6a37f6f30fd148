from collections.abc import Collection
from typing import ClassVar

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.iap.tools import iap_tools

from ...company.identity import normalise_domains

#: A host stands between these characters; what is not plain ASCII may be one's other spelling.
_HAS_HOST = r"""
    EXISTS (
        SELECT FROM concat_ws(' ', website, email_normalized) AS text,
                    unnest(string_to_array(
                        translate(lower(text COLLATE "C"), '/:?#\@', '      '), ' ')) AS part
         WHERE trim(BOTH '.' FROM part) = ANY(%s) OR text ~ '[^\x20-\x7e]')
"""


class CompanyIdentityMixin(models.AbstractModel):
    """What a mined company is compared with, so that one that is known is never bought again.

    A column holds "" where there is nothing to compare. NULL says that nobody has looked yet: of
    rows that were there before the addon, or came by SQL. Until the cron has filled them, they are
    compared by the rule itself.
    """

    _name = "company.identity.mixin"
    _description = "Company that may be known"

    #: {column: method that returns its values for the records}
    _identity_rules: ClassVar = {"identity_domain": "_identity_domains"}
    #: Fields that the rules read.
    _identity_sources: ClassVar = ("website", "email_normalized")

    identity_domain = fields.Char(
        compute="_compute_identity_domain", store=True, index="btree_not_null"
    )

    @api.depends("website", "email_normalized")
    def _compute_identity_domain(self):
        for record, domain in zip(self, self._identity_domains(), strict=True):
            record.identity_domain = domain

    def _identity_domains(self) -> list[str]:
        """Return the domain of each record's company, "" for none."""
        criteria = [
            iap_tools.mail_prepare_for_domain_search(record.email_normalized) or ""
            for record in self
        ]
        sites = normalise_domains([record.website or "" for record in self])
        # Of a free mail provider the criterion is the whole address, which identifies a person.
        mails = normalise_domains([one[1:] if one.startswith("@") else "" for one in criteria])
        return [site or mail for site, mail in zip(sites, mails, strict=True)]

    # === ROWS THAT NOBODY HAS LOOKED AT === #

    @api.model
    def _identity_unread(self) -> SQL:
        """Return the condition that they meet, as the index has it."""
        return SQL(" OR ").join(
            SQL("%s IS NULL", SQL.identifier(column)) for column in self._identity_rules
        )

    @api.model
    def _identity_count_unread(self) -> int:
        query = SQL(
            "SELECT count(*) FROM %s WHERE %s", SQL.identifier(self._table), self._identity_unread()
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _identity_fill(self, limit: int) -> int:
        """Fill the columns of rows that nobody else is changing.

        Neither who changed them last nor when is touched.

        :return: how many rows were filled
        """
        ids = [
            id_
            for [id_] in self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE %s ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
                    SQL.identifier(self._table),
                    self._identity_unread(),
                    limit,
                )
            )
        ]
        records = self.browse(ids)
        records.fetch(self._identity_sources)
        columns = {name: getattr(records, rule)() for name, rule in self._identity_rules.items()}
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS t SET %s FROM unnest(%s) AS new (id, %s) WHERE t.id = new.id",
                SQL.identifier(self._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("new", name))
                    for name in columns
                ),
                SQL(", ").join(
                    SQL("%s::%s", values, type_)
                    for values, type_ in (
                        (ids, SQL("int[]")),
                        *((values, SQL("text[]")) for values in columns.values()),
                    )
                ),
                SQL(", ").join(map(SQL.identifier, columns)),
            )
        )
        records.invalidate_recordset(columns, flush=False)
        return len(ids)

    @api.model
    def _identity_find_unread(self, keys: Collection[str]) -> list[tuple[str, int]]:
        """Return (key, id) of those rows that have one of these identities.

        The slower way, which reads all of them.
        """
        hints = self._identity_hints(keys)
        if not hints:
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE (%s) AND (%s)",
                SQL.identifier(self._table),
                self._identity_unread(),
                SQL(" OR ").join(hints),
            )
        )
        records = self.browse(id_ for [id_] in rows)
        records.fetch(self._identity_sources)
        return [
            (key, id_)
            for name, rule in self._identity_rules.items()
            for id_, value in zip(records.ids, getattr(records, rule)(), strict=True)
            if (key := f"{name.removeprefix('identity_')}:{value}") in keys
        ]

    @api.model
    def _identity_hints(self, keys: Collection[str]) -> list[SQL]:
        """Return conditions one of which each row meets that has an identity of `keys`."""
        domains = [key.removeprefix("domain:") for key in keys if key.startswith("domain:")]
        return [SQL(_HAS_HOST, domains + [f"www.{one}" for one in domains])] if domains else []
