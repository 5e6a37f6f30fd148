"""Zips in the layout of Belgium's KBO, whole ones and those of what has changed, used by hand."""

import base64
import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .recipe_case import DATA
from .source_case import SourceCase

TABLES = {
    "enterprise": "EnterpriseNumber",
    "denomination": "EntityNumber",
    "address": "EntityNumber",
    "activity": "EntityNumber",
    "contact": "EntityNumber",
    "establishment": "EstablishmentNumber",
    "branch": "Id",
}
VENECO, FARYS, ISBW, INSOLVENT = "0200.065.765", "0200.068.636", "0200.362.408", "0200.245.711"
NEW, PERSON = "0400.357.897", "0400.150.140"


def meta(number, kind, day="30-05-2025"):
    told = {
        "SnapshotDate": day,
        "ExtractTimestamp": f"{day} 07:07:49",
        "ExtractType": kind,
        "ExtractNumber": str(number),
        "Version": "1.0.0",
    }
    lines = (f'"{variable}","{value}"\n' for variable, value in told.items())
    return '"Variable","Value"\n' + "".join(lines)


def packed(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def real(table):
    path = DATA / "be_kbo" / f"{table}.csv"
    return path.read_text("utf-8") if path.exists() else f'"{TABLES[table]}","StartDate"\n'


def whole(number=136, **more):
    """Return the real rows as the zip of an edition, each table with further lines."""
    tables = {
        f"{table}.csv": "\n".join([real(table).strip(), *more.get(table, ()), ""])
        for table in TABLES
    }
    return packed({"meta.csv": meta(number, "full"), "code.csv": '"Category","Code"\n', **tables})


def update(number=137, without=(), **changes):
    """Return the zip of changes.

    :param changes: table -> (numbers of which the rows are deleted, rows that are added)
    """
    members = {"meta.csv": meta(number, "update", "30-06-2025"), "code.csv": '"Category","Code"\n'}
    for table, column in TABLES.items():
        deleted, inserted = changes.get(table, ((), ()))
        quoted = (f'"{one}"' for one in deleted)
        members[f"{table}_delete.csv"] = "\n".join([f'"{column}"', *quoted, ""])
        members[f"{table}_insert.csv"] = "\n".join([real(table).splitlines()[0], *inserted, ""])
    return packed({name: text for name, text in members.items() if name not in without})


def enterprise(number, *, status="AC", situation="000", kind="2", start="01-03-2025"):
    return f'"{number}","{status}","{situation}","{kind}","014",,{start}'


def seat(number, street="Wetstraat", zip_code="1000", city="Brussel"):
    return f'"{number}","REGO",,,"{zip_code}","{city}","{city}","{street}","{street}","9","","",'


class KboCase(SourceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["lead.directory.source"].search([("code", "=", "be_kbo")])
        cls.seller = new_test_user(
            cls.env, "t_seller", "sales_team.group_sale_salesman", company_id=cls.env.company.id
        )

    def start(self, content):
        """Give the source a file; return its import."""
        record_id = self.source.with_user(self.manager).action_use_file()["res_id"]
        record = self.Import.with_user(self.manager).browse(record_id)
        record.write({"file": base64.b64encode(content), "file_name": "KboOpenData.zip"})
        record.action_start()
        return record.sudo()

    def use(self, content):
        record = self.start(content)
        self.work()
        self.assertFalse(record.failure)
        return record

    def answer(self, record):
        """Apply what has vanished: of so few companies one is more than a tenth."""
        self.assertEqual(record.state, "asks")
        record.action_apply_vanished()
        self.work()

    def refused(self, content):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.start(content)
        return str(caught.exception)

    def told(self):
        """Return what is stored of each company, by its number."""
        left_out = {"id", "write_date", "write_uid", "create_date", "create_uid", "__last_update"}
        names = [
            name
            for name, field in self.env["lead.directory.company"]._fields.items()
            if field.store and field.column_type and name not in left_out
        ]
        self.env.invalidate_all()
        return {
            f"{one['registry_id'][:4]}.{one['registry_id'][4:7]}.{one['registry_id'][7:]}": one
            for one in self.companies().read(names)
        }

    def changed(self, before):
        """Return (number, column) of all that is another than before."""
        after = self.told()
        return {
            (number, column)
            for number in {*before, *after}
            for column, value in after.get(number, {"gone": True}).items()
            if before.get(number, {}).get(column) != value
        }
