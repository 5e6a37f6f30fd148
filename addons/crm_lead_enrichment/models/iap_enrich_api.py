from odoo import api, models

from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE
from odoo.addons.crm_lead_mining.tools.stock_answers import enrichment_answer

from ..tools.enrichment import subject_of

ENDPOINT = "/iap/clearbit/1/lead_enrichment_email"
#: Credits that Odoo's own service takes for the data of a company.
ODOO_PRICE = 1


class IapEnrichApi(models.AbstractModel):
    _inherit = "iap.enrich.api"

    @api.model
    def _get_company_price(self) -> int:
        """Return the credits that a company's data cost, for whoever shows it before asking."""
        if self.env["iap.service"]._get_kept_locally(SERVICE):
            return self.env["lead.enrichment"]._price()
        return ODOO_PRICE

    @api.model
    def _contact_iap(self, local_endpoint, params):
        """Override of `iap` to answer here while this database keeps the credits itself.

        The mail plugin and Odoo's lead enrichment come by this way.
        """
        if local_endpoint != ENDPOINT or not self.env["iap.service"]._get_kept_locally(SERVICE):
            return super()._contact_iap(local_endpoint, params)
        domains = params.get("domains") or {}
        answers = {domain: self._answer_locally(domain) for domain in set(domains.values())}
        return {str(key): answers[domain] for key, domain in domains.items()}

    def _answer_locally(self, domain):
        """Return what stock reads about the company at a domain, False when nobody knows it."""
        subject = subject_of([domain])
        company, _logo = self.env["lead.enrichment.client"]._answer(subject)
        if not company:
            return False
        names = self.env["lead.mining.industry"]._names()
        industry = next((names[code] for code in company.industries if code in names), "")
        return {"domain": domain, **enrichment_answer(company, industry)}
