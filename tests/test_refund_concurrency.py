"""The limit of what one user gets back in a month, asked by many real connections."""

import pytest
import scenarios

SCENARIOS = ("merge_at_once", "merge_and_report_at_once")


@pytest.fixture(scope="module")
def play(host):
    return scenarios.play(host, "refund_scenarios", SCENARIOS, seconds=200)


def test_duplicates_merged_at_once_give_back_no_more_than_the_limit(play):
    end = play("merge_at_once")
    assert end["outcomes"] == ["done"] * 4
    assert (end["refunds"], end["available"]) == (2, 2)
    assert end["adds_up"]


def test_duplicates_and_reports_at_once_give_back_no_more_than_the_limit(play):
    end = play("merge_and_report_at_once")
    assert (end["refunds"], end["available"]) == (2, 2)
    assert end["adds_up"]
