"""Ten kills of `./run chaos`: whoever dies, nothing is lost, doubled or left open."""

import pytest

from tests.chaos import kills, play
from tools.host import Host

KILLS = 10
SEED = 20


@pytest.fixture(scope="module")
def outcome():
    # On the launcher's own host: nothing here can be a fork of a warm Odoo.
    return play.play(Host.current(), kills=KILLS, seed=SEED, minutes=0)


def test_after_ten_kills_every_invariant_holds(outcome):
    assert sum(outcome.deaths.values()) == KILLS
    assert set(outcome.deaths) == set(kills.SHARES), "somebody was never killed"
    report = "\n".join(outcome.lines())
    assert outcome.is_sound, report
    assert all(counts["done"] for counts in outcome.counts.values()), report


def test_a_seed_repeats_who_dies_in_which_order():
    plan = kills.plan(kills.KILLS, SEED)
    assert kills.plan(kills.KILLS, SEED) == plan
    assert kills.plan(kills.KILLS, SEED + 1) != plan


@pytest.mark.parametrize("count", [1, 10, 30, kills.KILLS, 500])
def test_as_many_die_as_are_asked_for_of_each_kind_its_share(count):
    struck = [blow.kind for blow in kills.plan(count, SEED)]
    assert len(struck) == count
    for kind, share in kills.SHARES.items():
        expected = share * count / kills.KILLS
        assert abs(struck.count(kind) - expected) <= 1, kind


def test_the_whole_play_has_the_deaths_that_it_promises():
    share = kills.SHARES
    assert share["HTTP worker"] + share["cron worker"] + share["backend"] >= 150
    assert share["server"] >= 40
    assert share["PostgreSQL"] >= 10
    assert sum(share[kind] for kind in kills.OF_THE_WIRE) >= 100
