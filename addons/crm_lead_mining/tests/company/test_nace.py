from pathlib import Path

import stdnum
from stdnum import numdb

from odoo.tests import TransactionCase, tagged

from ...company import nace


@tagged("post_install", "-at_install")
class TestNace(TransactionCase):
    def test_sections_and_divisions_are_those_of_the_regulation(self):
        # python-stdnum ships Eurostat's table of Rev. 2.
        path = Path(stdnum.__file__).parent / "eu" / "nace20.dat"
        with path.open(encoding="utf-8") as file:
            table = numdb.read(file)
        found = {f"{number:02}": table.info(f"{number:02}")[0][1] for number in range(100)}
        theirs = {code: info["section"] for code, info in found.items() if info}
        self.assertEqual(nace.DIVISIONS, theirs)

    def test_every_code_has_a_record_and_contact_s_industry(self):
        industries = self.env["lead.mining.industry"].search([])
        self.assertEqual(set(industries.mapped("code")), nace.CODES)
        self.assertTrue(all(industry.industry_id for industry in industries))
        for industry in industries:
            self.assertEqual(industry.section, nace.section_of(industry.code))
            self.assertEqual(
                industry.industry_id,
                self.env.ref(f"base.res_partner_industry_{industry.section}"),
            )

    def test_industries_are_listed_by_section_and_found_by_code_and_name(self):
        model = self.env["lead.mining.industry"]
        codes = model.search([("section", "in", ("I", "J"))]).mapped("code")
        self.assertEqual(codes[:3], ["I", "55", "56"])
        self.assertEqual(codes[3:5], ["J", "58"])
        software = model._by_code(["62", "nothing"])
        self.assertEqual(list(software), ["62"])
        for text in ("62", "software dev"):
            self.assertIn(software["62"].id, [id_ for id_, _name in model.name_search(text)])

    def test_a_name_is_told_in_the_reader_s_language_as_soon_as_it_is_another_one(self):
        model = self.env["lead.mining.industry"]
        self.env["res.lang"]._activate_lang("it_IT")
        italian = model.with_context(lang="it_IT")
        software = model._by_code(["62"])["62"]
        self.assertEqual(model._names(), {one.code: one.name for one in model.search([])})
        self.assertNotIn("Programmi", italian._names().values())
        software.name = "Programs"
        self.assertEqual(model._names()["62"], "Programs")
        software.update_field_translations("name", {"it_IT": "Programmi"})
        self.assertEqual(italian._names()["62"], "Programmi")
        self.assertEqual(model._names()["62"], "Programs")
        software.unlink()
        self.assertNotIn("62", model._names())
        model.create({"code": "62", "name": "Again"})
        self.assertEqual(model._names()["62"], "Again")

    def test_a_section_covers_itself_and_its_divisions(self):
        self.assertEqual(nace.expand(["J"]), ("58", "59", "60", "61", "62", "63", "J"))
        self.assertEqual(nace.expand(["62", "62"]), ("62",))
        self.assertEqual(nace.expand(["99", "ZZ", ""]), ("99",))
