"""What stops a run, apart from the providers' and the ledger's own errors."""


class LeaseLost(Exception):
    """Another lane has taken the run over; nothing more may be written for it."""


class OutOfTime(Exception):
    """The scheduler's time for this lane is over; the run goes back to the queue."""


class RunCancelled(Exception):
    """The user has asked to stop."""
