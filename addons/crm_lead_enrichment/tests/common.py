"""Providers that know companies by their domain, and a salesperson who enriches with them."""

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tests.common import (
    LeadMiningCase,
    SyntheticProvider,
    synthetic_company,
)


class PaidProvider(SyntheticProvider):
    """Answers about `known` domains and registry numbers; asking costs money there."""

    code = "synthetic"
    known: dict[str, Company] = {}
    errors: list[Exception] = []
    asked: list[str] = []
    before_answer = None

    def enrich(self, *, domain=None, registry_id=None):
        cls = type(self)
        cls.asked.append(registry_id or domain)
        if cls.before_answer:
            cls.before_answer()
        if cls.errors:
            raise cls.errors.pop(0)
        return cls.known.get(registry_id or domain)


class FreeProvider(PaidProvider):
    """A second one, free and open, which is asked for what the first has left empty."""

    code = "synthetic_free"
    enrich_is_free = True
    known: dict[str, Company] = {}
    errors: list[Exception] = []
    asked: list[str] = []
    before_answer = None


@tagged("post_install", "-at_install")
class EnrichmentCase(LeadMiningCase):
    """Has a salesperson with 100 credits and two synthetic providers; nothing real is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.mining.provider"].search([("code", "!=", "synthetic")]).active = False
        cls.offer(PaidProvider, FreeProvider)
        cls.free_provider = cls.env["lead.mining.provider"].create(
            {"name": "Free Provider", "code": "synthetic_free", "sequence": 2}
        )
        cls.Enrichment = cls.env["lead.enrichment"]
        cls.parameters = cls.env["ir.config_parameter"]

    def setUp(self):
        super().setUp()
        for provider in (PaidProvider, FreeProvider):
            provider.known, provider.errors, provider.asked = {}, [], []
            provider.before_answer = None
        self.knows(synthetic_company(1), synthetic_company(2), synthetic_company(3))

    def knows(self, *companies, provider=PaidProvider):
        """Let a provider know these companies by their domain."""
        provider.known = {company.domain: company for company in companies}

    def lead(self, number=1, **values):
        """Return a lead of the salesperson, of which only an e-mail address is known."""
        return (
            self.env["crm.lead"]
            .with_user(self.salesperson)
            .create(
                {
                    "name": f"Question {number}",
                    "email_from": f"jane@synthetic{number}.example",
                    **values,
                }
            )
        )

    def work(self) -> None:
        """Do what the scheduler's process does."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            root = self.env.ref("base.user_root")
            self.env(cr=cr, user=root)["lead.enrichment.worker"]._run_lane()
        self.env.invalidate_all()

    def enrich(self, records, groups=()):
        """Enrich the records and return the attempts, the oldest first."""
        records._enrich(groups)
        self.work()
        return self.attempts(records)

    def attempts(self, records):
        return self.Enrichment.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)], order="id"
        )
