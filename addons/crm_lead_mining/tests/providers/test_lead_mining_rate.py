from unittest.mock import patch

from odoo.tests import BaseCase, TransactionCase, tagged

from ...models.providers.lead_mining_rate import SharedPace
from ...providers import errors
from ...providers.http import MAX_PACE_WAIT, HttpClient, Limits
from ...providers.pace import Rate
from ..http_server import Answer, LoopbackCase


@tagged("post_install", "-at_install")
class TestRate(BaseCase):
    def test_no_period_ever_has_more_questions_than_allowed(self):
        for rate in (Rate(7, 1), Rate(600, 300), Rate(10, 60), Rate(5, 1), Rate(2, 1)):
            with self.subTest(rate):
                # As many as come in one period that begins with a full burst.
                most = rate.burst + int(rate.seconds / rate.interval)
                self.assertLessEqual(most, rate.questions)

    def test_one_question_at_a_time_is_a_rate_too(self):
        rate = Rate(1, 60)
        self.assertEqual((rate.burst, rate.interval, rate.tolerance), (1, 60, 0))


@tagged("post_install", "-at_install")
class TestSharedPace(TransactionCase):
    def pace(self, *rates):
        return SharedPace(self.env, "synthetic", rates)

    def test_half_come_at_once_and_the_others_evenly(self):
        pace = self.pace(Rate(10, 60))  # nine are planned: four at once, one every 12 seconds
        waits = [pace.take(1000) for _turn in range(7)]
        self.assertEqual(waits[:4], [0, 0, 0, 0])
        for wait, expected in zip(waits[4:], (12, 24, 36), strict=True):
            self.assertAlmostEqual(wait, expected, delta=1)

    def test_turn_that_is_too_late_is_not_reserved(self):
        pace = self.pace(Rate(2, 60))
        self.assertEqual(pace.take(0), 0)
        for _time in range(3):
            self.assertAlmostEqual(pace.take(3), 60, delta=1)
        self.assertAlmostEqual(pace.take(100), 60, delta=1)

    def test_strictest_of_several_limits_decides(self):
        pace = self.pace(Rate(1000, 1), Rate(2, 60))
        pace.take(0)
        self.assertAlmostEqual(pace.take(0), 60, delta=1)

    def test_providers_do_not_wait_for_each_other(self):
        self.pace(Rate(1, 60)).take(0)
        self.assertEqual(SharedPace(self.env, "another", (Rate(1, 60),)).take(0), 0)

    def test_who_is_told_to_wait_lets_all_wait(self):
        pace = self.pace(Rate(10, 60))
        pace.pause(100)
        self.assertAlmostEqual(self.pace(Rate(10, 60)).take(0), 100, delta=1)
        pace.pause(5)  # a shorter one does not end it
        self.assertAlmostEqual(pace.take(0), 100, delta=1)

    def test_one_statement_takes_a_turn(self):
        pace = self.pace(Rate(10, 60), Rate(100, 600))
        pace.take(0)
        self.env.flush_all()
        with patch.object(type(self.env.cr), "execute", autospec=True,
                          side_effect=type(self.env.cr).execute) as execute:  # fmt: skip
            pace.take(0)
        texts = [str(call.args[1]) for call in execute.call_args_list]
        self.assertEqual(len([one for one in texts if "lead_mining_rate" in one]), 1)


class _Pace:
    """Turns that a test tells."""

    shared = True

    def __init__(self, *waits):
        self.waits = list(waits)
        self.pauses = []

    def take(self, patience):
        return self.waits.pop(0) if self.waits else 0.0

    def pause(self, seconds):
        self.pauses.append(seconds)


@tagged("post_install", "-at_install")
class TestPacedClient(LoopbackCase):
    def ask(self, pace, answers, **limits):
        self.server = self.serve(answers)
        self.slept = []
        limits = Limits(**{"backoff": 0.01, "attempts": 2, **limits})
        client = HttpClient(
            "synthetic", self.server.url, limits=limits, pace=pace, sleep=self.slept.append
        )
        return client.get("x")

    def test_turn_that_comes_soon_is_waited_for(self):
        self.ask(_Pace(0.5), [Answer({})])
        self.assertEqual(self.slept, [0.5])

    def test_turn_that_comes_late_is_told_instead_of_waited_for(self):
        with self.assertRaises(errors.ProviderRateLimited) as caught:
            self.ask(_Pace(MAX_PACE_WAIT + 1), [Answer({})])
        self.assertEqual(caught.exception.retry_after, MAX_PACE_WAIT + 1)
        self.assertTrue(caught.exception.remembered)
        self.assertEqual((self.server.asked, self.slept), ([], []))

    def test_who_has_no_time_does_not_wait(self):
        with self.assertRaises(errors.ProviderRateLimited):
            self.ask(_Pace(2), [Answer({})], deadline=1)

    def test_others_are_told_how_long_the_provider_wants_to_rest(self):
        pace = _Pace()
        with self.assertRaises(errors.ProviderRateLimited) as caught:
            self.ask(pace, [Answer({}, 429, {"Retry-After": "70"})])
        self.assertEqual(pace.pauses, [70])
        self.assertTrue(caught.exception.remembered)

    def test_each_attempt_takes_a_turn(self):
        pace = _Pace(0.1, 0.2)
        self.ask(pace, [Answer({}, 500), Answer({})])
        self.assertEqual(len(self.slept), 3)  # two turns, and the back-off between them
        self.assertEqual(pace.waits, [])
