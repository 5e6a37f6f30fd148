"""A new edition of a register: what it changes, what it no longer has, and how it is undone."""

import random
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from odoo.tests import tagged

from ..models import lead_directory_edition_part as edition_part
from ..models import lead_directory_import_run as import_run
from ..models import lead_directory_import_undo as import_undo
from ..registers.recipes import RECIPES
from .norway import company, packed
from .source_case import SourceCase

#: So many that what vanishes in a test is no tenth.
MANY = [company(number) for number in range(1, 41)]


class EditionCase(SourceCase):
    edition = 0

    def load(self, rows):
        """Have an edition with these rows."""
        type(self).edition += 1
        self.publish(rows, etag=f'"{self.edition}"')
        self.get()
        return self.source.import_id

    def means(self, vanished):
        """Let what vanishes from Norway's register mean something else."""
        recipe = replace(RECIPES["no_brreg"], vanished=vanished)
        self.enterContext(patch.dict(RECIPES, no_brreg=recipe))

    @contextmanager
    def in_parts(self, rows=7):
        """Write few companies in each transaction, and let each be the last of its run."""
        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 0),
            patch.object(import_run, "BATCH_ROWS", rows),
            patch.object(edition_part, "PART", rows),
            patch.object(import_undo, "PART", rows),
        ):
            yield

    def named(self):
        return {one.name: one for one in self.companies()}

    def living(self):
        return {name for name, one in self.named().items() if not one.status}


def names(rows):
    return {row["navn"] for row in rows}


@tagged("post_install", "-at_install")
class TestEditions(EditionCase):
    def test_who_is_in_a_new_edition_no_more_has_ceased(self):
        self.load(MANY)
        record = self.load([*MANY[3:], company(99)])
        self.assertEqual(record.state, "done")
        self.assertEqual(self.living(), names([*MANY[3:], company(99)]))
        gone = self.named()["SYNTHETIC 1 AS"]
        self.assertEqual((gone.status, bool(gone.vanished_on)), ("ceased", True))
        self.assertEqual((record.companies_vanished, record.companies_marked), (3, 3))
        self.assertEqual(record.companies_before, 40)
        # Not even where another dataset or file has the company.
        known = self.env["lead.directory.ended"].search([("key", "=", gone.identity)])
        self.assertEqual(known.status, "ceased")

    def test_what_is_not_known_of_them_is_told_and_they_are_found(self):
        self.means("unknown")
        self.load(MANY)
        self.load(MANY[3:])
        self.assertEqual(self.living(), names(MANY))
        gone = self.companies().filtered("vanished_on")
        self.assertEqual(set(gone.mapped("name")), names(MANY[:3]))
        self.load(MANY)
        self.assertFalse(self.companies().filtered("vanished_on"))

    def test_what_has_to_be_forgotten_is_deleted(self):
        self.means("deleted")
        self.load(MANY)
        self.load(MANY[3:])
        self.assertEqual(set(self.named()), names(MANY[3:]))

    def test_who_is_back_does_business_again(self):
        self.load(MANY)
        self.load(MANY[3:])
        self.load(MANY)
        self.assertEqual(self.living(), names(MANY))
        self.assertFalse(self.companies().filtered("vanished_on"))
        self.assertFalse(self.env["lead.directory.ended"].search([]))

    def test_a_file_that_breaks_off_marks_nobody(self):
        rows = [company(number) for number in range(1, 2001)]
        self.load(rows)
        self.source.with_user(self.manager).action_use_file()
        record = self.source.import_id
        whole = packed(rows)
        record.sudo().path = self._write(whole[: len(whole) * 3 // 4], "half.csv.gz")
        record.action_start()
        with patch.object(import_run, "BATCH_ROWS", 200):
            self.work()
        self.assertEqual(record.state, "failed")
        self.assertGreater(record.rows_read, 0)
        self.assertEqual(self.living(), names(rows))

    def test_more_than_a_tenth_is_asked_about_before_anything_is_marked(self):
        self.load(MANY)
        record = self.load(MANY[5:])
        self.assertEqual((record.state, self.source.state), ("asks", "asks"))
        self.assertEqual(self.living(), names(MANY))
        self.assertIn("5 of 40 companies (12%)", self.source.vanished_text)
        self.source.with_user(self.manager).action_apply_vanished()
        self.work()
        self.assertEqual((record.state, self.source.state), ("done", "done"))
        self.assertEqual(self.living(), names(MANY[5:]))

    def test_a_tenth_is_no_question(self):
        self.load(MANY)
        self.assertEqual(self.load(MANY[4:]).state, "done")
        self.assertEqual(self.living(), names(MANY[4:]))

    def test_who_keeps_them_is_asked_again_by_the_next_edition(self):
        self.load(MANY)
        record = self.load(MANY[5:])
        self.source.with_user(self.manager).action_keep_vanished()
        self.work()
        self.assertEqual((record.state, record.companies_marked), ("done", 0))
        self.assertEqual(self.living(), names(MANY))
        self.assertEqual(self.load(MANY[5:]).state, "asks")

    def test_a_file_of_others_is_asked_about_and_undone(self):
        self.load(MANY)
        others = [company(number) for number in range(100, 140)]
        record = self.load(others)
        self.assertEqual(record.state, "asks")
        record.with_user(self.manager).action_undo()
        self.assertEqual(record.state, "undone")
        self.assertEqual(self.living(), names(MANY))
        self.assertEqual(set(self.named()), names(MANY))

    def test_half_the_rows_are_asked_about_however_few_have_vanished(self):
        self.load([*MANY, *MANY, *MANY])
        self.assertEqual(self.load(MANY[1:]).state, "asks")

    def test_a_schedule_s_owner_is_asked_by_an_activity(self):
        self.load(MANY)
        self.source.with_user(self.manager).schedule = "published"
        self.load(MANY[5:])
        self.assertEqual(self.source.activity_ids.user_id, self.manager)
        self.source.with_user(self.manager).action_apply_vanished()
        self.work()
        self.assertFalse(self.source.activity_ids)

    def test_an_edition_in_many_parts_marks_the_same(self):
        self.load(MANY)
        gone = MANY[::10]
        self.publish([row for row in MANY if row not in gone], etag='"parts"')
        self.source.with_user(self.manager).action_get()
        self.source._cron_download()
        with self.in_parts(2):
            for _part in range(40):
                self.Import._cron_import()
        self.env.invalidate_all()
        self.assertEqual(self.source.state, "done")
        self.assertEqual(self.living(), names(MANY) - names(gone))

    def test_of_rows_of_one_company_the_first_counts_also_after_an_interruption(self):
        self.load(MANY)
        first, second = ({**MANY[0], "antallAnsatte": size} for size in ("40", "50"))
        self.publish([first, *MANY[1:], second], etag='"twice"')
        self.source.with_user(self.manager).action_get()
        self.source._cron_download()
        with self.in_parts():
            for _part in range(20):
                self.Import._cron_import()
        self.env.invalidate_all()
        self.assertEqual(self.source.state, "done")
        self.assertEqual(self.named()["SYNTHETIC 1 AS"].employees, 40)

    def test_who_cancels_meanwhile_has_nothing_more_marked_and_goes_on_later(self):
        self.load(MANY)
        record = self.load(MANY[20:])
        self.source.with_user(self.manager).action_apply_vanished()
        with self.in_parts():
            self.Import._cron_import()
            record.action_cancel()
            marked = len(self.living())
            self.Import._cron_import()
        self.assertEqual((record.state, len(self.living())), ("cancelled", marked))
        record.action_continue()
        self.work()
        self.assertEqual((record.state, self.living()), ("done", names(MANY[20:])))

    def test_rows_that_cannot_be_used_end_nobody(self):
        self.load(MANY)
        unusable = [{**row, "navn": ""} for row in MANY[:2]]
        record = self.load([*unusable, *MANY[2:]])
        self.assertEqual((record.rows_dropped, record.companies_vanished), (2, 0))
        self.assertEqual(self.living(), names(MANY))

    def test_who_is_never_mined_has_not_ceased(self):
        self.load(MANY)
        self.env["lead.mining.suppression"].create(
            {"kind": "domain", "value": "synthetic1.example", "company_id": False}
        )
        record = self.load(MANY)
        self.assertEqual((record.rows_withheld, record.companies_vanished), (1, 0))

    def test_who_has_ceased_by_status_is_told_apart_from_who_has_vanished(self):
        self.load(MANY)
        record = self.load([{**MANY[0], "konkurs": "true"}, *MANY[2:]])
        self.assertEqual(self.named()["SYNTHETIC 1 AS"].status, "insolvent")
        self.assertFalse(self.named()["SYNTHETIC 1 AS"].vanished_on)
        self.assertEqual(self.named()["SYNTHETIC 2 AS"].status, "ceased")
        self.assertEqual((record.companies_vanished, record.companies_marked), (1, 2))

    def test_a_file_by_hand_that_is_no_edition_marks_nobody(self):
        self._import_rows("Acme,FR-SIREN,732829320,acme.example,FR,,10,62,Paris,,,,")
        self._import_rows("Other,FR-SIREN,552100554,other.example,FR,,10,62,Paris,,,,")
        domain = [("dataset_id", "=", self.dataset.id)]
        self.assertEqual(
            self.env["lead.directory.company"].search(domain).mapped("status"), [False, False]
        )

    def test_other_datasets_stay_as_they_are(self):
        self.load(MANY)
        own = self.env["lead.directory.source"].browse(
            self.source.with_user(self.manager).action_keep_apart()["res_id"]
        )
        self.get(own)
        self.load(MANY[3:])
        theirs = self.env["lead.directory.company"].search([("dataset_id", "=", own.dataset_id.id)])
        self.assertEqual({one.name for one in theirs if not one.status}, names(MANY))


@tagged("post_install", "-at_install")
class TestEditionUndone(EditionCase):
    def test_what_an_edition_has_marked_comes_back(self):
        self.load(MANY)
        record = self.load([{**MANY[0], "konkurs": "true"}, *MANY[3:], company(99)])
        record.with_user(self.manager).action_undo()
        self.assertEqual((record.state, self.source.state), ("undone", "new"))
        self.assertEqual(self.living(), names(MANY))
        self.assertFalse(self.companies().filtered("vanished_on"))
        self.assertFalse(self.env["lead.directory.ended"].search([]))
        self.assertEqual(set(self.named()), names(MANY))

    def test_many_are_undone_in_the_background_and_told_how_far_it_is(self):
        self.load(MANY)
        record = self.load(MANY[20:] + [company(number) for number in range(100, 130)])
        self.source.with_user(self.manager).action_apply_vanished()
        self.work()
        self.assertEqual(record.companies_marked, 20)
        self.env["lead.directory.edition.part"].search([]).unlink()
        marked = self.companies().filtered("status").ids
        for place in range(0, 20, 7):
            self.env["lead.directory.edition.part"]._note(
                record, "marked", marked[place : place + 7]
            )
        with self.in_parts(), patch.object(import_undo, "AT_ONCE", 10):
            record.with_user(self.manager).action_undo()
            self.assertEqual(record.state, "undoing")
            self.assertEqual(len(self.living()), 50)
            self.Import._cron_import()
            self.Import._cron_import()
            self.assertEqual(record.state, "undoing")
            self.assertGreater(record.progress, 0)
            for _part in range(20):
                self.Import._cron_import()
        self.env.invalidate_all()
        self.assertEqual(record.state, "undone")
        self.assertEqual(self.living(), names(MANY))

    def test_an_edition_is_not_undone_before_the_later_one_that_marked_others(self):
        self.load(MANY)
        first = self.load([*MANY[1:], company(99)])
        second = self.load([*MANY[2:], company(99)])
        with self.assertRaisesRegex(Exception, "later imports"):
            first.with_user(self.manager).action_undo()
        second.with_user(self.manager).action_undo()
        first.with_user(self.manager).action_undo()
        self.assertEqual(self.living(), names(MANY))


@tagged("post_install", "-at_install")
class TestEditionJourney(EditionCase):
    """Editions made by chance, and what must come of them written anew, without our code."""

    def test_after_each_edition_of_a_long_play_the_directory_is_as_the_rows_say(self):
        chance = random.Random(20261129)
        rows = {number: company(number) for number in range(1, 121)}
        alive, ended = {}, {}
        newest = 120
        for _edition in range(6):
            self.load(list(rows.values()))
            if self.source.state == "asks":
                self.source.with_user(self.manager).action_apply_vanished()
                self.work()
            told = {number: row for number, row in rows.items() if row["konkurs"] == "false"}
            bankrupt = set(rows) - set(told)
            for number in alive.keys() - told.keys():
                ended[number] = "insolvent" if number in bankrupt else "ceased"
            for number in bankrupt & ended.keys():
                ended[number] = "insolvent"
            for number in told:
                ended.pop(number, None)
            alive = dict(told)
            found = {one.registry_id: one for one in self.companies()}
            for row in alive.values():
                one = found.pop(row["organisasjonsnummer"])
                self.assertFalse(one.status, row)
                self.assertEqual(one.name, row["navn"])
                self.assertEqual(one.zip, row["forretningsadresse.postnummer"])
                self.assertEqual(one.employees, int(row["antallAnsatte"]))
            statuses = {
                company(number)["organisasjonsnummer"]: status for number, status in ended.items()
            }
            self.assertEqual({number: one.status for number, one in found.items()}, statuses)
            # The next one: some vanish, some come back, some change, some are new or bankrupt.
            gone = chance.sample(sorted(rows), 8)
            for number in gone:
                del rows[number]
            for number in chance.sample(sorted(set(range(1, newest + 1)) - set(rows)), 3):
                rows[number] = company(number)
            for number in chance.sample(sorted(rows), 9):
                what = chance.choice(("navn", "zip", "antallAnsatte", "konkurs"))
                rows[number] = {
                    **rows[number],
                    **{
                        "navn": {"navn": f"RENAMED {chance.randrange(1000)} AS"},
                        "zip": {"forretningsadresse.postnummer": f"0{chance.randrange(100, 999)}"},
                        "antallAnsatte": {"antallAnsatte": str(chance.randrange(1, 900))},
                        "konkurs": {"konkurs": "true"},
                    }[what],
                }
            newest += 4
            for number in range(newest - 3, newest + 1):
                rows[number] = company(number)
