"""How long lines of the recipient log are kept."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLogKeeping(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["mail.recipient.log"]
        cls.env["res.company"].search([]).recipient_log_days = 30
        cls.other = cls.env["res.company"].create({"name": "Other", "recipient_log_days": 10})

    def kept(self, company, *ages):
        """Return which lines of so many days are still there afterwards."""
        company = company or self.env["res.company"]
        self.log._record([{"email": f"{age}@x.test", "company_id": company.id} for age in ages])
        names = [f"{age}@x.test" for age in ages]
        lines = self.log.search([("email", "in", names), ("company_id", "=", company.id)])
        for line, age in zip(lines.sorted("id"), ages, strict=True):
            self.env.cr.execute(
                "UPDATE mail_recipient_log SET create_date = now() - %s * interval '1 day'"
                " WHERE id = %s",
                [age, line.id],
            )
        self.env.invalidate_all()
        self.log._gc_old_lines()
        return [int(line.email.partition("@")[0]) for line in lines.exists().sorted("id")]

    def test_each_company_keeps_its_lines_as_long_as_it_says(self):
        self.assertEqual(self.kept(self.env.company, 0, 9, 11, 29, 31), [0, 9, 11, 29])
        self.assertEqual(self.kept(self.other, 0, 9, 11, 29, 31), [0, 9])

    def test_lines_of_no_company_are_kept_too_and_not_for_ever(self):
        self.assertEqual(self.kept(None, 0, 9, 31), [0, 9])

    def test_who_keeps_all_loses_nothing_of_no_company_either(self):
        self.other.recipient_log_days = 0
        self.assertEqual(self.kept(self.other, 0, 9999), [0, 9999])
        self.assertEqual(self.kept(None, 0, 9999), [0, 9999])
        self.assertEqual(self.kept(self.env.company, 0, 9999), [0])

    def test_what_an_archived_company_keeps_ends_too(self):
        self.other.active = False
        self.assertEqual(self.kept(self.other, 0, 9, 11), [0, 9])
