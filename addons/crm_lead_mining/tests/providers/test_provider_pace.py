"""What the askers of one provider tell each other, and how long each of them waits."""

from odoo.tests import tagged

from ...providers import errors
from ...providers.http import MAX_PACE_WAIT, HttpClient, Limits
from ..http_server import Answer, LoopbackCase

FAST = Limits(connect=2, read=1, deadline=3, attempts=2, backoff=0.01)


class Turns:
    """Gives turns after so many seconds, and remembers what it is told."""

    def __init__(self, wait=0.0, shared=True):
        self.wait, self.shared = wait, shared
        self.patience, self.pauses = [], []

    def take(self, patience):
        self.patience.append(patience)
        return self.wait

    def pause(self, seconds):
        self.pauses.append(seconds)


@tagged("post_install", "-at_install")
class TestPace(LoopbackCase):
    def ask(self, turns, *answers, limits=FAST, **options):
        self.server = self.serve([*answers])
        self.slept = []
        client = HttpClient(
            "test", self.server.url, limits=limits, pace=turns, sleep=self.slept.append, **options
        )
        try:
            return client.get("x")
        except errors.ProviderError as error:
            return error

    def test_others_pause_as_long_as_the_provider_says_or_we_wait(self):
        busy, told = Answer({}, 429), Answer({}, 429, {"Retry-After": "1"})
        turns = Turns()
        self.ask(turns, told, Answer({"ok": 1}))
        self.assertEqual(turns.pauses, [1.0])
        turns = Turns()
        self.ask(turns, busy, Answer({"ok": 1}))
        self.assertEqual(turns.pauses, self.slept)
        # Nobody waits any more, and nobody was told how long.
        turns = Turns()
        error = self.ask(turns, busy, limits=Limits(attempts=1))
        self.assertEqual(turns.pauses, [0])
        self.assertIsNone(error.retry_after)

    def test_whether_others_know_is_told(self):
        for shared in (True, False):
            error = self.ask(Turns(shared=shared), Answer({}, 429), limits=Limits(attempts=1))
            self.assertIs(error.remembered, shared)

    def test_other_failures_stop_nobody_else(self):
        turns = Turns()
        self.ask(turns, Answer({}, 500), limits=Limits(attempts=1))
        self.assertEqual(turns.pauses, [])

    def test_a_turn_is_waited_for_and_one_that_is_too_late_is_refused(self):
        self.ask(Turns(0.5), Answer({"ok": 1}))
        self.assertEqual(self.slept, [0.5])
        self.ask(Turns(0.0), Answer({"ok": 1}))
        self.assertEqual(self.slept, [])
        turns = Turns(MAX_PACE_WAIT + 1)
        error = self.ask(turns, limits=Limits(deadline=9999))
        self.assertIsInstance(error, errors.ProviderRateLimited)
        self.assertEqual((error.retry_after, error.remembered), (MAX_PACE_WAIT + 1, True))
        self.assertEqual((self.server.asked, self.slept), ([], []))
        self.assertEqual(turns.patience, [MAX_PACE_WAIT])
        turns = Turns(0.0)
        self.ask(turns, Answer({"ok": 1}), limits=Limits(deadline=1))
        self.assertLessEqual(turns.patience[0], 1.0)
