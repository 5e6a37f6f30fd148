"""What many real connections do to suppression lists and to a person who is erased meanwhile."""

import pytest
import scenarios

SCENARIOS = ("add_the_same_at_once", "erase_while_it_is_delivered")


@pytest.fixture(scope="module")
def play(host):
    return scenarios.play(host, "privacy_scenarios", SCENARIOS, seconds=200)


def test_the_same_entries_from_six_connections_are_there_once(play):
    end = play("add_the_same_at_once")
    assert end["rows"] == 300
    assert sum(end["added"]) == 300


def test_person_erased_while_the_lead_is_made_is_not_delivered(play):
    end = play("erase_while_it_is_delivered")
    assert end["answers"] == ["delivered", "erased"]
    assert (end["state"], end["leads"]) == ("done", 1)
    assert end["contacts"] == ["Bob"]
    assert not end["stored"]
