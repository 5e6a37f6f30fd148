from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import BaseCase

from ..tools.secrets import find, of_server

ENVIRON = {"OPEN_CRM_DATABASE": "production", "OPEN_CRM_KEY_HUNTER": "of-variable"}
SECTION = {"database": "production, second", "key_hunter": "of-file", "key_other": "other"}


class TestSecrets(BaseCase):
    def _value(self, name, database="production", environ=ENVIRON, section=SECTION):
        given = find(name, database, environ, section)
        return given and given.value

    def test_a_variable_or_the_configuration_file_gives_a_secret(self):
        self.assertEqual(self._value("key_hunter"), "of-variable")
        self.assertEqual(self._value("key_hunter", environ={}), "of-file")
        self.assertEqual(self._value("key_other"), "other")
        self.assertIsNone(self._value("key_third"))
        self.assertIsNone(self._value("key_hunter", environ={}, section={}))

    def test_a_database_that_is_not_named_gets_none(self):
        self.assertEqual(self._value("key_hunter", "second"), "of-file")
        for database in ("production-copy", "prod", ""):
            self.assertIsNone(self._value("key_hunter", database), database)
        self.assertIsNone(
            self._value("key_hunter", environ={"OPEN_CRM_KEY_HUNTER": "x"}, section={})
        )
        self.assertIsNone(self._value("key_other", section={"key_other": "x"}))

    def test_an_empty_one_counts_as_none(self):
        environ = {**ENVIRON, "OPEN_CRM_KEY_HUNTER": ""}
        self.assertEqual(self._value("key_hunter", environ=environ), "of-file")
        self.assertIsNone(self._value("key_hunter", environ=environ, section={}))

    def test_it_says_where_it_comes_from_but_not_what_it_is(self):
        given = find("key_hunter", "production", ENVIRON, {})
        self.assertEqual(given.source, "OPEN_CRM_KEY_HUNTER")
        self.assertNotIn("of-variable", repr(given))
        given = find("Key-Other", "production", {}, SECTION)
        self.assertEqual(given.source, "odoo.conf, [open_crm] key_other")

    def test_odoos_configuration_file_is_read(self):
        path = self._file("[options]\ndb_name = x\n[open_crm]\ndatabase = a\nKey_Hunter = 50%\n")
        self.assertEqual(of_server("key_hunter", "a", path).value, "50%")
        self.assertIsNone(of_server("key_hunter", "b", path))
        for other in (self._file("[options]\n"), path + ".missing", None):
            self.assertIsNone(of_server("key_hunter", "a", other))

    def _file(self, text):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "odoo.conf"
        path.write_text(text, encoding="utf-8")
        return str(path)
