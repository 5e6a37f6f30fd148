"""Many connections move credits at random, and a plain model agrees with what came of it."""

import json
from pathlib import Path

import pytest

SCENARIOS = ("play", "play_with_bugs")
SCRIPT = """
import json, signal, sys, traceback
signal.alarm(800)
sys.path.insert(0, {folder!r})
import credit_play
for name in {names!r}:
    try:
        answer = getattr(credit_play, name)(env)
    except Exception:  # the trace is the answer that the test shows
        env.cr.rollback()
        answer = traceback.format_exc()
    print(json.dumps([name, answer]))
"""
OUTCOMES = {
    "done",
    "InvalidAmount",
    "IdempotencyConflict",
    "InsufficientCredits",
    "HoldExpired",
    "HoldClosed",
    "CaptureExceedsHold",
    "RefundExceedsCapture",
    "ReversalExceedsUnused",
}


@pytest.fixture(scope="module")
def play(host):
    """Give what came of a scenario; both are played in one Odoo."""
    script = SCRIPT.format(folder=str(Path(__file__).parent), names=SCENARIOS)
    with host.database("credits") as database:
        outcomes = dict(map(json.loads, host.shell(database, script).splitlines()))

    def outcome_of(scenario):
        outcome = outcomes[scenario]
        assert isinstance(outcome, dict), outcome
        return outcome

    return outcome_of


def test_what_connections_do_at_once_a_model_does_one_by_one(play):
    end = play("play")
    assert end["difference"] is None
    total = sum(end["done"].values())
    assert total == 10 * 6 * 100
    for operation, count in end["done"].items():
        assert count >= total * 0.05, operation
    assert set(end["outcomes"]) == OUTCOMES


def test_planted_bugs_are_found(play):
    found = play("play_with_bugs")
    assert len(found) == 7
    assert [name for name, difference in found.items() if not difference] == []
