"""What the pages to buy credits let pass: plain functions on what browsers send."""

import hmac


def is_same_token(given: object, own: str) -> bool:
    """Compare an access token, in constant time, with whatever a browser has sent."""
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(errors="replace"), own.encode()
    )


def is_local_path(path: object) -> bool:
    """Tell whether a page of this database's backend is meant, and not another site."""
    return (
        isinstance(path, str)
        and path.startswith("/odoo")
        and path[5:6] in ("", "/", "?")
        and path.isprintable()
        and "\\" not in path
        and "//" not in path
        and len(path) <= 255
    )
