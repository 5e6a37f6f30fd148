"""What a page says of others than its company: hosts, makers of the site, authorities, insurers.

Imprints have to name some of them, with their addresses and numbers, which are not the company's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: What begins such a passage as its heading, or with a colon behind it.
_HEADINGS = r"""
    (?:web-?)?host(?:ing|er)?(?:[\s-](?:provider|anbieter|partner))?|h[ée]berge(?:ur|ment)|
    alojamiento(?:\ web)?|
    web-?\s?(?:design(?:er)?|entwicklung|development|master|agentur|agency|layout)|
    (?:technische\ )?(?:realisation|realisierung|umsetzung|programmierung)|
    konzept(?:ion)?\ (?:&|und)\ \w+|r[ée]alisation\ (?:du\ site|et\ \w+)|cr[ée]ation\ du\ site|
    realizzazione\ sito|progetto\ grafico|dise[ñn]o\ web|projekt\ i\ \w+|webbyr[åa]|webbureau|
    (?:bild|foto|photo|picture)[\s-]?(?:nachweise?|rechte|credits?|quellen)|
    (?:zust[äa]ndige\ )?(?:aufsichts-?|gewerbe-?|datenschutz-?)beh[öo]rden?|
    (?:zust[äa]ndige\ |berufs)kammer(?:zugeh[öo]rigkeit)?|
    (?:berufs|betriebs)?haftpflicht(?:versicherung)?|
    (?:verbraucher|online-?)?streit(?:beilegung|schlichtung)[a-zäöü-]*|
    (?:verbraucher-?)?schlichtung[a-zäöü-]*|
    m[ée]diat(?:ion|eur|ore)[a-z]*|mediazione|
    autorit[éà]\ [a-zé\s]*|assureur|garante\ [a-z\s]*|agencia\ espa[ñn]ola[a-z\s]*|
    reclamaciones|klachten[a-z]*|geschillen[a-z]*|toezichthouder|ombuds[a-z]*|
    supervisory\ authority|complaints|
    (?:externer\ )?datenschutzbeauftragte[rn]?|data\ protection\ officer|
    d[ée]l[ée]gu[ée]\ [àa]\ la\ protection[a-zé\s]*|dpo|
    responsabile\ della\ protezione[a-z\s]*|functionaris\ gegevensbescherming
"""
#: What does so only with a colon: it is the name of much else.
_LABELS = rf"""
    {_HEADINGS}|(?:web-?)?site\ (?:by|von|di|par)|(?:technische\ )?gestaltung|konzept(?:ion)?|
    r[ée]alisation|cr[ée]ation|conception|prestataire|realizzazione|dise[ñn]o|realizaci[óo]n|
    realizacja|wykonanie|ontwerp|credits?|cr[ée]dits?|crediti|fotos|bilder|fotografie|
    photographies?|photos|fotograf|kammer|versicherer|assurance[a-z\s]*|regulator
"""
#: What begins it in a sentence.
_SENTENCES = r"""
    h[ée]berg[ée]e?s?\ (?:par|chez|aupr[èe]s)|hosted\ (?:by|on|with)|gehostet\ (?:von|bei)|
    alojad[ao]\ (?:en|por)|ospitato\ (?:da|su)|gehost\ (?:door|bij)|
    (?:designed?|created|developed|made|built|powered|maintained)(?:\ (?:and|&)\ \w+)?\ (?:by|with)|
    (?:web-?)?site\ (?:by|made|r[ée]alis[ée]|cr[ée][ée]|con[çc]u|realizzato|desarrollado)|
    realizzato\ da|sviluppato\ da|a\ cura\ di|dise[ñn]ado\ por|desarrollado\ por|
    website\ (?:door|von|by)|gerealiseerd\ door|r[ée]alis[ée]\ par|cr[ée][ée]\ par|
    zust[äa]ndig\ ist|puede\ (?:reclamar|presentar)|regulated\ by|
    (?:beschwerde|reclamo|plainte|complaint)[a-z]*\ (?:bei|an|al|to|aupr[èe]s|with)
"""
_HEADING = re.compile(rf"\W*(?:{_HEADINGS})(?:[\s,&/-]+[^\W\d]+){{0,4}}\W*", re.I | re.X)
_LABEL = re.compile(
    rf"(?:^|(?<=[.|•·–—-])|(?<=\s))\W*\b(?P<at>{_LABELS})(?:[\s,&/-]+[^\W\d]+){{0,4}}\s?:",
    re.I | re.X,
)
_SENTENCE = re.compile(
    rf"(?:^|[.|•·–—-]\s*)(?P<at>[^.|•·]{{0,60}}?\b(?:{_SENTENCES}))\b", re.I | re.X
)
_FOLLOWING = 4  # paragraphs below a heading that are about it, up to the next heading
_SHORT = 60  # characters of a heading


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.

    :ivar links: of each line, its mailto: and tel: links, and where in the line they stand
    """

    lines: tuple[str, ...]
    links: tuple[tuple[tuple[int, str], ...], ...]
    is_heading: bool = False


def without_others(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the paragraphs without those, and without the lines and ends of lines, about others."""
    left = 0
    for block in blocks:
        if len(block.lines) == 1 and _is_heading(block.lines[0]):
            left = _FOLLOWING
        elif left and not block.is_heading:
            left -= 1
        else:
            left = 0
            if own := _own_part(block):
                yield own


def _is_heading(line: str) -> bool:
    return len(line) <= _SHORT and bool(_HEADING.fullmatch(line))


def _own_part(block: Block) -> Block | None:
    lines, links = [], []
    left = 0
    for line, its_links in zip(block.lines, block.links, strict=True):
        theirs = _LABEL.search(line) or _SENTENCE.search(line)
        if theirs is None and left:
            left -= 1
        elif _is_heading(line) or (theirs and not line[theirs.end() :].strip()):
            left = _FOLLOWING
        elif theirs is None:
            lines.append(line)
            links.append(its_links)
        elif start := theirs.start("at"):
            lines.append(line[:start].rstrip(" .,|•·–—-"))
            links.append(tuple(link for link in its_links if link[0] <= start))
    return Block(tuple(lines), tuple(links), block.is_heading) if lines else None
