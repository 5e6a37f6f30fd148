"""What the add-ins' routes refuse, each with the sentence that a person reads."""

from odoo.exceptions import AccessDenied


class AddinError(AccessDenied):
    """A request of an add-in is refused; nothing was changed.

    Odoo lets only this kind of error out of an authentication as it is, and logs it in one line.
    """


class LoginRequired(AddinError):
    """The token is missing, expired, revoked or not one of an add-in."""


class InvalidParameter(AddinError):
    """A parameter is missing or not what it should be."""


class TooManyRequests(AddinError):
    """A token or an address asked more often than allowed.

    :ivar retry_after: seconds until requests are taken again
    """

    def __init__(self, message: str, retry_after: int):
        super().__init__(message)
        self.retry_after = retry_after
