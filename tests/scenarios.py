"""Scenarios that a module of this folder plays inside one Odoo, which takes a while to start."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

SCRIPT = """
import importlib, json, signal, sys, traceback
signal.alarm({seconds})
sys.path.insert(0, {folder!r})
module = importlib.import_module({module!r})
for name in {names!r}:
    try:
        outcome = getattr(module, name)(env)
    except Exception:  # the trace is the outcome that the test shows
        env.cr.rollback()
        outcome = traceback.format_exc()
    print(json.dumps([name, outcome]))
"""


def play(
    host,
    module: str,
    names: Iterable[str],
    seconds: int,
    prepare: Callable[[str], None] = lambda database: None,
) -> Callable[[str], dict]:
    """Play functions of a module, each of which takes `env`, one after the other.

    :param module: of this folder, whose name the database bears: files run beside each other
    :param seconds: after which all ends
    :param prepare: called with the name of the database before
    :return: function that gives the outcome of a scenario, and fails with the trace of one that
        failed
    """
    script = SCRIPT.format(
        folder=str(Path(__file__).parent), module=module, names=tuple(names), seconds=seconds
    )
    with host.database(module) as name:
        prepare(name)
        lines = host.shell(name, script).splitlines()
    outcomes = dict(json.loads(line) for line in lines if line.startswith("["))

    def outcome_of(scenario):
        outcome = outcomes[scenario]
        assert isinstance(outcome, dict), outcome
        return outcome

    return outcome_of
