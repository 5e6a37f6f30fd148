"""What became of a message at one address, out of what is kept of it here and there."""

WAITING, SENT, OPENED, BOUNCED, FAILED = "waiting", "sent", "opened", "bounced", "failed"

_BOUNCED = {"bounce"}
_OPENED = {"open", "reply"}
_SENT = {"sent", "pending"}
_FAILED = {"exception", "canceled", "error", "cancel"}


def fate(logged: bool, told: str | None = None, traced: str | None = None) -> str:
    """Return one of the words above.

    What came later counts: a mail that bounced was sent before.

    :param logged: the recipient log has the address in an SMTP envelope
    :param told: the status of the `mail.notification`, which goes after a while
    :param traced: the status of the `mailing.trace`
    """
    words = {told, traced}
    if words & _BOUNCED:
        return BOUNCED
    if words & _OPENED:
        return OPENED
    if logged or words & _SENT:
        return SENT
    return FAILED if words & _FAILED else WAITING
