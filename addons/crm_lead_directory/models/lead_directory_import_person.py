import codecs
import io
import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.crm_lead_mining.files.dialect import DELIMITERS, detect_encoding
from odoo.addons.crm_lead_mining.files.errors import FileError
from odoo.addons.crm_lead_mining.files.source import Source, Uncloseable

_logger = logging.getLogger(__name__)

#: What is imported does not need its file again.
_FINISHED = ("asks", "done", "partial", "undoing")
_PIECE = 1 << 20
_OVERLAP = 4096
_SEPARATORS = str.maketrans(dict.fromkeys(DELIMITERS + '"', " "))


class LeadDirectoryImport(models.Model):
    """Uploaded files: they hold whoever is in them, imported or not."""

    _name = "lead.directory.import"
    _inherit = ["lead.directory.import", "person.data.mixin"]

    _person_columns = ("name", "file_name", "failure")

    @api.model
    def _person_find(self, traces, companies):
        found = super()._person_find(traces, companies)
        with_file = self.search(Domain("file", "!=", False) & self._person_scope(companies))
        return found | (with_file - found).filtered(lambda one: one._file_holds(traces))

    def _person_data(self, traces):
        return super()._person_data(traces) | {"file": self.file_name or self.name}

    def _person_erase(self, traces):
        """Drop the files: what is imported does not need them again, the rest is uploaded anew."""
        result = super()._person_erase(traces)
        for record in self.filtered(lambda one: one.file):
            if record.state in _FINISHED:
                record.file = False
            elif not record._file_holds(traces):
                continue
            elif record.state in ("queued", "running"):
                # It goes at its end, with who is left out of the rows that are still to be read.
                record.rows_withheld = max(1, record.rows_withheld)
            else:
                record.write({"state": "cancelled", "file": False})
        return result

    def _person_places(self) -> list:
        """Return these imports and what was noted of their files."""
        return [self, self.column_ids, self.problem_ids]

    def _forget_person(self, traces) -> None:
        """Drop what nobody needs again of a person who is erased: files, and remarks."""
        self.filtered(lambda one: one.state in _FINISHED).file = False
        texts = {*traces.emails, *(name for name, _key in traces.known_at)} - {""}
        self.env["lead.directory.import.problem"].search(
            Domain("import_id", "in", self.ids)
            & Domain.OR(Domain("value", "ilike", escape_psql(text)) for text in texts)
        ).value = False

    def _file_holds(self, traces) -> bool:
        """Tell whether the file, however it is packed, tells of the person; read in pieces."""
        self.ensure_one()
        try:
            with self._stored_file() as path, Source(path) as source:
                stream = io.BufferedReader(Uncloseable(source.begin()), _PIECE)
                piece, rest, decoder = stream.read(_PIECE), "", None
                while piece:
                    if decoder is None:
                        encoding = source.dialect and source.dialect.encoding
                        encoding = encoding or self.encoding or detect_encoding(piece)
                        decoder = codecs.getincrementaldecoder(encoding)("replace")
                    text = rest + decoder.decode(piece)
                    # First and last names stand in cells of their own.
                    if traces.holds(text.translate(_SEPARATORS)):
                        return True
                    rest, piece = text[-_OVERLAP:], stream.read(_PIECE)
        except (OSError, EOFError, LookupError, FileError):
            _logger.info("%s: the file cannot be searched.", self)
            # What cannot be read is no use to anybody, and may hold anyone.
            return False
        return False
