"""Who has written what an e-mail quotes or forwards."""

import html as html_entities
import re

# How mail programs begin the line of the sender, in the languages of most of our users.
_FROM = (
    "from|von|de|da|van|fra|från|frå|lähettäjä|od|от|від|feladó|από|kimden|gönderen|saatja|"
    "pošiljatelj|expéditeur|mittente|remitente|afzender|"
    "発信者|差出人|发件人|寄件者|寄件人|보낸 사람|보낸사람|من|מאת"
)
_LINE = re.compile(rf"^[\s>|*_]*(?:{_FROM})[\s*_]*[:：](.*)$", re.I)
# "On Monday Ann <ann@acme.example> wrote:"
_WROTE = re.compile(r"^[\s>]*[^<>]{3,200}<([^\s<>]+@[^\s<>]+)>[^<>:]{0,40}[:：]\s*$")
_ADDRESS = re.compile(r"[^\s<>\[\](){}\"':;,]+@[^\s<>\[\](){}\"':;,]+")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|hr)\b[^>]*>", re.I)
# An address in angle brackets is none.
_TAG = re.compile(r"</?[a-z!](?![^\s<>]*@)[^<>]*>", re.I)
_NAME_ENDS = re.compile(r"[<\[(]|mailto:")
# Pictures in a text are long, and quote nobody.
_DATA = re.compile(r"(?<=[\"'])data:[^\"']*", re.I)
#: An answer to an answer quotes many; characters and people that are looked at.
MAX_LENGTH, MAX_PEOPLE = 200_000, 10
#: Characters of a line; the time to find no address in one grows with the square of its length.
MAX_LINE = 500


def people(text: str) -> list[tuple[str, str]]:
    """Return name and address of whoever an e-mail quotes, the last to write first.

    :param text: of the e-mail, HTML or plain
    """
    found: list[tuple[str, str]] = []
    text = _BREAK.sub("\n", _DATA.sub("", text)[:MAX_LENGTH])
    lines = [line[:MAX_LINE] for line in html_entities.unescape(_TAG.sub("", text)).splitlines()]
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if told := _LINE.match(line):
            rest = told[1].strip() or following.strip()
            if address := _ADDRESS.search(rest):
                name = _NAME_ENDS.split(rest[: address.start()])[0].strip(" \t\"'*")
                found.append((name, address[0].removeprefix("mailto:")))
        elif wrote := _WROTE.match(line):
            found.append(("", wrote[1]))
        if len(found) == MAX_PEOPLE:
            break
    return found
