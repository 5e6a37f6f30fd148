import tempfile
from pathlib import Path

from odoo.tests import TransactionCase

from odoo.addons.crm_lead_mining.company.types import CompanyQuery

HEADER = (
    "name,register,registration number,domain,country,state,employees,industry,city,"
    "contact name,job title,contact email,contact phone"
)


class DirectoryCase(TransactionCase):
    """A dataset, and what is needed to fill it from CSV text inside the test's transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dataset = cls.env["lead.directory.dataset"].create(
            {"name": "Test register", "licence": "CC0", "version": "1", "url": "https://x.example"}
        )
        cls.Import = cls.env["lead.directory.import"]
        # The batches of an import commit: here they belong to the test's transaction.
        cls.classPatch(cls.registry["ir.cron"], "_commit_progress", cls._committed)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)

    @staticmethod
    def _committed(_self, *_args, **_kwargs):
        return float("inf")

    def _write(self, content, name="companies.csv"):
        path = Path(self.folder.name) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def _import(self, content, dataset=None, **values):
        return self.Import._import_path(dataset or self.dataset, self._write(content), **values)

    def _import_rows(self, *rows, dataset=None, **values):
        return self._import("\n".join((HEADER, *rows)), dataset, **values)

    def _provider(self):
        return self.env["lead.directory.dataset"]._directory_provider()

    def _query(self, **values):
        return CompanyQuery(**{"countries": ("FR",), **values})
