"""Names of persons as registers write them: "SMITH, Dr Peter James"."""

import re

from .names import normalise_name, word_set

#: What stands before a name, and behind it, as `normalise_name` writes it.
_BEFORE = word_set(
    "dr dra doctor dott dottore dottssa dottoressa drin prof professor professore professoressa"
    " profssa sir dame lord lady mr mrs ms miss mx mister madam rev revd reverend rabbi imam hon"
    " honourable honorable rt right the most very viscount viscountess marquess baroness countess"
    " duchess capt captain cdr commander col colonel lt lieutenant brig brigadier gen sgt ing"
    " dring eng engr dipl diplom dipling diplkfm mag lic avv avvocato rag ragioniere geom geometra"
    " cav comm sig sigra signor signora signorina herr frau fraulein m mme mlle monsieur madame"
    " mademoiselle maitre sr sra srta dona senor senora mgr judr mudr phdr rndr"
)
_BEHIND = word_set(
    "jr snr jnr phd dphil md mba msc bsc ba llb llm bcom beng meng obe cbe mbe kbe dbe qc kc esq"
    " esquire fca aca acca cpa cfa frs frcs mep"
)
#: Ranks that are given names too, where no other one follows.
_NAMES_TOO = word_set("baron count prince princess major general bishop")
_NOTE = re.compile(r"\([^)]*\)|\[[^]]*\]")
_FORMERLY = re.compile(r"\s(?:nee|née|geb\.|geborene|formerly|épouse)\s.*", re.IGNORECASE)


def officer_name(name: str) -> str:
    """Return "First Surname" of a name as registers write it.

    "SMITH, Dr Peter James" and "SMITH, Peter, Sir" -> "Peter Smith".
    """
    surname, *others = name.split(",")
    given = next(filter(None, map(_first, others)), "") or next(
        iter("".join(others[:1]).split()), ""
    )
    return " ".join(filter(None, (given, _surname(surname))))


def is_register_style(name: str) -> bool:
    """Whether a name is written as registers do: the surname in capitals, a comma, the others."""
    surname, comma, others = name.partition(",")
    return bool(comma) and surname.isupper() and len(surname) > 1 and not others.isupper()


def french_name(given_names: str, surname: str) -> str:
    """Return "First Surname" of all given names and a surname, with one of before in brackets."""
    return " ".join(filter(None, (_first(given_names.replace(",", " ")), _surname(surname))))


def _first(given_names: str) -> str:
    """Return the first given name; of "Lady" alone, which is none, nothing."""
    words = _NOTE.sub(" ", given_names).split()
    names = [word for word in words if not _is_one_of(_BEFORE | _BEHIND, word)]
    if len(names) > 1 and _key(names[0]) in _NAMES_TOO:
        names = names[1:]
    return _capital(names[0]) if names else ""


def _surname(surname: str) -> str:
    words = _FORMERLY.sub("", _NOTE.sub(" ", surname)).split()
    while len(words) > 1 and _is_one_of(_BEFORE, words[0]):
        words = words[1:]
    while len(words) > 1 and _is_one_of(_BEHIND, words[-1]):
        words = words[:-1]
    return " ".join(map(_capital, words))


def _is_one_of(titles: frozenset[str], word: str) -> bool:
    return len(word) > 1 and _key(word) in titles  # one letter is an initial


def _key(word: str) -> str:
    return normalise_name(word.replace("-", "")).replace(" ", "")


def _capital(word: str) -> str:
    """Return a word of a name with capitals where names have them; mixed ones stay as they are."""
    if not (word.isupper() or word.islower()):
        return word
    word = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word.lower())
    return re.sub(r"^(Mc)([a-z])(?=[a-z]{2})", lambda match: match[1] + match[2].upper(), word)
