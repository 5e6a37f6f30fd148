import os
from collections.abc import Collection, Iterator

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.identity import keys_of, normalise_registry_id
from odoo.addons.crm_lead_mining.files.errors import FileError
from odoo.addons.crm_lead_mining.files.sentences import file_sentence

from ..registers.changes import ChangesTable, stored_cells, stored_columns
from ..registers.edition import Edition, edition_of
from ..registers.recipes import RECIPES
from ..tools.settings import Settings


class LeadDirectoryImport(models.Model):
    """Files by hand of what has changed since the edition before, one after another."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    edition_number = fields.Integer(
        readonly=True,
        copy=False,
        help="By which the publisher counts the editions, if the file tells it.",
    )

    def _layout_of_changes(self):
        """Return how files of changes are told, None of a register that has none."""
        return RECIPES[self.recipe].changes if self.recipe in RECIPES else None

    def _read_header(self):
        if self._layout_of_changes():
            edition = self._edition()
            self.write({"is_delta": edition.is_changes, "edition_number": edition.number})
            self.version = edition.day or self.version
        return super()._read_header()

    def _edition(self) -> Edition:
        """Return what the file tells of itself."""
        changes, member = self._layout_of_changes(), RECIPES[self.recipe].files[0].member
        with self._stored_file() as path:
            if os.path.isdir(path):
                return Edition()
            try:
                return edition_of(changes, path, member)
            except FileError as error:
                raise UserError(file_sentence(self.env, error)) from error

    def _check_mapping(self):
        if self.is_delta and self._layout_of_changes():
            self._check_follows()
        return super()._check_mapping()

    def _check_follows(self):
        """Refuse changes that are not those since what the dataset has."""
        last = self._last_number()
        if not last:
            raise UserError(
                self.env._(
                    "This file has only what has changed: import a whole file of “%s” first.",
                    RECIPES[self.recipe].title,
                )
            )
        numbers = {"number": self.edition_number, "last": last, "next": last + 1}
        if self.edition_number <= last:
            raise UserError(
                self.env._(
                    "This update has the number %(number)s, and the directory has that of"
                    " %(last)s already: use the one with the number %(next)s.",
                    **numbers,
                )
            )
        if self.edition_number > last + 1:
            raise UserError(
                self.env._(
                    "This update has the number %(number)s, and the directory is at %(last)s: use"
                    " the updates from %(next)s on first, or a whole file.",
                    **numbers,
                )
            )

    def _last_number(self) -> int:
        """Return the number of the edition that the dataset has, 0 where that is not known."""
        before = self.search(
            Domain("dataset_id", "=", self.dataset_id.id)
            & Domain("id", "!=", self.id)
            & Domain("recipe", "=", self.recipe)
            & Domain("started_at", "!=", False),
            order="started_at DESC, id DESC",
        )
        for record in before:
            if record.state in ("done", "partial"):
                return record.edition_number
            if not record.is_delta:
                return 0
            # Of changes that were not all read, or taken back, all are read again.
        return 0

    def _open_table(self, path, most_rows):
        changes = self._layout_of_changes()
        if not (changes and self.is_delta):
            return super()._open_table(path, most_rows)
        codes = self.only_country_ids.mapped("code")
        recipe, memory = RECIPES[self.recipe], Settings.of(self.env).join_memory
        return ChangesTable(recipe, changes, path, self._known_rows, codes, memory)

    def _known_rows(self, numbers: Collection[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield (number, cells) of those of which the dataset has a company."""
        recipe, known = RECIPES[self.recipe], self._identities(numbers)
        columns = stored_columns(recipe)
        # As the companies are when the file is opened: a batch in progress is written meanwhile.
        self.env.cr.execute(
            SQL(
                "SELECT identity, %s FROM lead_directory_company"
                " WHERE dataset_id = %s AND identity = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, columns)),
                self.dataset_id.id,
                list(known),
            )
        )
        for identity, *values in self.env.cr.fetchall():
            told = dict(zip(columns, values, strict=True))
            yield known[identity], stored_cells(recipe, told)

    def _identities(self, numbers: Collection[str]) -> dict[str, str]:
        """Return identity -> number as the register writes it."""
        registry, found = RECIPES[self.recipe].registry, {}
        for number in numbers:
            for identity in keys_of(*normalise_registry_id(registry, number), "", "", ""):
                found[identity] = number
        return found

    def _tells_who_vanished(self) -> bool:
        return super()._tells_who_vanished() or bool(self.is_delta and self._layout_of_changes())

    def _note_vanished(self) -> tuple[int, int]:
        if not self.is_delta:
            return super()._note_vanished()
        with self._open() as table:
            told = self._identities(table.gone())
        return self.env["lead.directory.edition.part"]._note_vanished(self, told)

    def _has_few_rows(self) -> bool:
        return not self.is_delta and super()._has_few_rows()
