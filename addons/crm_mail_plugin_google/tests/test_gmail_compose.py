from unittest.mock import patch

from odoo.tests import tagged

from .common import GmailCase

COMPOSE = "/gmail_addon/compose"


@tagged("post_install", "-at_install")
class TestGmailCompose(GmailCase):
    def setUp(self):
        super().setUp()
        self.link()
        self.template = self.env["mail.template"].create({
            "name": "Welcome", "model_id": self.env.ref("base.model_res_partner").id,
            "subject": "Hello {{ object.name }}",
            "body_html": "<p>Dear <t t-out='object.name'/>, welcome.</p><script>x</script>",
        })  # fmt: skip

    def draft(self, *people):
        return self.open(route=COMPOSE, message=None, gmail={"toRecipients": list(people)})

    def insert(self, card, *people):
        return self.ask(
            COMPOSE, parameters={"a": card.parameter("Welcome")}, message=None,
            gmail={"toRecipients": list(people)},
        )  # fmt: skip

    def test_a_template_is_filled_in_for_whom_the_draft_is_to(self):
        card = self.draft("Ann Doe <ann@acme.test>")
        answer = self.insert(card, "ann@acme.test")
        update = answer["renderActions"]["hostAppAction"]["gmailAction"]["updateDraftActionMarkup"]
        self.assertEqual(update["updateSubject"], {"subject": "Hello Ann Doe"})
        [content] = update["updateBody"]["insertContents"]
        self.assertIn("Dear Ann Doe, welcome.", content["content"])
        self.assertNotIn("script", content["content"])
        self.assertEqual(content["contentType"], "MUTABLE_HTML")

    def test_templates_of_the_contacts_open_lead_are_offered(self):
        self.env["crm.lead"].create({"name": "Rocket", "partner_id": self.ann.id})
        self.env["mail.template"].create(
            {"name": "Follow-up", "model_id": self.env.ref("crm.model_crm_lead").id}
        )
        self.assertIn("Follow-up", self.draft("ann@acme.test").section("Rocket").text)

    def test_what_is_won_is_open_no_more(self):
        leads = self.env["crm.lead"].create(
            [{"name": name, "partner_id": self.ann.id} for name in ("Rocket", "Satellite")]
        )
        self.env["mail.template"].create(
            {"name": "Follow-up", "model_id": self.env.ref("crm.model_crm_lead").id}
        )
        [first] = [one for one in leads if one.name in self.draft("ann@acme.test").text]
        first.action_set_won()
        text = self.draft("ann@acme.test").text
        self.assertNotIn(first.name, text)
        self.assertIn((leads - first).name, text)

    def test_what_is_no_address_is_judged_as_well(self):
        judged = []

        def refuse(record, found):
            judged.append(found)
            return {one: "no valid e-mail address" for one in found if "@" not in one}

        with patch.object(self.registry["res.partner"], "gmail_refusals", refuse):
            card = self.draft("ann@acme.test", "everybody")
            self.assertIn("everybody", card.section("Not to be written to").text)
            answer = self.insert(card, "ann@acme.test", "everybody")
        said = answer["renderActions"]["action"]["notification"]["text"]
        self.assertIn("everybody should not be written to", said)

    def test_a_draft_to_nobody_or_to_somebody_unknown_says_what_to_do(self):
        self.assertIn("recipients first", self.draft().text)
        self.assertIn("recipients first", self.draft("no address").text)
        self.assertIn("not in Odoo yet", self.draft("new@x.test").text)

    def test_a_template_that_is_gone_is_a_sentence(self):
        card = self.draft("ann@acme.test")
        parameter = {"a": card.parameter("Welcome")}
        self.template.unlink()
        answer = self.ask(COMPOSE, parameters=parameter, message=None,
                          gmail={"toRecipients": ["ann@acme.test"]})  # fmt: skip
        said = answer["renderActions"]["action"]["notification"]["text"]
        self.assertIn("no longer exists", said)

    def test_who_should_not_be_written_to_is_told_and_gets_nothing(self):
        def refuse(record, found):
            return {one: "not registered here" for one in found if one != "ann@acme.test"}

        with patch.object(self.registry["res.partner"], "gmail_refusals", refuse):
            card = self.draft("ann@acme.test", "bob@rival.test")
            self.assertIn("bob@rival.test", card.section("Not to be written to").text)
            answer = self.insert(card, "ann@acme.test", "bob@rival.test")
            said = answer["renderActions"]["action"]["notification"]["text"]
            self.assertIn("bob@rival.test should not be written to about", said)
            self.assertIn("hostAppAction", self.insert(card, "ann@acme.test")["renderActions"])
