"""What clients of 17.0 to 19.5 send, literally, and what their users see of our answers."""

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.tests.common import synthetic_company

from ..tools.tokens import read_token, sha1
from . import client_readers as reads
from .common import CREDITS, ServerCase

T = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"
U = "7d1c0f6e-1111-4222-8333-944444444444"
OTHER = "aaaa0000aaaa0000aaaa0000aaaa0000"
SMS = "sms0sms0sms0sms0sms0sms0sms0sms0"

SERVICES_17 = {"dbuuid": U, "iap_accounts": [T, OTHER]}
ALERT_17 = {"account_token": T, "dbuuid": U, "warn_me": True, "warning_threshold": None,
            "warning_email": "ops@alfa.test"}  # fmt: skip
INFORMATION = {
    "iap_accounts": [{"token": T, "service": "reveal"}, {"token": SMS, "service": "sms"}],
    "dbuuid": U,
}
REFILL = {"account_token": T, "auto_refill_threshold": 10.0, "auto_refill_pack_id": 3, "dbuuid": U}
BALANCE = {"dbuuid": U, "account_token": "ffff0000ffff0000ffff0000ffff0000",
           "service_name": "partner_autocomplete"}  # fmt: skip
BUY = f"/iap/1/credit?dbuuid={U}&service_name=reveal&account_token="
MINING_17 = {
    "account_token": T,
    "dbuuid": U,
    "data": {
        "lead_number": 2, "search_type": "people", "countries": [
            {"code": "IT", "states": []}, {"code": "US", "states": ["CA"]}],
        "industry_ids": ["30", "155"], "contact_number": 10, "contact_filter_type": "role",
        "preferred_role": "CEO", "other_roles": [],
    },
}  # fmt: skip
MINING_16 = {**MINING_17, "data": {**MINING_17["data"], "countries": ["IT"], "states": ["MI"]}}
MINING_19 = {
    "account_token": T, "db_uuid": U, "db_version": "19.0-20260115", "db_lang": "it_IT",
    "country_code": "IT", "reveal_ids": ["ocr-9f31"],
    "query": {"lead_number": 1, "search_type": "companies", "industry_ids": ["165"],
              "countries": [{"code": "IT", "states": []}]},
}  # fmt: skip
MINING_19_4 = {
    **MINING_19,
    "db_version": "saas~19.4+e",
    "query": {"lead_number": 3, "search_type": "companies", "company_size_min": 1,
              "company_size_max": 100, "countries": [{"code": "BE", "states": []}],
              "sic_groups": [42, 54]},
}  # fmt: skip
ENRICHMENT = {"domains": {"812": "synthetic1.example", "813": "nowhere.test"},
              "account_token": T, "dbuuid": U}  # fmt: skip
ENRICHMENT_OF_MAIL = {**ENRICHMENT, "domains": {"synthetic1.example": "synthetic1.example"}}
OLD = {"db_uuid": U, "account_token": T, "country_code": "IT", "zip": "20100"}
VAT = {"query": "BE0000000097", "query_country_code": "BE", "db_uuid": U, "account_token": T,
       "country_code": "BE", "zip": False}  # fmt: skip
DUNS_19_5 = {"db_uuid": U, "db_version": "saas~19.5+e", "db_lang": "fr_BE", "account_token": T,
             "country_code": "BE", "zip": "9000"}  # fmt: skip
VISITS = {
    "account_token": T,
    "data": {
        "ips": {"192.0.2.7": [4]},
        "rules": {"4": {
            "rule_id": 4, "lead_for": "companies", "countries": ["IT"], "filter_on_size": True,
            "company_size_min": 0, "company_size_max": 1000, "industry_tags": [42],
            "user_country": "IT",
        }},
    },
}  # fmt: skip


ITALIANS = [
    synthetic_company(number, country_code="IT", state_code="MI", city="Milano")
    for number in (1, 2, 3)
]


class ReplayCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_db._add_token(read_token(T).key, "reveal")
        dataset = cls.env["lead.directory.dataset"].create({"name": "Test register"})
        company = {"dataset_id": dataset.id, "registry": "XX-TEST"}
        cls.env["lead.directory.company"].create(
            [
                {**company, "identity": "reg:XX-TEST:000001", "name": "Synthetic 1",
                 "registry_id": "000001", "vat": "IT00743110157", "city": "Milano",
                 "domain": "synthetic1.example", "country_code": "IT"},
                {**company, "identity": "reg:BE-BCEKBO:0403170701", "name": "Gamma NV",
                 "registry": "BE-BCEKBO", "registry_id": "0403170701", "vat": "BE0403170701",
                 "city": "Gent", "street": "Straat 3", "zip": "9000", "country_code": "BE"},
            ]
        )  # fmt: skip

    def send(self, path, params):
        """Send what a client sends and return the whole answer."""
        return self.post(path, {"jsonrpc": "2.0", "method": "call", "id": "x", "params": params})

    def run_out(self):
        self.client_account.adjust(-CREDITS, reason="Test", idempotency_key="none")


@tagged("post_install", "-at_install")
class TestWhatClientsShowOfAccounts(ReplayCase):
    def test_17_0_lists_its_own_account_alone(self):
        """Request 1."""
        body = self.send("/iap/services-token", SERVICES_17)
        self.assertEqual(reads.accounts_of_17(body, [T, OTHER]), {T: (CREDITS, "Credits")})

    def test_17_0_warns_and_leaves_the_threshold_as_it_was(self):
        """Request 2."""
        self.client_account.warning_threshold = 5
        self.assertIs(reads.result_of(self.send("/iap/update-warning-odoo", ALERT_17)), True)
        self.assertEqual(self.client_account.warning_threshold, 5)
        self.assertEqual(self.client_db.alert_emails, [["ops@alfa.test", ""]])

    def test_18_0_to_19_5_list_their_account(self):
        """Request 3."""
        body = self.send("/iap/1/get-accounts-information", INFORMATION)
        for version in ((18, 0), (19, 0), (19, 2), (19, 4), (19, 5)):
            shown = reads.accounts(body, [T, SMS], version)
            self.assertEqual(shown.keys(), {T})
            self.assertEqual(shown[T][:2], (CREDITS, "Registered"))
        self.assertTrue(shown[T][2], "left out, the client's description would be emptied")

    def test_19_2_is_told_that_nothing_is_bought_by_itself(self):
        """Request 4."""
        body = self.send("/iap/1/update-auto-refill-settings", REFILL)
        self.assertIn("never bought automatically", reads.auto_refill(body))

    def test_the_settings_page_of_an_unknown_database_opens(self):
        """Request 5."""
        self.assertEqual(reads.balance(self.send("/iap/1/balance", BALANCE)), 0)

    def test_credits_are_bought_by_links_of_all_generations(self):
        """Request 6."""
        for query in (f"{T}&credit=0", f"{sha1(T)}&hashed=1"):
            answer = self.url_open(BUY + query)
            self.assertIn(f"/iap/credits/{self.client_account.id}", answer.url)
            self.assertNotIn(T, answer.url)

    def test_the_link_of_a_copy_offers_nothing_and_says_why(self):
        """Request 6, of a neutralized database."""
        self.env["iap.credit.pack"].create({"name": "Team", "credits": 500, "price": 79})
        answer = self.url_open(f"{BUY}{T}%2Bdisabled&credit=0")
        self.assertNotIn(T, answer.url)
        self.assertNotIn("pack_id", answer.text)
        self.assertNotIn("Team", answer.text)
        self.assertIn("This database is a copy", answer.text)

    def test_the_customer_of_a_client_is_known_where_it_buys(self):
        """Request 6, where the administrator has told who pays."""
        customer = self.env["res.partner"].create(
            {"name": "Alfa Customer", "is_company": True, "city": "Gent"}
        )
        account = self.client_account
        self.assertFalse(account._get_known_buyers(self.env.ref("base.public_user")))
        self.client_db.partner_id = customer
        known = account._get_known_buyers(self.env.ref("base.public_user"))
        self.assertEqual(known, customer)


@tagged("post_install", "-at_install")
class TestWhatClientsMakeOfLeads(ReplayCase):
    def test_17_0_and_18_0_make_leads(self):
        """Request 7."""
        self.provide(
            synthetic_company(1, country_code="IT", state_code="MI"),
            synthetic_company(2, country_code="US", phone="", emails=(), employees=None),
        )
        body = self.send("/iap/clearbit/2/lead_mining_request", MINING_17)
        first, second = reads.leads_of_old(body)
        self.assertEqual(
            (first["reveal_id"], first["website"], first["country"], first["state"]),
            ("reg:XX-TEST:000001", "https://www.synthetic1.example", "IT", "MI"),
        )
        self.assertEqual((second["country"], second["phone"]), ("US", ""))
        self.assertSpent(2)

    def test_16_0_makes_leads_by_flat_countries_and_states(self):
        """Request 8."""
        self.provide(*ITALIANS)
        body = self.send("/iap/clearbit/1/lead_mining_request", MINING_16)
        self.assertEqual(len(reads.leads_of_old(body)), 2)

    def test_old_clients_see_that_credits_are_missing(self):
        """Requests 7 and 8 without credits: the flag would be shown as "no result"."""
        self.run_out()
        for number, request in ((2, MINING_17), (1, MINING_16)):
            body = self.send(f"/iap/clearbit/{number}/lead_mining_request", request)
            self.assertEqual(reads.leads_of_old(body), reads.NO_CREDITS)

    def test_19_0_makes_leads(self):
        """Request 9."""
        self.provide(*ITALIANS)
        body = self.send("/api/dnb/1/search_by_criteria", MINING_19)
        [lead] = reads.leads(body, reads_flag=False)
        self.assertEqual(lead["name"], "Synthetic 1's opportunity")
        self.assertEqual(lead["email"], "info@synthetic1.example")
        self.assertEqual(lead["country"], "IT")
        self.assertIn("41", lead["note"])

    def test_19_0_of_before_march_2026_sees_that_credits_are_missing(self):
        """Request 9 without credits."""
        self.run_out()
        body = self.send("/api/dnb/1/search_by_criteria", MINING_19)
        self.assertEqual(reads.leads(body, reads_flag=False), reads.NO_CREDITS)
        later = {**MINING_19, "db_version": "19.0-20260415"}
        body = self.send("/api/dnb/1/search_by_criteria", later)
        self.assertEqual(reads.leads(body, reads_flag=True), reads.NO_CREDITS)

    def test_19_4_makes_leads_by_its_own_industries(self):
        """Request 10."""
        body = self.send("/api/dnb/1/search_by_criteria", MINING_19_4)
        self.assertEqual(len(reads.leads(body, reads_flag=True)), 3)

    def test_19_4_sees_that_credits_are_missing(self):
        """Request 10 without credits."""
        self.run_out()
        body = self.send("/api/dnb/1/search_by_criteria", MINING_19_4)
        self.assertEqual(reads.leads(body, reads_flag=True), reads.NO_CREDITS)

    def test_leads_are_enriched_in_all_versions(self):
        """Request 11."""
        body = self.send("/iap/clearbit/1/lead_enrichment_email", ENRICHMENT)
        shown = reads.enriched(body, ENRICHMENT["domains"])
        self.assertEqual(shown["813"], reads.NOT_FOUND)
        found = shown["812"]
        self.assertEqual((found["name"], found["city"]), ("Synthetic 1", "Bruxelles"))
        self.assertEqual((found["zip"], found["country"]), ("1000", "BE"))
        self.assertTrue(found["reveal_id"] and found["street"] and found["phone"])

    def test_mail_add_ins_enrich_by_the_domain(self):
        """Request 11, of mail plugins until 19.1."""
        body = self.send("/iap/clearbit/1/lead_enrichment_email", ENRICHMENT_OF_MAIL)
        shown = reads.enriched(body, ENRICHMENT_OF_MAIL["domains"])
        self.assertEqual(shown["synthetic1.example"]["name"], "Synthetic 1")
        self.assertEqual(body["result"]["synthetic1.example"]["domain"], "synthetic1.example")

    def test_enrichment_stops_when_credits_are_missing(self):
        """Request 11 without credits."""
        self.run_out()
        body = self.send("/iap/clearbit/1/lead_enrichment_email", ENRICHMENT)
        self.assertEqual(reads.enriched(body, ENRICHMENT["domains"]), reads.NO_CREDITS)

    def test_visits_are_not_found(self):
        """Request 15."""
        body = self.send("/iap/clearbit/1/reveal", VISITS)
        self.assertEqual(reads.visits(body), {"192.0.2.7": reads.NOT_FOUND})


@tagged("post_install", "-at_install")
class TestWhatClientsFillContactsWith(ReplayCase):
    def test_18_0_of_2024_chooses_and_fills(self):
        """Request 12."""
        path = "/iap/partner_autocomplete"
        body = self.send(f"{path}/search", {**OLD, "query": "synth"})
        [row] = reads.suggestions_of_old(body)
        self.assertEqual((row["name"], row["city"]), ("Synthetic 1", "Milano"))
        chosen = {"domain": row["website"], "partner_gid": row["partner_gid"], "vat": row["vat"]}
        form = reads.filled_of_old(self.send(f"{path}/enrich", {**OLD, **chosen}))
        self.assertEqual((form["name"], form["country_code"]), ("Synthetic 1", "IT"))
        self.assertEqual(form["partner_gid"], row["partner_gid"])
        body = self.send(f"{path}/search_vat", {**OLD, "vat": "BE0000000097"})
        self.assertEqual(reads.number_of_old(body), reads.VIES)

    def test_18_0_of_2024_sees_that_credits_are_missing(self):
        """Request 12 without credits."""
        self.run_out()
        chosen = {"domain": "synthetic2.example", "partner_gid": False, "vat": False}
        body = self.send("/iap/partner_autocomplete/enrich", {**OLD, **chosen})
        self.assertEqual(reads.filled_of_old(body), reads.NO_CREDITS)

    def test_numbers_are_found_or_asked_of_vies(self):
        """Request 13."""
        for version in ((17, 0), (19, 0), (19, 4)):
            body = self.send("/api/dnb/1/search_by_vat", VAT)
            self.assertEqual(reads.suggestions_of_number(body, version), reads.VIES)
            body = self.send("/api/dnb/1/search_by_vat", {**VAT, "query": "BE0403170701"})
            [row] = reads.suggestions_of_number(body, version)
            self.assertEqual((row["name"], row["city"], row["vat"]),
                             ("Gamma NV", "Gent", "BE0403170701"))  # fmt: skip

    def test_19_5_fills_a_contact_by_what_it_was_given(self):
        """Request 14."""
        body = self.send("/api/dnb/1/search_by_vat", {**VAT, "query": "BE0403170701"})
        [row] = reads.suggestions_of_number(body, (19, 5))
        body = self.send("/api/dnb/1/enrich_by_duns", {**DUNS_19_5, "duns": row["duns"]})
        form = reads.filled(body, (19, 5))
        self.assertEqual((form["name"], form["duns"]), ("Gamma NV", row["duns"]))
        self.assertEqual((form["street"], form["zip"], form["country"]), ("Straat 3", "9000", "BE"))
        self.assertEqual(form["identifiers"]["BE_EN"], "0403170701")
        self.assertSpent(1)

    def test_19_5_reads_that_nobody_knows_and_that_credits_are_missing(self):
        """Request 14 without a match, and without credits."""
        body = self.send("/api/dnb/1/enrich_by_duns", {**DUNS_19_5, "duns": "ocr-31c0"})
        self.assertEqual(reads.filled(body, (19, 5)), reads.NOT_FOUND)
        self.run_out()
        known = {**DUNS_19_5, "duns": "reg:BE-BCEKBO:0403170701"}
        body = self.send("/api/dnb/1/enrich_by_duns", known)
        self.assertEqual(reads.filled(body, (19, 5)), reads.NO_CREDITS)
