"""The settings of the server."""

import dataclasses

from odoo.addons.crm_common.tools import settings
from odoo.addons.crm_iap_credits.tools.ledger import MAX_CREDITS


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose for client databases.

    :ivar registration: whether a database becomes a client by its first call, or by invitation
    :ivar trial_credits: credits that each client gets once
    :ivar rate: questions that cost credits, per client and minute
    :ivar free_rate: questions of any kind, per client or provider and minute
    :ivar stranger_rate: questions from one address and minute that are of nobody known
    :ivar max_new: databases that may become clients by themselves within an hour
    :ivar answer_days: days in which a company that was paid is told again for nothing
    :ivar retry_hours: hours in which a search that is asked again gets the same answer
    :ivar keep_days: days after which answers, and what was delivered, are forgotten
    :ivar lease_seconds: seconds after which a question whose process hangs may be asked again
    :ivar credit_signal: how mining tells of missing credits: by the client's version, or always so
    :ivar other_services: what clients get of services that are not kept here: nothing, or what
        Odoo tells
    """

    PREFIX = "crm_iap_server."

    registration: str = settings.choice("invitation", "first_call")
    trial_credits: int = settings.number(0, highest=MAX_CREDITS)
    rate: int = settings.number(60, lowest=1)
    free_rate: int = settings.number(600, lowest=1)
    stranger_rate: int = settings.number(300, lowest=1)
    max_new: int = settings.number(60, lowest=1)
    answer_days: int = settings.number(30, highest=settings.MAX_DAYS)
    retry_hours: int = settings.number(24, lowest=1, highest=24 * 365)
    keep_days: int = settings.number(400, lowest=1, highest=settings.MAX_DAYS)
    lease_seconds: int = settings.number(120, lowest=1)
    credit_signal: str = settings.choice("auto", "error", "flag")
    other_services: str = settings.choice("refuse", "forward")
