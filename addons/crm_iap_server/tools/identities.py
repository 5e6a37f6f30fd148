"""Names of companies that go out to client databases, and come back with their next question.

What identifies a company by itself goes out as it is (registers' numbers are public); what is
known of a record of ours alone goes out hashed.
"""

import hashlib

from odoo.addons.crm_lead_mining.company.alike import RECORD


def public_id(key: str) -> str:
    """Return a stable and unique name for an identity key that tells nothing about our tables."""
    if not key.startswith(RECORD):
        return key
    return f"org-{hashlib.sha256(key.encode()).hexdigest()[:24]}"


def known_among(keys: list[str], sent: frozenset[str]) -> set[str]:
    """Return which identity keys a client has named as its own.

    :param sent: what it has sent as `reveal_ids`
    """
    return {key for key in keys if key in sent or public_id(key) in sent}


def gid_of(identity: str) -> int:
    """Return a positive int32 for an identity key: always the same, and telling nothing of it."""
    digest = hashlib.sha256(f"gid:{identity}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1
