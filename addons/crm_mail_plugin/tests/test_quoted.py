import time

from odoo.tests import BaseCase

from ..tools.quoted import MAX_LENGTH, MAX_PEOPLE, people

ANN = ("Ann Smith", "ann@acme.test")


class TestQuoted(BaseCase):
    def test_who_has_written_what_is_forwarded(self):
        for text, found in (
            ("<div>FYI</div><div>---------- Forwarded message ---------<br>From: <b>Ann Smith</b>"
             " &lt;<a href='mailto:ann@acme.test'>ann@acme.test</a>&gt;<br>Date: x<br>"
             "To: sally@ours.example</div>", ANN),
            ("<p><b>Von:</b> Smith, Ann [mailto:ann@acme.test]<br><b>Gesendet:</b> Montag</p>",
             ("Smith, Ann", "ann@acme.test")),
            ("FYI\n\n-----Messaggio originale-----\nDa: Ann Smith <ann@acme.test>\nA: x@y", ANN),
            ("&gt; De : Ann Smith &lt;ann@acme.test&gt;<br>", ANN),
            ("<table><tr><td>Från:</td></tr><tr><td>ann@acme.test</td></tr></table>",
             ("", "ann@acme.test")),
            ("差出人: Ann Smith <ann@acme.test>", ANN),
            ("*From:* Ann Smith <ann@acme.test>", ANN),
            ("<p>On Mon, 1 Jan 2026 at 10:00, Ann &lt;ann@acme.test&gt; wrote:</p>",
             ("", "ann@acme.test")),
            ("Il giorno lun 1 gen 2026 alle 10:00 Ann <ann@acme.test> ha scritto:",
             ("", "ann@acme.test")),
        ):  # fmt: skip
            self.assertEqual(people(text)[:1], [found], text)

    def test_what_quotes_nobody_names_nobody(self):
        for text in (
            "", "From here to there: ann@acme.test", "Write to ann@acme.test", "From: Ann",
            "To: ann@acme.test", "<p>Da quando?</p>", "<ann@acme.test>",
        ):  # fmt: skip
            self.assertEqual(people(text), [], text)

    def test_pictures_before_it_hide_nobody(self):
        picture = f'<img src="data:image/png;base64,{"A" * 2 * MAX_LENGTH}"><br>'
        self.assertEqual(people(f"{picture}From: Ann Smith &lt;ann@acme.test&gt;"), [ANN])

    def test_it_is_read_in_order_and_never_for_long(self):
        text = "".join(f"From: p{number}@x.test<br>" for number in range(99))
        self.assertEqual([one[1] for one in people(text)][:2], ["p0@x.test", "p1@x.test"])
        self.assertEqual(len(people(text)), MAX_PEOPLE)
        started = time.process_time()
        for piece in ("<", "from:", "a<", "&lt;", ">" * 99, "x" * 199 + "<a@b", " \n"):
            people(piece * 1_000_000)
        for line in ("From: " + "x" * 500_000, "On x <" + "a@" * 500_000, "a" * 500_000):
            people(line)
        self.assertLess(time.process_time() - started, 10)
