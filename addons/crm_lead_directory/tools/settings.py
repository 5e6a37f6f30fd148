"""The settings of the directory."""

import dataclasses

from odoo.addons.crm_common.tools import settings
from odoo.addons.crm_common.tools.settings import MAX_DAYS

from ..registers.side import MEMORY


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose for the directory.

    :ivar tell: which changes salespeople are told by an activity
    :ivar known_groups: whether a company is known where another one of its group is
    :ivar join_memory: MiB that each further file of a register may take while it is joined
    :ivar signal_days: days after which changes are forgotten
    """

    PREFIX = "crm_lead_directory."

    tell: str = settings.choice("ceased", "all", "nothing")
    join_memory: int = settings.number(MEMORY, lowest=1, highest=65536)
    known_groups: bool = settings.flag(False)
    signal_days: int = settings.number(90, lowest=1, highest=MAX_DAYS)
