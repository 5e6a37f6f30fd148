"""What is new of companies that somebody follows, and who is told of it."""

import random
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .norway import company
from .test_editions import MANY, EditionCase


def number_of(number):
    return company(number)["organisasjonsnummer"]


class SignalCase(EditionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls.seller("ada")
        cls.bob = cls.seller("bob")
        cls.Signal = cls.env["lead.directory.signal"]

    @classmethod
    def seller(cls, login, **values):
        values = {"company_id": cls.env.company.id, **values}
        return new_test_user(cls.env, f"t_{login}", "sales_team.group_sale_salesman", **values)

    def lead(self, number, user, **values):
        """Return the lead that was mined of a company."""
        return self.env["crm.lead"].create(
            {
                "name": f"Lead {number}",
                "type": "lead",
                "user_id": user.id,
                "reveal_id": f"reg:NO-BRC:{number_of(number)}",
                **values,
            }
        )

    def follow(self, user, **values):
        """Have a user's saved search."""
        return self.env["lead.mining.search"].create(
            {
                "name": "Norway",
                "owner_id": user.id,
                "company_id": self.env.company.id,
                "country_ids": [(6, 0, self.env.ref("base.no").ids)],
                **values,
            }
        )

    def told(self, user, record=None):
        """Return {(number, kind, old, new)} of what a user is told."""
        found = self.signals_of(user, record or self.source.import_id)
        return {
            (one.identity.rpartition(":")[2], one.kind, one.old or "", one.new or "")
            for one in found
        }

    def signals_of(self, user, record):
        return self.Signal.with_user(user).search([("import_id", "=", record.id)])

    def tell(self):
        self.env.flush_all()
        self.Signal._cron_tell()
        activity_type = self.env.ref("crm_lead_directory.mail_activity_signal")
        return self.env["mail.activity"].search([("activity_type_id", "=", activity_type.id)])


@tagged("post_install", "-at_install")
class TestSignals(SignalCase):
    def test_each_kind_of_change_is_told_with_what_it_was_before(self):
        self.load(MANY)
        for number in range(1, 6):
            self.lead(number, self.ada)
        changed = {
            1: {"forretningsadresse.adresse": "Karl Johans gate 5"},
            2: {"antallAnsatte": "60"},
            3: {"naeringskode1.kode": "47.110"},
            4: {"navn": "ANOTHER NAME AS"},  # is none of them
        }
        rows = [{**company(number), **changed.get(number, {})} for number in range(1, 41)]
        del rows[4]
        self.load(rows)
        self.assertEqual(
            self.told(self.ada),
            {
                (number_of(1), "moved", "Storgata 1, 0155 OSLO", "Karl Johans gate 5, 0155 OSLO"),
                (number_of(2), "grew", "12", "60"),
                (number_of(3), "industry", "62", "47"),
                (number_of(5), "ceased", "", "ceased"),
            },
        )

    def test_codes_are_shown_in_words(self):
        self.load(MANY)
        self.lead(1, self.ada)
        self.lead(2, self.ada)
        self.load([{**MANY[0], "naeringskode1.kode": "47.110"}, *MANY[2:]])
        shown = {
            one.kind: (one.before, one.now) for one in self.Signal.with_user(self.ada).search([])
        }
        trade = self.env["lead.mining.industry"]._by_code({"62", "47"})
        self.assertEqual(
            shown,
            {"industry": (trade["62"].name, trade["47"].name), "ceased": (False, "Ceased")},
        )

    def test_another_spelling_or_what_was_not_known_before_is_no_change(self):
        before = {"forretningsadresse.adresse": "", "naeringskode1.kode": ""}
        self.load([{**MANY[0], **before}, *MANY[1:]])
        for number in (1, 2, 3):
            self.lead(number, self.ada)
        spelled = {**MANY[1], "forretningsadresse.adresse": "STORGATA  1."}
        smaller = {**MANY[2], "antallAnsatte": "3"}
        self.load([MANY[0], spelled, smaller, *MANY[3:]])
        self.assertEqual(self.told(self.ada), set())

    def test_companies_that_nobody_follows_are_told_nobody(self):
        self.load(MANY)
        self.load([{**one, "antallAnsatte": "60"} for one in MANY[1:]])
        self.assertFalse(self.Signal.search([]))
        self.assertFalse(self.env["lead.directory.change"].search([]))

    def test_of_the_first_edition_nobody_is_new(self):
        self.follow(self.ada)
        self.load(MANY)
        self.assertFalse(self.Signal.search([]))

    def test_a_saved_search_tells_who_is_new_and_who_grows_into_it(self):
        self.load(MANY)
        search = self.follow(self.ada, filter_on_size=True, size_min=50, size_max=100)
        grown = {**MANY[0], "antallAnsatte": "60"}
        small, large = company(98), company(99, antallAnsatte="70")
        self.load([grown, *MANY[1:], small, large])
        self.assertEqual(
            self.told(self.ada),
            {(number_of(1), "grew", "12", "60"), (number_of(99), "founded", "", "")},
        )
        self.assertEqual(self.Signal.search([]).search_id, search)

    def test_a_saved_search_tells_no_new_company_that_another_dataset_keeps_away(self):
        self.load(MANY[1:])
        self.follow(self.ada)
        self._import(
            "name,register,registration number,country,status\n"
            f"A,NO-BRC,{number_of(1)},NO,no advertising"
        )
        self.load(MANY)
        self.assertEqual(self.told(self.ada), set())

    def test_a_customer_s_salesperson_is_told(self):
        self.load(MANY)
        customer = self.env["res.partner"].create(
            {
                "name": "Customer", "is_company": True, "user_id": self.bob.id,
                "website": "https://www.synthetic2.example",
            }
        )  # fmt: skip
        self.load([MANY[0], *MANY[2:]])
        (signal,) = self.Signal.search([])
        self.assertEqual((signal.user_id, signal.partner_id), (self.bob, customer))

    def test_a_lead_of_another_company_with_the_same_site_is_not_told(self):
        self.load(MANY)
        self.lead(9, self.ada, website="https://www.synthetic1.example")
        self.lead(10, self.bob, website="https://www.synthetic1.example", reveal_id=False)
        self.load(MANY[1:])
        self.assertEqual(self.Signal.search([]).user_id, self.bob)

    def test_lost_leads_are_not_followed(self):
        self.load(MANY)
        self.lead(1, self.ada).action_archive()
        self.load(MANY[1:])
        self.assertFalse(self.Signal.search([]))

    def test_of_leads_that_were_merged_the_one_that_is_left_is_told(self):
        self.load(MANY)
        kept, gone = self.lead(1, self.ada, reveal_id=False), self.lead(2, self.ada)
        request = self.env["lead.mining.request"].create({"lead_number": 1})
        self.env["lead.mining.result"].create(
            {
                "request_id": request.id, "name": "Two", "lead_id": gone.id,
                "identity_key": gone.reveal_id, "outcome": "created",
            }
        )  # fmt: skip
        (kept | gone).merge_opportunity(auto_unlink=True)
        left = (kept | gone).exists()
        self.assertEqual(len(left), 1)
        self.load([MANY[0], *MANY[2:]])
        self.assertEqual(self.Signal.search([]).lead_id, left)

    def test_where_the_owner_is_archived_the_team_s_leader_is_told(self):
        team = self.env["crm.team"].create({"name": "North", "user_id": self.bob.id})
        self.lead(1, self.ada, team_id=team.id)
        self.lead(2, self.env["res.users"], team_id=team.id)
        self.load(MANY)
        self.ada.active = False
        self.load(MANY[2:])
        self.assertEqual(self.Signal.search([]).user_id, self.bob)
        self.assertEqual(len(self.Signal.search([])), 2)

    def test_a_second_company_hears_of_its_own_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        eve = self.seller("eve", company_id=other.id, company_ids=[(6, 0, other.ids)])
        team = self.env["crm.team"].create({"name": "Other's", "company_id": other.id})
        theirs = {"company_id": other.id, "team_id": team.id}
        self.load(MANY)
        self.lead(1, self.ada)
        self.lead(1, eve, **theirs)
        stray = self.lead(2, eve, **theirs)
        stray.flush_recordset()
        # As after a change of companies: Odoo no longer lets it be chosen.
        self.env.cr.execute(
            "UPDATE crm_lead SET user_id = %s WHERE id = %s", [self.ada.id, stray.id]
        )
        self.env.invalidate_all()
        self.load(MANY[2:])
        self.assertEqual(self.told(self.ada), {(number_of(1), "ceased", "", "ceased")})
        self.assertEqual(self.told(eve), {(number_of(1), "ceased", "", "ceased")})

    def test_a_company_s_own_dataset_tells_no_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.load(MANY)
        self.source.dataset_id.company_id = other
        self.manager.company_ids |= other
        self.lead(1, self.ada)
        self.follow(self.ada)
        self.load(MANY[1:])
        self.assertFalse(self.Signal.search([]))

    def test_an_edition_that_is_undone_has_told_nothing(self):
        self.load(MANY)
        self.lead(1, self.ada)
        record = self.load(MANY[1:])
        self.assertTrue(self.Signal.search([]))
        record.with_user(self.manager).action_undo()
        self.assertFalse(self.Signal.search([]))

    def test_salespeople_see_their_own_and_their_managers_all(self):
        self.load(MANY)
        self.lead(1, self.ada)
        self.lead(2, self.bob)
        self.load(MANY[2:])
        for user, seen in ((self.ada, 1), (self.bob, 1), (self.manager, 2)):
            self.assertEqual(len(self.Signal.with_user(user).search([])), seen, user.login)

    def test_the_directory_is_filtered_by_what_is_new(self):
        self.load(MANY)
        self.lead(1, self.ada)
        self.load(MANY[1:])
        view = self.env.ref("crm_lead_directory.lead_directory_company_view_search")
        self.assertIn("('signal_ids', '!=', False)", view.arch)
        found = (
            self.env["lead.directory.company"]
            .with_user(self.manager)
            .search([("signal_ids", "!=", False)])
        )
        self.assertEqual(found.mapped("registry_id"), [number_of(1)])

    def test_what_is_new_opens_the_lead(self):
        self.load(MANY)
        lead = self.lead(1, self.ada)
        self.load(MANY[1:])
        action = self.Signal.with_user(self.ada).search([]).action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))

    def test_what_was_new_long_ago_is_forgotten(self):
        self.load(MANY)
        self.lead(1, self.ada)
        self.load(MANY[1:])
        self.env["ir.config_parameter"].set_param("crm_lead_directory.signal_days", "30")
        signal = self.Signal.search([])
        signal.date -= timedelta(30)
        self.Signal._gc_signals()
        self.assertTrue(signal.exists())
        signal.date -= timedelta(1)
        self.Signal._gc_signals()
        self.assertFalse(signal.exists())


@tagged("post_install", "-at_install")
class TestSignalsTold(SignalCase):
    def new(self, gone, **changed):
        rows = [{**row, **changed} for row in MANY[gone:]]
        return self.load(rows)

    def test_many_that_ceased_are_one_activity_for_each_owner(self):
        for number, user in ((1, self.ada), (2, self.ada), (3, self.bob)):
            self.lead(number, user)
        self.load(MANY)
        self.new(3)
        activities = self.tell()
        self.assertEqual(activities.user_id, self.ada | self.bob)
        self.assertEqual(len(activities), 2)
        note = activities.filtered(lambda one: one.user_id == self.ada).note
        self.assertIn("Ceased: 2", note)
        self.assertIn("/odoo/company-news", note)
        self.assertEqual(self.tell(), activities)

    def test_what_was_not_done_yet_comes_together_with_what_is_new(self):
        self.lead(1, self.ada)
        self.lead(2, self.ada)
        self.load(MANY)
        self.new(1)
        first = self.tell()
        self.new(2)
        second = self.tell()
        self.assertFalse(first.exists())
        self.assertIn("Ceased: 2", second.note)
        second.with_user(self.ada).action_done()
        self.assertFalse(self.tell())

    def test_what_an_undone_edition_told_is_not_in_the_activity_any_more(self):
        self.lead(1, self.ada)
        self.lead(2, self.ada)
        self.load(MANY)
        self.new(1)
        self.tell()
        wrong = self.new(2)
        self.assertIn("Ceased: 2", self.tell().note)
        wrong.with_user(self.manager).action_undo()
        self.assertIn("Ceased: 1", self.tell().note)
        self.assertEqual(len(self.Signal.search([])), 1)

    def test_the_settings_say_what_is_told(self):
        self.lead(1, self.ada)
        self.lead(2, self.ada)
        self.load(MANY)
        self.new(1, antallAnsatte="60")
        settings = self.env["res.config.settings"]
        for tell, told in (("nothing", ""), ("ceased", "Ceased: 1"), ("all", "Grew: 1")):
            settings.create({"lead_directory_tell": tell}).execute()
            activities = self.tell()
            with self.subTest(tell):
                self.assertEqual(bool(activities), bool(told))
                self.assertIn(told, activities.note or "")

    def test_it_is_told_in_the_follower_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"].search(
            [("name", "=", "crm_lead_directory")]
        )._update_translations(["it_IT"])
        self.ada.lang = "it_IT"
        self.lead(1, self.ada)
        self.load(MANY)
        self.new(1)
        label = (
            self.Signal.with_context(lang="it_IT")
            ._fields["kind"]
            ._description_selection(self.env(context={"lang": "it_IT"}))
        )
        self.assertIn(dict(label)["ceased"], self.tell().note)

    def test_who_was_archived_meanwhile_is_told_nothing(self):
        self.lead(1, self.ada)
        self.load(MANY)
        self.new(1)
        self.ada.active = False
        self.assertFalse(self.tell())

    def test_what_nobody_was_told_for_a_week_is_not_told_any_more(self):
        self.lead(1, self.ada)
        self.load(MANY)
        self.new(1)
        self.Signal.search([]).date -= timedelta(8)
        self.assertFalse(self.tell())


def band(size):
    """Return which band of sizes a number of employees is in."""
    return sum(size >= least for least in (11, 51, 201, 501, 1001, 5001, 10001))


def news_of(rows, stored, alive):
    """Return the (number, kind, old, new) that an edition brings.

    :param stored: the last row of each company that did business
    :param alive: who did business before
    """
    news = {(number, "ceased", "", "ceased") for number in alive - set(rows)}
    for number, row in rows.items():
        if row["konkurs"] == "true":
            if number in alive:
                news.add((number, "ceased", "", "insolvent"))
        elif number in stored:
            news |= {(number, *one) for one in changes_of(stored[number], row)}
        else:
            news.add((number, "founded", "", ""))
    return news


def changes_of(old, new):
    """Yield (kind, old, new) of two rows of a company."""
    places = [
        f"{one['forretningsadresse.adresse']}, {one['forretningsadresse.postnummer']} OSLO"
        for one in (old, new)
    ]
    if places[0] != places[1]:
        yield "moved", *places
    sizes = [one["antallAnsatte"] for one in (old, new)]
    if band(int(sizes[0])) < band(int(sizes[1])):
        yield "grew", *sizes
    codes = [one["naeringskode1.kode"][:2] for one in (old, new)]
    if codes[0] != codes[1]:
        yield "industry", *codes


def play_on(chance, rows, stored):
    """Change rows as a register does from one edition to the next."""
    for number in chance.sample(sorted(rows), 6):
        del rows[number]
    for number in chance.sample(sorted(set(stored) - set(rows)), 3):
        rows[number] = company(number)
    for number in chance.sample(sorted(rows), 25):
        changed = (
            {"forretningsadresse.adresse": f"Storgata {chance.randrange(99)}"},
            {"forretningsadresse.postnummer": f"0{chance.randrange(100, 999)}"},
            {"antallAnsatte": str(chance.choice((5, 20, 60, 300, 900, 2000)))},
            {"naeringskode1.kode": chance.choice(("62.100", "47.110", "25.110"))},
            {"konkurs": chance.choice(("true", "false"))},
            {"navn": f"RENAMED {chance.randrange(99)} AS"},
        )
        rows[number] = rows[number] | chance.choice(changed)
    newest = max({*rows, *stored})
    for number in range(newest + 1, newest + 5):
        rows[number] = company(number, antallAnsatte=chance.choice(("5", "80")))


@tagged("post_install", "-at_install")
class TestSignalJourney(SignalCase):
    """Editions made by chance, and the signals that two lists of rows call for, written anew."""

    def test_in_a_long_play_everybody_is_told_what_two_lists_of_rows_say(self):
        chance = random.Random(17)
        rows = {number: company(number) for number in range(1, 101)}
        followed = set(chance.sample(sorted(rows), 60))
        for number in followed:
            self.lead(number, self.ada)
        self.follow(self.bob, filter_on_size=True, size_min=50, size_max=5000)
        stored, alive, kinds = {}, set(), set()
        for edition in range(6):
            self.load(list(rows.values()))
            if self.source.state == "asks":
                self.source.with_user(self.manager).action_apply_vanished()
                self.work()
            # Of the first edition all are new.
            news = news_of(rows, stored, alive) if edition else set()
            kinds |= {kind for _number, kind, *_values in news}
            living = {number: row for number, row in rows.items() if row["konkurs"] == "false"}
            alive, stored = set(living), stored | living
            sizes = {number: int(row["antallAnsatte"]) for number, row in stored.items()}
            expected = {
                self.ada: {one for one in news if one[0] in followed and one[1] != "founded"},
                self.bob: {one for one in news if 50 <= sizes[one[0]] <= 5000},
            }
            for user, signals in expected.items():
                told = {(number_of(number), *rest) for number, *rest in signals}
                self.assertEqual(self.told(user), told, (edition, user.login))
            play_on(chance, rows, stored)
        self.assertEqual(kinds, {"founded", "moved", "grew", "industry", "ceased"})
