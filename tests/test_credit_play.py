"""Many connections move credits at random, and a plain model agrees with what came of it."""

import pytest
import scenarios

SCENARIOS = ("play", "play_with_bugs")
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
    return scenarios.play(host, "credit_play", SCENARIOS, seconds=800)


def test_what_connections_do_at_once_a_model_does_one_by_one(play):
    end = play("play")
    assert end["difference"] is None
    total = sum(end["done"].values())
    assert total == end["steps"] > 1000
    for operation, count in end["done"].items():
        assert count >= total * 0.05, operation
    assert set(end["outcomes"]) == OUTCOMES


def test_planted_bugs_are_found(play):
    end = play("play_with_bugs")
    assert len(end["found"]) == 8
    assert [name for name, difference in end["found"].items() if not difference] == []
    assert end["without"] is None
