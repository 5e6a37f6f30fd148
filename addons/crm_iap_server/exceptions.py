"""Why a client database gets no answer. Texts are sentences for its user, in its language."""


class Refused(Exception):
    """There is no answer, and nothing was charged.

    :param message: one translated sentence.
    """


class NoCredits(Refused):
    """The client's credits do not suffice, or nobody knows the client.

    :param message: one translated sentence.
    :param price: credits that were needed.
    :param url: where credits are bought, "" if the client is unknown; it opens the page without a
        login, so it is told and never stored.
    """

    def __init__(self, message: str, *, price: int = 0, url: str = ""):
        super().__init__(message)
        self.price = price
        self.url = url
