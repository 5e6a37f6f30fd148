"""The questions of one client database, which keeps what it has read of the answers."""

import requests


class Refused(Exception):
    """The server has said no, in the words of the exception."""


class Asker:
    """A client database of Odoo 19.0.

    :ivar known: identities of the leads that it has, in the order in which they came
    """

    def __init__(self, uuid: str, token: str):
        self.uuid, self.token = uuid, token
        self.known: list[str] = []

    def mine(self, url: str, number: int, known: list[str] | None = None) -> list[str]:
        """Ask for leads, as *Generate Leads* does; return their identities.

        :param known: what it says that it has, by default all that it has
        :raise Refused: when there are none
        """
        answer = self._post(
            f"{url}/api/dnb/1/search_by_criteria",
            account_token=self.token,
            db_uuid=self.uuid,
            db_version="19.0",
            reveal_ids=self.known if known is None else known,
            query={"lead_number": number, "countries": [{"code": "BE", "states": []}]},
        )
        return [row["duns"] for row in answer["data"]]

    def enrich(self, url: str, domain: str) -> str:
        """Ask about the company of a lead, as *Enrich* does; return its identity.

        :raise Refused: when nothing is told
        """
        answer = self._post(
            f"{url}/iap/clearbit/1/lead_enrichment_email",
            account_token=self.token,
            dbuuid=self.uuid,
            db_version="19.0",
            domains={"1": domain},
        )
        return answer["1"]["clearbit_id"]

    def _post(self, url: str, **params) -> dict:
        answer = requests.post(url, json={"params": params}, timeout=60).json()
        if "error" in answer:
            raise Refused(answer["error"]["data"]["message"])
        return answer["result"]
