"""The settings of enrichment."""

import dataclasses

from odoo.addons.crm_common.tools import settings
from odoo.addons.crm_common.tools.settings import MAX_DAYS


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose for enrichment.

    :ivar price: credits per enriched record
    :ivar cache_days: days in which an answer is used again
    :ivar retry_days: days in which nobody is asked again when nothing was found
    :ivar mode: whether new leads are enriched automatically
    :ivar lease_seconds: seconds after which work that nobody goes on with is taken over
    """

    PREFIX = "crm_lead_enrichment."

    price: int = settings.number(1)
    cache_days: int = settings.number(30, highest=MAX_DAYS)
    retry_days: int = settings.number(30, highest=MAX_DAYS)
    mode: str = settings.choice("manual", "automatic")
    lease_seconds: int = settings.number(300)
