"""Secrets that the server's environment gives, so that no database holds them.

Environment variables:

    OPEN_CRM_DATABASE=production
    OPEN_CRM_KEY_HUNTER=…

or a section of Odoo's configuration file:

    [open_crm]
    database = production
    key_hunter = …

Either names the database, or several with commas between them, whose secrets they are: a copy
beside it on the same server gets none.
"""

import configparser
import dataclasses
import functools
import os
import re
from collections.abc import Mapping

PREFIX = "OPEN_CRM_"
SECTION = "open_crm"


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """A secret from the environment.

    :ivar source: where it stands, for an administrator
    """

    value: str = dataclasses.field(repr=False)
    source: str


def find(
    name: str, database: str, environ: Mapping[str, str], section: Mapping[str, str]
) -> Given | None:
    """Return the secret of a name, such as "key_hunter", if the environment gives it.

    :param section: the section of the configuration file; variables come before it
    """
    name = re.sub(r"\W", "_", name).lower()
    variable = PREFIX + name.upper()
    if _are_of(database, environ.get(f"{PREFIX}DATABASE")) and environ.get(variable):
        return Given(environ[variable], variable)
    if _are_of(database, section.get("database")) and section.get(name):
        return Given(section[name], f"odoo.conf, [{SECTION}] {name}")
    return None


def of_server(name: str, database: str, config_file: str | None) -> Given | None:
    """Return the secret of a name as this server's environment gives it to a database."""
    return find(name, database, os.environ, _read_section(config_file or ""))


def _are_of(database: str, named: str | None) -> bool:
    return database in (word.strip() for word in (named or "").split(","))


@functools.lru_cache(maxsize=4)
def _read_section(config_file: str) -> Mapping[str, str]:
    # As Odoo reads it: once, when the server starts.
    parser = configparser.RawConfigParser()
    parser.read(config_file, encoding="utf-8")
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
