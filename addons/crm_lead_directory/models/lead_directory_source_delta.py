from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from ..registers.network import DownloadError
from ..registers.recipes import RECIPES

#: Days that may lie between what the publisher wrote and what we asked for.
SPARE_DAYS = 2
#: Who is in no edition any more only a whole one tells.
WHOLE_AGAIN = relativedelta(months=3)


class LeadDirectorySource(models.Model):
    """Where a publisher offers what has changed, a new edition is that alone."""

    _inherit = "lead.directory.source"  # pylint: disable=consider-merging-classes-inherited

    delta_days = fields.Integer(
        string="Days of Changes",
        readonly=True,
        copy=False,
        help="Within how many days what is downloaded has changed, 0 of a whole edition.",
    )

    def _download(self):
        if not self._whole_files():
            days = self._days_to_ask()
            if days != self.delta_days:  # a part of another file is no part of this one
                self._forget_files()
            self.delta_days = days
        return super()._download()

    def _have(self, file, path):
        delta = dict(file.deltas).get(self.delta_days)
        if not delta:
            return super()._have(file, path)
        # Asked first, so that what is published meanwhile is found by the next look.
        whole = self._of_newest(file, lambda url, hosts: self._look("", None, url, hosts))
        try:
            self._fetch(path, file.url + delta, file.hosts)
        except DownloadError as error:
            if error.code != "gone":
                raise
            self.delta_days = 0
            return super()._have(file, path)
        return whole

    def _import(self, edition):
        imported = super()._import(edition)
        self.import_id.is_delta = bool(self.delta_days)
        return imported

    def _days_to_ask(self) -> int:
        """Return the fewest days whose changes bring the dataset up to date, 0 for all there is."""
        file = RECIPES[self.code].files[0]
        if not file.deltas or self.sudo().mirror:  # sudo: as `_addresses`
            return 0
        needed = self._days_behind()
        return next((days for days, _address in file.deltas if needed and needed <= days), 0)

    def _days_behind(self) -> int | None:
        """Return the days since the last edition, None where changes alone are not enough."""
        imports = self.env["lead.directory.import"].search(
            Domain("dataset_id", "=", self.dataset_id.id) & Domain("started_at", "!=", False),
            order="started_at DESC, id DESC",
        )
        now = fields.Datetime.now()
        for record in imports:
            is_of_the_source = record.recipe == self.code and record.state in ("done", "partial")
            if not is_of_the_source or record.only_country_ids != self.only_country_ids:
                return None
            if not record.is_delta:
                if record.create_date + WHOLE_AGAIN < now:
                    return None
                return (now - imports[0].create_date).days + SPARE_DAYS
        return None
