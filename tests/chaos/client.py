"""A client database, in a process that may be killed: `python -m tests.chaos.client`.

It commits what it has read to a journal, as a database commits leads: a client that dies before has
nothing of the answer, and asks the same question again when it is back.
"""

import contextlib
import itertools
import json
import os
import random
import sys
import time
from pathlib import Path

import requests

from tests.iap_asker import Asker, Refused

AT_ONCE = 2  # companies of one question
PAUSE = 0.4


class Journal:
    """What a client has committed: a line for each answer, flushed to the disk."""

    def __init__(self, path: Path):
        self._path = path
        self.entries: list[dict] = []
        if path.exists():
            whole, _newline, torn = path.read_bytes().rpartition(b"\n")
            if torn:  # the death came in the midst of a commit
                path.write_bytes(whole + b"\n" if whole else b"")
            self.entries = [json.loads(line) for line in whole.splitlines()]

    def commit(self, **entry: object) -> None:
        with self._path.open("ab") as file:
            file.write(json.dumps(entry).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.entries.append(entry)

    def of(self, kind: str) -> list[dict]:
        return [entry for entry in self.entries if entry["kind"] == kind]


def next_question(journal: Journal, uuid: str, size: int) -> str:
    """Return a domain to ask about, or "" to mine: the same one until it is answered."""
    dice = random.Random(f"{uuid} {len(journal.entries)}")
    return f"synthetic{dice.randint(1, size)}.example" if dice.random() < 0.3 else ""


def answer_once(client: Asker, journal: Journal, url: str, size: int) -> None:
    """Ask the next question, and commit what was read."""
    domain = next_question(journal, client.uuid, size)
    if domain:
        journal.commit(kind="enriched", ids=[client.enrich(url, domain)])
        return
    found = client.mine(url, AT_ONCE)
    journal.commit(kind="mined", known=len(client.known), ids=found)
    client.known += found


def repeat_last(client: Asker, journal: Journal, url: str) -> None:
    """Ask again what was answered last, as a client that has lost the answer does."""
    last = journal.of("mined")[-1]
    again = client.mine(url, AT_ONCE, client.known[: last["known"]])
    journal.commit(kind="repeated", ids=again, same=again == last["ids"])


def main(folder: str, uuid: str, token: str, size: str, *urls: str) -> None:
    """Ask until there is a file `stop` in the folder, then once more, and repeat the last."""
    journal = Journal(Path(folder) / f"{uuid}.jsonl")
    client = Asker(uuid, token)
    client.known = [one for entry in journal.of("mined") for one in entry["ids"]]
    for url in itertools.cycle(urls):
        is_over = (Path(folder) / "stop").exists()
        # A server that is away, or loses its database, is asked again.
        with contextlib.suppress(requests.RequestException, ValueError, Refused):
            answer_once(client, journal, url, int(size))
            if is_over:
                repeat_last(client, journal, url)
                return
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
