"""A client database, as far as the server can tell it from a real one."""

import json

from odoo.tests import HttpCase

from odoo.addons.crm_lead_enrichment.tests.common import EnrichmentCase

from ..models import iap_server_rate as rate

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"
SECOND = "aaaa0000aaaa0000aaaa0000aaaa0001"
UUID = "7d1c0f6e-1111-4222-8333-944444444444"
CREDITS = 20
QUERY = {"lead_number": 3, "search_type": "companies", "countries": [{"code": "BE", "states": []}]}


class ServerCase(HttpCase, EnrichmentCase):
    """Has an invited client with CREDITS credits, and the synthetic providers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_db = cls.env["iap.server.client"].create(
            {"name": "Alfa", "uuid": UUID, "company_id": cls.env.company.id}
        )
        cls.client_account = cls.client_db.account_id
        cls.client_account.grant(CREDITS, reason="Test", idempotency_key="test")

    def setUp(self):
        super().setUp()
        rate._shares.clear()  # what was counted before was of another test

    def use_up(self):
        """Leave whoever has asked already no question in this minute, nor in the next ones."""
        self.env.cr.execute("UPDATE iap_server_rate SET minute = minute + 1000, asked = 10 ^ 9")
        rate._shares.clear()

    def post(self, path, body):
        answer = self.url_open(
            path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            timeout=120,
        )
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.assertNotIn("Traceback", answer.text)
        self.env.invalidate_all()
        return answer.json()

    def call(self, path, **params):
        """Return the result of a call of the client, or the data of its error."""
        body = self.post(path, {"jsonrpc": "2.0", "method": "call", "id": "x", "params": params})
        self.assertEqual(body["id"], "x")
        self.assertEqual(len({"result", "error"} & body.keys()), 1)
        return body["result"] if "result" in body else body["error"]["data"]

    def mine(self, token=TOKEN, known=(), version="19.0", **query):
        """Ask as 19.0's lead mining does."""
        return self.call(
            "/api/dnb/1/search_by_criteria",
            account_token=token,
            db_uuid=UUID,
            db_version=version,
            db_lang="en_US",
            country_code="BE",
            reveal_ids=list(known),
            query={**QUERY, **query},
        )

    def enrich(self, token=TOKEN, **domains):
        return self.call(
            "/iap/clearbit/1/lead_enrichment_email",
            domains=domains,
            account_token=token,
            dbuuid=UUID,
        )

    def complete(self, action, token=TOKEN, **params):
        """Ask as 19.0's partner autocomplete does."""
        return self.call(
            f"/api/dnb/1/{action}",
            account_token=token,
            db_uuid=UUID,
            db_version="19.0",
            db_lang="en_US",
            country_code="BE",
            zip="1000",
            **params,
        )

    def assertSpent(self, credits):
        """Check what the client has paid, and that no hold is left."""
        self.env.invalidate_all()
        self.assertEqual(
            (self.client_account.credits_available, self.client_account.credits_held),
            (CREDITS - credits, 0),
        )

    def assertNoCredits(self, answer):
        self.assertTrue(answer["name"].endswith(".InsufficientCreditError"), answer)
        self.assertTrue(answer["message"])
