"""A directory of companies in groups, loaded as GLEIF's two files are."""

import csv
import io
from pathlib import Path

from stdnum import lei as lei_number
from stdnum.iso7064 import mod_97_10

from odoo.tests import new_test_user

from .common import DirectoryCase
from .test_recipes_gleif import AUTHORITY, COLUMNS, COMPANY

TYPES = {"direct": "IS_DIRECTLY_CONSOLIDATED_BY", "ultimate": "IS_ULTIMATELY_CONSOLIDATED_BY"}


def lei(number: int) -> str:
    """Return a made-up LEI with its check digits."""
    digits = f"5493000000{number:08d}"
    return lei_number.validate(digits + mod_97_10.calc_check_digits(digits))


def relation(child: int, parent: int, kind: str = "direct") -> dict[str, str]:
    """Return a row of the file of relations, by column."""
    return {
        "Relationship.StartNode.NodeID": lei(child),
        "Relationship.StartNode.NodeIDType": "LEI",
        "Relationship.EndNode.NodeID": lei(parent),
        "Relationship.EndNode.NodeIDType": "LEI",
        "Relationship.RelationshipType": TYPES[kind],
        "Relationship.RelationshipStatus": "ACTIVE",
        "Relationship.Period.1.startDate": "2024-01-01T00:00:00Z",
        "Relationship.Period.1.endDate": "2024-12-31T00:00:00Z",
        "Relationship.Period.1.periodType": "ACCOUNTING_PERIOD",
        "Relationship.Period.2.startDate": "2015-03-01T00:00:00+01:00",
        "Relationship.Period.2.endDate": "",
        "Relationship.Period.2.periodType": "RELATIONSHIP_PERIOD",
        "Registration.RegistrationStatus": "PUBLISHED",
    }


def rows_of(rows, header=None) -> str:
    """Return the text of a file: all values quoted, as GLEIF writes them."""
    header = list(header or relation(1, 2))
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return text.getvalue()


class GroupCase(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "t_groups", "sales_team.group_sale_manager")
        cls.other = cls.env["lead.directory.dataset"].create({"name": "Another register"})

    def load(self, numbers, *relations, header=None, has_relations=True):
        """Import an edition with these companies."""
        folder = Path(self.folder.name) / "gleif"
        folder.mkdir(exist_ok=True)
        companies = [
            COMPANY
            | {
                "LEI": lei(number),
                "Entity.LegalName": f"Synthetic {number} GmbH",
                f"{AUTHORITY}.RegistrationAuthorityEntityID": f"HRB {number}",
            }
            for number in numbers
        ]
        (folder / "lei2").write_text(rows_of(companies, COLUMNS))
        (folder / "rr").unlink(missing_ok=True)
        if has_relations:
            (folder / "rr").write_text(rows_of(relations, header))
        self.record = self.Import._import_path(self.dataset, str(folder), recipe="gleif_lei")
        self.env.invalidate_all()

    @staticmethod
    def identity(number):
        return f"reg:RA000336:HRB{number}"

    def companies(self):
        return self.env["lead.directory.company"].search([("dataset_id", "=", self.dataset.id)])

    def company(self, number):
        return self.companies().filtered(lambda one: one.identity == self.identity(number))

    def relations(self):
        return self.env["lead.directory.relation"].search([])

    def live(self):
        """Return (subsidiary, parent, kind) of what holds now."""
        return {(one.child, one.parent, one.kind) for one in self.relations() if not one.gone_on}

    def add_to_other(self, number, **values):
        """Return a company of another dataset, in the register of the one of that number."""
        told = {
            "dataset_id": self.other.id,
            "identity": self.identity(number) if number else f"record:{self.other.id}:x",
            "name": f"Other {number}",
            "industry": "",
            "country_code": "DE",
            **values,
        }
        if number:
            told |= {"registry": "RA000336", "registry_id": f"HRB{number}"}
        return self.env["lead.directory.company"].create(told)
