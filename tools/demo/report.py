"""In an Odoo shell: tell what became of the request."""

from typing import Any


def main(env: Any, job: dict) -> dict:
    """Return request_state, leads, credits_after and holds_open of the request `job["request"]`."""
    request = env["lead.mining.request"].search([("name", "=", job["request"])])
    return {
        "request_state": request.state,
        "leads": request.lead_count,
        "credits_after": env["iap.account"]._get_local("reveal").credits_available,
        "holds_open": env["iap.credit.hold"].search_count([("state", "=", "open")]),
    }
