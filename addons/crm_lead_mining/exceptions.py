"""What stops a run or refuses a refund, apart from the providers' and the ledger's own errors."""

from odoo.exceptions import UserError


class LeaseLost(Exception):
    """Another lane has taken the run over; nothing more may be written for it."""


class OutOfTime(Exception):
    """The scheduler's time for this lane is over; the run goes back to the queue."""


class RunCancelled(Exception):
    """The user has asked to stop, or may no longer ask, or lead mining is switched off."""


class RefundRefused(UserError):
    """Credits of a delivery cannot be given back; nothing was moved.

    :param str message: one translated sentence
    :param str cause: ``unpaid``, ``late``, ``done`` or ``limit``
    """

    def __init__(self, message: str, *, cause: str):
        super().__init__(message)
        self.cause = cause


class ResumeLater(Exception):
    """The run goes back to the queue: a provider may only be asked again in a while.

    :ivar seconds: until then
    """

    def __init__(self, seconds: float):
        super().__init__(seconds)
        self.seconds = seconds
