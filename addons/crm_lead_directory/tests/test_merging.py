"""Two companies of the directory that somebody makes one."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.crm_lead_mining.company.alike import Place
from odoo.addons.crm_lead_mining.company.identity import identity_keys
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tests.privacy.test_erasure import ErasureCase

from .common import DirectoryCase

HEADER = "name,domain,country,vat,phone,street,zip,city,employees,contact name,contact email\n"
ALFA = "Alfa S.r.l.,alfa.example,IT,,,Via Roma 1,20121,Milano,,Ugo Neri,ugo@alfa.example"
GRUPPO = "Gruppo Alfa,gruppoalfa.example,IT,IT00743110157,02 1234567,,,,40,Anna Verdi,"
OTHER = "Beta,beta.example,IT,,,,,Torino,,,"


class MergingCase(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = new_test_user(cls.env, "t_merge", "sales_team.group_sale_manager")
        cls.other = cls.dataset.copy({"name": "Another list"})

    def load(self, *rows, dataset=None, header=HEADER):
        return self._import(header + "\n".join(rows), dataset)

    def company(self, name, dataset=None):
        domain = [("name", "=", name), ("dataset_id", "=", (dataset or self.dataset).id)]
        return self.env["lead.directory.company"].search(domain).with_user(self.head)

    def both(self):
        self.load(ALFA, OTHER)
        self.load(GRUPPO, dataset=self.other)
        return self.company("Alfa S.r.l."), self.company("Gruppo Alfa", self.other)

    def merge(self, kept, merged, user=None):
        merging = self.env["lead.directory.merging"].with_user(user or self.head)
        merging = merging.create({"first_id": kept.id, "second_id": merged.id})
        merging.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()

    def found(self):
        query = self._query(countries=("IT",))
        return sorted(one.name for one in self._provider().search(query).companies)


@tagged("post_install", "-at_install")
class TestMerging(MergingCase):
    def test_two_that_were_chosen_are_shown_side_by_side_with_what_becomes_of_them(self):
        alfa, gruppo = self.both()
        action = (alfa | gruppo).action_merge()
        merging = self.env[action["res_model"]].with_user(self.head).browse(action["res_id"])
        with Form(merging) as form:
            form.stays = "first" if merging.first_id == alfa else "second"
        lines = {line.column: line for line in merging.line_ids}
        self.assertEqual(lines["vat"].result, "IT00743110157")
        self.assertTrue(lines["vat"].is_taken)
        self.assertEqual(lines["name"].result, "Alfa S.r.l.")
        self.assertEqual({lines["name"].first, lines["name"].second}, {alfa.name, gruppo.name})
        self.assertNotIn("linkedin", lines)
        self.assertTrue(merging.are_different)
        self.assertFalse(merging.refusal)
        opened = merging.action_merge()
        self.assertEqual(opened["res_id"], alfa.id)

    def test_only_two_can_be_chosen(self):
        alfa, gruppo = self.both()
        for chosen in (alfa, alfa | gruppo | self.company("Beta")):
            with self.assertRaisesRegex(UserError, "Choose two companies"):
                chosen.action_merge()

    def test_the_one_that_stays_knows_what_both_knew_and_alone_is_found(self):
        alfa, gruppo = self.both()
        self.merge(alfa, gruppo)
        self.assertEqual(self.found(), ["Alfa S.r.l.", "Beta"])
        self.assertEqual(
            (alfa.vat, alfa.phone, alfa.employees), ("IT00743110157", "02 1234567", 40)
        )
        self.assertEqual((alfa.domain, alfa.street), ("alfa.example", "Via Roma 1"))
        self.assertEqual(sorted(alfa.contact_ids.mapped("name")), ["Anna Verdi", "Ugo Neri"])
        self.assertEqual(gruppo.merged_into_id, alfa)

    def test_a_next_edition_neither_brings_it_back_nor_empties_what_came_with_it(self):
        alfa, gruppo = self.both()
        self.merge(alfa, gruppo)
        again = self.load(ALFA, OTHER)
        self.assertEqual((again.companies_updated, again.companies_unchanged), (0, 2))
        self.load(GRUPPO.replace("1234567", "7654321"), dataset=self.other)
        self.env.invalidate_all()
        self.assertEqual(self.found(), ["Alfa S.r.l.", "Beta"])
        self.assertEqual((alfa.vat, alfa.phone), ("IT00743110157", "02 1234567"))
        self.load(ALFA.replace("Via Roma 1", "Via Verdi 2"), OTHER)
        self.env.invalidate_all()
        self.assertEqual((alfa.street, alfa.phone), ("Via Verdi 2", "02 1234567"))
        self.load(ALFA.replace("IT,,,", "IT,,02 999,"), OTHER)
        self.env.invalidate_all()
        self.assertEqual(alfa.phone, "02 999")

    def test_undone_they_are_two_as_before(self):
        alfa, gruppo = self.both()
        names = alfa._compared_columns()
        before = alfa.read(names) + gruppo.read(names)
        contacts = alfa.contact_ids, gruppo.contact_ids
        for undo in (lambda: alfa.merge_ids.action_undo(), lambda: gruppo.action_undo_merge()):
            self.merge(alfa, gruppo)
            undo()
            self.env.invalidate_all()
            self.assertEqual(alfa.read(names) + gruppo.read(names), before)
            self.assertEqual((alfa.contact_ids, gruppo.contact_ids), contacts)
            self.assertEqual(self.found(), ["Alfa S.r.l.", "Beta", "Gruppo Alfa"])
        self.load(ALFA, OTHER)
        self.env.invalidate_all()
        self.assertFalse(alfa.phone)

    def test_who_is_deleted_with_its_import_leaves_the_other_one_as_it_was(self):
        alfa, gruppo = self.both()
        self.merge(alfa, gruppo)
        self.other.import_ids.action_undo()
        self.env.invalidate_all()
        self.assertFalse(gruppo.exists())
        self.assertFalse(alfa.phone or alfa.vat)
        self.assertEqual(self.found(), ["Alfa S.r.l.", "Beta"])

    def assertFoundAgain(self, delete):
        alfa, gruppo = self.both()
        self.merge(alfa, gruppo)
        delete(alfa)
        self.env.invalidate_all()
        self.assertFalse(alfa.exists())
        self.assertIn("Gruppo Alfa", self.found())
        self.assertFalse(gruppo.status)

    def test_who_was_merged_is_found_again_once_the_other_one_is_deleted(self):
        self.assertFoundAgain(lambda alfa: alfa.unlink())

    def test_who_was_merged_is_found_again_once_the_other_one_s_import_is_undone(self):
        self.assertFoundAgain(lambda _alfa: self.dataset.import_ids.action_undo())

    def test_who_was_merged_is_found_again_once_the_other_one_s_dataset_is_gone(self):
        self.assertFoundAgain(lambda _alfa: self.dataset.unlink())

    def test_its_contacts_are_its_own_again_once_the_other_one_is_deleted(self):
        for delete in (
            lambda alfa: alfa.unlink(),
            lambda _alfa: self.dataset.import_ids[0].action_undo(),
            lambda _alfa: self.dataset.unlink(),
        ):
            alfa, gruppo = self.both()
            self.merge(alfa, gruppo)
            self.assertFalse(gruppo.contact_ids)
            delete(alfa)
            self.env.invalidate_all()
            self.assertEqual(gruppo.contact_ids.mapped("name"), ["Anna Verdi"])

    def test_of_companies_that_were_merged_twice_the_later_merge_is_undone_first(self):
        alfa, gruppo = self.both()
        beta = self.company("Beta")
        self.merge(alfa, gruppo)
        self.merge(beta, alfa)
        with self.assertRaisesRegex(UserError, "“Alfa S.r.l.” has been merged into “Beta”"):
            gruppo.action_undo_merge()
        alfa.action_undo_merge()
        gruppo.action_undo_merge()
        self.env.invalidate_all()
        self.assertEqual(gruppo.contact_ids.mapped("name"), ["Anna Verdi"])
        self.assertEqual(alfa.contact_ids.mapped("name"), ["Ugo Neri"])
        self.assertFalse(beta.contact_ids or beta.vat or alfa.vat)

    def test_who_passed_on_what_it_was_given_gives_it_back_when_it_is_deleted(self):
        alfa, gruppo = self.both()
        beta = self.company("Beta")
        self.merge(alfa, gruppo)
        self.merge(beta, alfa)
        alfa.unlink()
        self.env.invalidate_all()
        self.assertEqual(gruppo.contact_ids.mapped("name"), ["Anna Verdi"])
        self.assertFalse(beta.contact_ids or beta.vat)
        self.assertEqual(self.found(), ["Beta", "Gruppo Alfa"])

    def test_its_end_and_its_protection_are_the_other_one_s_too(self):
        alfa, gruppo = self.both()
        self.merge(alfa, gruppo)
        Suppression = self.env["lead.mining.suppression"]
        known = Company(name="Alfa", domain="alfa.example", country_code="IT")
        self.assertEqual(Suppression._refusals([known], self.env.company), [""])
        header = HEADER.replace("contact email", "contact email,status")
        for status in ("Insolvent", "Ceased"):
            self.load(f"{GRUPPO},{status}", dataset=self.other, header=header)
            [refusal] = Suppression._refusals([known], self.env.company)
            self.assertIn(status.lower(), refusal)
            beta = Company(name="Beta", domain="beta.example", country_code="IT")
            self.assertEqual(Suppression._refusals([beta], self.env.company), [""])
        self.assertEqual(self.found(), ["Beta"])
        alfa.merge_ids.action_undo()
        self.env.invalidate_all()
        self.assertEqual(gruppo.status, "ceased")
        self.assertEqual(self.found(), ["Alfa S.r.l.", "Beta"])

    def test_a_register_that_ends_one_of_two_of_its_own_does_not_end_the_other(self):
        self.load(ALFA, GRUPPO.replace("IT00743110157", ""), OTHER)
        alfa, gruppo = self.company("Alfa S.r.l."), self.company("Gruppo Alfa")
        self.merge(alfa, gruppo)
        header = HEADER.replace("contact email", "contact email,status")
        known = Company(name="Alfa", domain="alfa.example", country_code="IT")
        refusals = self.env["lead.mining.suppression"]._refusals
        row = GRUPPO.replace("IT00743110157", "")
        self.load(f"{row},Ceased", header=header)
        self.assertEqual(refusals([known], self.env.company), [""])
        protection = HEADER.replace("contact email", "contact email,reklamebeskyttet")
        self.load(f"{row},true", header=protection)
        self.assertIn("protected", refusals([known], self.env.company)[0])

    def test_who_is_never_mined_is_neither_hidden_by_a_merge_nor_comes_back_by_it(self):
        alfa, gruppo = self.both()
        Suppression = self.env["lead.mining.suppression"]
        company = Company(name="Gruppo Alfa", domain="gruppoalfa.example", country_code="IT")
        place = Place.of(company.name, "IT", "", "")
        entries = Suppression._company_entries(place, company.name, *identity_keys(company))
        Suppression.sudo()._add(entries, self.env["res.company"], "request")
        with self.assertRaisesRegex(UserError, "never mined"):
            self.merge(alfa, gruppo)
        Suppression.search([]).unlink()
        self.merge(alfa, gruppo)
        Suppression.sudo()._add(entries, self.env["res.company"], "request")
        known = Company(name="Alfa", domain="alfa.example", country_code="IT")
        self.assertTrue(Suppression._refusals([known], self.env.company)[0])

    def test_leads_of_either_are_known_as_both(self):
        alfa, gruppo = self.both()
        Identity = self.env["lead.mining.identity"].sudo()
        lead = self.env["crm.lead"].create({"name": "Gruppo"})
        request = self.env["lead.mining.request"].create({})
        Identity._reserve(["domain:gruppoalfa.example"], request)
        Identity._assign_leads({"domain:gruppoalfa.example": lead.id})
        self.merge(alfa, gruppo)
        own = Identity.search([("key", "=", "domain:alfa.example")])
        self.assertEqual(own.lead_id, lead)
        alfa.merge_ids.action_undo()
        self.assertFalse(own.exists())
        self.assertTrue(Identity.search([("key", "=", "domain:gruppoalfa.example")]))

    def test_a_contact_or_lead_of_either_makes_both_known(self):
        alfa, gruppo = self.both()
        keys = {
            alfa: ["reg:IT-RI:1", "domain:alfa.example"],
            gruppo: ["domain:gruppoalfa.example", "vat:IT00743110157"],
        }
        Identity = self.env["lead.mining.identity"]
        other = [key for one in keys.values() for key in one]
        self.merge(alfa, gruppo)
        self.assertEqual(Identity._known_keys([*other, "domain:beta.example"]), set())
        for model, values, asked in (
            ("res.partner", {"website": "gruppoalfa.example"}, alfa),
            ("crm.lead", {"website": "gruppoalfa.example"}, alfa),
            ("res.partner", {"website": "alfa.example", "is_company": True}, gruppo),
        ):
            with self.subTest(model=model, asked=asked.name):
                record = self.env[model].create({"name": "Known", **values})
                known = Identity._known_keys([*keys[asked], "domain:beta.example"])
                self.assertTrue(known)
                self.assertLess(known, {*keys[asked], "domain:beta.example"})
                records = Identity._known_records(keys[asked])
                self.assertEqual(set(records.values()), {(model, record.id)})
                alfa.merge_ids.action_undo()
                self.env.invalidate_all()
                self.assertEqual(Identity._known_keys(keys[asked]), set())
                record.unlink()
                self.merge(alfa, gruppo)

    def test_a_lead_of_either_is_enriched_by_what_both_know(self):
        alfa, gruppo = self.both()
        beta = self.company("Beta")
        provider = self._provider()
        self.assertEqual(provider.enrich(domain="gruppoalfa.example").name, "Gruppo Alfa")
        self.merge(alfa, gruppo)
        self.assertEqual(provider.enrich(domain="gruppoalfa.example").name, "Alfa S.r.l.")
        self.merge(beta, alfa)
        for domain in ("gruppoalfa.example", "alfa.example", "beta.example"):
            self.assertEqual(provider.enrich(domain=domain).name, "Beta")
        self.assertEqual(provider.find(gruppo.identity).name, "Beta")
        self.assertFalse(provider.enrich(domain="gamma.example"))
        beta.sudo().status = "ceased"
        self.env.flush_all()
        self.assertFalse(provider.enrich(domain="gruppoalfa.example"))

    def test_only_who_may_delete_both_may_merge_them(self):
        alfa, gruppo = self.both()
        seller = new_test_user(self.env, "t_merge_seller", "sales_team.group_sale_salesman")
        portal = new_test_user(self.env, "t_merge_portal", "base.group_portal")
        for user in (seller, portal):
            with self.assertRaises(AccessError):
                (alfa | gruppo).with_user(user).action_merge()
            with self.assertRaises(AccessError):
                self.env["lead.directory.merge"].with_user(user)._merge(alfa, gruppo)
        self.merge(alfa, gruppo)
        with self.assertRaises(AccessError):
            alfa.merge_ids.with_user(seller).action_undo()

    def test_two_users_do_not_merge_two_companies_into_each_other_at_once(self):
        alfa, gruppo = self.both()
        Company = self.registry["lead.directory.company"]
        # Somebody else has the second one.
        with (
            patch.object(Company, "try_lock_for_update", lambda both, **_kw: both[:1]),
            self.assertRaisesRegex(UserError, "Try again"),
        ):
            self.merge(alfa, gruppo)
        self.assertFalse(alfa.merge_ids or gruppo.status)

    def test_what_has_ended_or_is_merged_is_not_merged(self):
        alfa, gruppo = self.both()
        beta = self.company("Beta")
        self.merge(alfa, gruppo)
        beta.sudo().status = "ceased"
        for one in (gruppo, beta):
            with self.assertRaisesRegex(UserError, "do business"):
                self.merge(alfa, one)
        with self.assertRaisesRegex(UserError, "Choose two"):
            self.merge(alfa, alfa)

    def test_a_second_company_s_own_list_stays_its_own(self):
        alfa, gruppo = self.both()
        second = self.env["res.company"].create({"name": "Second"})
        self.head.company_ids |= second
        self.other.company_id = second
        own = self.env["lead.directory.merge"].with_user(self.head)
        with self.assertRaises(AccessError):
            own.with_context(allowed_company_ids=self.env.company.ids)._merge(alfa, gruppo)
        heads = self.env["lead.directory.merge"].with_user(self.head).with_context(
            allowed_company_ids=(self.env.company | second).ids
        )  # fmt: skip
        with self.assertRaisesRegex(UserError, "let the first one stay"):
            heads._merge(gruppo, alfa)
        heads._merge(alfa, gruppo)
        self.env.invalidate_all()
        self.assertFalse(alfa.phone or alfa.vat)
        self.assertEqual(alfa.contact_ids.mapped("name"), ["Ugo Neri"])
        self.load(ALFA, OTHER)
        self.env.invalidate_all()
        self.assertFalse(alfa.phone)
        self.assertTrue(heads.search([]))
        self.assertFalse(heads.with_context(allowed_company_ids=self.env.company.ids).search([]))


@tagged("post_install", "-at_install")
class TestErasureAfterMerging(ErasureCase, MergingCase):
    def test_a_person_is_erased_from_both_and_comes_back_by_neither(self):
        self.load(ALFA)
        self.load(GRUPPO.replace("Anna Verdi,", "Ugo Neri,ugo@alfa.example"), dataset=self.other)
        alfa, gruppo = self.company("Alfa S.r.l."), self.company("Gruppo Alfa", self.other)
        gruppo.sudo().emails = "ugo@alfa.example"
        self.merge(alfa, gruppo)
        self.assertEqual(alfa.emails, "ugo@alfa.example")
        self.erase("ugo@alfa.example")
        self.env.invalidate_all()
        self.assertFalse((alfa | gruppo).sudo().contact_ids)
        self.assertFalse(alfa.emails or gruppo.emails)
        alfa.merge_ids.action_undo()
        self.assertFalse((alfa | gruppo).sudo().contact_ids)
        self.assertFalse(alfa.emails or gruppo.emails)
