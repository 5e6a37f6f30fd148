"""What many real connections, crashes and rollbacks do to one credit account."""

import pytest
import scenarios

SCENARIOS = (
    "fail_in_one_process",
    "die_in_one_process",
    "wait_for_ever_in_one_process",
    "spend_the_last_credits",
    "spend_the_budget",
    "hold_with_one_key",
    "open_the_account_at_once",
    "die_after_the_hold",
    "capture_while_time_runs_out",
    "refund_from_everywhere",
    "roll_back_the_caller",
    "release_after_capturing",
    "hold_for_what_the_caller_locks",
    "hold_after_granting",
    "hold_while_another_keeps_the_account",
    "change_history",
)


@pytest.fixture(scope="module")
def play(host):
    return scenarios.play(host, "credit_scenarios", SCENARIOS, seconds=300)


def test_an_error_in_one_process_is_told_at_once_with_its_trace(play):
    end = play("fail_in_one_process")
    assert end["type"] == "ProcessFailed"
    assert "in work" in end["text"]
    assert end["text"].endswith("KeyError: 'a mistake'\n")
    assert end["seconds"] < 30


def test_the_death_of_one_process_is_told_at_once(play):
    end = play("die_in_one_process")
    assert (end["type"], end["text"]) == ("ProcessFailed", "It died: -9")
    assert end["seconds"] < 30


def test_a_process_that_waits_for_ever_is_killed_and_says_what_it_was_doing(play):
    end = play("wait_for_ever_in_one_process")
    assert end["type"] == "ProcessLate"
    assert "in wait_for_the_lock" in end["text"]
    assert end["seconds"] < 30


def test_eight_connections_spend_the_last_credit_and_no_more(play):
    end = play("spend_the_last_credits")
    assert sum(end["holds"]) == 1000 // 7
    assert sum(count > 0 for count in end["holds"]) > 1, "no process had a rival"
    assert (end["available"], end["held"]) == (1000 % 7, 1000 - 1000 % 7)
    assert end["adds_up"]


def test_eight_connections_spend_the_budget_and_no_more(play):
    end = play("spend_the_budget")
    assert sum(end["holds"]) == 500 // 7
    assert sum(count > 0 for count in end["holds"]) > 1, "no process had a rival"
    assert (end["available"], end["held"]) == (1000 - 500 // 7 * 7, 500 // 7 * 7)
    assert end["adds_up"]


def test_the_same_key_from_eight_connections_is_one_hold(play):
    end = play("hold_with_one_key")
    assert len(end["tokens"]) == 8
    assert all(tokens == end["tokens"][0] for tokens in end["tokens"])
    assert (end["available"], end["held"]) == (800, 200)
    assert end["adds_up"]


def test_a_company_gets_one_account_and_one_trial_however_many_ask_at_once(play):
    end = play("open_the_account_at_once")
    assert len(end["accounts"]) == 8
    assert len(set(end["accounts"])) == 1
    assert (end["available"], end["held"]) == (100, 0)
    assert end["adds_up"]


def test_a_killed_process_keeps_its_hold_until_it_expires(play):
    end = play("die_after_the_hold")
    assert end["exit"] == -9
    assert end["died"] == {"available": 70, "held": 30, "adds_up": True}
    assert end["expired"] == {"available": 100, "held": 0, "adds_up": True}


def test_a_hold_is_captured_in_time_or_given_back_and_never_both(play):
    end = play("capture_while_time_runs_out")
    assert 0 < end["captured"] < 4 * 120, "one side always won"
    assert (end["available"], end["held"]) == (1200 - end["captured"], 0)
    assert end["adds_up"]


def test_a_capture_is_refunded_once_however_many_try(play):
    end = play("refund_from_everywhere")
    assert end["refunded"] == 8
    assert (end["available"], end["held"]) == (98, 0)
    # Who was too late tries again, which is no error for the log.
    assert end["again"], "no process had a rival"
    assert not end["errors"]
    assert end["adds_up"]


def test_a_hold_survives_its_callers_rollback_and_a_capture_does_not(play):
    end = play("roll_back_the_caller")
    assert end["held"] == {"available": 90, "held": 10, "adds_up": True}
    assert end["captured"] == {"available": 90, "held": 10, "adds_up": True}


def test_a_transaction_that_captures_may_release_the_rest(play):
    end = play("release_after_capturing")
    assert end["released"] == 6
    assert end["rollback"] == {"available": 90, "held": 10, "adds_up": True}
    assert end["commit"] == {"available": 96, "held": 0, "adds_up": True}


def test_a_hold_does_not_wait_for_what_its_caller_has_locked(play):
    end = play("hold_for_what_the_caller_locks")
    assert end["seconds"] < 1
    assert (end["available"], end["held"]) == (98, 2)
    assert end["adds_up"]


def test_a_hold_right_after_a_grant_is_refused_at_once_and_works_after_the_commit(play):
    end = play("hold_after_granting")
    assert end["seconds"] < 1
    assert "transaction" in end["refusal"]
    assert (end["available"], end["held"]) == (104, 1)
    assert end["adds_up"]


def test_a_busy_account_is_a_clear_sentence_and_costs_nothing(play):
    end = play("hold_while_another_keeps_the_account")
    assert end["refusal"] == "The credit account is busy. Please try again in a moment."
    assert (end["available"], end["held"]) == (100, 0)


def test_plain_sql_cannot_rewrite_history(play):
    end = play("change_history")
    assert end["refusals"] == ["RestrictViolation", "RestrictViolation", "CheckViolation"]
    assert (end["available"], end["held"]) == (100, 0)
    assert end["adds_up"]
