"""The settings of the credits that this database keeps."""

import dataclasses

from odoo.addons.crm_common.tools import settings

from .ledger import MAX_CREDITS


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose for credits.

    :ivar trial_credits: credits that each company gets once for each service, 0 for none
    """

    PREFIX = "crm_iap_credits."

    trial_credits: int = settings.number(100, highest=MAX_CREDITS)
