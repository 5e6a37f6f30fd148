"""What many real connections and crashes do to the payment of one credit order."""

import pytest
import scenarios

SCENARIOS = (
    "press_refund_at_once",
    "refund_here_and_in_the_payment_app",
    "refuse_the_first",
    "die_while_the_provider_is_asked",
    "notify_at_once",
    "press_pay_at_once",
    "post_and_refund_at_once",
)


@pytest.fixture(scope="module")
def play(host):
    return scenarios.play(host, "order_scenarios", SCENARIOS, seconds=300)


def test_six_presses_at_once_are_one_refund(play):
    end = play("press_refund_at_once")
    assert (end["claimed"], end["count"]) == (18, 1)
    assert end["outcomes"] == ["done"] + ["refused"] * 5


def test_refunds_here_and_in_the_payment_app_add_up_to_what_was_paid(play):
    end = play("refund_here_and_in_the_payment_app")
    assert end["claimed"] == 18
    assert "done" in end["outcomes"]


def test_refused_refund_frees_its_amount_for_one_of_the_others(play):
    end = play("refuse_the_first")
    assert (end["claimed"], end["count"], end["asked"]) == (18, 2, 2)


def test_killed_process_has_asked_and_nobody_asks_again_until_somebody_has_looked(play):
    end = play("die_while_the_provider_is_asked")
    assert end["died"] == {"claimed": 18, "count": 1}
    assert (end["again"], end["after"]) == ("refused", "done")
    assert (end["claimed"], end["count"]) == (18, 2)


def test_refund_that_is_confirmed_to_all_takes_its_credits_once(play):
    end = play("notify_at_once")
    assert (end["state"], end["taken"], end["left"]) == ("refunded", 180, 0)


def test_six_clicks_on_pay_are_one_payment(play):
    end = play("press_pay_at_once")
    assert end["outcomes"] == ["done"] + ["refused"] * 5


def test_refund_that_is_confirmed_while_the_invoice_is_posted_is_credited_once(play):
    end = play("post_and_refund_at_once")
    assert end == {"outcomes": ["done"] * 2, "invoice": "posted", "credited": [9]}
