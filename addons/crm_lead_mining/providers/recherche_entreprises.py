"""France: the state's API Recherche d'entreprises, over the Sirene register.

https://recherche-entreprises.api.gouv.fr/docs/ : free, without a key, 7 questions a second, 25
companies a page and 10,000 a search. It knows no domains, telephones or e-mail addresses.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ..company import bands, nace, nace_editions
from ..company.cells import is_placeholder
from ..company.contacts import choose_contacts
from ..company.identity import identity_keys, normalise_registry_id
from ..company.industries import from_naf
from ..company.matching import is_unwanted
from ..company.nace_editions import REV_2, REV_21
from ..company.persons import french_name
from ..company.roles import role_of, seniority_of
from ..company.states import state_key
from ..company.status import read_status
from ..company.types import Company, CompanyQuery, Contact, Page, Provenance
from .answers import items, mapping, number, required_items, text, year
from .base import NetworkProvider
from .errors import ProviderAnswerInvalid
from .pace import Rate

REGISTRY = "FR-SIRENE"
COUNTRY = "FR"
PAGE_SIZE = 25
MAX_RESULTS = 10_000
MAX_PAGES = 1_000

#: nature_juridique, the first two digits or the first one -> what INSEE calls such legal forms.
LEGAL_FORMS = {
    "1": "Entrepreneur individuel",
    "2": "Groupement de droit privé non doté de la personnalité morale",
    "21": "Indivision",
    "22": "Société créée de fait",
    "23": "Société en participation",
    "24": "Fiducie",
    "3": "Personne morale de droit étranger",
    "4": "Personne morale de droit public soumise au droit commercial",
    "41": "Établissement public ou régie à caractère industriel ou commercial",
    "5": "Société commerciale",
    "51": "Société coopérative commerciale particulière",
    "52": "Société en nom collectif",
    "53": "Société en commandite",
    "54": "Société à responsabilité limitée (SARL)",
    "55": "Société anonyme à conseil d'administration",
    "56": "Société anonyme à directoire",
    "57": "Société par actions simplifiée",
    "58": "Société européenne",
    "6": "Autre personne morale immatriculée au RCS",
    "61": "Caisse d'épargne et de prévoyance",
    "62": "Groupement d'intérêt économique",
    "63": "Société coopérative agricole",
    "64": "Société d'assurance mutuelle",
    "65": "Société civile",
    "7": "Personne morale et organisme soumis au droit administratif",
    "71": "Administration de l'État",
    "72": "Collectivité territoriale",
    "73": "Établissement public administratif",
    "8": "Organisme privé spécialisé",
    "82": "Organisme mutualiste",
    "84": "Organisme professionnel",
    "9": "Groupement de droit privé",
    "91": "Syndicat de propriétaires",
    "92": "Association loi 1901 ou assimilé",
    "93": "Fondation",
}


class RechercheEntreprises(NetworkProvider):
    """Adapter of the API Recherche d'entreprises.

    The API filters by NACE sections and by full NAF codes: divisions are asked as their sections
    and sorted out here, so a page may hold fewer companies than asked. On 1 January 2027 its codes
    become those of NAF 2025 (NACE Rev. 2.1). A code's letter tells its edition; what edition the
    sections' letters are of is asked once codes of NAF 2025 come, or none at all.
    """

    code = "recherche_entreprises"
    base_url = "https://recherche-entreprises.api.gouv.fr"
    count_is_free = True
    enrich_is_free = True
    only_countries = (COUNTRY,)
    filters = frozenset({"states", "industries", "size"})
    rates = (Rate(7, 1),)
    licence = "Licence Ouverte 2.0"

    def count(self, query: CompanyQuery) -> int | None:
        if not _may_match(query):
            return 0
        if query.exclude or query.not_called or not _only_sections(query):
            return None
        answer, edition = self._ask_first(query, per_page=1)
        if edition != REV_2 and not _are_whole_sections(query):
            return None
        return number(answer.get("total_results"))

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        if not _may_match(query):
            return Page()
        if cursor:
            page, per_page, edition = _read_cursor(cursor)
            answer = self._ask(query, page, per_page, edition)
        else:
            page, per_page = 1, max(1, min(limit, PAGE_SIZE))
            answer, edition = self._ask_first(query, per_page)
        found = required_items(answer, "results", self.code)
        companies = [self._company(item) for item in found]
        wanted = {identity_keys(one)[0]: one for one in companies if one and _fits(one, query)}
        seen = page * per_page
        total = number(answer.get("total_results")) or 0
        more = found and seen < min(total, MAX_RESULTS) and page < MAX_PAGES
        return Page(
            tuple(
                replace(one, contacts=choose_contacts(one.contacts, query))
                for one in wanted.values()
            ),
            _write_cursor(page + 1, per_page, edition) if more else None,
        )

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        registry, _colon, siren = (registry_id or "").partition(":")
        registry, siren = normalise_registry_id(registry, siren)
        if registry != REGISTRY or not siren.isdigit():
            return None
        answer = self._get({"q": siren, "per_page": 1})
        companies = map(self._company, required_items(answer, "results", self.code))
        return next((one for one in companies if one and one.registry_id == siren), None)

    def _try_out(self) -> None:
        self._get({"q": "insee", "per_page": 1})

    # === QUESTIONS === #

    def _ask_first(self, query: CompanyQuery, per_page: int) -> tuple[Mapping[str, Any], str]:
        """Return the first page and the edition of NACE whose sections the API knows."""
        answer = self._ask(query, 1, per_page, REV_2)
        if _sections(query, REV_2) == _sections(query, REV_21) or _has_old_codes(answer):
            return answer, REV_2
        if self._edition_of_sections() == REV_2:
            return answer, REV_2
        return self._ask(query, 1, per_page, REV_21), REV_21

    def _edition_of_sections(self) -> str:
        """Ask for a company of section K: finance in Rev. 2, computing in Rev. 2.1."""
        answer = self._get({"section_activite_principale": "K", "per_page": 1})
        found = required_items(answer, "results", self.code)
        codes = [code for item in found for code in _industries(item)]
        return REV_21 if "J" in map(nace.section_of, codes) else REV_2

    def _ask(
        self, query: CompanyQuery, page: int, per_page: int, edition: str
    ) -> Mapping[str, Any]:
        sections = _sections(query, edition)
        params = {
            "etat_administratif": "A",
            "section_activite_principale": ",".join(sorted(sections)),
            "tranche_effectif_salarie": ",".join(_bands_of(query)),
            "departement": ",".join(
                state_key(country, state) for country, state in query.states if country == COUNTRY
            ),
            "page": page,
            "per_page": per_page,
        }
        return self._get({name: value for name, value in params.items() if value})

    def _get(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = self._client.get(
            "search", {**params, "minimal": "true", "include": "siege,dirigeants,finances"}
        )
        return mapping(answer)

    # === ANSWERS === #

    def _company(self, item: Mapping[str, Any]) -> Company | None:
        """Return the company, or None if it has no name, no number, or may not be shown."""
        registry, siren = normalise_registry_id(REGISTRY, text(item.get("siren")))
        name = text(item.get("nom_raison_sociale")) or text(item.get("nom_complet"))
        # Who has asked not to be shown to others is "P", and has no name in places.
        is_shown = not (
            is_placeholder(name)
            or read_status(text(item.get("statut_diffusion")), "statutDiffusion")
        )
        if not name or len(siren) != 9 or not is_shown:
            return None
        head_office = mapping(item.get("siege"))
        least, most = bands.INSEE.get(text(item.get("tranche_effectif_salarie")), (None, None))
        provenance = Provenance(
            provider=self.code,
            dataset="Sirene",
            licence=self.licence,
            url=f"https://annuaire-entreprises.data.gouv.fr/entreprise/{siren}",
            fetched_on=date.today(),
        )
        return Company(
            name=name,
            registry=registry,
            registry_id=siren,
            status=read_status(text(item.get("etat_administratif")), "etatAdministratif") or "",
            legal_form=_legal_form(text(item.get("nature_juridique"))),
            street=_street(head_office),
            street2=text(head_office.get("complement_adresse")),
            zip=text(head_office.get("code_postal")),
            city=text(head_office.get("libelle_commune")),
            country_code=COUNTRY,
            employees_min=least,
            employees_max=most,
            employees=least if least == most else None,
            industries=_industries(item),
            founded=year(item.get("date_creation")),
            revenue=_revenue(mapping(item.get("finances"))),
            contacts=_directors(item, provenance),
            provenance=provenance,
        )


def _may_match(query: CompanyQuery) -> bool:
    """Whether the register can have any such company."""
    if query.countries and COUNTRY not in query.countries:
        return False
    if query.industries and not nace.expand(query.industries):
        return False
    return not bands.is_sized(query) or bool(bands.inside(query, bands.INSEE))


def _bands_of(query: CompanyQuery) -> list[str]:
    return bands.inside(query, bands.INSEE) if bands.is_sized(query) else []


def _only_sections(query: CompanyQuery) -> bool:
    asked = {nace.section_of(code) for code in query.industries}
    return set(nace.expand(query.industries)) == set(nace.expand(asked))


def _fits(company: Company, query: CompanyQuery) -> bool:
    wanted = nace.expand(query.industries)
    return (not wanted or bool(set(company.industries) & set(wanted))) and not (
        company.status or is_unwanted(company, query)
    )


def _street(head_office: Mapping[str, Any]) -> str:
    parts = ("numero_voie", "indice_repetition", "type_voie", "libelle_voie")
    return " ".join(filter(None, (text(head_office.get(part)) for part in parts)))


def _legal_form(code: str) -> str:
    """Return what INSEE calls the legal form, as precisely as it is known here; else the code."""
    return LEGAL_FORMS.get(code[:2]) or LEGAL_FORMS.get(code[:1], code)


def _sections(query: CompanyQuery, edition: str) -> frozenset[str]:
    """Return the sections of an edition of NACE that hold what is asked."""
    if edition == REV_21:
        return nace_editions.sections_21(query.industries)
    return frozenset(map(nace.section_of, query.industries)) - {""}


def _are_whole_sections(query: CompanyQuery) -> bool:
    """Whether all that Rev. 2.1 has in the sections that are asked is wanted."""
    wanted = set(nace.expand(query.industries))
    return all(
        wanted.issuperset(divisions)
        for divisions in nace_editions.contents_21(_sections(query, REV_21))
    )


def _has_old_codes(answer: Mapping[str, Any]) -> bool:
    codes = (text(item.get("activite_principale")) for item in items(answer.get("results")))
    return any(nace_editions.edition_of_naf(code) == REV_2 for code in codes)


def _industries(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the divisions of the main activity: of one code, which may have been several."""
    code = text(item.get("activite_principale"))
    if found := from_naf(code):
        return found
    # A letter that is another in the editions says nothing without a code.
    letter = text(item.get("section_activite_principale"))
    sections = {nace_editions.section(letter, edition) for edition in (REV_2, REV_21)}
    return tuple(sections) if len(sections) == 1 and "" not in sections else ()


def _revenue(finances: Mapping[str, Any]) -> str:
    """Return "1,234,567 EUR (2023)" of the last year that has one (`ca`, in euro)."""
    for end in sorted(finances, reverse=True):
        amount = number(mapping(finances[end]).get("ca"))
        if amount is not None:
            return f"{amount:,} EUR ({text(end, 4)})"
    return ""


def _directors(item: Mapping[str, Any], provenance: Provenance) -> tuple[Contact, ...]:
    """The persons among the directors; what the register knows of their birth is left out."""
    contacts = {}
    for director in items(item.get("dirigeants")):
        name = french_name(text(director.get("prenoms")), text(director.get("nom")))
        if director.get("type_dirigeant") != "personne physique" or not name:
            continue
        title = text(director.get("qualite"))
        contacts[name, title] = Contact(
            name=name,
            job_title=title,
            role=role_of(title),
            seniority=seniority_of(title),
            provenance=provenance,
        )
    return tuple(contacts.values())


def _write_cursor(page: int, per_page: int, edition: str) -> str:
    """Return "2/25", with the edition of the sections behind it where it is not Rev. 2."""
    return f"{page}/{per_page}" + ("" if edition == REV_2 else f"/{edition}")


def _read_cursor(cursor: str) -> tuple[int, int, str]:
    page, _slash, rest = cursor.partition("/")
    per_page, _slash, edition = rest.partition("/")
    is_ours = page.isdigit() and per_page.isdigit() and edition in ("", REV_21)
    if not (is_ours and 1 <= int(per_page) <= PAGE_SIZE):
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=RechercheEntreprises.code)
    return int(page), int(per_page), edition or REV_2
