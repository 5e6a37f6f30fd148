import base64

import psycopg2

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_lead_enrichment.tools.enrichment import Subject, subject_of
from odoo.addons.crm_lead_mining.company.identity import normalise_vat
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tools.stock_answers import autocomplete_answer, suggestion

#: Service whose credits pay.
PAID_BY = "reveal"
MAX_SUGGESTIONS = 10
#: Milliseconds that a user waits for suggestions at most, while typing.
SEARCH_TIMEOUT = 2000
FIELDS = ["name", "identity", "city", "country_code", "vat", "domain"]


class IapAutocompleteApi(models.AbstractModel):
    _inherit = "iap.autocomplete.api"

    @api.model
    def _contact_iap(self, local_endpoint, action, params, timeout=15):
        """Override of `partner_autocomplete` to answer here while credits are kept here.

        Suggestions come from the company directory and are free; what is enriched costs a credit.
        """
        answer = getattr(self, f"_local_{action}", None)
        if answer is None or not self.env["iap.service"]._get_kept_locally(PAID_BY):
            return super()._contact_iap(local_endpoint, action, params, timeout=timeout)
        return answer(params)

    # === SUGGESTIONS === #

    def _local_search_by_name(self, params):
        text = str(params.get("query") or "").strip()
        domain = Domain("name", "ilike", text) if text else Domain.FALSE
        if country := params.get("query_country_code"):
            domain &= Domain("country_code", "=", str(country).upper())
        return {"data": self._suggestions(domain)}

    def _local_search_by_vat(self, params):
        vat = normalise_vat(
            str(params.get("query") or ""), str(params.get("query_country_code") or "")
        )
        found = self._suggestions(Domain("vat", "=", vat)) if vat else []
        # Of an empty answer stock goes on with VIES, of an empty list it does not.
        return {"data": found} if found else {}

    def _suggestions(self, domain):
        # Sudo: whoever edits contacts may use the directory without reading it by themselves.
        Directory = self.env["lead.directory.company"].sudo()
        datasets_sudo = self.env["lead.directory.dataset"].sudo().search(
            [("company_id", "in", (False, self.env.company.id))]
        )  # fmt: skip
        # Who has ceased is suggested to nobody.
        scope = (
            domain & Domain("dataset_id", "in", datasets_sudo.ids) & Domain("status", "=", False)
        )
        try:
            with self.env.cr.savepoint(flush=False) as savepoint:
                self.env.cr.execute(
                    "SELECT set_config('statement_timeout', %s, true)", (str(SEARCH_TIMEOUT),)
                )
                rows = Directory.search_fetch(scope, FIELDS, limit=MAX_SUGGESTIONS)
                # The time-out goes with the savepoint; nothing was written.
                savepoint.rollback()
        except psycopg2.errors.QueryCanceled:
            return []
        refusals = self.env["lead.mining.suppression"]._refusals(
            map(_company, rows), self.env.company
        )
        return [
            suggestion(_company(row), row.identity)
            for row, refused in zip(rows, refusals, strict=True)
            if not refused
        ]

    # === ENRICHMENT === #

    def _local_enrich_by_duns(self, params):
        """Answer about a suggestion: stock's D-U-N-S number is our identity of the company."""
        key = str(params.get("duns") or "")
        known = self.env["lead.directory.dataset"]._directory_provider().find(key)
        if not known:
            return self._unknown()
        registry_id = known.registry_id and f"{known.registry}:{known.registry_id}"
        return self._paid_answer(Subject(known.domain, registry_id, key), known, key)

    def _local_enrich_by_domain(self, params):
        subject = subject_of([str(params.get("domain") or "")])
        return self._paid_answer(subject) if subject.key else self._unknown()

    def _local_enrich_by_gst(self, params):
        found = self._suggestions(Domain("vat", "=", normalise_vat(str(params.get("gst")), "IN")))
        return self._local_enrich_by_duns(found[0]) if found else self._unknown()

    def _paid_answer(self, subject, known=None, key=""):
        company, logo = self.env["lead.enrichment.client"]._answer(
            subject, label=known and known.name or "", known=known
        )
        if not company:
            return self._unknown()
        image = base64.b64encode(logo).decode() if logo else ""
        data = autocomplete_answer(company, key or subject.key, image)
        return {"data": data, "credit_error": False}

    def _unknown(self):
        return {"error": self.env._("No provider knows this company.")}


def _company(row):
    return Company(
        name=row.name,
        city=row.city or "",
        country_code=row.country_code or "",
        vat=row.vat or "",
        domain=row.domain or "",
    )
