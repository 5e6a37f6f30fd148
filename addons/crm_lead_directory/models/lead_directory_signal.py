from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..providers.conditions import ALL_KEYS, KEYS, all_of, anywhere, exclusions, narrowing
from ..providers.ended import is_told_of
from ..tools.settings import Settings

#: So many changes at most are kept of one edition for one saved search.
MOST_OF_SEARCH = 1000
LABELS = [
    ("founded", "New"), ("moved", "Moved"), ("grew", "Grew"), ("industry", "New Industry"),
    ("ceased", "Ceased"),
]  # fmt: skip


class LeadDirectoryChange(models.Model):
    """What an import changes of companies, until it is known who follows them."""

    _name = "lead.directory.change"
    _description = "Change of a Directory Company"
    _log_access = False

    import_id = fields.Many2one(
        "lead.directory.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # No foreign key: millions of companies may be deleted, and this is gone within the import.
    directory_company_id = fields.Integer(required=True, readonly=True)
    kind = fields.Selection(LABELS, required=True, readonly=True)
    old = fields.Char(readonly=True)
    new = fields.Char(readonly=True)


class LeadDirectorySignal(models.Model):
    """A change of a company that somebody follows: by a lead, a customer or a saved search."""

    _name = "lead.directory.signal"
    _description = "What Is New at a Company"
    _order = "date desc, id desc"
    _log_access = False

    name = fields.Char(string="Company", required=True, readonly=True)
    identity = fields.Char(readonly=True)
    directory_company_id = fields.Many2one(
        "lead.directory.company", readonly=True, index="btree_not_null", ondelete="set null"
    )
    import_id = fields.Many2one(
        "lead.directory.import", string="Edition", readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(LABELS, string="What", required=True, readonly=True)
    old = fields.Char(readonly=True)
    new = fields.Char(readonly=True)
    before = fields.Char(compute="_compute_words")
    now = fields.Char(compute="_compute_words")
    date = fields.Date(required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="For", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Of Company", readonly=True, index=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    search_id = fields.Many2one(
        "lead.mining.search",
        string="Saved Search",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    told = fields.Boolean(readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(import_id, identity, kind, user_id)", "This has been told already."
    )

    @api.depends("kind", "old", "new")
    @api.depends_context("lang")
    def _compute_words(self):
        """Say what was and what is in words, where it is stored as a code."""
        statuses = self.env["lead.directory.company"]._fields["status"]
        words = dict(statuses._description_selection(self.env))
        words |= self.env["lead.mining.industry"]._names()
        for signal in self:
            is_code = signal.kind in ("ceased", "industry")
            for field, value in (("before", signal.old), ("now", signal.new)):
                signal[field] = words.get(value, value) if is_code else value

    @api.model
    def _make(self, record) -> None:
        """Keep of an import's changes those of companies that somebody follows."""
        # sudo: who follows what is asked of all; each sees what is his own.
        maker_sudo, cr = self.sudo(), self.env.cr
        self.env.flush_all()
        maker_sudo._note_others(record)
        for follow in (maker_sudo._of_leads(record), maker_sudo._of_partners(record)):
            cr.execute(follow)
        for search in self.env["lead.mining.search"].sudo().search([("country_ids", "!=", False)]):
            if follow := maker_sudo._of_search(record, search):
                cr.execute(follow)
        cr.execute(SQL("DELETE FROM lead_directory_change WHERE import_id = %s", record.id))
        self.invalidate_model()

    def _note_others(self, record):
        """Note who has ended, and who is new, beside what has changed of the others."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_directory_change (import_id, directory_company_id, kind, new)
                SELECT %(import_id)s, company.id, 'ceased', company.status
                  FROM lead_directory_edition_part AS part, unnest(part.ids) AS marked(id)
                  JOIN lead_directory_company AS company ON company.id = marked.id
                 WHERE part.import_id = %(import_id)s AND part.kind = 'marked'
                   AND company.status IN ('ceased', 'insolvent')
                 UNION ALL
                SELECT %(import_id)s, company.id, 'founded', NULL
                  FROM lead_directory_company AS company
                 WHERE company.dataset_id = %(dataset_id)s AND company.id > %(newest)s
                   AND %(is_first)s IS FALSE AND company.status IS NULL
                """,
                import_id=record.id,
                dataset_id=record.dataset_id.id,
                newest=record.newest_before,
                # Of the first edition all are new.
                is_first=not (record.companies_before or record.is_delta),
            )
        )

    def _insert(self, record, following: SQL) -> SQL:
        """Return the statement that keeps changes for who follows.

        :param following: rows of (change, user, company, lead, partner, search)
        """
        return SQL(
            """
            INSERT INTO lead_directory_signal (
                   name, identity, directory_company_id, import_id, kind, old, new, date,
                   user_id, company_id, lead_id, partner_id, search_id)
            SELECT company.name, company.identity, company.id, %(import_id)s, change.kind,
                   change.old, change.new, %(today)s, following.user_id, following.company_id,
                   following.lead_id, following.partner_id, following.search_id
              FROM (%(following)s)
                AS following(change_id, user_id, company_id, lead_id, partner_id, search_id)
              JOIN lead_directory_change AS change ON change.id = following.change_id
              JOIN lead_directory_company AS company ON company.id = change.directory_company_id
              JOIN res_users AS follower
                ON follower.id = following.user_id AND follower.active AND NOT follower.share
             WHERE following.company_id IS NULL
                OR EXISTS (SELECT FROM res_company_users_rel AS member
                            WHERE member.user_id = following.user_id
                              AND member.cid = following.company_id)
          ORDER BY change.id, following.lead_id, following.partner_id
                ON CONFLICT DO NOTHING
            """,
            import_id=record.id,
            today=fields.Date.context_today(self),
            following=following,
        )

    def _scope(self, record, alias: str) -> tuple[SQL, SQL]:
        """Return whose a row is, the dataset's owner for one of all companies, and whether it may
        hear of the dataset."""
        own = record.dataset_id.company_id.id or None
        company = SQL("coalesce(%s, %s)", SQL.identifier(alias, "company_id"), own)
        return company, SQL("(%s IS NULL OR %s = %s)", own, company, own)

    def _of_leads(self, record) -> SQL:
        """Return the statement for leads made of the companies, or of the same identity."""
        company, is_in_scope = self._scope(record, "lead")
        return self._insert(
            record,
            SQL(
                """
                WITH known AS (
                    SELECT change.id AS change_id, change.kind, key
                      FROM lead_directory_change AS change
                      JOIN lead_directory_company AS company
                        ON company.id = change.directory_company_id
                CROSS JOIN unnest(%(keys)s) AS key
                     WHERE change.import_id = %(import_id)s AND change.kind <> 'founded'
                       AND key IS NOT NULL
                ), found AS (
                    SELECT known.change_id, mined.lead_id
                      FROM known
                      JOIN lead_mining_identity AS mined ON mined.key = known.key
                     WHERE NOT starts_with(known.key, 'domain:')
                     UNION
                    -- Of leads that were merged, the one that is left has the results.
                    SELECT known.change_id, result.lead_id
                      FROM known
                      JOIN lead_mining_result AS result ON result.identity_key = known.key
                     UNION
                    SELECT known.change_id, lead.id
                      FROM known JOIN crm_lead AS lead ON lead.reveal_id = known.key
                     UNION
                    SELECT known.change_id, lead.id
                      FROM known
                      JOIN crm_lead AS lead ON lead.identity_domain = substr(known.key, 8)
                     WHERE starts_with(known.key, 'domain:')
                           -- Companies of one group share a site: a number tells them apart.
                       AND (lead.reveal_id IS NULL OR lead.reveal_id = known.key)
                )
                SELECT found.change_id, coalesce(owner.id, leader.id), %(company)s, lead.id,
                       NULL::int4, NULL::int4
                  FROM found
                  JOIN crm_lead AS lead ON lead.id = found.lead_id AND lead.active
             LEFT JOIN res_users AS owner ON owner.id = lead.user_id AND owner.active
             LEFT JOIN crm_team AS team ON team.id = lead.team_id
             LEFT JOIN res_users AS leader ON leader.id = team.user_id AND leader.active
                 WHERE %(is_in_scope)s
                """,
                keys=KEYS,
                import_id=record.id,
                company=company,
                is_in_scope=is_in_scope,
            ),
        )

    def _of_partners(self, record) -> SQL:
        """Return the statement for customers that have a salesperson."""
        company, is_in_scope = self._scope(record, "partner")
        return self._insert(
            record,
            SQL(
                """
                WITH known AS (
                    SELECT change.id AS change_id, company.vat, company.domain
                      FROM lead_directory_change AS change
                      JOIN lead_directory_company AS company
                        ON company.id = change.directory_company_id
                     WHERE change.import_id = %(import_id)s AND change.kind <> 'founded'
                ), found AS (
                    SELECT known.change_id, partner.id AS partner_id
                      FROM known JOIN res_partner AS partner ON partner.identity_vat = known.vat
                     UNION
                    SELECT known.change_id, partner.id
                      FROM known
                      JOIN res_partner AS partner ON partner.identity_domain = known.domain
                     WHERE coalesce(partner.identity_vat, '') = ''
                )
                SELECT found.change_id, partner.user_id, %(company)s, NULL::int4, partner.id,
                       NULL::int4
                  FROM found
                  JOIN res_partner AS partner
                    ON partner.id = found.partner_id AND partner.active AND partner.is_company
                 WHERE %(is_in_scope)s
                """,
                import_id=record.id,
                company=company,
                is_in_scope=is_in_scope,
            ),
        )

    def _of_search(self, record, search) -> SQL | None:
        """Return the statement for companies that a saved search finds."""
        own = record.dataset_id.company_id
        if own and own != search.company_id:
            return None
        query = search._to_query()
        datasets = self.env["lead.directory.dataset"]
        left_out = datasets._groups(search.company_id).left_out(query, datasets._ask_groups)
        query = replace(query, exclude=query.exclude | left_out)
        # Nobody is pointed to a company that has ended as another dataset tells.
        others = self.env["lead.directory.dataset"]._heeded(search.company_id) - record.dataset_id
        is_wanted = SQL("(change.kind <> 'founded' OR NOT %s)", is_told_of(ALL_KEYS, others.ids))
        return self._insert(
            record,
            SQL(
                """
                SELECT change.id, %(user_id)s, %(company_id)s, NULL::int4, NULL::int4, %(search_id)s
                  FROM lead_directory_change AS change
                  JOIN lead_directory_company AS company
                    ON company.id = change.directory_company_id
                 WHERE change.import_id = %(import_id)s AND %(scope)s AND %(narrowing)s
                   AND %(is_wanted)s
              ORDER BY change.id
                 LIMIT %(limit)s
                """,
                user_id=search.owner_id.id,
                company_id=search.company_id.id,
                search_id=search.id,
                import_id=record.id,
                scope=anywhere(query),
                narrowing=all_of([*narrowing(query), *exclusions(query)]),
                is_wanted=is_wanted,
                limit=MOST_OF_SEARCH,
            ),
        )

    def action_open(self):
        """Open what the company is followed by."""
        self.ensure_one()
        record = self.lead_id or self.partner_id or self.search_id
        if not record:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    @api.autovacuum
    def _gc_signals(self):
        """Forget what was new long ago."""
        oldest = fields.Date.subtract(
            fields.Date.context_today(self), days=Settings.of(self.env).signal_days
        )
        self.search(Domain("date", "<", oldest)).unlink()
