"""The table of attributes, and what is written beside it."""

from dataclasses import fields, replace

from odoo.tests import BaseCase, tagged

from ...company.company_json import from_json, to_json
from ...company.fields import COMPANY, CONTACT, LISTS, OF_RECORD
from ...company.types import Company, Contact
from ...tools import stock_answers
from ..common import LeadMiningCase, synthetic_company

#: What says of a company where its values come from, or holds others.
NO_ATTRIBUTE = {"contacts", "provenance", "record_key", "sources", "socials"}
#: What stock's clients have no place for.
NOT_IN_STOCK = {"registry", "registry_id", "lei", "legal_form", "part_of", "status"}


NOBODY = Company("", country_code="BE")


#: Those that companies have; others are cells of files that several are read from.
OF_COMPANY = [one for one in COMPANY if one.fields]


def _marked(attribute):
    """Return a company of which only this attribute is known, by a value that can be found."""
    name = attribute.fields[0]
    if attribute.kind == "network":
        return replace(NOBODY, socials={name: "https://marked.example/marked"})
    value = {"number": 4711, "list": ("marked",)}.get(attribute.kind, "marked")
    if name == "industries":
        value = ("62",)
    return replace(NOBODY, **{name: value})


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    def test_every_field_of_companies_and_contacts_is_an_attribute_of_its_kind(self):
        of_company = [name for one in COMPANY if one.kind != "network" for name in one.fields]
        self.assertCountEqual(of_company, {field.name for field in fields(Company)} - NO_ATTRIBUTE)
        self.assertCountEqual(
            [name for one in CONTACT for name in one.fields],
            {field.name for field in fields(Contact)} - {"provenance", "email_status"},
        )
        for field in fields(Company):
            self.assertEqual(field.name in LISTS, field.type == tuple[str, ...], field.name)

    def test_names_are_told_once(self):
        for values in (
            [one.target for one in (*COMPANY, *CONTACT)],
            [one.label for one in (*COMPANY, *CONTACT)],
            [name for one in COMPANY for name in one.records],
            [name for one in COMPANY for name in one.columns],
        ):
            self.assertCountEqual(values, set(values))

    def test_what_is_kept_of_an_answer_is_all_of_it(self):
        for one in OF_COMPANY:
            company = _marked(one)
            self.assertEqual(from_json(to_json(company)), company, one.target)

    def test_answers_to_stock_s_clients_tell_every_attribute_that_they_have_a_place_for(self):
        for one in OF_COMPANY:
            if one.kind == "network" and one.target not in ("linkedin", "facebook", "twitter"):
                continue
            company = _marked(one)
            is_told = any(
                answer(company) != answer(NOBODY)
                for answer in (
                    stock_answers.enrichment_answer,
                    stock_answers.mining_answer,
                    lambda company: stock_answers.autocomplete_answer(company, "key"),
                )
            )
            self.assertEqual(is_told, one.target not in NOT_IN_STOCK, one.target)


@tagged("post_install", "-at_install")
class TestRecords(LeadMiningCase):
    def test_profile_of_leads_and_contacts_is_what_the_table_says(self):
        besides = {
            "company_logo",  # of enrichment
            "company_vat", "company_register", "company_registry_id",  # of leads only
            "company_registry",  # Odoo's own
        }  # fmt: skip
        profile = {name for name in OF_RECORD if name.startswith("company_")} - besides
        self.assertEqual(self.env["crm.lead"]._company_profile_fields(), profile)
        for name in OF_RECORD:
            self.assertTrue(
                name in self.env["crm.lead"]._fields
                or name in self.env["res.partner"]._fields
                or name == "company_logo",  # of enrichment
                name,
            )

    def test_profile_is_on_both_forms_and_legal_forms_are_found_and_grouped_by(self):
        for model in ("crm.lead", "res.partner"):
            arch = self.env[model].get_view(view_type="form")["arch"]
            for name in self.env[model]._company_profile_fields():
                self.assertIn(f'name="{name}"', arch, model)
            arch = self.env[model].get_view(view_type="search")["arch"]
            self.assertIn('name="company_legal_form"', arch)
            self.assertIn("'group_by': 'company_legal_form'", arch)

    def test_card_of_a_company_shows_what_files_of_results_tell(self):
        Lead = self.env["crm.lead"]
        nothing = Company("X", country_code="BE")
        empty = Lead._render_company_card(nothing, Lead._mined_records([nothing]))
        # The registry is shown with its number, the rest of an address with a street or a city.
        hidden = {"lei", "registry", "street2", "zip", "state", "country", "name"}
        for one in OF_COMPANY:
            company = replace(_marked(one), name="X")
            card = Lead._render_company_card(company, Lead._mined_records([company]))
            if one.exported:
                self.assertEqual(card != empty, one.target not in hidden, one.target)

    def test_results_have_a_column_of_every_exported_attribute(self):
        self.provide(synthetic_company(1))
        request = self.mine(lead_number=1)
        header = request.result_ids._header(1)
        for one in (*COMPANY[1:], *CONTACT):
            label = f"{one.label} 1" if one in CONTACT else one.label
            self.assertEqual(label in header, one.exported, one.target)
