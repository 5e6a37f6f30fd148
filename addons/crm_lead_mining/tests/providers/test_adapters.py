"""What each adapter says of its provider: what costs nothing, what is asked, and how often."""

from odoo.tests import BaseCase

from ...providers.base import Rate
from ...providers.companies_house import CompaniesHouse
from ...providers.gleif import Gleif
from ...providers.hunter import Hunter
from ...providers.odoo_iap import OdooIap
from ...providers.people_data_labs import PeopleDataLabs
from ...providers.recherche_entreprises import RechercheEntreprises
from ...providers.website.provider import WebsiteProvider

MARKS = (
    "contacts_apart", "count_is_free", "enrich_is_free", "has_contacts", "needs_key", "own_hosts",
    "searches",
)  # fmt: skip
#: Adapter: what holds of it, what companies can be filtered by, and (questions, seconds) as its
#: provider publishes them; ten a second where it publishes none.
ADAPTERS = {
    CompaniesHouse: (
        "contacts_apart count_is_free enrich_is_free has_contacts needs_key searches",
        "industries",
        [(600, 300)],
    ),
    Gleif: ("count_is_free enrich_is_free searches", "states", [(60, 60)]),
    Hunter: (
        "contacts_apart count_is_free has_contacts needs_key searches",
        "size states",
        [(5, 1), (50, 60)],
    ),
    OdooIap: ("has_contacts needs_key searches", "industries size states", [(10, 1)]),
    PeopleDataLabs: ("needs_key searches", "industries size", [(10, 60)]),
    RechercheEntreprises: (
        "count_is_free enrich_is_free has_contacts searches",
        "industries size states",
        [(7, 1)],
    ),
    WebsiteProvider: ("count_is_free enrich_is_free own_hosts", "", []),
}


class TestAdapters(BaseCase):
    def test_each_adapter_says_of_its_provider_what_the_table_says(self):
        for adapter, (marks, filters, rates) in ADAPTERS.items():
            with self.subTest(adapter.code):
                held = [name for name in MARKS if getattr(adapter, name)]
                self.assertEqual(held, marks.split())
                self.assertEqual(sorted(adapter.filters), filters.split())
                self.assertEqual(list(adapter.rates), [Rate(*rate) for rate in rates])
