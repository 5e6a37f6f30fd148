from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ...models.stock.crm_lead_assignment import LISTED
from ..common import LeadMiningCase, synthetic_company


@tagged("post_install", "-at_install")
class TestMinedLead(LeadMiningCase):
    def mine_one(self, **values):
        request = self.mine(lead_number=1, **values)
        self.assertEqual(request.state, "done")
        return request.lead_ids

    def test_lead_has_what_the_provider_knows(self):
        tag = self.env["crm.tag"].create({"name": "Mined"})
        lead = self.mine_one(tag_ids=[(6, 0, tag.ids)])
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Synthetic 1",
                    "partner_name": "Synthetic 1",
                    "email_from": "info@synthetic1.example",
                    "phone": "+32 2 290 34 90",
                    "website": "https://www.synthetic1.example",
                    "city": "Bruxelles",
                    "country_id": self.belgium.id,
                    "tag_ids": tag.ids,
                    "user_id": self.salesperson.id,
                    "company_employees": 41,
                    "company_industry_id": self.env.ref("crm_lead_mining.industry_62").id,
                    "company_founded": 1999,
                    "company_legal_form": "Société anonyme",
                    "company_register": "XX-TEST",
                    "company_registry_id": "000001",
                    "company_timezone": "Europe/Brussels",
                    "type": "opportunity",
                }
            ],
        )
        self.assertEqual(set(lead.company_technology_ids.mapped("name")), {"PostgreSQL", "Python"})

    def test_who_follows_the_team_follows_its_mined_leads_as_stock_subscribes(self):
        """Including the subtypes; and who is assigned to a lead follows it, too."""
        follower = new_test_user(self.env, "follower", "sales_team.group_sale_manager").partner_id
        team = self.env["crm.team"].create({"name": "Team", "member_ids": self.salesperson.ids})
        chosen = self.env.ref("crm.mt_salesteam_lead_won") + self.env.ref("mail.mt_comment")
        team.message_subscribe(follower.ids, chosen.ids)
        mined = self.mine(team_id=team.id).lead_ids
        made = self.env["crm.lead"].with_user(self.salesperson).create(
            {"name": "By hand", "team_id": team.id, "user_id": self.salesperson.id}
        )  # fmt: skip
        as_stock = {f.partner_id: f.subtype_ids for f in made.sudo().message_follower_ids}
        self.assertEqual(len(mined), 3)
        self.assertIn(follower, as_stock)
        for lead in mined:
            self.assertEqual(
                {f.partner_id: f.subtype_ids for f in lead.message_follower_ids}, as_stock
            )

    def test_card_tells_employees_technologies_time_zone_and_contacts(self):
        lead = self.mine_one(target="contacts", contact_number=2)
        note = lead.message_ids
        self.assertEqual(len(note), 1)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(note.author_id, self.salesperson.partner_id)
        for text in (
            "41",
            "PostgreSQL",
            "Python",
            "Europe/Brussels",
            "Synthetic Person",
            "Director",
            "person@synthetic1.example",
            "second@synthetic1.example",
            "Synthetic companies",
        ):
            self.assertIn(text, note.body)

    def test_card_says_nothing_of_what_is_unknown(self):
        self.provide(
            synthetic_company(
                1, employees=None, technologies=(), timezone="", contacts=(), founded=None
            )
        )
        body = self.mine_one().message_ids.body
        for label in ("Employees", "Technologies", "Time Zone", "Direct Contacts", "Founded"):
            self.assertNotIn(label, body)

    def test_first_contact_is_the_lead_s_contact_and_all_are_kept(self):
        lead = self.mine_one(target="contacts", contact_number=2)
        self.assertRecordValues(
            lead,
            [
                {
                    "contact_name": "Synthetic Person",
                    "function": "Director",
                    "email_from": "person@synthetic1.example",
                }
            ],
        )
        self.assertEqual(
            lead.mining_contact_ids.mapped("email"),
            ["person@synthetic1.example", "second@synthetic1.example"],
        )

    def test_mined_contact_becomes_a_contact_with_one_click(self):
        lead = self.mine_one(target="contacts", contact_number=1)
        self.salesperson.group_ids += self.env.ref("base.group_partner_manager")
        company = self.env["res.partner"].create({"name": "Synthetic 1", "is_company": True})
        lead.partner_id = company
        for _click in range(2):
            lead.mining_contact_ids.action_create_partner()
        self.assertRecordValues(
            company.child_ids,
            [
                {
                    "name": "Synthetic Person",
                    "function": "Director",
                    "email": "person@synthetic1.example",
                    "user_id": self.salesperson.id,
                }
            ],
        )
        self.assertEqual(lead.mining_contact_ids.partner_id, company.child_ids)

    def test_contacts_that_were_not_asked_for_are_not_kept(self):
        lead = self.mine_one()
        self.assertFalse(lead.mining_contact_ids)
        self.assertNotIn("person@", lead.message_ids.body)

    def test_salesperson_follows_and_is_told_of_the_assignment(self):
        colleague = self._colleague()
        request = self.mine(lead_number=1, user_id=colleague.id)
        lead_sudo = request.sudo().lead_ids
        self.assertIn(colleague.partner_id, lead_sudo.message_partner_ids)
        notified = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead_sudo.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(notified.partner_ids, colleague.partner_id)

    def test_salesperson_is_told_of_many_leads_by_one_message_that_lists_and_leads_to_them(self):
        colleague = self._colleague()
        request = self.mine(user_id=colleague.id)
        [message] = self._told(colleague)
        self.assertEqual(message.subject, "3 leads have been assigned to you")
        self.assertEqual(message.author_id, self.salesperson.partner_id)
        for lead in request.sudo().lead_ids:
            self.assertIn(
                f'href="/odoo/crm.lead/{lead.id}">{lead.name}</a>, Bruxelles', message.body
            )
        link = f"/odoo/{request.id}/action-crm_lead_mining.crm_lead_action_mined"
        self.assertIn(f'href="{link}"', message.body)
        self.assertNotIn("These are the first", message.body)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mail.state, "outgoing", "the queue sends it")
        self.assertIn(f'href="{mail.get_base_url()}{link}"', mail._prepare_outgoing_body())

    def test_link_of_the_message_shows_the_colleague_their_leads(self):
        colleague = self._colleague()
        request = self.mine(user_id=colleague.id)
        action = self.env["ir.actions.actions"]._for_xml_id("crm_lead_mining.crm_lead_action_mined")
        domain = safe_eval(action["domain"], {"active_id": request.id})
        shown = self.env[action["res_model"]].with_user(colleague).search(domain)
        self.assertEqual(shown.sudo(), request.sudo().lead_ids)
        self.assertEqual(shown.user_id, colleague)

    def test_message_lists_as_many_leads_as_fit_and_says_so(self):
        self.provide(60)
        colleague = self._colleague()
        self.mine(user_id=colleague.id, lead_number=60)
        [message] = self._told(colleague)
        self.assertEqual(message.body.count("/odoo/crm.lead/"), LISTED)
        self.assertIn(f"These are the first {LISTED} of them.", message.body)

    def test_salesperson_is_told_of_each_lead_where_the_settings_say_so(self):
        self.env["res.config.settings"].create({"lead_mining_tell_each": True}).execute()
        colleague = self._colleague()
        request = self.mine(user_id=colleague.id)
        messages = self._told(colleague)
        self.assertEqual(set(messages.mapped("res_id")), set(request.sudo().lead_ids.ids))
        self.assertEqual(len(messages), 3)

    def test_salesperson_is_told_of_new_leads_only_when_a_request_is_tried_again(self):
        colleague = self._colleague()
        self.provide(2)
        request = self.mine(user_id=colleague.id)
        self.assertEqual(request.state, "partial")
        [first] = self._told(colleague)
        # Nobody tries again within the second.
        self.env.cr.execute("UPDATE crm_lead SET create_date = create_date - INTERVAL '1 minute'")
        self.provide(3)
        request.action_retry()
        self.run_lane()
        self.assertEqual(request.state, "done")
        second = self._told(colleague) - first
        self.assertEqual(second.model, "crm.lead", "one lead is told in stock's words")
        self.assertEqual(second.res_id, max(request.sudo().lead_ids.ids))

    def test_nobody_is_told_of_their_own_leads_and_nobody_who_has_left(self):
        self.mine(lead_number=2)
        colleague = self._colleague()
        request = self.request(user_id=colleague.id)
        request.action_generate()
        colleague.active = False
        self.run_lane()
        self.assertEqual(request.state, "done")
        self.assertFalse(self._told(self.salesperson) + self._told(colleague))

    @mute_logger("odoo.addons.crm_lead_mining.models.mining.lead_mining_worker_ends")
    def test_request_ends_although_nobody_can_be_told(self):
        template = self.env.ref("crm_lead_mining.leads_assigned")
        template.arch = "<t t-name='broken'><t t-out='nothing.at_all'/></t>"
        request = self.mine(user_id=self._colleague().id)
        self.assertEqual((request.state, request.created_count), ("done", 3))

    def test_contacts_made_of_a_colleagues_leads_are_not_told_one_by_one(self):
        self.env.company.lead_mining_create_partners = True
        colleague = self._colleague()
        self.mine(user_id=colleague.id, target="contacts", contact_number=1)
        self.assertEqual(len(self._told(colleague)), 1)

    def _colleague(self):
        return new_test_user(
            self.env,
            "colleague",
            "sales_team.group_sale_salesman",
            email="colleague@company.example",
        )

    def _told(self, user):
        """Return what a user was notified of, oldest first."""
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ],
            order="id",
        )

    def test_phone_that_is_no_number_is_kept_as_it_is(self):
        self.provide(synthetic_company(1, phone="ask reception"))
        self.assertEqual(self.mine_one().phone, "ask reception")

    def test_unknown_codes_are_left_out(self):
        self.provide(synthetic_company(1, state_code="ZZ", industries=("00",)))
        lead = self.mine_one()
        self.assertFalse(lead.state_id or lead.company_industry_id)

    def test_a_lead_has_its_state_whether_odoo_s_code_names_the_country_or_not(self):
        for number, (xml_id, country, told) in enumerate(
            (
                ("state_de_by", "DE", "BY"), ("state_de_by", "DE", "DE-BY"),
                ("state_us_5", "US", "CA"), ("state_jp_jp-13", "JP", "13"),
                ("state_it_mi", "IT", "MI"),
            ), 1
        ):  # fmt: skip
            with self.subTest(xml_id, told=told):
                self.provide(synthetic_company(number, country_code=country, state_code=told))
                state = self.env.ref(f"base.{xml_id}")
                lead = self.mine_one(country_ids=[(6, 0, state.country_id.ids)])
                self.assertEqual(lead.state_id, state)

    def test_mined_lead_is_never_enriched_for_a_second_credit(self):
        self.assertTrue(self.mine_one().reveal_id)

    def test_what_registers_call_a_company_follows_when_its_lead_becomes_a_customer(self):
        self.salesperson.group_ids += self.env.ref("base.group_partner_manager")
        known = {"vat": "BE0477472701", "lei": "529900T8BM49AURSDO55"}
        self.provide(synthetic_company(1, **known), synthetic_company(2, vat="BE0000000000"))
        lead, refused = self.mine(lead_number=2).lead_ids.sorted("id")
        self.assertEqual(
            (lead.company_vat, lead.company_register, lead.company_registry_id, lead.company_lei),
            ("BE0477472701", "XX-TEST", "000001", "529900T8BM49AURSDO55"),
        )
        (lead + refused)._handle_partner_assignment()
        company = lead.partner_id.commercial_partner_id
        self.assertTrue(company.is_company)
        self.assertEqual(
            (company.vat, company.company_registry, company.company_lei, company.industry_id),
            ("BE0477472701", "000001", "529900T8BM49AURSDO55",
             self.env.ref("crm_lead_mining.industry_62").industry_id),
        )  # fmt: skip
        self.assertTrue(company.industry_id)
        # A number that Odoo refuses keeps nobody from being a customer.
        self.assertEqual(refused.company_vat, "BE0000000000")
        self.assertEqual(refused.partner_id.commercial_partner_id.company_registry, "000002")
        if "account" in self.env["ir.module.module"]._installed():
            self.assertFalse(refused.partner_id.commercial_partner_id.vat)

    def test_mined_contacts_follow_when_their_lead_becomes_a_customer(self):
        self.salesperson.group_ids += self.env.ref("base.group_partner_manager")
        lead = self.mine_one(target="contacts", contact_number=2)
        first, second = lead.mining_contact_ids
        lead._handle_partner_assignment()
        # The contact that stock makes is the mined one, and is erased with it.
        self.assertEqual(first.partner_id, lead.partner_id)
        self.assertEqual(lead.partner_id.name, "Synthetic Person")
        self.assertTrue(lead.partner_id.mined)
        self.assertEqual(second.partner_id.parent_id, lead.partner_id.parent_id)
        people = self.env["res.partner"].search(
            [("parent_id", "=", lead.partner_id.parent_id.id), ("is_company", "=", False)]
        )
        self.assertEqual(people, first.partner_id + second.partner_id)

    def test_mined_contacts_follow_to_a_customer_who_was_there(self):
        self.salesperson.group_ids += self.env.ref("base.group_partner_manager")
        lead = self.mine_one(target="contacts", contact_number=2)
        customer = self.env["res.partner"].create({"name": "Known", "is_company": True})
        lead._handle_partner_assignment(force_partner_id=customer.id)
        self.assertEqual(lead.partner_id, customer)
        self.assertEqual(lead.mining_contact_ids.partner_id.parent_id, customer)
        self.assertEqual(len(lead.mining_contact_ids.partner_id), 2)

    def test_merged_leads_keep_firmographics_and_contacts(self):
        lead = self.mine_one(target="contacts", contact_number=2)
        other = self.env["crm.lead"].create({"name": "Other", "type": "opportunity"})
        merged = (other + lead.sudo())._merge_opportunity(auto_unlink=False)
        self.assertEqual(merged.company_timezone, "Europe/Brussels")
        self.assertEqual(len(merged.mining_contact_ids), 2)
        self.assertEqual(len(merged.company_technology_ids), 2)

    def test_200_leads_need_at_most_600_queries_in_a_colleagues_pipeline_too(self):
        self.provide(400)
        self._set_credits(400)
        for user in (self.salesperson, self._colleague()):
            request = self.request(lead_number=200, user_id=user.id)
            request.action_generate()
            self.env.flush_all()
            with self.assertQueryCountAtMost(600):
                self.run_lane()
            self.assertEqual(request.created_count, 200)

    def assertQueryCountAtMost(self, most):
        return _QueryCount(self, most)


class _QueryCount:
    def __init__(self, case, most):
        self.case, self.most = case, most

    def __enter__(self):
        self.before = self.case.cr.sql_log_count

    def __exit__(self, *error):
        if not any(error):
            spent = self.case.cr.sql_log_count - self.before
            self.case.assertGreater(spent, 0)
            self.case.assertLessEqual(spent, self.most)
