import json
import logging
import os
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import config

from ..registers.catalogue import newest_url
from ..registers.network import DownloadError
from ..registers.recipes import RECIPES

_logger = logging.getLogger(__name__)

#: Days after which what has come of a download that nobody goes on with is dropped.
KEPT_DAYS = 7


class LeadDirectorySource(models.Model):
    """Where a source's files are at the publisher's, and where they are kept meanwhile."""

    _inherit = "lead.directory.source"  # pylint: disable=consider-merging-classes-inherited

    def _of_newest(self, file, ask):
        """Return (URL, what `ask(url, hosts)` returns) of a file's newest edition.

        ("", None) of a file that is not there, and that the register itself does without.

        :raise DownloadError: with one code for each cause
        """
        try:
            *newer, last = self._addresses(file)
            for url, hosts in newer:
                try:
                    return url, ask(url, hosts)
                except DownloadError as error:
                    # This month's edition may not be there yet.
                    if error.code != "gone":
                        raise
            return last[0], ask(*last)
        except DownloadError as error:
            # What has to be looked up is beside the register itself, which does without.
            if not (file.catalogue or file.beside) or error.code != "gone":
                raise
            _logger.warning("%s: there is no %s: %s", self, file.key, error)
            return "", None

    def _addresses(self, file):
        """Return (URL, hosts) of a file, the newest edition first."""
        # sudo: administrators alone see the mirror, which is for all.
        mirror = self.sudo().mirror
        if mirror and file == RECIPES[self.code].files[0]:
            return [(mirror, ((urlsplit(mirror).hostname or "").lower(),))]
        if file.catalogue:
            return [(self._looked_up(file), file.hosts)]
        if not file.month:
            return [(file.url, file.hosts)]
        today = fields.Date.context_today(self)
        months = (today, today - relativedelta(months=1))
        return [
            (file.url.replace("{month}", month.strftime(file.month)), file.hosts)
            for month in months
        ]

    def _looked_up(self, file) -> str:
        """Return the address that the publisher's catalogue gives today."""
        path = self._folder() / f"{file.key}.catalogue"
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fetch(path, file.catalogue, file.hosts, told=lambda _progress: None)
        try:
            answer = json.loads(path.read_bytes())
        except ValueError:
            answer = None
        path.unlink()
        url = newest_url(answer, file.resource) if isinstance(answer, dict) else ""
        if not url:
            raise DownloadError("gone", urlsplit(file.catalogue).hostname or "")
        return url

    def _folder(self) -> Path:
        """Return where the source's files are kept while they are needed."""
        folder = Path(config.filestore(self.env.cr.dbname)) / "lead_directory"
        return folder / str(self.id)

    def _whole_files(self) -> list[Path]:
        """Return the files that have come as a whole."""
        paths = [self._folder() / file.key for file in self._files()]
        return [path for path in paths if path.exists()]

    def _files(self):
        """Return the files of the recipe that are downloaded; others are in one of them."""
        return [file for file in RECIPES[self.code].files if not file.inside]

    def _forget_files(self):
        for source in self:
            shutil.rmtree(source._folder(), ignore_errors=True)

    @api.ondelete(at_uninstall=True)
    def _unlink_files(self):
        self._forget_files()

    @api.model
    def _forget_all_files(self):
        shutil.rmtree(self.browse(0)._folder().parent, ignore_errors=True)

    @api.autovacuum
    def _gc_files(self):
        """Drop what has come of downloads that nobody goes on with."""
        oldest = time.time() - KEPT_DAYS * 24 * 3600
        for source in self.search(Domain.TRUE):
            folder = source._folder()
            at_work = source.state in ("queued", "downloading", "importing")
            if folder.exists() and not at_work and os.path.getmtime(folder) < oldest:
                source._forget_files()
