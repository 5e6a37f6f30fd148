"""Zips of what has changed in Belgium's register that are not those that come next."""

import base64
import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from .kbo import VENECO, KboCase, packed, seat, update, whole


@tagged("post_install", "-at_install")
class TestChangesBeRefused(KboCase):
    def test_changes_need_a_whole_file_before(self):
        self.assertIn("import a whole file of “KBO/BCE Open Data” first", self.refused(update()))
        self.assertFalse(self.companies())

    def test_changes_need_the_number_of_the_whole_file(self):
        self.use(whole())
        self.source.import_id.sudo().edition_number = 0
        self.assertIn("import a whole file", self.refused(update()))

    def test_changes_come_one_after_another(self):
        self.use(whole())
        for number in (130, 136):
            sentence = self.refused(update(number))
            self.assertIn(f"number {number}, and the directory has that of 136 already", sentence)
            self.assertIn("use the one with the number 137", sentence)
        sentence = self.refused(update(139))
        self.assertIn("the directory is at 136: use the updates from 137 on first", sentence)
        self.use(update(137))
        self.use(update(138))
        self.assertIn("already", self.refused(update(138)))
        self.use(update(139))

    def test_changes_into_a_half_read_whole_file_are_refused(self):
        self.use(whole())
        record = self.use(whole(138))
        record.state = "cancelled"
        self.assertIn("import a whole file", self.refused(update(137)))

    def test_what_is_cut_short_is_refused(self):
        self.use(whole())
        before = self.told()
        content = update(address=((VENECO,), (seat(VENECO),)))
        self.assertIn("incomplete", self.refused(content[: len(content) // 2]))
        for name in ("meta.csv", "address_delete.csv", "enterprise_insert.csv"):
            with self.subTest(name):
                cut = update(without=(name,))
                self.assertIn(f"it has no {name}", self.refused(cut))
        broken = bytearray(content)
        place = content.index(b"address_insert.csv") + len("address_insert.csv") + 20
        broken[place] ^= 0xFF
        self.assertIn("damaged", self.refused(bytes(broken)))
        self.assertEqual(self.changed(before), set())

    def test_the_rows_of_an_update_are_of_the_register_s_layout(self):
        self.use(whole())
        text = update(address=((VENECO,), (seat(VENECO),)))
        with zipfile.ZipFile(io.BytesIO(text)) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        members["address_insert.csv"] = members["address_insert.csv"].replace(b"Zipcode", b"Zip")
        self.assertIn("Zipcode", self.refused(packed(members)))

    def test_the_sentences_are_italian_for_who_speaks_it(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"].search(
            [("name", "=", "crm_lead_directory")]
        )._update_translations(["it_IT"])
        self.manager.lang = "it_IT"
        self.addCleanup(setattr, self.manager, "lang", "en_US")
        record_id = self.source.with_user(self.manager).action_use_file()["res_id"]
        record = self.Import.with_user(self.manager).with_context(lang="it_IT").browse(record_id)
        record.write({"file": base64.b64encode(update()), "file_name": "KboOpenData.zip"})
        with self.assertRaises(UserError) as caught:
            record.action_start()
        self.assertIn("contiene solo", str(caught.exception))
