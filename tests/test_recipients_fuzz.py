"""Nothing reaches a stranger, judged at a real SMTP server; and what is allowed arrives."""

import json
import os
import re
from pathlib import Path

SCRIPT = Path(__file__).with_name("recipients_fuzz.py")
_ADDRESS = re.compile(r"[^\s<>\",;:()]+@[^\s<>\",;:()]+")


ATTEMPTS = int(os.environ.get("RECIPIENT_ATTEMPTS", "300"))
CONTROL = 60


def _attempts(host, attempts, policy):
    given = f"{{'env': env, 'attempts': {attempts}, 'policy': {policy}}}"
    with host.database("fuzz") as database:
        # It is no module: what it shares with others is found beside it.
        beside = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
        output = host.shell(database, f"{beside}exec({SCRIPT.read_text()!r}, {given})\n")
    lines = (line.partition("ATTEMPT ")[2] for line in output.splitlines() if "ATTEMPT " in line)
    found = [json.loads(line) for line in lines]
    assert len(found) == attempts
    return found


def _leaks(attempts):
    """Envelope recipients that the user may not write to, and shown ones foreign to the card."""
    found = []
    for attempt in attempts:
        for mail in attempt["mails"]:
            reached = set(map(str.lower, mail["envelope"])) - set(attempt["allowed"])
            shown = {address.lower() for address in _ADDRESS.findall(mail["shown"])}
            strangers = reached | (shown - set(attempt["registered"]))
            found += [(attempt["number"], attempt["path"], address) for address in strangers]
    return found


def _lost(attempts):
    """Allowed mails that were refused or did not arrive."""
    return [
        (a["number"], a["path"], a["card"], a["expected"], a["outcome"])
        for a in attempts
        if a["outcome"] != "sent"
        or (
            a["expected"]
            and a["expected"] not in {r for mail in a["mails"] for r in mail["envelope"]}
        )
    ]


def test_no_stranger_is_reached_or_shown_and_every_allowed_mail_arrives(host):
    attempts = _attempts(host, ATTEMPTS, policy=True)
    assert not _leaks(attempts)
    honest = [attempt for attempt in attempts if attempt["honest"]]
    assert not _lost(honest)
    assert len(honest) >= 0.3 * len(attempts)
    assert len({attempt["path"] for attempt in attempts}) > 20


def test_the_same_attempts_do_reach_strangers_while_the_policy_is_off(host):
    assert _leaks(_attempts(host, CONTROL, policy=False))
