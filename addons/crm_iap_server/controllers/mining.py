from odoo import http

from ..exceptions import NoCredits
from ..tools.generations import credit_signal
from ..tools.questions import read_mining
from ..tools.settings import Settings
from .rpc import ClientRoutes, rpc


class MiningRoutes(ClientRoutes, http.Controller):
    @rpc("/api/dnb/1/search_by_criteria")
    def iap_search_by_criteria(self, params):
        """Mine leads, for 18.0 of 2026 and later."""
        asker = self.asker(params)
        question = read_mining(params.get("query"), params.get("reveal_ids"))
        client = self.admit(asker, "reveal")
        data = self.data(client)
        try:
            companies = data._mine(client, question)
        except NoCredits:
            chosen = client.credit_signal if client else "auto"
            if chosen == "auto":
                chosen = Settings.of(data.env).credit_signal
            version = asker.version or client.version or ""
            if credit_signal(version, question.query, chosen) == "flag":
                return {"data": [], "credit_error": True}
            raise
        return {"data": data._mined(companies), "credit_error": False}

    @rpc("/iap/clearbit/1/lead_mining_request", "/iap/clearbit/2/lead_mining_request")
    def iap_lead_mining_request(self, params):
        """Mine leads, for 13.0 to 18.0 of 2025; these catch the error alone."""
        question = read_mining(params.get("data"))
        client = self.admit(self.asker(params), "reveal")
        data = self.data(client)
        companies = data._mine(client, question)
        return {"credit_error": False, "data": data._mined_as_of_old(companies)}
