from odoo import http

from ..tools import shapes
from .rpc import ClientRoutes, rpc

MAX_VISITORS = 1000


class VisitRoutes(ClientRoutes, http.Controller):
    @rpc("/iap/clearbit/1/reveal", readonly=True)
    def iap_reveal(self, params):
        """Tell honestly that no provider here knows whose an address is; exceptions would make the
        client's job fail, and come back."""
        data = params.get("data")
        visitors = data.get("ips") if isinstance(data, dict) else None
        ips = list(visitors)[:MAX_VISITORS] if isinstance(visitors, dict) else []
        rows = [{"ip": ip, "not_found": True} for ip in ips]
        return {"credit_error": False, "reveal_data": shapes.NOT_FOUND.fit_all(rows)}
