from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestEnvelope(RecipientCase, HttpCase):
    """What is shown before Send and after it is what was in the SMTP envelopes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.salesman.password = "salesman"

    def setUp(self):
        super().setUp()
        self.deal = self._lead(
            type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
        )

    def _follow(self, *partners):
        ids = [partner.id for partner in partners]
        self.env["mail.followers"]._insert_followers("crm.lead", self.deal.ids, ids)

    def _choice(self, email, partner=None):
        return {"email": email, "partner_id": partner.id if partner else False}

    def _composer(self, *choices, **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=self.deal.ids)
            .create({"body": "x", "subject": "s", "recipient_choices": list(choices), **values})
        )

    def _shown(self, envelope):
        """Return what is shown, as {line: [text]}; lines without anybody are left out."""
        texts = {
            line: [
                " ".join(filter(None, [one["name"], one["email"], one.get("reason")]))
                or ("hidden" if one["hidden"] else "")
                for one in parties
            ]
            for line, parties in envelope.items()
        }
        return {line: found for line, found in texts.items() if found}

    def _before(self, *choices, partners=()):
        """Ask as the chatter asks."""
        self.authenticate("salesman", "salesman")
        return self.make_jsonrpc_request(
            "/crm_mail_recipients/envelope",
            {
                "thread_model": "crm.lead",
                "thread_id": self.deal.id,
                "recipient_choices": list(choices),
                "partner_ids": [partner.id for partner in partners],
            },
        )

    def _after(self, message, user=None):
        """Return what the chatter gets with the message."""
        self.env.invalidate_all()
        store = Store().add(message.with_user(user or self.salesman)).get_result()
        return store["mail.message"][0].get("recipientEnvelope")

        message = message.with_user(user)
        return Store().add(message).get_result()

    def _post(self, *choices, **values):
        with self.mock_smtplib_connection():
            return self._as(self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=list(choices),
                **values,
            )

    def test_before_send_names_and_exact_addresses_are_shown_and_who_is_left_out(self):
        self._follow(self.bob, self.acme, self.colleague.partner_id)
        bob = self._choice("contact2@bob.test", self.bob)
        expected = {
            "to": ["Bob contact2@bob.test"],
            "followers": ["Colin colleague@house.test"],
            "left_out": ["Acme follows, but was not chosen"],
        }
        self.assertEqual(self._shown(self._before(bob)), expected)
        self.assertEqual(self._shown(self._composer(bob).recipient_envelope), expected)
        message = self._post(bob)
        self.assertReached("contact2@bob.test", "colleague@house.test")
        del expected["left_out"]
        self.assertEqual(self._shown(self._after(message)), expected)

    def test_where_one_is_refused_nobody_is_shown_to_get_it_but_who_it_is_and_why(self):
        stranger = self._choice("outsider@rival.test")
        self.assertEqual(
            self._shown(self._before(stranger, self._choice("contact1@bob.test", self.bob))),
            {"refused": ["outsider@rival.test not registered here"]},
        )
        mute = self.env["res.partner"].create({"name": "Mute"})
        self.deal.partner_id = mute
        shown = self._shown(self._composer(partner_ids=[(4, mute.id)]).recipient_envelope)
        self.assertEqual(shown, {"refused": ["Mute no e-mail address"]})

    def test_where_nobody_waits_for_an_answer_who_is_refused_is_left_out(self):
        chosen = [
            self._choice("outsider@rival.test"),
            self._choice("contact1@bob.test", self.bob),
        ]
        values = {"message_type": "email", "subtype_xmlid": "mail.mt_comment"}
        envelope = self.deal.with_user(self.salesman)._recipient_envelope(values, chosen)
        self.assertEqual([one.email for one in envelope.to], ["contact1@bob.test"])
        self.assertEqual(envelope.refused, ())
        self.assertEqual(len(envelope.left_out), 1)

    def test_asking_writes_nothing_and_logs_nothing(self):
        self._policy(any_address=True)
        self._follow(self.bob, self.outsider)
        self.env.flush_all()
        counts = [
            self.env[model].search_count([])
            for model in ("mail.recipient.log", "crm.lead", "res.partner", "mail.message")
        ]
        self._before(self._choice("new@supplier.test"), self._choice("broken"))
        self.assertEqual(
            counts,
            [
                self.env[model].search_count([])
                for model in ("mail.recipient.log", "crm.lead", "res.partner", "mail.message")
            ],
        )

    def test_of_a_hidden_party_neither_name_nor_address_is_shown_before_or_after(self):
        self._follow(self.bob)
        message = self._post(self._choice("contact1@bob.test", self.bob))
        self.assertIn("contact1@bob.test", str(self._after(message)))
        self._hide(self.bob)
        acme = self._choice("company1@acme.test", self.acme)
        for shown in (
            self._before(acme),
            self._before(self._choice("", self.bob)),
            self._after(message),
        ):
            with self.subTest(shown):
                self.assertNotRegex(str(shown), "(?i)bob")
        self.assertEqual(self._shown(self._after(message)), {"to": ["hidden"]})

    def test_a_hidden_follower_gets_nothing_where_any_address_may_be_written_to_either(self):
        self._policy(any_address=True)
        self._follow(self.bob)
        self._hide(self.bob)
        with self.mock_smtplib_connection():
            self._as(self.deal).message_post(
                body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertNothingLeft()

    def test_a_colleague_who_is_mentioned_is_shown_and_one_who_reads_in_odoo_is_not(self):
        reader = new_test_user(
            self.env,
            "reader",
            groups="sales_team.group_sale_salesman",
            email="reader@house.test",
            notification_type="inbox",
        )
        self._follow(reader.partner_id)
        shown = self._before(
            self._choice("contact1@bob.test", self.bob), partners=[self.colleague.partner_id]
        )
        self.assertEqual(
            set(self._shown(shown)["to"]),
            {"Bob contact1@bob.test", "Colin colleague@house.test"},
        )
        self.assertNotIn("followers", self._shown(shown))

    def test_a_forwarded_message_goes_to_no_follower(self):
        self._follow(self.colleague.partner_id)
        wizard = self._composer(
            self._choice("company2@acme.test", self.acme), composition_comment_option="forward"
        )
        self.assertEqual(
            self._shown(wizard.recipient_envelope), {"to": ["Acme company2@acme.test"]}
        )
        with self.mock_smtplib_connection():
            wizard.action_send_mail()
        self.assertReached("company2@acme.test")

    def test_an_address_that_was_stopped_in_the_queue_is_shown_as_left_out(self):
        message = self._post(self._choice("contact1@bob.test", self.bob), force_send=False)
        self.assertEqual(self._shown(self._after(message)), {"to": ["Bob contact1@bob.test"]})
        self.deal.partner_id = False
        with self.mock_smtplib_connection():
            self.env["mail.mail"].process_email_queue()
        self.assertNotIn("contact1@bob.test", self.envelopes()[0])
        [text] = self._shown(self._after(message))["left_out"]
        self.assertRegex(text, "^Bob .*not registered")

    def test_the_address_at_the_time_of_sending_is_shown_also_when_the_contact_has_moved(self):
        message = self._post(self._choice("contact1@bob.test", self.bob))
        self.bob.email = "moved@bob.test"
        message.sudo().notification_ids.unlink()
        self.assertEqual(self._shown(self._after(message)), {"to": ["Bob contact1@bob.test"]})

    def test_a_message_is_read_when_the_contact_it_went_to_is_gone(self):
        message = self._post(self._choice("contact1@bob.test", self.bob))
        self.deal.partner_id = False
        self.bob.unlink()
        self.assertEqual(self._shown(self._after(message)), {"to": ["contact1@bob.test"]})

    def test_without_the_policy_nothing_is_shown(self):
        message = self._post(self._choice("contact1@bob.test", self.bob))
        self._policy(on=False)
        self.assertFalse(self._before(self._choice("contact1@bob.test", self.bob)))
        self.assertFalse(self._composer().recipient_envelope)
        self.assertFalse(self._after(message))

    def test_the_envelopes_of_many_messages_take_no_more_queries_than_those_of_two(self):
        def queries(count):
            messages = self.env["mail.message"].browse()
            for number in range(count):
                self.deal.partner_id = self.env["res.partner"].create(
                    {"name": str(number), "email": f"{number}@bob.test"}
                )
                # Who follows is named by no message.
                self._follow(self.deal.partner_id)
                with self.mock_smtplib_connection():
                    messages += self._as(self.deal).message_post(
                        body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
                    )
            if unlinked:
                # As after a while: the log alone tells it.
                messages.sudo().notification_ids.unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Store().add(messages.with_user(self.salesman)).get_result()
            return self.env.cr.sql_log_count - before

        for unlinked in (False, True):
            with self.subTest(unlinked):
                queries(1)
                self.assertEqual(queries(2), queries(9))

    def test_a_customer_is_not_told_who_follows(self):
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        self.env["mail.followers"]._insert_followers(
            "res.partner", portal.partner_id.ids, self.colleague.partner_id.ids
        )
        self.authenticate("portal", "portal")
        shown = self.make_jsonrpc_request(
            "/crm_mail_recipients/envelope",
            {
                "thread_model": "res.partner",
                "thread_id": portal.partner_id.id,
                "recipient_choices": [],
            },
        )
        self.assertIs(shown, False)

    def test_a_number_that_is_no_contact_at_the_chatter_s_route_is_no_server_error(self):
        for ref in (True, 10**12, -1, "7", [1]):
            with self.subTest(ref):
                choice = {"email": "contact1@bob.test", "partner_id": ref}
                shown = self._shown(self._before(choice))
                self.assertEqual(shown, {"to": ["Bob contact1@bob.test"]})
