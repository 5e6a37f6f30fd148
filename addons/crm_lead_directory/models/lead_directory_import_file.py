import logging
import os
import tempfile
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_lead_mining.files.csv_table import CompaniesFile
from odoo.addons.crm_lead_mining.files.errors import FileError
from odoo.addons.crm_lead_mining.files.sentences import file_sentence

_logger = logging.getLogger(__name__)


class LeadDirectoryImport(models.Model):
    """Where the file is, and how it is opened."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    @contextmanager
    def _open(self, most_rows=None):
        """Open the file, with one clear sentence for each way in which it cannot be read.

        :param most_rows: how many are wanted where reading all takes long
        :raise UserError: with it
        """
        self.ensure_one()
        with self._stored_file() as path:
            try:
                with self._open_table(path, most_rows) as table:
                    yield table
            except FileError as error:
                raise UserError(file_sentence(self.env, error)) from error
            except OSError as error:
                _logger.warning("%s: the file cannot be read.", self, exc_info=True)
                raise UserError(self.env._("The file can no longer be opened.")) from error

    def _open_table(self, path, most_rows):
        """Return the open file."""
        return CompaniesFile(
            path,
            self.encoding or "",
            self.delimiter or "",
            find_header=True,
            most_rows=most_rows,
        )

    @contextmanager
    def _stored_file(self):
        """Give the path of the file; one that is kept elsewhere is written to a temporary file."""
        # sudo: the path is hidden from users, and reading a file's place needs no other right
        # than reading the import.
        self_sudo = self.sudo()
        if self_sudo.path:
            yield self_sudo.path
            return
        attachment_sudo = self_sudo.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "file"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        if not attachment_sudo:
            raise UserError(self.env._("Choose a file first."))
        name = attachment_sudo.store_fname
        path = name and attachment_sudo._full_path(name)
        if path and os.path.isfile(path):
            yield path
            return
        with tempfile.NamedTemporaryFile() as copy:
            copy.write(attachment_sudo.raw or b"")
            copy.flush()
            yield copy.name
