from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .test_leads import CREATE, LeadCase

GET, SEARCH = "/mail_plugin/partner/get", "/mail_plugin/partner/search"
MAKE = "/mail_plugin/partner/create"
FIND = "/mail_plugin/search_records/res.partner"
FORWARDED = (
    "<p>For you</p><p>---------- Forwarded message ---------<br>"
    "From: Carla Rossi &lt;carla@beta.test&gt;<br>Subject: Tea</p>"
)


@tagged("post_install", "-at_install")
class TestOurs(LeadCase):
    """Whom an e-mail is about is none of ours."""

    def setUp(self):
        super().setUp()
        self.otto = new_test_user(
            self.env, login="otto", groups=self.groups, email="Otto <otto@ours.example>"
        )
        self.domain = self.env["mail.alias.domain"].create(
            {"name": "ours.example", "catchall_alias": "catchall", "bounce_alias": "bounce",
             "default_from": "notifications"}
        )  # fmt: skip
        model = self.env["ir.model"]._get("crm.lead")
        self.alias = self.env["mail.alias"].create(
            {"alias_name": "inbound", "alias_model_id": model.id, "alias_domain_id": self.domain.id}
        )
        self.aliases = ("catchall@ours.example", "bounce@ours.example", "inbound@ours.example",
                        "bounce+7-crm.lead-1@ours.example", "Inbound@OURS.example")  # fmt: skip

    def test_the_user_is_not_shown_as_the_contact_of_an_e_mail(self):
        self.user.login = "sally@login.example"
        for own in ("sally@ours.example", "SALLY@ours.example", "Sally@login.example"):
            self.assertEqual(self.call(SEARCH, {"search_term": own}), {"partners": []})
            partner = self.call(GET, {"email": own, "name": "Sally"})["partner"]
            self.assertEqual((partner["id"], partner["name"]), (-1, "Sally"), own)
            self.assertIn("your own address", partner["enrichment_info"]["info"])
        # By name everybody is found.
        self.assertTrue(self.call(SEARCH, {"search_term": "sally"})["partners"])
        shown = self.call(GET, {"partner_id": self.user.partner_id.id})["partner"]
        self.assertEqual(shown["id"], self.user.partner_id.id)

    def test_addresses_of_the_database_are_nobodys_and_never_contacts(self):
        for address in self.aliases:
            partner = self.call(GET, {"email": address, "name": "X"})["partner"]
            self.assertEqual(partner["id"], -1, address)
            self.assertIn("belongs to this database", partner["enrichment_info"]["info"])
            self.refuse(MAKE, {"email": address, "name": "X", "company": -1})
        self.refuse(MAKE, {"email": "notifications@ours.example", "name": "X"})
        made = self.env["res.partner"].search([("email", "=ilike", "%@ours.example")])
        self.assertLessEqual(made, self.user.partner_id | self.otto.partner_id)

    def test_the_addresses_of_the_database_are_those_of_this_moment(self):
        def is_ours(address):
            info = self.call(GET, {"email": address, "name": "X"})["partner"]["enrichment_info"]
            return bool(info) and "belongs to this database" in info["info"]

        self.assertFalse(is_ours("all@ours.example"))
        self.domain.catchall_alias = "all"
        self.assertTrue(is_ours("all@ours.example"))
        self.assertFalse(is_ours("catchall@ours.example"))
        other = self.env["mail.alias.domain"].create({"name": "other.example"})
        self.assertTrue(is_ours("catchall@other.example"))
        other.unlink()
        self.assertFalse(is_ours("catchall@other.example"))

    def test_a_lead_of_an_e_mail_of_one_s_own_has_no_customer_who_is_oneself(self):
        lead = self.create_lead(partner_id=self.user.partner_id.id, subject="To myself")
        self.assertFalse(lead.partner_id)
        self.assertEqual(lead.name, "To myself")
        again = self.create_lead(partner_id=self.user.partner_id.id, subject="To myself")
        self.assertEqual(again, lead)
        nameless = self.create_lead("<p>x</p>", partner_id=self.user.partner_id.id, subject="")
        self.assertNotIn("False", nameless.name)
        self.env["crm.lead"].create({"name": "Order"})
        reply = self.create_lead("<p>y</p>", "Re: Order", partner_id=self.user.partner_id.id)
        self.assertEqual(reply.name, "Re: Order")

    def test_a_forwarded_e_mail_is_about_whom_it_quotes(self):
        for sender in (self.user, self.otto):
            lead = self.create_lead(
                FORWARDED, f"Fwd: Tea {sender.login}", partner_id=sender.partner_id.id
            )
            self.assertEqual(lead.partner_id.email, "carla@beta.test")
            self.assertEqual(lead.partner_id.name, "Carla Rossi")
        # A customer's own e-mail is theirs, whatever it quotes.
        lead = self.create_lead(FORWARDED, "Fwd: Tea")
        self.assertEqual(lead.partner_id, self.ann)

    def test_an_e_mail_that_one_of_ours_has_sent_is_about_whom_it_was_sent_to(self):
        people = (
            '"Otto" <otto@ours.example>, inbound@ours.example, noreply@x.test, '
            '"Smith, Ann" <ann@acme.test>'
        )
        lead = self.create_lead(partner_id=self.user.partner_id.id, email_to=people)
        self.assertEqual(lead.partner_id, self.ann)

    def test_a_colleague_with_nobody_else_stays_who_was_chosen(self):
        lead = self.create_lead(partner_id=self.otto.partner_id.id)
        self.assertEqual(lead.partner_id, self.otto.partner_id)

    def test_the_second_add_ins_make_no_contact_of_an_alias(self):
        self.set_option("generation", "2")
        sent = {"email_body": "<p>x</p>", "email_subject": "S", "partner_id": False,
                "partner_email": "inbound@ours.example", "partner_name": "Sales"}  # fmt: skip
        made = self.call(CREATE, sent)
        self.assertFalse(self.env["crm.lead"].browse(made["id"]).partner_id)
        self.assertEqual((made["partner_id"], made["partner_image"]), (False, False))
        forwarded = self.call(CREATE, {**sent, "email_body": FORWARDED, "email_subject": "T"})
        lead = self.env["crm.lead"].browse(forwarded["id"])
        self.assertEqual(lead.partner_id.email, "carla@beta.test")
        self.assertEqual(forwarded["partner_id"], lead.partner_id.id)

    def test_what_a_colleague_who_is_no_contact_there_forwards_is_about_whom_it_quotes(self):
        self.set_option("generation", "2")
        sent = {"email_body": FORWARDED, "email_subject": "Fwd: Tea", "partner_id": False,
                "partner_email": "otto@ours.example", "partner_name": "Otto"}  # fmt: skip
        lead = self.env["crm.lead"].browse(self.call(CREATE, sent)["id"])
        self.assertEqual(lead.partner_id.email, "carla@beta.test")
        alone = {**sent, "email_body": "<p>x</p>", "email_subject": "Idea"}
        lead = self.env["crm.lead"].browse(self.call(CREATE, alone)["id"])
        self.assertEqual(lead.partner_id, self.otto.partner_id)

    def test_an_e_mail_to_all_colleagues_asks_for_none_of_them_one_by_one(self):
        contacts = self.env["res.partner"].with_user(self.user)
        people = []
        for number in range(9):
            user = new_test_user(self.env, login=f"c{number}", email=f"c{number}@ours.example")
            people.append((user.name, user.email))
        found = []
        find = type(contacts).mail_plugin_find
        with patch.object(
            type(contacts), "mail_plugin_find", lambda *args: found.append(args) or find(*args)
        ):
            customer = contacts.mail_plugin_customer([*people, ("Ann", "ann@acme.test")])
        self.assertEqual((customer, len(found)), (self.ann, 2))

    def test_the_right_person_comes_first_and_ours_last(self):
        self.set_option("generation", "2")
        zoe = self.env["res.partner"].create({"name": "Zoe", "email": "zoe@beta.test"})
        asked = ["otto@ours.example", "Zoe@beta.test", "sally@ours.example", "ann@acme.test"]
        rows, total = self.call(FIND, {"query": asked})
        found = [row["id"] for row in rows]
        self.assertEqual((found[:2], total), ([zoe.id, self.ann.id], 4))
        self.assertEqual(set(found[2:]), {self.otto.partner_id.id, self.user.partner_id.id})

    def test_a_contact_of_a_company_that_one_may_not_see_is_shown_without_it(self):
        self.set_option("generation", "2")
        other = self.env["res.company"].create({"name": "Other"})
        contacts = self.env["res.partner"]
        hidden = contacts.create({"name": "Hid", "is_company": True, "company_id": other.id})
        zoe = contacts.create({"name": "Zoe", "email": "zoe@beta.test", "parent_id": hidden.id})
        zoe.company_id = False
        self.env.flush_all()
        self.env.invalidate_all()
        partner = self.call(GET, {"email": "zoe@beta.test", "name": "Zoe"})["partner"]
        self.assertEqual((partner["id"], partner["parent_name"]), (zoe.id, False))
        [[row], _total] = self.call(FIND, {"query": ["zoe@beta.test"]})
        self.assertEqual(row, partner)

    def test_an_e_mail_to_a_hundred_and_twenty_finds_all_whom_one_knows(self):
        self.set_option("generation", "2")
        addresses = [f"p{number}@acme.test" for number in range(120)]
        contacts = self.env["res.partner"].create(
            [{"name": address, "email": address} for address in addresses]
        )
        rows, total = self.call(FIND, {"query": addresses})
        self.assertEqual(([row["id"] for row in rows], total), (contacts.ids, 120))

    def test_a_new_contact_of_the_second_add_ins_is_named_as_the_e_mail_names_it(self):
        self.set_option("generation", "2")
        partner = self.call(GET, {"email": "new@beta.test", "partner_id": False})["partner"]
        # What is answered covers what the add-in knows.
        self.assertEqual({"name": "Nora New", **partner}["name"], "Nora New")
        made = self.call(MAKE, {"email": "new@beta.test", "name": "Nora New"})
        self.assertEqual(made["name"], "Nora New")
