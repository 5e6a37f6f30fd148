"""An answer of the network, piece by piece as it comes."""

from typing import Any

from urllib3.exceptions import IncompleteRead


def read_piece(raw: Any, size: int, *, decode: bool = True) -> bytes:
    """Return what has come of an answer, b"" at its end; wait only while nothing has.

    Who waits for whole pieces may wait for ever: each byte begins the time-out anew.

    :param raw: urllib3's answer, which `requests` has as `response.raw`
    :param size: the most bytes that are read; decoded they may be more
    :raise urllib3.exceptions.HTTPError: if it breaks off, or takes too long
    """
    if hasattr(raw, "read1"):
        return raw.read1(size, decode_content=decode)
    # urllib3 1.26, which Odoo has on Debian 12, can do the same, but has no name for it.
    raw._init_decoder()
    with raw._error_catcher():
        while True:
            data = raw._fp.read1(size)
            raw._fp_bytes_read += len(data)
            if raw.length_remaining is not None:
                raw.length_remaining -= len(data)
                if not data and raw.length_remaining > 0:
                    raise IncompleteRead(raw._fp_bytes_read, raw.length_remaining)
            piece = raw._decode(data, decode, flush_decoder=not data)
            if piece or not data:
                return piece
