"""An add-in that talks to a running server, for the tests of this folder and the benchmark."""

import json

import requests

# Makes a user with all the rights that an add-in can use, some records, and a token.
SET_UP = """
from odoo.tests.common import new_test_user
groups = ["base.group_user", "base.group_partner_manager", "project.group_project_manager",
          "sales_team.group_sale_salesman_all_leads"]
user = new_test_user(env, login="sally", password="sally-secret", groups=",".join(groups),
                     email="sally@ours.example")
company = env["res.partner"].create(
    {"name": "Acme", "is_company": True, "email": "info@acme.test"})
contact = env["res.partner"].create(
    {"name": "Ann", "email": "ann@acme.test", "parent_id": company.id})
lead = env["crm.lead"].create({"name": "Deal", "partner_id": contact.id, "user_id": user.id})
project = env["project.project"].create({"name": "Works"})
keys = env["res.users.apikeys"].with_user(user)
token = keys.generate_for_addin("Outlook", "https://download.odoocdn.com", 90)
for name in ("token_limit", "address_limit"):
    env["ir.config_parameter"].set_param("crm_mail_plugin." + name, "0")
env.cr.commit()
import json
print(json.dumps({"token": token, "user": user.id, "company": company.id, "contact": contact.id,
                  "lead": lead.id, "project": project.id}))
"""


class Addin:
    """One add-in with one connection.

    :ivar url: of the server
    :ivar token: sent with each request
    """

    def __init__(self, url: str, token: str = ""):
        self.url, self.token = url, token
        self._session = requests.Session()

    def post(self, route: str, params: object = None, token: str | None = None):
        """Return the HTTP answer to a request."""
        token = self.token if token is None else token
        params = {} if params is None else params
        envelope = {"jsonrpc": "2.0", "method": "call", "id": None, "params": params}
        bearer = {"Authorization": f"Bearer {token}".encode()} if token else {}
        return self._session.post(
            self.url + route,
            data=json.dumps(envelope).encode(),
            headers={"Content-Type": "application/json", **bearer},
            timeout=120,
        )

    def call(self, route: str, params: object = None) -> object:
        """Return the result of a request, which must have one."""
        return self.post(route, params).json()["result"]
