from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase
from odoo.tools.mail import email_split

from ..tools.address import address_key, display_name, parse_addresses, unreadable_parts

_SAME = (
    ("Bob@ACME.test", "bob@acme.test"),
    ("bob@acme.test.", "bob@acme.test"),
    (" bob@acme.test ", "bob@acme.test"),
    ("bob@bücher.test", "bob@xn--bcher-kva.test"),
    ("BOB@XN--BCHER-KVA.test", "bob@xn--bcher-kva.test"),
    ("josé@acme.test", "josé@acme.test"),
)
_DIFFERENT = (
    ("bob@acme.test", "bob+x@acme.test"),
    ("bob.b@acme.test", "bobb@acme.test"),
    ("lead@own.test", "lead@own.tеst"),  # Cyrillic e
    ("lead@own.test", "ⅼead@own.test"),  # small roman numeral fifty
    ("josé@acme.test", "JOSÉ@acme.test"),
)
_NOT_ONE_ADDRESS = (
    "", "bob", "bob@", "@acme.test", "a@b@c.test", "bob@acme.test\n",
    "bob@acme.test\r\nBcc: x@y.test",
    "bob@acme.test\u2028", "bob\x00@acme.test", "a@x.test;b@y.test", "a@x.test, b@y.test",
    "a@x.test b@y.test", '"a b"@own.test', "bob@[127.0.0.1]", "group: a@x.test;",
    "bob(c)@acme.test",
    "Bob <bob@acme.test>", "bob@acme..test", "bob@-acme.test", "b ob@acme.test", "bob@ac me.test",
    "bob@acme.test%0a", "x" * 65 + "@acme.test", "bob@" + "a." * 200 + "test", None, 3, b"a@b.test",
    "=?utf-8?q?bob?=@acme.test,x@y.test", "bob\u00a0@acme.test", "bob@acme_x.test",
    "<bob@acme.test>", "%0abob@acme.test", "bob%0D%0aeve@acme.test", "bob%00@acme.test",
)  # fmt: skip


class TestAddressKey(BaseCase):
    def test_spellings_of_one_mailbox_are_one(self):
        for text, key in _SAME:
            self.assertEqual(address_key(text), key)

    def test_look_alikes_and_tags_stay_other_mailboxes(self):
        for one, other in _DIFFERENT:
            self.assertTrue(address_key(one) and address_key(other))
            self.assertNotEqual(address_key(one), address_key(other))

    def test_anything_but_one_plain_address_has_no_key(self):
        for text in _NOT_ONE_ADDRESS:
            self.assertIsNone(address_key(text), repr(text))

    @given(st.text(max_size=80))
    def test_any_text_is_read_without_error_and_keys_are_stable(self, text):
        key = address_key(text)
        if key:
            self.assertEqual(address_key(key), key)
            self.assertEqual(key.count("@"), 1)
            self.assertFalse(set(key) & set(' ,;<>"\r\n\0'))

    @given(st.emails())
    def test_ordinary_addresses_keep_their_mailbox(self, email):
        key = address_key(email)
        if key:
            self.assertEqual(key.rsplit("@")[0], email.rsplit("@", 1)[0].lower())

    def test_a_field_with_several_addresses_gives_each_of_them(self):
        found = parse_addresses('a@x.test, "B, b" <b@x.test>; C <c@x.test>\nA@X.test', "work")
        self.assertEqual([a.key for a in found], ["a@x.test", "b@x.test", "c@x.test"])
        self.assertEqual({a.label for a in found}, {"work"})

    def test_what_people_type_is_read_as_odoo_reads_it_at_least(self):
        for field, keys in (
            ("m@x.test (ufficio)", ["m@x.test"]),
            ("(ufficio) m@x.test", ["m@x.test"]),
            ("a@x.test / b@x.test", ["a@x.test", "b@x.test"]),
            ("a@x.test/b@x.test", ["a@x.test", "b@x.test"]),
            ("a@x.test b@x.test", ["a@x.test", "b@x.test"]),
            ("a@x.test\tb@x.test", ["a@x.test", "b@x.test"]),
            ("mailto:m@x.test", ["m@x.test"]),
            ("MAILTO:m@x.test?subject=Ciao", ["m@x.test"]),
            ("<mailto:m@x.test>", ["m@x.test"]),
            ("Mario Rossi m@x.test", ["m@x.test"]),
            ("Mario: m@x.test", ["m@x.test"]),
            (
                "a@x.test (casa), Mario b@x.test; mailto:c@x.test",
                ["a@x.test", "b@x.test", "c@x.test"],
            ),
            ("a@x.test | b@x.test", ["a@x.test", "b@x.test"]),
            ("a@x.test e b@x.test", ["a@x.test", "b@x.test"]),
            ("PEC:a@x.test:b@x.test", ["a@x.test", "b@x.test"]),
            ("<a@x.test><b@x.test>", ["a@x.test", "b@x.test"]),
            ("Mario <a@x.test> Luigi <b@x.test>", ["a@x.test", "b@x.test"]),
            ("<m@x.test", ["m@x.test"]),
            ("[m@x.test](mailto:m@x.test)", ["m@x.test"]),
            ('"a@x.test", "b@x.test"', ["a@x.test", "b@x.test"]),
            ("“m@x.test”", ["m@x.test"]),
            ("\u200bMario\u00a0m@x.test", ["m@x.test"]),
            ("m @ x . test (casa)", ["m@x.test"]),
        ):
            self.assertEqual([a.key for a in parse_addresses(field)], keys, field)
            self.assertEqual(unreadable_parts(field), (), field)
            stock = {address_key(one) for one in email_split(field)} - {None}
            self.assertLessEqual(stock, set(keys), field)

    def test_names_behind_an_address_and_bars_in_it_are_read_too(self):
        for field, key in (
            ("m@x.test Mario Rossi", "m@x.test"),
            ("o/o@x.test", "o/o@x.test"),
            ('"Rossi, Mario" m@x.test', "m@x.test"),
        ):
            self.assertEqual([a.key for a in parse_addresses(field)], [key], field)

    def test_of_a_broken_text_no_address_is_made_up(self):
        for field in (
            "a@b@x.test c",
            "a@x.test\u2028b@y.test",
            "a b@",
            "mailto:",
            "(m@x.test)",
            "a@x.test\x00 b@y.test",
            "Mario m@@x.test",
            "Mario m@x .test",
            "Mario <rossi m@x.test> (casa)",
            "m@[192.0.2.1]",
        ):
            self.assertEqual(parse_addresses(field), (), repr(field))
            self.assertEqual(unreadable_parts(field), (field,), repr(field))

    def test_a_text_that_would_take_seconds_to_read_holds_no_address(self):
        for marks in ("'" * 19_999 + "@", "<" * 19_999 + "@", "a@b." * 4_999 + " "):
            self.assertEqual(parse_addresses(marks), ())
        endless = '"' + '\\"' * 9_999
        self.assertEqual(parse_addresses(f"{endless}, bob@acme.test"), ())
        self.assertEqual(unreadable_parts(endless), (endless,))
        quoted = '"' + '\\"Bob\\" ' * 9 + '" <bob@acme.test>'
        self.assertEqual([address.key for address in parse_addresses(quoted)], ["bob@acme.test"])

    def test_a_display_name_never_becomes_a_recipient(self):
        for field in (
            '"evil@x.test" <bob@acme.test>',
            "Evil evil@x.test <bob@acme.test>",
            '"evil@x.test, " <bob@acme.test>',
            "Evil evil@x.test <bob@acme.test> (home)",
        ):
            self.assertEqual([a.key for a in parse_addresses(field)], ["bob@acme.test"], field)

    def test_a_formatted_contact_with_several_addresses_gives_each_of_them(self):
        for field in (
            '"Bob" <a@x.test,b@x.test>',
            "Bob <a@x.test, b@x.test>",
            '"B, ob" <a@x.test;b@x.test>',
            "<a@x.test>, B <b@x.test>",
        ):
            self.assertEqual(
                [a.key for a in parse_addresses(field)], ["a@x.test", "b@x.test"], field
            )

    def test_what_was_meant_as_an_address_and_is_none_is_named(self):
        for field, parts in (
            ("a@x.test", ()),
            ("", ()),
            (None, ()),
            (" , ", ()),
            ("Corp, Inc. <a@x.test>", ()),
            ('"Bob" <a@x.test,b@x.test>', ()),
            ("a@b@c.test, a@x.test", ("a@b@c.test",)),
            ("Bob <a@x.test, b@b@c.test>", ("b@b@c.test",)),
            ("nobody", ("nobody",)),
            ("Bob <>", ("Bob <>",)),
        ):
            self.assertEqual(unreadable_parts(field), parts, field)

    def test_unusable_parts_of_a_field_are_left_out(self):
        self.assertEqual(parse_addresses("a@b@c.test"), ())
        self.assertEqual(parse_addresses(None), ())

    @given(st.text(max_size=200))
    def test_any_field_is_read_without_error(self, text):
        for address in parse_addresses(text):
            self.assertEqual(address_key(address.email), address.key)

    def test_names_that_look_like_addresses_are_not_shown(self):
        self.assertEqual(display_name("Evil <evil@x.test>"), "")
        self.assertEqual(display_name(" Bob \n Acme"), "Bob Acme")
