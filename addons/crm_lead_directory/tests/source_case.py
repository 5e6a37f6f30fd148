"""A gallery whose publisher is on loopback."""

import shutil
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

from odoo.sql_db import Savepoint
from odoo.tests import common, new_test_user

from ..models import lead_directory_source_run as run
from ..models import lead_directory_source_schedule as schedule
from ..registers.download import Limits, download
from ..registers.look import look
from .common import DirectoryCase
from .norway import COLUMNS, HOST, PATH, company, packed
from .publisher import Published, Publisher

LIMITS = Limits(connect=2, read=2, patience=2, backoff=0.01, look=0.0)
ROWS = [
    *(company(number) for number in range(1, 6)),
    company(6, "ENK"), company(7, "ENK"), company(8, "FLI"), company(9, konkurs="true"),
    company(10, "ENK"),
]  # fmt: skip


class SourceCase(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.publisher = Publisher(folder, HOST, "mirror.example").__enter__()
        cls.addClassCleanup(cls.publisher.__exit__)
        kept = Path(folder) / "lead_directory"
        source_class = cls.registry["lead.directory.source"]
        cls.classPatch(source_class, "_folder", lambda source: kept / str(source.id))
        cls.classPatch(run, "download", partial(
            download, resolve=cls.publisher.resolve, verify=cls.publisher.certificate,
            limits=LIMITS,
        ))  # fmt: skip
        cls.classPatch(schedule, "look", partial(
            look, resolve=cls.publisher.resolve, verify=cls.publisher.certificate, limits=LIMITS,
        ))  # fmt: skip
        cls.classPatch(run, "NOTED", 0.0)
        cls.classPatch(source_class, "_kept_free", lambda _self: 0)
        cls.source = cls.env["lead.directory.source"].search([("code", "=", "no_brreg")])
        cls.manager = new_test_user(
            cls.env, "t_gallery", "sales_team.group_sale_manager", company_id=cls.env.company.id
        )

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo lets tests ask "localhost" only; here every name leads to this process.
        return common._super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.publisher.asked.clear()
        self.publisher.files.clear()
        self.addCleanup(self.source._forget_all_files)

    def publish(self, rows=ROWS, columns=COLUMNS, **options):
        one = Published(packed(rows, columns), **options)
        self.publisher.files[HOST + PATH] = one
        return one

    def get(self, source=None):
        """Have it downloaded, and imported, as the scheduled actions do."""
        source = source or self.source
        source.with_user(self.manager).action_get()
        self.work()
        return source

    def look(self):
        """Have publishers asked as the scheduled action does, and what is new imported."""
        self.source.next_look = self.env.cr.now()
        self.env.flush_all()
        with self.rolling_back():
            self.env["lead.directory.source"]._cron_look()
        self.work()

    def work(self):
        self.env.flush_all()
        with self.rolling_back():
            self.env["lead.directory.source"]._cron_download()
            self.Import._cron_import()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()

    @contextmanager
    def rolling_back(self):
        """Let what rolls back undo what was done in here since the last commit: a test has no
        transaction of its own."""
        savepoint = Savepoint(self.env.cr)

        def rollback():
            self.env.transaction.clear()
            savepoint.rollback()

        def commit(_cron, *_args, **_kwargs):
            nonlocal savepoint
            self.env.flush_all()
            savepoint.close(rollback=False)
            savepoint = Savepoint(self.env.cr)
            return float("inf")

        with (
            patch.object(self.env.cr, "rollback", rollback),
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
        ):
            yield
        self.env.flush_all()
        savepoint.close(rollback=False)

    def companies(self):
        domain = [("dataset_id", "=", self.source.dataset_id.id)]
        return self.env["lead.directory.company"].search(domain)
