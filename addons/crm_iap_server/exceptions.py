"""Why a client database gets no answer. Texts are sentences for its user, in its language."""

import json


class Refused(Exception):
    """There is no answer, and nothing was charged.

    :param message: one translated sentence.
    :cvar name: the class that Odoo's clients and providers take it for; this one every client
        catches everywhere, and those of early 18.0 show its sentence.
    """

    name = "odoo.exceptions.AccessError"


class WrongType(Refused):
    """A provider has sent what is no number; so Odoo's own service calls it."""

    name = "builtins.TypeError"


class NoCredits(Refused):
    """The client's credits do not suffice, or nobody knows the client.

    :param message: one translated sentence.
    :param price: credits that were needed.
    :param url: where credits are bought, "" if the client is unknown; it opens the page without a
        login, so it is told and never stored.
    :param service: technical name of the service.
    :param is_json: whether a provider is told, whose helper `iap_authorize` reads the sentence as
        JSON to add a page of its own.
    """

    name = "odoo.addons.iap.tools.iap_tools.InsufficientCreditError"

    def __init__(
        self,
        message: str,
        *,
        price: int = 0,
        url: str = "",
        service: str = "reveal",
        is_json: bool = False,
    ):
        super().__init__(message)
        self.price = price
        self.url = url
        self.service = service
        self.is_json = is_json

    @property
    def details(self) -> dict[str, str | float]:
        """What Odoo's documentation says that such an error tells."""
        return {"credit": float(self.price), "service_name": self.service, "base_url": self.url}

    @property
    def message(self) -> str:
        """What the client is told."""
        if self.is_json:
            return json.dumps({**self.details, "message": str(self)})
        return f"{self} {self.url}".strip()
