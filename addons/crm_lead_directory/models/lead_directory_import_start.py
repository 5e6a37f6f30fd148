import os
from collections.abc import Iterator
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

#: What a process is to work on, by what it was doing when another one ended.
TO_DO = ("running", "queued", "undoing")


class LeadDirectoryImport(models.Model):
    """Who works on an import: the background, or a script at once; never both."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _trigger_cron(self):
        self.env.ref("crm_lead_directory.ir_cron_lead_directory_import")._trigger()

    @api.model
    def _cron_import(self):
        """Run what is queued, and what was running when its process ended."""
        waiting = self.search([("state", "in", TO_DO)], order="state desc, id")
        at_work_elsewhere = False
        for record in waiting:
            with record._claimed() as is_ours:
                if not is_ours:
                    at_work_elsewhere = True
                    continue
                # Who worked on it until now may have come to its end since it was found.
                self.env["ir.cron"]._commit_progress()
                record.invalidate_recordset()
                if not (record.exists() and record.state in TO_DO):
                    continue
                if not record.with_context(lang=record.user_id.lang)._run():
                    return
            self.env["ir.cron"]._commit_progress(1)
        # What was cancelled or deleted while no process worked on it has left that undone.
        if at_work_elsewhere:  # which completes it at its end
            return
        if not self.env["lead.directory.company"]._complete_bulk_load():
            self._trigger_cron()

    @api.model
    def _import_path(self, dataset, path: str, **values):
        """Import a file of the server at once, for scripts, tests and files too large to upload.

        Commits after each batch like the background does, which leaves the import alone meanwhile,
        and goes on with it should this process end before.

        :param path: CSV or gz, readable by the server
        :param values: of the import, for instance registry or version
        :return: the `lead.directory.import`
        """
        # sudo: only code may name a file of the server.
        record_sudo = self.sudo().create(
            {
                "dataset_id": dataset.id,
                "path": path,
                "file_name": os.path.basename(path),
                **values,
            }
        )
        record = record_sudo.sudo(self.env.su)
        record.action_read_header()
        record._check_mapping()
        record.state = "queued"
        with record._claimed():  # nobody else has seen it
            record._run()
        return record

    @contextmanager
    def _claimed(self) -> Iterator[bool]:
        """Keep other processes from working on the import, beyond each commit.

        A lock of the connection, as those of rows end with each batch; it ends with its process,
        or once what was done is committed.

        :return: whether it is ours; if not, another process works on it
        """
        self.ensure_one()
        cr = self.env.cr
        key = SQL("hashtext(%s), %s", self._table, self.id)
        cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", key))
        (is_ours,) = cr.fetchone()
        try:
            yield is_ours
            if is_ours:  # whoever claims it next has to see what was done
                self.env["ir.cron"]._commit_progress()
        except BaseException:
            cr.rollback()  # as who called would; before it, the connection could do nothing more
            raise
        finally:
            if is_ours:
                cr.execute(SQL("SELECT pg_advisory_unlock(%s)", key))
