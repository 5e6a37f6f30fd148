"""What those get who wait for one credit account together, over real connections."""

import pytest
import scenarios

SCENARIOS = (
    "hold_together",
    "hold_more_than_there_is",
    "hold_for_more_than_a_budget_allows",
    "hold_with_one_key",
    "hold_what_cannot_be",
    "hold_on_a_copy",
    "die_while_waiting",
    "lose_the_connection",
    "give_up",
    "meet_an_update",
    "forget_the_dead",
)


@pytest.fixture(scope="module")
def play(host):
    return scenarios.play(host, "credit_group_scenarios", SCENARIOS, seconds=300)


def check(end, available, held):
    """Check that the ledger adds up, and that nobody waits any more."""
    assert (end["available"], end["held"]) == (available, held)
    assert end["adds_up"]
    assert end["proven"]
    assert end["wrong_counters"] == 0
    assert end["wishes"] == 0


def test_all_who_wait_get_their_credits_at_once_of_what_ends_first(play):
    end = play("hold_together")
    assert end["answers"] == [4] * 8
    assert end["most_at_once"] == 7
    # What ends first goes first, also where one hold needs two lots.
    assert end["left"] == [0, 0, 0, 8]
    check(end, available=8, held=32)


def test_those_who_wait_get_no_more_than_there_is(play):
    end = play("hold_more_than_there_is")
    assert sorted(map(str, end["answers"])) == ["30"] * 3 + ["InsufficientCredits"] * 5
    assert end["most_at_once"] == 2
    check(end, available=10, held=90)


def test_a_budget_of_one_who_waits_is_kept_and_does_not_stop_others(play):
    end = play("hold_for_more_than_a_budget_allows")
    assert sorted(map(str, end["sally"])) == ["10"] * 2 + ["BudgetExceeded"] * 2
    assert end["sam"] == [10] * 4
    assert end["most_at_once"] > 1
    check(end, available=938, held=62)


def test_one_key_is_one_hold_among_those_who_wait(play):
    end = play("hold_with_one_key")
    tokens = set(end["answers"]) - {"IdempotencyConflict"}
    assert len(tokens) == 1
    assert end["answers"].count("IdempotencyConflict") == 2
    assert end["holds"] == 1
    check(end, available=990, held=10)


def test_who_wants_what_cannot_be_is_told_so_and_the_others_get_theirs(play):
    end = play("hold_what_cannot_be")
    assert end["answers"] == [10] * 3 + ["ForeignKeyViolation"] + [10] * 4
    check(end, available=930, held=70)


def test_nobody_who_waits_spends_on_a_copy(play):
    end = play("hold_on_a_copy")
    assert end["answers"] == ["AccountDisabled"] * 8
    check(end, available=1000, held=0)


def test_who_dies_while_waiting_leaves_one_hold_or_none(play):
    end = play("die_while_waiting")
    assert end["ends"] == [0, 0, 0, 0, -9]
    assert end["again"] == 10
    assert end["holds"] == 5
    check(end, available=950, held=50)


def test_others_get_theirs_when_the_server_ends_a_connection(play):
    end = play("lose_the_connection")
    assert end["ended"] >= 1
    # Whose connection was ended is told so; what it wanted may have been held.
    assert end["ends"].count(0) >= 3
    assert end["ends"].count(0) <= end["holds"] <= 5
    check(end, available=1000 - 10 * end["holds"], held=10 * end["holds"])


def test_who_gives_up_wants_nothing_any_more(play):
    end = play("give_up")
    assert end["answers"] == ["LedgerBusy"] * 4
    assert end["left"]["holds"] == 0
    assert end["held"] == 10
    assert end["left"]["wishes"] == 0
    check(end, available=990, held=10)


def test_who_has_to_wait_stands_in_the_way_of_no_update(play):
    end = play("meet_an_update")
    assert len(end["longest"]) == 6
    assert not {table: share for table, share in end["longest"].items() if share >= 1}
    check(end, available=990, held=10)


def test_what_the_dead_wanted_ends_with_its_time(play):
    end = play("forget_the_dead")
    assert end["granted"] == ["new"]
    assert end["before"] == 1
    assert end["holds"] == 3
    check(end, available=993, held=7)
