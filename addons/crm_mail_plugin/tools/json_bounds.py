"""How large and how deep a request may be, told before it is parsed."""

import re

#: Bytes of a request with a login: all the files that the add-ins let through, in base64.
MAX_BYTES = 64 * 1024 * 1024
#: Bytes of a request without one.
MAX_BYTES_UNKNOWN = 64 * 1024
#: Lists and objects within each other; what the add-ins send has four.
MAX_DEPTH = 16
_BRACKETS = b'[]{}"'
_TEXTS = re.compile(rb'"[^"]*(?:"|$)')
_OTHERS = bytes(set(range(256)) - set(_BRACKETS))


def is_deep(body: bytes) -> bool:
    """Say whether lists and objects lie deeper within each other than `MAX_DEPTH`.

    Nothing is parsed, and the time grows with the length alone.

    :param body: JSON, or whatever came in its place
    """
    plain = body.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _OTHERS)
    brackets = _TEXTS.sub(b"", plain.replace(b'""', b""))
    for _level in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    # What is open and never closed is no JSON at all, and found so at once.
    return bool(brackets) and brackets.count(b"[") + brackets.count(b"{") > MAX_DEPTH
