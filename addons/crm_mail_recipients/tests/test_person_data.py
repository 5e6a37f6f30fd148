from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_common.tools.traces import Traces


@tagged("post_install", "-at_install")
class TestPersonData(TransactionCase):
    """What is kept of a person is found and erased by whoever answers for personal data."""

    def setUp(self):
        super().setUp()
        self.traces = Traces(emails=("anna@acme.example",))

    def erase(self):
        for model in self.env["person.data.mixin"]._person_models():
            found = self.env[model]._person_find(self.traces, [*self.env.companies.ids, False])
            found._person_erase(self.traces)

    def test_log_forgets_to_whom_was_written_and_keeps_who_wrote(self):
        log = self.env["mail.recipient.log"].create(
            [
                {"email": email, "email_key": email.lower(), "user_name": "Sally"}
                for email in ("Anna@acme.example", "joanna@acme.example")
            ]
        )
        self.erase()
        self.assertRecordValues(
            log,
            [
                {"email": False, "email_key": False, "user_name": "Sally"},
                {"email": "joanna@acme.example", "email_key": "joanna@acme.example",
                 "user_name": "Sally"},
            ],
        )  # fmt: skip

    def test_registration_is_gone(self):
        row = self.env["mail.recipient.registration"].create({"email_key": "anna@acme.example"})
        self.erase()
        self.assertFalse(row.exists())

    def test_customer_s_own_addresses_stay(self):
        customer = self.env["res.partner"].create({"name": "Anna"})
        address = self.env["mail.recipient.address"].create(
            {"partner_id": customer.id, "email": "anna@acme.example"}
        )
        found = address._person_find(self.traces, [*self.env.companies.ids, False])
        self.assertEqual(found, address, "it is told")
        self.erase()
        self.assertTrue(address.exists())

    def test_addresses_of_mined_contacts_go(self):
        if "mined" not in self.env["res.partner"]._fields:
            self.skipTest("no lead mining here")
        mined = self.env["res.partner"].create({"name": "Anna", "mined": True})
        address = self.env["mail.recipient.address"].create(
            {"partner_id": mined.id, "email": "anna@acme.example"}
        )
        self.erase()
        self.assertFalse(address.exists())
