import base64
import re
import time

import psycopg2

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_lead_enrichment.tools.enrichment import Subject, subject_of
from odoo.addons.crm_lead_mining.company.identity import identity_keys, normalise_vat
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tools.stock_answers import autocomplete_answer, suggestion

#: Service whose credits pay.
PAID_BY = "reveal"
MAX_SUGGESTIONS = 10
#: Several datasets may have a company, and some may never be mined.
MAX_ROWS = 5 * MAX_SUGGESTIONS
#: Seconds that a user waits for suggestions at most, while typing.
SEARCH_TIMEOUT = 2
TEXTS = ("name", "registry", "registry_id", "lei", "city", "country_code", "vat", "domain")
FIELDS = ["identity", *TEXTS]


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
        if not text:
            return {"data": []}
        typed = re.sub(r"([\\%_])", r"\\\1", text)
        scope = Domain.TRUE
        if country := params.get("query_country_code"):
            scope = Domain("country_code", "=", str(country).upper())
        # Who is called just so first, then whose name begins so, then who has it inside.
        return {
            "data": self._suggestions(
                scope & Domain("name", "=ilike", typed),
                scope & Domain("name", "=ilike", f"{typed}%"),
                scope & Domain("name", "=ilike", f"%{typed}%"),
            )
        }

    def _local_search_by_vat(self, params):
        found = self._of_vat(params.get("query"), params.get("query_country_code"))
        # Of an empty answer stock goes on with VIES, of an empty list it does not.
        return {"data": found} if found else {}

    def _of_vat(self, number, country_code):
        vat = normalise_vat(str(number or ""), str(country_code or ""))
        return self._suggestions(Domain("vat", "=", vat)) if vat else []

    def _suggestions(self, *domains):
        """Return companies that fit one of these, in this order, each company once."""
        datasets_sudo = self.env["lead.directory.dataset"].sudo().search(
            [("company_id", "in", (False, self.env.company.id))]
        )  # fmt: skip
        # Who has ceased is suggested to nobody.
        scope = Domain("dataset_id", "in", datasets_sudo.ids) & Domain("status", "=", False)
        found, seen = [], set()
        until = time.monotonic() + SEARCH_TIMEOUT
        for domain in domains:
            for row in self._rows(domain & scope, until):
                company = _company(row)
                if seen.isdisjoint(keys := _keys(company, row.identity)):
                    found.append((company, row.identity))
                seen |= keys
            if len(found) >= MAX_SUGGESTIONS:
                break
        refusals = self.env["lead.mining.suppression"]._refusals(
            [company for company, _key in found], self.env.company
        )
        return [
            suggestion(company, key)
            for (company, key), refused in zip(found, refusals, strict=True)
            if not refused
        ][:MAX_SUGGESTIONS]

    def _rows(self, domain, until):
        # Sudo: whoever edits contacts may use the directory without reading it by themselves.
        Directory = self.env["lead.directory.company"].sudo()
        left = int(1000 * (until - time.monotonic()))
        if left <= 0:
            return Directory
        try:
            with self.env.cr.savepoint(flush=False) as savepoint:
                self.env.cr.execute(
                    "SELECT set_config('statement_timeout', %s, true)", (str(left),)
                )
                rows = Directory.search_fetch(domain, FIELDS, limit=MAX_ROWS)
                # The time-out goes with the savepoint; nothing was written.
                savepoint.rollback()
        except psycopg2.errors.QueryCanceled:
            return Directory
        return rows

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
        found = self._of_vat(params.get("gst"), "IN")
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
    return Company(**{name: row[name] or "" for name in TEXTS})


def _keys(company, identity):
    """Return by what a company of one dataset is recognised in another, which may know less of it.

    A domain alone may be that of a group of companies.
    """
    keys = {identity, *(key for key in identity_keys(company) if not key.startswith("domain:"))}
    return keys | {(company.name.casefold(), company.domain)} if company.domain else keys
