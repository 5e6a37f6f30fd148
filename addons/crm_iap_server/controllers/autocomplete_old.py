"""Partner autocomplete as Odoo 13.0 to 18.2 ask it, until March and April of 2025."""

from odoo import http

from odoo.addons.crm_lead_enrichment.tools.enrichment import Subject, subject_of

from ..exceptions import NoCredits
from ..tools import shapes, wire
from ..tools.questions import read_text
from .autocomplete import SERVICE, AutocompleteRoutes
from .rpc import ClientRoutes, rpc


class OldAutocompleteRoutes(ClientRoutes, http.Controller):
    @rpc("/iap/partner_autocomplete/search")
    def iap_old_search(self, params):
        """Suggest companies while a name is typed: a list alone."""
        return self._rows("name", params, read_text(params.get("query")))

    @rpc("/iap/partner_autocomplete/search_vat")
    def iap_old_search_vat(self, params):
        """Return the one company of a number, or null: then the client asks VIES."""
        rows = self._rows("number", params, read_text(params.get("vat")))
        return rows[0] if rows else None

    @rpc("/iap/partner_autocomplete/enrich")
    def iap_old_enrich(self, params):
        """Fill a contact, by the number of a suggestion, a domain or a VAT number."""
        client = self.admit(self.asker(params), SERVICE)
        data = self.data(client)
        gid = shapes.whole_id(params.get("partner_gid"))
        try:
            data.env["iap.server.desk"]._check_served(client)
            subject, known = self._subject(data, params, 0 if gid is shapes.UNFIT else gid)
            company, _logo = data._told(client, subject, "autocomplete", known)
        except NoCredits:
            return {"company_data": {}, "credit_error": True}
        answer = company and shapes.OLD_COMPANY.fit(wire.old_completion(company, gid))
        return {"company_data": answer or {}, "credit_error": False}

    @rpc("/iap/partner_autocomplete/update", readonly=True)
    def iap_old_update(self, _params):
        """Take note that a contact's number was changed; nothing follows from it here."""
        return True

    def _subject(self, data, params, gid):
        identity = data.env["iap.server.gid"]._identity_of(gid) if gid else ""
        if identity:
            return data._subject_of_id(identity)
        if domain := read_text(params.get("domain"), 253):
            return subject_of([domain]), None
        rows = data._suggest("number", read_text(params.get("vat")), "")
        return data._subject_of_id(rows[0]["duns"]) if rows else (Subject(), None)

    def _rows(self, action, params, query):
        found = AutocompleteRoutes._suggestions(self, action, {**params, "query": query})
        if not found:
            return []
        gids = self.clients().env["iap.server.gid"]._name_all([row["duns"] for row in found])
        return shapes.OLD_COMPANY.fit_all(
            [{**row, "website": row.get("domain"), "partner_gid": gids.get(row["duns"])}
             for row in found]
        )  # fmt: skip
