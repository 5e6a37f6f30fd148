"""An addon's settings: system parameters with defaults and bounds, read as one typed object.

@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    PREFIX = "my_addon."
    days: int = settings.number(30, lowest=1, highest=3650)

Settings.of(self.env).days
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

MAX_NUMBER = 2**31 - 1
#: The most days that a setting may be, about a century: dates reach no further.
MAX_DAYS = 36500


def number(default: int, *, lowest: int = 0, highest: int = MAX_NUMBER) -> Any:
    """Declare a whole number; one that is out of bounds counts as the nearest bound."""

    def read(stored: str) -> int:
        try:
            return min(max(int(stored), lowest), highest)
        except ValueError:
            return default

    return _setting(default, read)


def choice(default: str, *others: str) -> Any:
    """Declare one of several words."""
    return _setting(default, lambda stored: stored if stored in others else default)


def flag(default: bool) -> Any:
    """Declare a yes or no."""
    return _setting(default, lambda stored: {"True": True, "False": False}.get(stored, default))


def text(default: str = "") -> Any:
    """Declare a text; an empty one counts as the default."""
    return _setting(default, str)


def _setting(default: Any, read: Callable[[str], Any]) -> Any:
    return dataclasses.field(default=default, metadata={"read": read})


@dataclasses.dataclass(frozen=True)
class Settings:
    """Base of an addon's settings; each field is named as its parameter, without the prefix."""

    PREFIX: ClassVar[str]

    @classmethod
    def of(cls, env: Any) -> Any:
        """Read the settings of a database; nonsense counts as the default.

        :param env: an environment of any user, None included
        """
        # sudo: parameters are closed to users, but these decide about what users do.
        get_param = env["ir.config_parameter"].sudo().get_param
        found = {}
        for field in dataclasses.fields(cls):
            stored = get_param(cls.PREFIX + field.name)
            if stored:
                found[field.name] = field.metadata["read"](stored)
        return cls(**found)

    @classmethod
    def store(cls, env: Any, values: Mapping[str, Any]) -> None:
        """Store those settings that are not in force already.

        Odoo's `config_parameter` removes a 0 or False, and the default would be back.

        :param env: an environment that may write parameters
        :param values: name of the setting -> value, False for an empty one
        """
        in_force = cls.of(env)
        for name, value in values.items():
            before = getattr(in_force, name)
            after = type(before)(value or type(before)())
            if after != before:
                env["ir.config_parameter"].set_param(cls.PREFIX + name, str(after))


def is_neutralized(env: Any) -> bool:
    """Tell whether a database is a neutralized copy, from which nobody outside is asked."""
    # sudo: parameters are closed to users, but this one decides about what they ask.
    return bool(env["ir.config_parameter"].sudo().get_param("database.is_neutralized"))
