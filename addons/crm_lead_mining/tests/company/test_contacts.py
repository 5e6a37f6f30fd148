from dataclasses import replace

from odoo.tests import BaseCase, tagged

from ...company.contacts import choose_contacts, distinct_contacts
from ...company.types import CompanyQuery, Contact
from ..common import LeadMiningCase, synthetic_company

CEO = Contact("Ada", "CEO", "ceo", "executive", "ada@a.example")
CFO = Contact("Bob", "CFO", "finance", "executive", "bob@a.example")
CTO = Contact("Cid", "Head of IT", "information_technology", "director", "cid@a.example")


def _query(**values):
    return CompanyQuery(with_contacts=True, **{"contacts_per_company": 5} | values)


@tagged("post_install", "-at_install")
class TestChoiceOfContacts(BaseCase):
    def names(self, contacts, **query):
        return [contact.name for contact in choose_contacts(contacts, _query(**query))]

    def test_preferred_role_comes_first_then_other_roles_then_nobody(self):
        roles = {"preferred_role": "finance", "other_roles": ("ceo",), "contact_filter": "role"}
        self.assertEqual(self.names((CEO, CTO, CFO), **roles), ["Bob", "Ada"])

    def test_without_roles_everybody_comes_in_the_provider_s_order(self):
        unknown = Contact("Zoe")
        self.assertEqual(self.names((CEO, unknown), contact_filter="role"), ["Ada", "Zoe"])

    def test_seniority_leaves_the_others_out(self):
        query = {"contact_filter": "seniority", "seniority": "director"}
        self.assertEqual(self.names((CEO, CTO, CFO), **query), ["Cid"])

    def test_no_more_than_asked_for(self):
        self.assertEqual(self.names((CEO, CTO, CFO), contacts_per_company=2), ["Ada", "Cid"])

    def test_one_person_with_two_spellings_is_one_contact(self):
        twice = (
            Contact("Ada Lovelace", email="ada@a.example"),
            Contact("LOVELACE Ada", "Analyst", phone="1"),
            Contact("A. Lovelace", email="ADA@a.example"),
        )
        (one,) = distinct_contacts(twice)
        self.assertEqual((one.name, one.job_title, one.phone), ("Ada Lovelace", "Analyst", "1"))

    def test_a_contact_without_a_name_is_nobody(self):
        self.assertEqual(distinct_contacts((Contact("  ", email="info@a.example"),)), ())


@tagged("post_install", "-at_install")
class TestMinedContacts(LeadMiningCase):
    def mine_contacts(self, *contacts, number=5, **values):
        self.provide(synthetic_company(1, contacts=contacts))
        request = self.mine(lead_number=1, target="contacts", contact_number=number, **values)
        self.assertEqual(request.state, "done", request.message)
        return request.lead_ids.mining_contact_ids

    def test_same_person_twice_is_delivered_and_paid_once(self):
        contacts = self.mine_contacts(CEO, Contact("ADA", phone="+32 2 290 34 90"), CFO)
        self.assertEqual(contacts.mapped("name"), ["Ada", "Bob"])
        self.assertPaid(3)

    def test_worker_chooses_where_the_provider_sends_whoever_it_has(self):
        contacts = self.mine_contacts(
            CEO,
            CTO,
            CFO,
            preferred_role_id=self.env.ref("crm_lead_mining.role_finance").id,
            role_ids=[(6, 0, self.env.ref("crm_lead_mining.role_ceo").ids)],
        )
        self.assertEqual(contacts.mapped("name"), ["Bob", "Ada"])
        self.assertEqual(contacts.lead_id.contact_name, "Bob")
        self.assertEqual(contacts.mapped("role"), ["finance", "ceo"])

    def test_phones_of_contacts_are_written_as_their_country_does(self):
        contacts = self.mine_contacts(
            Contact("Ada", phone="022903490"), Contact("Bob", phone="reception")
        )
        self.assertEqual(contacts.mapped("phone"), ["+32 2 290 34 90", "reception"])

    def test_preview_masks_contacts_on_the_server(self):
        preview = self.env["lead.mining.request"].get_preview(
            {
                "provider_id": self.provider.id,
                "target": "contacts",
                "lead_number": 1,
                "contact_number": 1,
                "country_ids": self.belgium.ids,
            }
        )
        (contact,) = preview["sample"][0]["contacts"]
        self.assertEqual(contact["name"], "S•••••••• P•••••")
        self.assertEqual(contact["email"], "p•••@s•••.example")
        self.assertEqual(contact["job_title"], "Director")
        self.assertNotIn("person", str(preview))

    def test_contact_brings_the_company_into_the_address_book(self):
        contacts = self.mine_contacts(CEO, CFO)
        contacts.with_user(self.salesperson).action_create_partner()
        company = contacts.partner_id.parent_id
        self.assertEqual((company.name, company.is_company), ("Synthetic 1", True))
        self.assertFalse(company.email, "the first contact's address is not the company's")
        self.assertEqual(len(company.child_ids), 2)
        self.assertEqual(contacts.lead_id.partner_id, contacts[0].partner_id)
        self.assertEqual(contacts.lead_id.email_from, "ada@a.example")

    def test_archived_contact_with_the_same_address_is_linked_not_made_again(self):
        archived = self.env["res.partner"].create(
            {"name": "Ada of long ago", "email": "Ada@A.example", "active": False}
        )
        contacts = self.mine_contacts(CEO)
        contacts.action_create_partner()
        self.assertEqual(contacts.partner_id, archived)
        self.assertFalse(archived.mined)

    def test_contact_with_the_same_mailbox_in_another_spelling_is_not_made_again(self):
        known = self.env["res.partner"].create({"name": "Ada", "email": "ada@bücher.example"})
        contacts = self.mine_contacts(replace(CEO, email="ada@xn--bcher-kva.example"))
        contacts.action_create_partner()
        self.assertEqual(contacts.partner_id, known)

    def test_address_of_a_contact_in_another_spelling_is_not_the_company_s(self):
        contacts = self.mine_contacts(replace(CEO, email="ada@bücher.example"))
        contacts.lead_id.email_from = "Ada@xn--bcher-kva.example"
        contacts.action_create_partner()
        self.assertFalse(contacts.partner_id.parent_id.email)

    def test_contact_of_another_company_of_the_database_is_not_linked(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["res.partner"].create(
            {"name": "Ada", "email": "ada@a.example", "company_id": other.id}
        )
        contacts = self.mine_contacts(CEO)
        contacts.action_create_partner()
        self.assertTrue(contacts.partner_id)
        self.assertNotEqual(contacts.partner_id, foreign)

    def test_setting_makes_contacts_of_all_at_once(self):
        self.env.company.lead_mining_create_partners = True
        contacts = self.mine_contacts(CEO, CFO)
        self.assertEqual(len(contacts.partner_id), 2)
        self.assertTrue(all(contacts.partner_id.mapped("mined")))

    def test_without_the_setting_the_address_book_stays_as_it_is(self):
        self.assertFalse(self.mine_contacts(CEO, CFO).partner_id)

    def test_address_book_is_filled_in_a_constant_number_of_queries(self):
        def queries(number):
            contacts = self.env["lead.mining.contact"].create(
                [
                    {
                        "lead_id": self.lead_id(number),
                        "name": f"Person {number} {one}",
                        "email": f"p{one}.{number}@many.example",
                    }
                    for one in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            contacts._link_known_partners()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(40))

    def lead_id(self, number):
        return self.env["crm.lead"].create({"name": f"Lead {number}"}).id
