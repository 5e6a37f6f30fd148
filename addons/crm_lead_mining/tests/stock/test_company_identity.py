from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...company.identity import normalise_domain

#: Spellings in which people write the same company, and its domain.
SPELLINGS = {
    "plain.example": ("website", "plain.example"),
    "www.example.example": ("website", "https://www.www.example.example/about?x=1#top"),
    "upper.example": ("website", "HTTP://User:Secret@WWW.Upper.Example:8080/"),
    "spaced.example": ("website", "  spaced.example.  "),
    "xn--bcher-kva.example": ("website", "https://Bücher.example"),
    "full-width.example": ("website", "ｆｕｌｌ-width.example"),
    "mail.example": ("email_normalized", "someone@mail.example"),
    "xn--mller-kva.example": ("email_normalized", "info@müller.example"),
}


@tagged("post_install", "-at_install")
class TestCompanyIdentity(TransactionCase):
    """Leads and contacts that no code of ours has seen: from before us, or brought in by SQL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The batches commit: here they belong to the test's transaction.
        cls.classPatch(cls.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 1000)
        cls.Identity = cls.env["lead.mining.identity"]
        cls.Identity._cron_fill()

    def insert(self, table, **values):
        """Store a row as another program would; return its id."""
        values = {"name": "By SQL", "active": True, **values}
        columns = SQL(", ").join(map(SQL.identifier, values))
        query = SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(table),
            columns,
            tuple(values.values()),
        )
        return self.env.execute_query(query)[0][0]

    def lead(self, **values):
        return self.insert("crm_lead", type="lead", **values)

    def contact(self, **values):
        return self.insert("res_partner", complete_name="By SQL", autopost_bills="ask", **values)

    def test_a_company_is_known_by_them_at_once_however_it_is_written(self):
        for domain, (column, value) in SPELLINGS.items():
            for insert, model in ((self.lead, "crm.lead"), (self.contact, "res.partner")):
                with self.subTest(domain, model=model):
                    row, key = insert(**{column: value}), f"domain:{domain}"
                    self.assertEqual(self.Identity._known_keys([key, "domain:x.example"]), {key})
                    self.assertEqual(self.Identity._known_records([key]), {key: (model, row)})
                    self.env.cr.execute(
                        SQL(
                            "DELETE FROM %s WHERE id = %s",
                            SQL.identifier(self.env[model]._table),
                            row,
                        )
                    )

    def test_a_contact_is_known_at_once_by_its_vat_number_however_it_is_written(self):
        row = self.contact(vat="0477.472.701", country_id=self.env.ref("base.be").id)
        key = "vat:BE0477472701"
        self.assertEqual(self.Identity._known_keys([key]), {key})
        self.assertEqual(self.Identity._known_records([key]), {key: ("res.partner", row)})

    def test_a_lead_comes_before_a_contact_whether_or_not_it_was_seen(self):
        key = "domain:plain.example"
        self.env["res.partner"].create({"name": "Contact", "website": "plain.example"})
        row = self.lead(website="plain.example")
        self.assertEqual(self.Identity._known_records([key]), {key: ("crm.lead", row)})

    def test_a_lead_names_its_company_before_it_was_seen(self):
        lead = self.env["crm.lead"].browse(self.lead(website="plain.example"))
        self.assertIn("domain:plain.example", lead._identity_keys()[lead])

    def test_the_cron_fills_them_and_changes_nothing_else(self):
        rows = [self.lead(**dict([spelling])) for spelling in SPELLINGS.values()]
        rows.append(self.lead())
        contact = self.contact(vat="BE0477472701", website="plain.example")
        self.assertEqual(self.Identity._count_unread(), len(rows) + 1)
        self.Identity._cron_fill()
        self.assertEqual(self.Identity._count_unread(), 0)
        leads = self.env["crm.lead"].browse(rows)
        self.assertEqual(leads.mapped("identity_domain"), [*SPELLINGS, ""])
        self.assertFalse(any(leads.mapped("write_date")))
        contact = self.env["res.partner"].browse(contact)
        self.assertEqual(contact.identity_domain, "plain.example")
        self.assertEqual(contact.identity_vat, "BE0477472701")
        key = "domain:plain.example"
        self.assertEqual(self.Identity._known_keys([key]), {key})

    def test_what_people_enter_needs_no_cron(self):
        leads = self.env["crm.lead"].create(
            [{"name": "Nothing"}, {"name": "Something", "website": "plain.example"}]
        )
        self.env["res.partner"].create({"name": "Nothing"})
        self.env.flush_all()
        self.assertEqual(self.Identity._count_unread(), 0)
        leads.website = False
        self.env.flush_all()
        self.assertEqual(self.Identity._count_unread(), 0)

    def test_settings_tell_how_many_are_still_to_be_seen(self):
        self.lead()
        sentence = "1 leads and contacts are being prepared"
        settings = self.env["res.config.settings"].create({})
        self.assertIn(sentence, settings.lead_mining_health)
        self.Identity._cron_fill()
        settings = self.env["res.config.settings"].create({})
        self.assertNotIn("are being prepared", settings.lead_mining_health)

    def test_spellings_are_those_of_the_rule(self):
        for domain, (column, value) in SPELLINGS.items():
            self.assertEqual(normalise_domain(value), domain, column)
