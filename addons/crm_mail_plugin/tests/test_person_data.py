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
