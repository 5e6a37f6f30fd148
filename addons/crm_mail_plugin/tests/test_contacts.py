from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.iap.models.iap_enrich_api import IapEnrichApi
from odoo.addons.iap.tools.iap_tools import InsufficientCreditError

from ..models import res_partner_ours
from ..tools import fetch, logos
from .common import AddinCase
from .test_fetch import picture

GET, SEARCH = "/mail_plugin/partner/get", "/mail_plugin/partner/search"
CREATE = "/mail_plugin/partner/create"
CREATE_COMPANY = "/mail_plugin/partner/enrich_and_create_company"
UPDATE_COMPANY = "/mail_plugin/partner/enrich_and_update_company"
ACME = {
    "name": "Acme Ltd",
    "domain": "acme.test",
    "phone_numbers": ["+44 20 1234"],
    "email": ["info@acme.test"],
    "street_name": "High Street 1",
    "city": "London",
    "postal_code": "N1",
    "country_code": "GB",
    "logo": "https://acme.test/logo.png",
}


class ContactCase(AddinCase):
    def setUp(self):
        super().setUp()
        self.fetched = []
        self.startPatcher(patch.object(fetch, "fetch_image", self._fetch_image))
        logos._of_domain.cache_clear()
        self.answer, self.bought = dict(ACME), []
        self.startPatcher(patch.object(IapEnrichApi, "_request_enrich", self._request_enrich))

    def _fetch_image(self, url, closed=False):
        if not closed:
            self.fetched.append(url)
            return picture()

    def _request_enrich(self, lead_emails):
        self.bought.append(lead_emails)
        if isinstance(self.answer, Exception):
            raise self.answer
        return {key: self.answer for key in lead_emails}

    def contact(self, email, name="Ann", **values):
        return self.env["res.partner"].create({"name": name, "email": email, **values})

    def open(self, email, name="Ann", **params):
        return self.call(GET, {"email": email, "name": name, **params})["partner"]

    def found(self, term):
        return [row["id"] for row in self.call(SEARCH, {"search_term": term})["partners"]]


@tagged("post_install", "-at_install")
class TestContacts(ContactCase):
    def test_an_address_that_contains_the_one_searched_for_is_another_person(self):
        joann = self.contact("joann@solo.test", "Joann")
        self.assertEqual(self.found("ann@solo.test"), [])
        self.assertEqual(self.open("ann@solo.test")["id"], -1)
        self.assertEqual(self.found("JoAnn@Solo.test"), [joann.id])

    def test_a_contact_is_called_by_its_own_name_and_an_address_without_one_by_its_company(self):
        acme = self.contact(False, "Acme", is_company=True)
        ann = self.contact("ann@solo.test", parent_id=acme.id)
        depot = self.contact(False, False, parent_id=acme.id, type="delivery")
        self.assertNotEqual(ann.display_name, ann.name)
        self.assertEqual(self.open("ann@solo.test")["name"], "Ann")
        opened = self.call(GET, {"partner_id": depot.id})["partner"]
        self.assertEqual((opened["id"], opened["name"]), (depot.id, depot.display_name))
        self.assertIn("Acme", depot.display_name)

    def test_any_address_of_a_contact_is_theirs(self):
        ann = self.contact("ann@one.test, Ann <ANN@two.test>;ann@three.test")
        for address in ("ann@one.test", "ann@two.test", "ann@three.test"):
            self.assertEqual(self.open(address)["id"], ann.id, address)
            self.assertEqual(self.found(address), [ann.id], address)
        self.assertEqual(self.open("nn@two.test")["id"], -1)

    def test_a_mailbox_is_the_same_in_every_spelling(self):
        for stored, told in (
            ("ann@bücher.test", "ann@xn--bcher-kva.test"),
            ("bob@xn--bcher-kva.test", "Bob@BÜCHER.test"),
            ("cat@one.test, cat@bücher.test", "cat@xn--bcher-kva.test"),
        ):
            contact = self.contact(stored, "Somebody")
            self.assertEqual(self.open(told)["id"], contact.id, told)
            self.assertEqual(self.found(told), [contact.id], told)
            made = self.call(CREATE, {"email": told, "name": "New"})
            self.assertEqual(made, {"id": contact.id}, told)

    def test_a_company_is_known_by_its_domain_in_every_spelling(self):
        for stored, told in (
            ("https://www.bücher.test", "ann@shop.xn--bcher-kva.test"),
            ("https://xn--mnchen-3ya.test", "ann@münchen.test"),
        ):
            company = self.env["res.partner"].create(
                {"name": "Shop", "is_company": True, "website": stored}
            )
            self.assertEqual(self.open(told)["company"]["id"], company.id, told)

    def test_of_several_with_one_address_the_senders_name_decides(self):
        self.contact("office@acme.test", "Adam")
        bea = self.contact("office@acme.test", "Bea")
        self.assertEqual(self.open("office@acme.test", "bea")["id"], bea.id)

    def test_an_address_that_a_whole_list_has_is_looked_up_in_no_more_than_some_of_it(self):
        archived = self.contact("list@acme.test", "Gone", active=False)
        first = [self.contact("list@acme.test", name) for name in ("Adam", "Bea", "Cid")]
        several = [self.contact("x@acme.test, list@acme.test", name) for name in ("Dan", "Eva")]
        with patch.object(res_partner_ours, "MAX_NAMESAKES", 1):
            people = self.env["res.partner"].mail_plugin_people(["list@acme.test"])
            self.assertEqual(people.read_contacts().ids, [first[0].id, several[0].id])
            self.assertEqual(people.find("list@acme.test"), first[0])
        people = self.env["res.partner"].mail_plugin_people(["list@acme.test"])
        self.assertIn(archived, people.read_contacts())

    def test_a_text_is_found_in_name_address_and_reference(self):
        ann = self.contact("ann@zanzibar.test", "Ann Quagga", ref="Q-7")
        for term in ("quagg", "@zanzi", "Q-7"):
            self.assertEqual(self.found(term), [ann.id], term)

    def test_searching_for_nothing_finds_nothing(self):
        for term in ("", "   ", None):
            self.assertEqual(self.found(term), [])

    def test_a_search_is_bounded(self):
        self.env["res.partner"].create([{"name": f"Quagga {n}"} for n in range(105)])
        rows = self.call(SEARCH, {"search_term": "quagga", "limit": 10**6})["partners"]
        self.assertEqual(len(rows), 100)
        self.assertEqual(len(self.found("quagga")), 30)

    def test_an_archived_contact_comes_back_instead_of_a_second_one(self):
        ann = self.contact("ann@acme.test", active=False)
        shown = self.open("ann@acme.test")
        self.assertEqual(shown["id"], -1)
        self.assertIn("archived", shown["enrichment_info"]["info"])
        self.assertEqual(self.call(CREATE, {"email": "ann@acme.test", "name": "Ann"}),
                         {"id": ann.id})  # fmt: skip
        self.assertTrue(ann.active)

    def test_another_companys_contact_is_nobodys_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        ann = self.contact("ann@acme.test", company_id=other.id)
        self.assertEqual(self.open("ann@acme.test")["id"], -1)
        self.assertEqual(self.found("ann@acme.test"), [])
        created = self.call(CREATE, {"email": "ann@acme.test", "name": "Ann"})["id"]
        self.assertNotEqual(created, ann.id)

    def test_a_contact_of_any_of_the_users_companies_is_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.user.company_ids |= other
        ann = self.contact("ann@acme.test", company_id=other.id)
        self.assertEqual(self.open("ann@acme.test")["id"], ann.id)

    # === CREATING === #

    def test_a_contact_is_made_once(self):
        first = self.call(CREATE, {"email": "Ann <Ann@Acme.test>", "name": "Ann", "company": -1})
        again = self.call(CREATE, {"email": "ann@acme.test", "name": "Ann"})
        self.assertEqual(first, again)
        ann = self.env["res.partner"].browse(first["id"])
        self.assertEqual((ann.name, ann.email, ann.is_company), ("Ann", "ann@acme.test", False))

    def test_a_contact_comes_under_the_company_of_its_domain(self):
        acme = self.contact("info@acme.test", "Acme", is_company=True)
        created = self.call(CREATE, {"email": "ann@mail.acme.test", "name": "", "company": None})
        ann = self.env["res.partner"].browse(created["id"])
        self.assertEqual((ann.parent_id, ann.name), (acme, "ann@mail.acme.test"))

    def test_what_is_no_address_makes_no_contact(self):
        count = self.env["res.partner"].search_count([])
        for email in ("nonsense", "", None, "@", "a@", "<script>"):
            self.assertIn("e-mail", self.refuse(CREATE, {"email": email, "name": "X"}))
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_a_user_who_may_not_create_contacts_creates_none(self):
        reader = new_test_user(self.env, login="reader", groups="base.group_user")
        params = {"email": "ann@acme.test", "name": "Ann"}
        self.assertIn("not allowed", self.refuse(CREATE, params, token=self.make_token(reader)))

    # === COMPANIES === #

    def test_the_company_is_found_by_mail_or_website_and_above_the_subdomain(self):
        by_mail = self.contact("info@acme.test", "Acme", is_company=True)
        by_web = self.env["res.partner"].create(
            {"name": "Beta", "is_company": True, "website": "https://www.beta.test/home"}
        )
        for address, company in (
            ("x@acme.test", by_mail), ("x@mail.acme.test", by_mail),
            ("x@beta.test", by_web), ("x@a.b.beta.test", by_web),
        ):  # fmt: skip
            self.assertEqual(self.open(address)["company"]["id"], company.id, address)
        for address in ("x@otheracme.test", "x@acme.test.example", "x@test"):
            self.assertEqual(self.open(address)["company"]["id"], -1, address)
        self.assertEqual(self.bought, [])

    def test_users_of_one_mail_provider_are_no_company(self):
        self.contact("shop@gmail.com", "Shop", is_company=True)
        self.assertEqual(self.open("ann@gmail.com")["company"]["id"], -1)
        self.assertEqual(self.open("ann@gmail.com")["enrichment_info"], None)

    def test_users_of_one_certified_mail_provider_are_no_company(self):
        for number, domain in enumerate(("legalmail.it", "pec.it", "cert.legalmail.it")):
            self.contact(f"info{number}@{domain}", "Provider", is_company=True)
            self.assertEqual(self.open(f"rossi@{domain}")["company"]["id"], -1)
            rossi = self.contact(f"rossi@{domain}")
            result = self.call(CREATE_COMPANY, {"partner_id": rossi.id})
            self.assertEqual(result["enrichment_info"]["type"], "missing_data")
            self.assertFalse(rossi.parent_id)
        self.assertEqual(self.bought, [])

    def test_certified_mail_of_an_own_domain_is_of_that_company(self):
        acme = self.contact("info@acme-spa.it", "Acme", is_company=True)
        self.assertEqual(self.open("acme@pec.acme-spa.it")["company"]["id"], acme.id)
        rossi = self.contact("rossi@pec.rossi-srl.it")
        self.call(CREATE_COMPANY, {"partner_id": rossi.id})
        self.assertEqual(self.bought, [{"rossi-srl.it": "rossi-srl.it"}])

    def test_the_nearest_and_topmost_company_is_the_one(self):
        self.contact("info@acme.test", "Acme", is_company=True)
        north = self.contact("info@north.acme.test", "Acme North", is_company=True)
        self.contact("x@north.acme.test", "Branch", is_company=True, parent_id=north.id)
        self.assertEqual(self.open("a@north.acme.test")["company"]["id"], north.id)

    def test_pictures_are_thumbnails(self):
        acme = self.contact("info@acme.test", "Acme", is_company=True)
        acme.image_1920 = self._large_picture()
        image = self.open("x@acme.test")["company"]["image"]
        self.assertEqual(image, acme.image_128.decode())
        self.assertLess(len(image), len(acme.image_1920) / 4)

    def _large_picture(self):
        import base64
        import io
        import random

        from PIL import Image

        noise = Image.frombytes("RGB", (800, 800), random.Random(1).randbytes(800 * 800 * 3))
        content = io.BytesIO()
        noise.save(content, "PNG")
        return base64.b64encode(content.getvalue())

    # === BOUGHT DATA === #

    def test_opening_an_e_mail_buys_nothing_and_makes_nothing(self):
        count = self.env["res.partner"].search_count([])
        self.assertEqual(self.open("ann@acme.test")["company"], {"id": -1})
        self.assertEqual((self.bought, self.fetched), ([], []))
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_an_administrator_can_let_opening_buy(self):
        self.set_option("enrichment", "open")
        shown = self.open("ann@acme.test")
        self.assertEqual(shown["enrichment_info"], {"type": "company_created"})
        self.assertEqual(self.open("bob@mail.acme.test")["company"]["id"], shown["company"]["id"])
        self.assertEqual(self.bought, [{"acme.test": "acme.test"}])

    def test_a_company_is_made_of_bought_data(self):
        ann = self.contact("ann@acme.test")
        result = self.call(CREATE_COMPANY, {"partner_id": ann.id, "enrich_on_not_exists": True})
        self.assertEqual(result["enrichment_info"], {"type": "company_created"})
        acme = ann.parent_id
        self.assertEqual(
            (acme.id, acme.name, acme.street, acme.city, acme.country_id.code, acme.phone),
            (result["company"]["id"], "Acme Ltd", "High Street 1", "London", "GB", "+44 20 1234"),
        )
        self.assertTrue(acme.image_128)
        self.assertEqual(self.fetched, [ACME["logo"]])
        self.assertEqual(result["company"]["additionalInfo"]["city"], "London")

    def test_a_company_that_is_known_costs_nothing(self):
        acme = self.contact("info@acme.test", "Acme", is_company=True)
        ann = self.contact("ann@acme.test")
        result = self.call(CREATE_COMPANY, {"partner_id": ann.id})
        self.assertEqual((result["company"]["id"], ann.parent_id, self.bought), (acme.id, acme, []))

    def test_an_update_fills_in_only_what_is_empty(self):
        acme = self.contact("info@acme.test", "Acme Inc", is_company=True)
        result = self.call(UPDATE_COMPANY, {"partner_id": acme.id})
        self.assertEqual(result["enrichment_info"], {"type": "company_updated"})
        self.assertEqual((acme.name, acme.city, acme.zip), ("Acme Inc", "London", "N1"))
        self.assertEqual((acme.country_id.code, acme.phone), ("GB", "+44 20 1234"))

    def test_an_update_makes_no_address_of_two(self):
        for values in (
            {"city": "Leeds"},
            {"street2": "Box 7"},
            {"country_id": self.env.ref("base.it").id},
        ):
            acme = self.contact("info@acme.test", "Acme", is_company=True, **values)
            before = acme.read(["street", "street2", "city", "zip", "state_id", "country_id"])
            self.call(UPDATE_COMPANY, {"partner_id": acme.id})
            self.assertEqual(acme.read([*before[0]]), before, values)
            self.assertEqual(acme.phone, "+44 20 1234")
            acme.unlink()

    def test_without_credits_the_website_and_the_logo_are_shown_with_the_buy_link(self):
        self.answer = InsufficientCreditError()
        ann = self.contact("ann@acme.test")
        result = self.call(CREATE_COMPANY, {"partner_id": ann.id})
        self.assertEqual(result["enrichment_info"]["type"], "insufficient_credit")
        self.assertIn("http", result["enrichment_info"]["info"])
        company = result["company"]
        self.assertEqual((company["id"], company["website"]), (-1, "https://acme.test"))
        self.assertEqual(company["additionalInfo"]["domain"], "acme.test")
        self.assertTrue(company["additionalInfo"]["logo"].startswith("data:image/png;base64,"))
        self.assertEqual(set(company["additionalInfo"]), {"domain", "logo"})
        self.assertEqual(self.fetched, ["https://acme.test/apple-touch-icon.png"])

    def test_the_sentence_of_a_refusal_is_told_in_the_add_in(self):
        sentence = "Lead Enrichment is switched off in the CRM settings."
        for error, told in ((UserError(sentence), sentence), (ValueError("x"), "Unknown reason")):
            self.answer = error
            result = self.call(CREATE_COMPANY, {"partner_id": self.contact("ann@acme.test").id})
            self.assertEqual(result["enrichment_info"], {"type": "other", "info": told})
            self.assertEqual(result["company"], {"id": -1})

    def test_an_ordinary_user_can_buy_on_a_fresh_database(self):
        self.env["iap.account"].search([]).unlink()
        ann = self.contact("ann@acme.test")
        result = self.call(CREATE_COMPANY, {"partner_id": ann.id})
        self.assertEqual(result["enrichment_info"], {"type": "company_created"})

    def test_an_administrator_can_switch_buying_off(self):
        self.set_option("enrichment", "never")
        ann = self.contact("ann@acme.test")
        self.assertIn("switched off", self.call(CREATE_COMPANY, {"partner_id": ann.id})["error"])
        self.assertEqual(self.bought, [])

    def test_a_neutralized_copy_asks_nobody_and_says_so(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.set_option("enrichment", "open")
        company = self.contact("info@acme.test", is_company=True)
        ann = self.contact("ann@other.test")
        infos = [
            self.open("zoe@unknown.test")["enrichment_info"],
            self.call(CREATE_COMPANY, {"partner_id": ann.id})["enrichment_info"],
            self.call(UPDATE_COMPANY, {"partner_id": company.id})["enrichment_info"],
        ]
        for info in infos:
            self.assertEqual(info["type"], "other")
            self.assertIn("neutralized copy", info["info"])
        company._mail_plugin_logo({"logo": "https://acme.test/logo.png"})
        self.assertEqual((self.bought, self.fetched), ([], []))

    def test_what_cannot_be_bought_for_is_said_in_words(self):
        company = self.contact("info@acme.test", "Acme", is_company=True)
        child = self.contact("ann@acme.test", parent_id=company.id)
        for route, contact_id in (
            (CREATE_COMPANY, child.id), (CREATE_COMPANY, 2**31 - 1),
            (CREATE_COMPANY, self.contact("").id), (UPDATE_COMPANY, child.id),
        ):  # fmt: skip
            self.assertTrue(self.call(route, {"partner_id": contact_id})["error"])
        self.assertEqual(self.bought, [])

    def test_a_providers_nonsense_makes_no_company(self):
        for answer, type_ in (
            (None, "no_data"), ({}, "no_data"), ("x", "no_data"), ([1], "no_data"),
            (ValueError("boom"), "other"),
        ):  # fmt: skip
            self.answer = answer
            ann = self.contact("ann@acme.test")
            result = self.call(CREATE_COMPANY, {"partner_id": ann.id})
            self.assertEqual(result["enrichment_info"]["type"], type_, answer)
            self.assertEqual(result["company"], {"id": -1})
            self.assertFalse(ann.parent_id)

    def test_a_providers_odd_values_are_taken_as_far_as_they_fit(self):
        self.answer = {
            "name": ["x"], "email": "info@acme.test", "phone_numbers": [{"a": 1}],
            "logo": "javascript:alert(1)", "country_code": 7, "city": "x\x00y" + "z" * 999,
        }  # fmt: skip
        ann = self.contact("ann@acme.test")
        self.call(CREATE_COMPANY, {"partner_id": ann.id})
        acme = ann.parent_id
        self.assertEqual(
            (acme.name, acme.email, acme.phone), ("acme.test", "info@acme.test", False)
        )
        self.assertEqual(len(acme.city), 255)
        self.assertEqual(self.fetched, [])

    def test_a_company_that_the_user_may_not_see_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        acme = self.contact("info@acme.test", "Secret Acme", is_company=True, company_id=other.id)
        self.env["res.partner.iap"].create(
            {"partner_id": acme.id, "iap_search_domain": "@acme.test"}
        )
        company = self.open("ann@acme.test")["company"]
        self.assertEqual(company["id"], acme.id)
        self.assertNotIn("Secret", str(company))

    # === ADDRESSES THAT ARE NOBODY'S === #

    def test_an_answer_to_a_wrong_address_can_be_shown(self):
        for email in ("nonsense", "", None):
            shown = self.open(email)
            self.assertEqual(shown["id"], -1)
            self.assertEqual(shown["enrichment_info"]["type"], "odoo_custom_error")

    def test_an_id_that_is_gone_falls_back_to_the_address(self):
        ann = self.contact("ann@acme.test")
        self.assertEqual(self.open("ann@acme.test", partner_id=2**31 - 1)["id"], ann.id)

    def test_a_contact_that_the_user_may_not_read_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        ann = self.contact("ann@acme.test", "Secret", company_id=other.id)
        with self.assertRaises(AccessError):
            ann.with_user(self.user).read(["name"])
        self.assertNotIn("Secret", self.post(GET, {"partner_id": ann.id}).text)
