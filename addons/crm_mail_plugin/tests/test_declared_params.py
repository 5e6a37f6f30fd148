"""Which parameters reach a route: what it declares, what an override does, and nothing else."""

from types import SimpleNamespace

from odoo.tests import BaseCase

from ..tools import params


def declaring(function, **checks):
    """Return a method of a route, which declares checks or nothing at all."""
    function.original_routing = {"addin_params": checks} if checks else {}
    return function


def endpoint_of(*methods):
    """Return what Odoo's routing calls; the last one overrides those before it."""
    cls = object
    for method in methods:
        cls = type("Controller", (cls,), {"route": method})
    return SimpleNamespace(func=cls().route, __name__="route")


def small(_self, one, two=None):
    return one, two


def large(_self, one, two=None, **kwargs):
    return one, two, kwargs


class TestDeclaredParams(BaseCase):
    def test_what_is_declared_is_checked_and_what_nobody_knows_is_left_out(self):
        endpoint = endpoint_of(declaring(small, one=params.line, two=params.count))
        given = {"one": "a\x00", "two": 3, "three": 4}
        self.assertEqual(params.check(endpoint, given), {"one": "a", "two": 3})
        with self.assertRaises(params.Refused) as caught:
            params.check(endpoint, {"one": 1})
        self.assertEqual((caught.exception.name, caught.exception.reason), ("one", "type"))

    def test_what_is_missing_is_told_and_what_has_a_default_is_not(self):
        endpoint = endpoint_of(declaring(small, one=params.line))
        self.assertEqual(params.check(endpoint, {"one": "a"}), {"one": "a"})
        with self.assertRaises(params.Refused) as caught:
            params.check(endpoint, {"two": 3})
        self.assertEqual((caught.exception.name, caught.exception.reason), ("one", "missing"))

    def test_what_is_named_and_not_declared_arrives_as_it_was_sent(self):
        endpoint = endpoint_of(declaring(small, one=params.line))
        self.assertEqual(
            params.check(endpoint, {"one": "a", "two": ["x"]}), {"one": "a", "two": ["x"]}
        )

    def test_an_override_that_declares_nothing_takes_whatever_it_likes(self):
        def override(_self, one, two=None, **kwargs):
            return one, two, kwargs

        given = {"one": "a\x00", "three": 4}
        silent = endpoint_of(declaring(large, one=params.line), declaring(override))
        self.assertEqual(params.check(silent, given), {"one": "a", "three": 4})
        telling = endpoint_of(
            declaring(large, one=params.line), declaring(override, three=params.count)
        )
        self.assertEqual(params.check(telling, given), {"one": "a", "three": 4})
        self.assertEqual(params.check(telling, {"one": "a", "four": 4}), {"one": "a"})

    def test_a_route_is_given_no_parameter_that_it_does_not_take(self):
        def narrow(_self, one):
            return one

        endpoint = endpoint_of(
            declaring(large, one=params.line, two=params.count), declaring(narrow, one=params.line)
        )
        self.assertEqual(params.check(endpoint, {"one": "a", "two": 3}), {"one": "a"})

    def test_an_override_s_check_comes_before_what_it_extends(self):
        def override(_self, one):
            return one

        endpoint = endpoint_of(
            declaring(small, one=params.line), declaring(override, one=params.count)
        )
        self.assertEqual(params.check(endpoint, {"one": 7}), {"one": 7})

    def test_a_line_a_list_of_files_and_a_page_of_rows_end_where_they_are_said_to(self):
        self.assertEqual(len(params.line("x", "a" * 4000)), 4000)
        for count in (params.MAX_ATTACHMENTS, params.MAX_ATTACHMENTS + 1):
            kept = params.attachments("x", [["a", ""]] * count)
            self.assertEqual(len(kept), params.MAX_ATTACHMENTS)
        self.assertEqual([params.rows("x", count) for count in (100, 101)], [100, 100])
        self.assertEqual(params.identifier("x", 2**31 - 1), 2**31 - 1)
        for check, value in (
            (params.line, "a" * 4001), (params.attachments, [["a", "", "", ""]]),
            (params.attachments, [["a"]]), (params.identifier, 2**31), (params.identifier, 0),
        ):  # fmt: skip
            with self.subTest(check.__name__), self.assertRaises(params.Refused):
                check("x", value)

    def test_a_truth_is_true_false_or_nothing(self):
        for value, found in ((True, True), (False, False), (None, False)):
            self.assertIs(params.boolean("x", value), found)
        for wrong in ("true", 2, []):
            with self.subTest(wrong), self.assertRaises(params.Refused):
                params.boolean("x", wrong)
