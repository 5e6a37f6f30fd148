"""Files with one row a person, told by their whole header, and whose each of their columns is.

There a column is the company's only if its name says so ("Company City"), or if no person has such
a thing ("Industry"): "Email", "City" and "Phone" are the person's.
"""

from collections.abc import Sequence

from .headers import header_words, is_alien, meanings, read_header


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# All words and names are written as `normalise_header` writes them.
_FIRST_NAMES = _set("firstname givenname forename vorname prenom voornaam primeironome imie")
_LAST_NAMES = _set(
    "lastname surname familyname cognome nachname familienname nomdefamille apellido apellidos"
    " primerapellido achternaam sobrenome apelido nazwisko"
)
#: Beside a column of the ones above, these hold the other half of the name.
_FIRST_BESIDE = _set("nome nombre")
_LAST_BESIDE = _set("nom name")
_FULL_NAMES = _set(
    "fullname personname leadname prospectname nomeecognome nomecognome cognomeenome cognomenome"
    " nominativo nombrecompleto nombreyapellidos apellidosynombre vollstandigername"
    " vorundnachname nametprenom nometprenom prenometnom prenomnom nomprenom"
)
#: A whole name, if the company has a column of its own.
_NAMES = _set("name nome nombre nom naam")
_COMPANY_NAMES = _set(
    "company companyname currentcompany account accountname companyaccount organization"
    " organisation organizationname organisationname employer associatedcompany"
    " associatedcompanyname primaryassociatedcompany primarycompany azienda nomeazienda societa"
    " ragionesociale impresa ditta firma firmenname unternehmen unternehmensname arbeitgeber"
    " societe entreprise nomdelentreprise nomdelasociete nomentreprise nomsociete raisonsociale"
    " employeur empresa nombreempresa nombredelaempresa compania razonsocial bedrijf"
)

#: Words that make a column the company's, and words that make it the person's.
_COMPANY = _set(
    "company companys account organization organisation employer corporate hq headquarters"
    " billing azienda dellazienda societa impresa ditta firma firmen unternehmen unternehmens"
    " arbeitgeber societe entreprise lentreprise employeur empresa compania empleador"
)
_PERSON = _set(
    "person persona contact contacts contatto contacto kontakt ansprechpartner referente lead"
    " prospect mailing business work direct direkt directe directo diretto primary secondary"
    " other professional professionnel professionnelle profesional beruflich berufliche recommended"
    " geschaftlich geschaftliche aziendale lavoro trabajo travail corporativo individual"
)
#: Those of them that are said of nothing else.
_CONTACT = _set(
    "person persona contact contatto contacto kontakt ansprechpartner referente prospect"
)
#: Words of what is not used on behalf of a company.
_PRIVATE = _set(
    "home personal personale personnel personnelle private privat privata prive privado"
)
#: Words of the contact who is asked first.
_FOREMOST = _set("primary main key principal principale")
_ARTICLES = _set("of the de del della dell di do da du des d la l le der van")

_MOBILE = _set(
    "mobile mobil movil cell cellulare handy portable mobiltelefon mobilnummer mobilenumber gsm"
    " durchwahl directdial telefonomovil telefonocellulare telephoneportable"
)
#: What a person and a company both have: without a word it is the person's, and only these are
#: kept of one.
_OF_BOTH = _set(
    "street street2 city zip state country email phone description timezone linkedin"
    " facebook twitter logo_url status"
)
_KEPT = {"email": "contact_email", "phone": "contact_phone"}
_OF_CONTACT = _KEPT | {one: one for one in ("contact_title", "contact_email", "contact_phone")}
#: Headers that mean the person's page or number here.
_THEIRS = _set("url nif codicefiscale taxid")
_DIGITS = "0123456789"
_CERTIFIED = "pec"  # certified mail is registered for the company


def person_mapping(header: Sequence[str], others: frozenset[int] = frozenset()) -> list[str] | None:
    """Return for each column of a file with one row a person its target or "", else None.

    :param others: places of columns in which no person's name stands: nothing, or companies'
    """
    words = [header_words(cell) for cell in header]
    names = ["".join(parts) for parts in words]
    found = _names(names, others)
    if found is None:
        return None
    return [
        found[position] if position in found else _target(name, parts)
        for position, (name, parts) in enumerate(zip(names, words, strict=True))
    ]


def contact_targets(header: Sequence[str]) -> list[str]:
    """Return for each column of a file of companies what of a contact it holds, or "".

    A word tells such columns: "Cognome referente", "person_first_name", "Contact Person". Only
    persons have a first and a last name: "POC First Name".
    """
    bare = []
    for cell in header:
        words = header_words(cell)
        rest = "".join(_without(words, _CONTACT | _FOREMOST))
        is_said = not _CONTACT.isdisjoint(words)
        # "Contact Person" is nothing but such words.
        bare.append((rest or "name" * (len(words) > 1)) if is_said else _own_name(words))
    has_first, has_last = (not one.isdisjoint(bare) for one in (_FIRST_NAMES, _LAST_NAMES))
    return [
        "contact_last_name" if name in _LAST_NAMES or (has_first and name in _LAST_BESIDE)
        else "contact_first_name" if name in _FIRST_NAMES or (has_last and name in _FIRST_BESIDE)
        else "contact_name" if name in _FULL_NAMES | _NAMES
        else _OF_CONTACT.get(_meaning(name), "")
        for name in bare
    ]  # fmt: skip


def _own_name(words: Sequence[str]) -> str:
    """Return the words of a header that are of a person's name whatever stands beside them."""
    if not is_alien(words):
        for end in range(len(words), 0, -1):
            for name in ("".join(words[max(end - 2, 0) : end]), words[end - 1]):
                if name in _FIRST_NAMES | _LAST_NAMES:
                    return name
        if "email" in words and _without(words, frozenset(("email",))) == ["full", "name"]:
            return "fullname"  # of whom the mailbox is
    return ""


def is_mobile(header: str) -> bool:
    """Whether a header says that a number is of a telephone that one person carries."""
    return not _MOBILE.isdisjoint(header_words(header))


def is_persons(header: str) -> bool:
    """Whether a header says that a page or address is a person's."""
    return not (_PERSON | _PRIVATE).isdisjoint(header_words(header))


def _names(names: Sequence[str], others: frozenset[int]) -> dict[int, str] | None:
    """Return the columns with a person's and the company's name; None in a file of companies."""
    found: dict[int | None, str] = {}

    def place(*choices: frozenset[str]) -> int | None:
        taken = (
            position
            for choice in choices
            for position, name in enumerate(names)
            if name in choice and position != company and position not in others | found.keys()
        )
        return next(taken, None)

    bare = [name.removeprefix("person") for name in names]
    of_both = _NAMES | _FIRST_BESIDE | _LAST_BESIDE
    company = next(
        (
            spot
            for known in (_COMPANY_NAMES.__contains__, lambda name: _meaning(name) == "name")
            for spot, name in enumerate(bare)
            if known(name) and name not in of_both
        ),
        None,
    )
    if place(_FIRST_NAMES, _LAST_NAMES) is not None:
        found[place(_LAST_NAMES, _LAST_BESIDE)] = "contact_last_name"
        found[place(_FIRST_NAMES, _FIRST_BESIDE)] = "contact_first_name"
        whole = _FULL_NAMES | {"contactname", "contactfullname"}
        found[place(whole, frozenset() if company is None else _NAMES)] = "contact_name"
    elif place(_FULL_NAMES) is not None:
        found[place(_FULL_NAMES)] = "contact_name"
        company = place(_NAMES) if company is None else company
    elif company is not None and {"contact_title", "email"} & set(map(_meaning, names)):
        found[place(_NAMES)] = "contact_name"
    found[company] = "name"
    found.pop(None, None)
    return found if set(found.values()) - {"name"} else None


def _target(name: str, words: Sequence[str]) -> str:
    """Return the target of another column."""
    if name == _CERTIFIED:
        return "email"
    target = _meaning(name)
    if target in ("contact_title", "contact_email", "contact_phone"):
        return target
    is_company = not _COMPANY.isdisjoint(words)
    is_status = is_company and _meaning("".join(_without(words, _COMPANY))) == "status"
    if not is_status and (is_alien(words) or not _PRIVATE.isdisjoint(words)):
        return ""
    if is_company:
        target = _read(_without(words, _COMPANY)) or target
        if target == "contact_title":  # nobody else has a title
            return target
        return "" if target == "name" or target.startswith("contact_") else target
    if name in _THEIRS:
        return ""
    bare = _without(words, _PERSON)
    if not _MOBILE.isdisjoint((name, "".join(bare), *words)):
        what = _without(words, _PERSON | _MOBILE)
        return "contact_phone" if not what or _read(what) == "phone" else ""
    is_theirs = "".join(bare) != name.rstrip(_DIGITS)
    target = _read(bare) or target
    if target in _OF_BOTH or (is_theirs and not _CONTACT.isdisjoint(words)):
        return _KEPT.get(target, "contact_title" if target == "contact_title" else "")
    return "" if target == "name" or target.startswith("contact_") else target


def _meaning(name: str) -> str:
    """Return the first meaning of a normalised name."""
    return next(iter(meanings().get(name, ())), "")


def _read(words: Sequence[str]) -> str:
    """Return what words say of a company."""
    if target := _meaning("".join(words)):
        return target
    reading = read_header(" ".join(words))
    return reading.targets[0] if reading.rank > 1 else ""


def _without(words: Sequence[str], qualifiers: frozenset[str]) -> list[str]:
    """Return the words without those that tell whose it is, and without a number behind."""
    kept = [word for word in words if word not in qualifiers]
    if len(kept) < len(words):
        kept = [word for word in kept if word not in _ARTICLES]
    return [word for word in (word.rstrip(_DIGITS) for word in kept) if word]
