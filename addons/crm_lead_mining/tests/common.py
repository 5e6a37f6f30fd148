"""A provider whose answers a test chooses, and a salesperson who mines with it."""

from dataclasses import replace

from odoo.tests import TransactionCase, new_test_user

from ..company.types import Company, CompanyQuery, Contact, Page, Provenance
from ..providers.base import FILTERS, Provider

SYNTHETIC = Provenance("synthetic", "Synthetic companies", "1", "CC0-1.0")


def synthetic_company(number: int, **values) -> Company:
    """Return a company that does not exist, at a domain that cannot exist (RFC 2606)."""
    domain = f"synthetic{number}.example"
    return Company(
        **{
            "name": f"Synthetic {number}",
            "registry": "XX-TEST",
            "registry_id": f"{number:06d}",
            "legal_form": "Société anonyme",
            "domain": domain,
            "website": f"https://www.{domain}",
            "emails": (f"info@{domain}",),
            "phone": "+32 2 290 34 90",
            "street": "Rue de l'Exemple 1",
            "city": "Bruxelles",
            "zip": "1000",
            "country_code": "BE",
            "employees": 40 + number,
            "industries": ("62",),
            "founded": 1999,
            "technologies": ("PostgreSQL", "Python"),
            "timezone": "Europe/Brussels",
            "socials": {"linkedin": f"https://www.linkedin.com/company/synthetic{number}"},
            "contacts": (
                Contact("Synthetic Person", "Director", "ceo", "director", f"person@{domain}"),
                Contact("Second Person", "Engineer", "engineering", "", f"second@{domain}"),
            ),
            "provenance": SYNTHETIC,
            **values,
        }
    )


class SyntheticProvider(Provider):
    """Answers with `companies`, after the `errors` and `before_page` hooks of a test."""

    code = "synthetic"
    count_is_free = True
    filters = frozenset(FILTERS)
    companies: tuple[Company, ...] = ()
    errors: list[Exception] = []
    before_page = None
    asked: list[tuple[CompanyQuery, str | None, int]] = []

    def count(self, query):
        return len(self.companies)

    def search(self, query, cursor=None, limit=50):
        cls = type(self)
        cls.asked.append((query, cursor, limit))
        if cls.before_page:
            cls.before_page()
        if cls.errors:
            raise cls.errors.pop(0)
        start = int(cursor or 0)
        end = start + limit
        page = tuple(_with_contacts(company, query) for company in self.companies[start:end])
        return Page(page, str(end) if end < len(self.companies) else None, len(self.companies))

    def enrich(self, *, domain=None, registry_id=None):
        return None


def _with_contacts(company: Company, query: CompanyQuery) -> Company:
    return replace(company, contacts=company.contacts[: query.contacts_per_company])


class LeadMiningCase(TransactionCase):
    """Has a salesperson with 100 credits and the synthetic provider; nothing real is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Websites of invented companies are nobody's.
        cls.env["lead.mining.provider"].search([("completes", "=", True)]).completes = False
        cls.offer(SyntheticProvider)
        cls.provider = cls.env["lead.mining.provider"].create(
            {"name": "Synthetic Provider", "code": SyntheticProvider.code, "sequence": 1}
        )
        cls.belgium = cls.env.ref("base.be")
        cls.salesperson = new_test_user(
            cls.env, "salesperson", "sales_team.group_sale_salesman", name="Sally Salesperson"
        )
        cls.account = cls.env["iap.account"]._get_local("reveal")
        cls._set_credits(100)

    @classmethod
    def offer(cls, *adapters: type[Provider]) -> None:
        """Let the database have these adapters, as an addon does that brings them."""
        Model = cls.registry["lead.mining.provider"]
        others = Model._adapter_classes
        cls.classPatch(
            Model,
            "_adapter_classes",
            lambda self: others(self) | {adapter.code: adapter for adapter in adapters},
        )

    @classmethod
    def name_controller(cls) -> None:
        """Have the company say who answers for its data, without which no notice is sent."""
        cls.env.company.write(
            {
                "street": "Main Street 1",
                "city": "Gent",
                "country_id": cls.env.ref("base.be").id,
                "lead_mining_privacy_contact": "privacy@controller.example",
            }
        )

    @classmethod
    def _set_credits(cls, credits: int) -> None:
        difference = credits - cls.account.credits_available
        if difference:
            cls.account.adjust(
                difference, reason="Test", idempotency_key=f"test-{cls.env.cr.now()}-{difference}"
            )

    def setUp(self):
        super().setUp()
        self.provide(5)

    def provide(self, *companies: int | Company) -> None:
        """Let the provider know these companies, or so many."""
        if len(companies) == 1 and isinstance(companies[0], int):
            companies = tuple(synthetic_company(number) for number in range(1, companies[0] + 1))
        SyntheticProvider.companies = companies
        SyntheticProvider.errors = []
        SyntheticProvider.asked = []
        SyntheticProvider.before_page = None

    def request(self, user=None, **values):
        """Return a draft request of the salesperson for three companies in Belgium."""
        return (
            self.env["lead.mining.request"]
            .with_user(user or self.salesperson)
            .create({"lead_number": 3, "country_ids": [(6, 0, self.belgium.ids)], **values})
        )

    def run_lane(self) -> None:
        """Do what the scheduler's process does."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, user=self.env.ref("base.user_root"))["lead.mining.worker"]._run_lane()
        self.env.invalidate_all()

    def mine(self, **values):
        """Return a request after the worker has done it."""
        request = self.request(**values)
        request.action_generate()
        self.run_lane()
        return request

    def assertPaid(self, credits: int) -> None:
        """The account has paid so much of its 100 credits, and nothing is set aside."""
        self.account.invalidate_recordset()
        self.assertEqual(
            (self.account.credits_available, self.account.credits_held), (100 - credits, 0)
        )
