"""The settings of the add-ins' server, read from the system parameters."""

import dataclasses
from typing import Any

from . import redirects

PREFIX = "crm_mail_plugin."
NEVER, ON_REQUEST, ON_OPEN = "never", "request", "open"
FIRST_GENERATION, SECOND_GENERATION = "1", "2"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What an administrator may choose.

    :ivar enabled: whether the add-ins may sign in and work at all
    :ivar redirects: further places a sign-in code may be sent to, one URL per line
    :ivar token_days: days a token lives after its last use
    :ivar enrichment: when a company's data may be bought: never, on request, on opening an e-mail
    :ivar token_limit: requests per minute of one token, 0 for no limit
    :ivar address_limit: requests per minute without a valid token of one address, 0 for no limit
    :ivar generation: the add-ins served, "1" or "2"
    """

    enabled: bool = True
    redirects: str = ""
    token_days: int = 90
    enrichment: str = ON_REQUEST
    token_limit: int = 300
    address_limit: int = 60
    generation: str = FIRST_GENERATION

    @classmethod
    def of(cls, env: Any) -> "Settings":
        """Read the settings of a database; a value that is none falls back to the default.

        :param env: an environment of any user, None included
        """
        # sudo: parameters are closed to users, but these decide about their requests.
        parameters_sudo = env["ir.config_parameter"].sudo()
        found = {
            field.name: parameters_sudo.get_param(PREFIX + field.name)
            for field in dataclasses.fields(cls)
        }
        default = cls()
        return cls(
            enabled=found["enabled"] != "False",
            redirects=found["redirects"] or "",
            token_days=_number(found["token_days"], default.token_days, lowest=1),
            enrichment=_choice(found["enrichment"], (NEVER, ON_REQUEST, ON_OPEN), ON_REQUEST),
            token_limit=_number(found["token_limit"], default.token_limit),
            address_limit=_number(found["address_limit"], default.address_limit),
            generation=_choice(
                found["generation"], (FIRST_GENERATION, SECOND_GENERATION), FIRST_GENERATION
            ),
        )

    def allows(self, redirect: object) -> bool:
        """Say whether a sign-in code may be sent to `redirect`, a URL."""
        try:
            patterns = redirects.parse_patterns("\n".join((*redirects.SHIPPED, self.redirects)))
        except redirects.InvalidPattern:
            patterns = redirects.parse_patterns("\n".join(redirects.SHIPPED))
        return redirects.is_allowed(redirect, patterns)


def is_neutralized(env: Any) -> bool:
    """Tell whether a database is a neutralized copy, from which nobody outside is asked."""
    # sudo: parameters are closed to users, but this one decides about their requests.
    return bool(env["ir.config_parameter"].sudo().get_param("database.is_neutralized"))


def _number(text: Any, default: int, lowest: int = 0) -> int:
    try:
        return max(int(text), lowest) if text else default
    except ValueError:
        return default


def _choice(text: Any, choices: tuple[str, ...], default: str) -> str:
    return text if text in choices else default
