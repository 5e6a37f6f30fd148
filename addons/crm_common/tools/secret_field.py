from typing import Any

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import config

from . import secrets
from .settings import is_neutralized


class Secret(fields.Char):
    """A secret that the server's environment may give instead of the database.

    What the environment gives is what code reads. It is neither stored, shown nor exported, and
    nobody can replace it from a screen. A neutralized copy gets nothing.

    :param given_as: method of the model that returns the secret's name in the environment, or ""
        where the environment has no say
    """

    given_as = ""

    def given(self, record: Any) -> secrets.Given | None:
        """Return what the environment gives to a record."""
        if len(record) != 1 or is_neutralized(record.env):
            return None
        # Sudo: the name of the secret is made of what the user need not see.
        name = getattr(record.sudo(), self.given_as)()
        return secrets.of_server(name, record.env.cr.dbname, config["config"]) if name else None

    def convert_to_record(self, value: Any, record: Any) -> Any:
        given = self.given(record)
        return given.value if given else super().convert_to_record(value, record)

    def convert_to_read(self, value: Any, record: Any, use_display_name: bool = True) -> Any:
        return not self.given(record) and super().convert_to_read(value, record, use_display_name)

    def convert_to_export(self, value: Any, record: Any) -> Any:
        return "" if self.given(record) else super().convert_to_export(value, record)

    def convert_to_write(self, value: Any, record: Any) -> Any:
        # Not by what the record shows, which may be the environment's.
        return self.convert_to_cache(value, record, validate=False) or False

    def write(self, records: Any, value: Any) -> Any:
        for record in records:
            if record.id and (given := self.given(record)):
                raise UserError(
                    record.env._(
                        "The server's environment gives this secret: change it there (%s).",
                        given.source,
                    )
                )
        return super().write(records, value)
