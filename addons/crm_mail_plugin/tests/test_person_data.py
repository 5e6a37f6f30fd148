from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_common.tools.traces import Traces


@tagged("post_install", "-at_install")
class TestPersonData(TransactionCase):
    """What is kept of a person is found and erased by whoever answers for personal data."""

    def test_claims_that_name_the_person_go_and_others_stay(self):
        Claim = self.env["mail.plugin.claim"]
        Claim.take("contact", "anna@acme.example")
        Claim.take("contact", "joanna@acme.example")
        traces = Traces(emails=("anna@acme.example",))
        Claim._person_find(traces, [*self.env.companies.ids, False])._person_erase(traces)
        kept = Claim.search([("key", "like", "acme.example")])
        self.assertEqual(kept.mapped("key"), ["('contact', 'joanna@acme.example')"])

    def test_logged_e_mails_are_told_and_stay(self):
        lead = self.env["crm.lead"].create({"name": "Deal"})
        told = {
            "from": {"email_from": '"Anna" <Anna@acme.example>'},
            "text": {"body": "Ask anna@acme.example, please"},
            "name": {"subject": "About Anna Muster"},
            "another": {"email_from": "joanna@acme.example", "body": "anna@acme.example.org"},
        }
        logged = {
            place: self.env["mail.plugin.log"].create(
                {"email_key": place, "message_id": lead.message_post(**values).id}
            )
            for place, values in told.items()
        }
        traces = Traces(emails=("anna@acme.example",), names=("Anna Muster",))
        companies = [*self.env.companies.ids, False]
        found = self.env["mail.plugin.log"]._person_find(traces, companies)
        self.assertEqual(found, logged["from"] + logged["text"] + logged["name"])
        self.assertIn("Anna@acme.example", str(logged["from"]._person_data(traces)))
        found._person_erase(traces)
        self.assertEqual(len(found.exists().message_id), 3)
        lead.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.env["mail.plugin.log"]._person_find(traces, companies))
