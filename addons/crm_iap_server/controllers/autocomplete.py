import logging
import re

from odoo import http

from odoo.addons.crm_lead_enrichment.tools.enrichment import subject_of

from ..exceptions import NoCredits
from ..tools.questions import read_text
from .rpc import ClientRoutes, rpc

_logger = logging.getLogger(__name__)

SERVICE = "partner_autocomplete"
_CODE = re.compile(r"[A-Za-z]{2}")


class AutocompleteRoutes(ClientRoutes, http.Controller):
    @rpc("/api/dnb/1/search_by_name", readonly=True)
    def iap_search_by_name(self, params):
        """Suggest companies while a name is typed; free."""
        return {"data": self._suggestions("name", params)}

    @rpc("/api/dnb/1/search_by_vat", readonly=True)
    def iap_search_by_vat(self, params):
        """Suggest companies by a number; of `{}` clients go on with VIES, of `[]` they do not."""
        found = self._suggestions("number", params)
        return {"data": found} if found else {}

    @rpc("/api/dnb/1/enrich_by_duns")
    def iap_enrich_by_duns(self, params):
        """Fill a contact with what is known of a suggestion."""
        return self._completed(params, lambda data: data._subject_of_id(
            read_text(params.get("duns"))))  # fmt: skip

    @rpc("/api/dnb/1/enrich_by_gst")
    def iap_enrich_by_gst(self, params):
        """Fill a contact with what is known of an Indian tax number."""

        def subject(data):
            rows = data._suggest("number", read_text(params.get("gst")), "IN")
            return data._subject_of_id(rows[0]["duns"] if rows else "")

        return self._completed(params, subject)

    @rpc("/api/dnb/1/enrich_by_domain")
    def iap_enrich_by_domain(self, params):
        """Fill a contact with what is known of a domain."""
        domain = read_text(params.get("domain"), 253)
        return self._completed(params, lambda _data: (subject_of([domain]), None))

    @rpc("/api/dnb/1/<string:action>", readonly=True)
    def iap_unknown_action(self, params):
        """Answer what clients may ask some day: by identity where it is a search."""
        path = http.request.httprequest.path
        _logger.info("A client asked %s, which nobody here knows", path)
        if "search_by_" in path:
            found = self._suggestions("number", params)
            return {"data": found} if found else {}
        return {"error": "unsupported"}

    def _suggestions(self, action, params):
        asker = self.asker(params)
        # One that is typed in may be the first call of a client.
        client = self.admit(asker, SERVICE)
        if not client._is_served():
            return []
        country = params.get("query_country_code")
        code = country.upper() if isinstance(country, str) and _CODE.fullmatch(country) else ""
        query = read_text(params.get("query"))
        data = self.data(client)
        return data._suggest(action, query, code) if query else []

    def _completed(self, params, subject_of_call):
        client = self.admit(self.asker(params), SERVICE)
        data = self.data(client)
        try:
            data.env["iap.server.desk"]._check_served(client)
            found = data._complete(client, *subject_of_call(data))
        except NoCredits:
            return {"data": {}, "credit_error": True}
        return {"data": found, "credit_error": False} if found else {"error": "not_found"}
