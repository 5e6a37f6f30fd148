"""What may be done with an import in which state, and what its columns have to tell before."""

import base64

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..registers.recipes import RECIPES
from .common import DirectoryCase

ROWS = b"name,domain,country,registration number\nAlfa,alfa.example,IT,1\n"
START, CONTINUE = "action_start", "action_continue"


@tagged("post_install", "-at_install")
class TestImportActions(DirectoryCase):
    def ready(self, **targets):
        """Return an import whose columns are what these say, by their names."""
        record = self.Import.create(
            {"dataset_id": self.dataset.id, "file": base64.b64encode(ROWS), "file_name": "a.csv"}
        )
        record.action_read_header()
        self.assertEqual(record.state, "ready")
        for column in record.column_ids:
            name = column.header.replace(" ", "_")
            if name in targets:
                column.target = targets[name]
        return record

    def test_each_action_is_for_its_states(self):
        allowed = {
            "action_read_header": {"draft", "ready"}, START: {"ready"},
            "action_cancel": {"draft", "ready", "queued", "running"},
            CONTINUE: {"failed", "cancelled"},
        }  # fmt: skip
        record = self.ready()
        for state, _label in record._fields["state"].selection:
            for action, states in allowed.items():
                record.state = state
                with self.subTest(action, state=state):
                    if state in states:
                        getattr(record, action)()
                        self.assertNotEqual(record.state, state if action != "action_read_header"
                                            else "draft")  # fmt: skip
                    else:
                        with self.assertRaisesRegex(UserError, "in the state"):
                            getattr(record, action)()
                        self.assertEqual(record.state, state)

    def test_what_cannot_give_a_company_is_neither_started_nor_gone_on_with(self):
        for targets, sentence in (
            ({"name": False, "domain": False}, "company's name"),
            ({"country": False}, "country"),
            ({"domain": False, "registration_number": False}, "identifies a company"),
            ({"domain": False, "registration_number": "registry_id"}, "Enter the register"),
        ):
            record = self.ready(**targets)
            record.write({"registry": False, "country_id": False})
            for action, state in ((START, "ready"), (CONTINUE, "failed"), (CONTINUE, "cancelled")):
                record.state = state
                with (
                    self.subTest(sentence, action=action),
                    self.assertRaisesRegex(ValidationError, sentence),
                ):
                    getattr(record, action)()
                self.assertEqual(record.state, state)

    def test_what_is_told_elsewhere_needs_no_column(self):
        for targets, values in (
            ({"name": False}, {}),
            ({"country": False}, {"country_id": self.env.ref("base.it").id}),
            ({"domain": False, "registration_number": "registry_id"}, {"registry": "IT-RI"}),
        ):
            # What was chosen for a file is remembered for the next one.
            record = self.ready(
                **{"name": "name", "domain": "domain", "country": "country", **targets}
            )
            record.write({"registry": False, "country_id": False, **values})
            with self.subTest(targets):
                record.action_start()
                self.assertEqual(record.state, "queued")

    def test_what_goes_on_has_neither_its_failure_nor_its_end(self):
        record = self.ready()
        record.write({"state": "failed", "failure": "x", "finished_at": self.env.cr.now()})
        record.action_continue()
        self.assertEqual(
            (record.state, record.failure, record.finished_at), ("queued", False, False)
        )
        record.action_cancel()
        self.assertTrue(record.finished_at)

    def test_an_update_keeps_the_sources_that_somebody_uses(self):
        sources = self.env["lead.directory.source"]
        norway = sources.search([("code", "=", "no_brreg"), ("company_id", "=", False)])
        norway.dataset_id = self.dataset
        before = sources.search([])
        gone = sources.create({"code": "xx_gone", "name": "Gone"})
        sources._sync()
        self.assertEqual(sources.search([]), before)
        self.assertFalse(gone.exists())
        self.assertEqual(norway.dataset_id, self.dataset)
        # What the recipe says may be another thing now.
        norway.name = "Old"
        sources._sync()
        self.assertEqual(norway.name, RECIPES["no_brreg"].title)
