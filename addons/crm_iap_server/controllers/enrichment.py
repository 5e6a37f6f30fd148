from odoo import http

from ..tools.questions import read_domains
from .rpc import ClientRoutes, rpc


class EnrichmentRoutes(ClientRoutes, http.Controller):
    @rpc("/iap/clearbit/1/lead_enrichment_email")
    def iap_lead_enrichment_email(self, params):
        """Enrich leads by the domains of their e-mail addresses; also of mail add-ins."""
        domains = read_domains(params.get("domains"))
        client = self.admit(self.asker(params), "reveal")
        return self.data(client)._enrich(client, domains)
