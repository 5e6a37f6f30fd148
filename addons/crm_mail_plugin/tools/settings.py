"""The settings of the add-ins' server."""

import dataclasses

from odoo.addons.crm_common.tools import settings

from . import redirects

NEVER, ON_REQUEST, ON_OPEN = "never", "request", "open"
FIRST_GENERATION, SECOND_GENERATION = "1", "2"


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose.

    :ivar enabled: whether the add-ins may sign in and work at all
    :ivar redirects: further places a sign-in code may be sent to, one URL per line
    :ivar token_days: days a token lives after its last use
    :ivar enrichment: when a company's data may be bought: never, on request, on opening an e-mail
    :ivar token_limit: requests per minute of one token, 0 for no limit
    :ivar address_limit: requests per minute without a valid token of one address, 0 for no limit
    :ivar generation: the add-ins served
    """

    PREFIX = "crm_mail_plugin."

    enabled: bool = settings.flag(True)
    redirects: str = settings.text()
    token_days: int = settings.number(90, lowest=1, highest=settings.MAX_DAYS)
    enrichment: str = settings.choice(ON_REQUEST, NEVER, ON_OPEN)
    token_limit: int = settings.number(300)
    address_limit: int = settings.number(60)
    generation: str = settings.choice(FIRST_GENERATION, SECOND_GENERATION)

    def allows(self, redirect: object) -> bool:
        """Tell whether a sign-in code may be sent to `redirect`, a URL."""
        try:
            patterns = redirects.parse_patterns("\n".join((*redirects.SHIPPED, self.redirects)))
        except redirects.InvalidPattern:
            patterns = redirects.parse_patterns("\n".join(redirects.SHIPPED))
        return redirects.is_allowed(redirect, patterns)
