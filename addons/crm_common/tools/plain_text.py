"""What visitors send to public pages, as text that a database can keep."""

#: Ids above are no ids: PostgreSQL would refuse to compare with them.
MAX_ID = 2**31 - 1


def plain_text(value: object, limit: int = 2000) -> str:
    """Make a text of what was sent as one.

    NUL and lone surrogates, which PostgreSQL keeps in no text, are left out, as are other control
    characters, which nobody types into a field of one line.

    :param value: anything; what is no text, such as an uploaded file, is none
    :param limit: characters that are kept
    """
    if not isinstance(value, str):
        return ""
    text = value[:limit].encode(errors="ignore").decode()
    return "".join(character for character in text if character >= " " and character != "\x7f")


def record_id(value: int) -> int:
    """Return a number of an address as an id that can be looked up, 0 for what can be none."""
    return value if 0 < value <= MAX_ID else 0
