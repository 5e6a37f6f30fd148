"""What many real connections do to suppression lists and to a person who is erased meanwhile."""

import json
from pathlib import Path

import pytest

SCENARIOS = ("add_the_same_at_once", "erase_while_it_is_delivered")
SCRIPT = """
import json, signal, sys, traceback
signal.alarm(200)
sys.path.insert(0, {folder!r})
import privacy_scenarios
for name in {names!r}:
    try:
        answer = getattr(privacy_scenarios, name)(env)
    except Exception:  # the trace is the answer that the test shows
        env.cr.rollback()
        answer = traceback.format_exc()
    print(json.dumps([name, answer]))
"""


@pytest.fixture(scope="module")
def play(host):
    """Give the outcome of a scenario; all are played in one Odoo, which takes a while to start."""
    script = SCRIPT.format(folder=str(Path(__file__).parent), names=SCENARIOS)
    with host.database("privacy") as database:
        output = host.shell(database, script)
        outcomes = dict(json.loads(line) for line in output.splitlines() if line.startswith("["))

    def outcome_of(scenario):
        outcome = outcomes[scenario]
        assert isinstance(outcome, dict), outcome
        return outcome

    return outcome_of


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
