"""Roles and seniorities of contacts, and how they are read from a job title.

The codes are those that Odoo's lead generation has always used, so that requests and other
databases keep their meaning.
"""

import re
import unicodedata
from functools import lru_cache

ROLES = {
    "ceo": "CEO",
    "communications": "Communications",
    "consulting": "Consulting",
    "customer_service": "Customer Service",
    "education": "Education",
    "engineering": "Engineering",
    "finance": "Finance",
    "founder": "Founder",
    "health_professional": "Health Professional",
    "human_resources": "Human Resources",
    "information_technology": "Information Technology",
    "legal": "Legal",
    "marketing": "Marketing",
    "operations": "Operations",
    "owner": "Owner",
    "president": "President",
    "product": "Product",
    "public_relations": "Public Relations",
    "real_estate": "Real Estate",
    "recruiting": "Recruiting",
    "research": "Research",
    "sale": "Sales",
}

SENIORITIES = {"director": "Director", "executive": "Executive", "manager": "Manager"}

# The first pattern that fits decides, so the narrow ones stand before the broad ones.
_ROLE_PATTERNS = (
    ("founder", r"(co)?founder|(co)?fondat(ore|rice|eur)|(mit)?gr(u|ue)nder|(co)?fundador"
                r"|(wspol)?zalozyciel|(mede)?oprichter|(med)?grundare|(med)?grundlaegger|zakladatel"
                r"|socio fondat|foundress"),
    ("owner", r"(?<!\w)(?:co)?owner\b|(?:con)?titolare|(?:com)?proprietari|inhaber|proprietaire"
              r"|(?:co)?propietari|eigentumer|eigenaar|wlasciciel|majitel|vlastnik|omistaja"
              r"|dueno|duena"
              r"|agare\b|ejer\b|socio unico|associe unique|alleingesellschafter|tulajdonos"),
    ("ceo", r"ceo|chief executive|amministrat(ore|rice) (delegat|unic)"
            r"|amm\.?(re)? ?(del\.|del$|deleg|unic)|ad\s*($|[,/;&-])"
            r"|amministrat(ore|rice)\s*($|[,/;&-])"
            r"|amministrat(ore|rice) e |co-?amministrat(ore|rice)|dirett(ore|rice) generale?"
            r"|legale? rappresentante|legal representative|rappresentante legale"
            r"|representant(e)? legal|gesetzliche[rs]? vertreter"
            r"|gesch(a|ae)ftsf(u|ue)hr|gesch(a|ae)ftsleit|vorstand|direct(eur|rice) general"
            r"|president-directeur"
            r"|pdg\b|(co-?)?gerante?\b|direct(eur|rice) gerant|administrat(eur|rice) deleguee?"
            r"|administrateur unique|director general|directora general|director gerente"
            r"|director ejecutiv"
            r"|directora ejecutiv|administradora?\s*($|[,/;&-])"
            r"|administradora? (unic|general|delegad|solidari|mancomunad|gerente)"
            r"|consejer[oa] delegad|consiglier[ea] delegat|gerente general|gerente\s*($|[,/;&-])"
            r"|socio-?\s?gerente|gerente unic|diretora? (geral|executiv|presidente)"
            r"|managing director"
            r"|zaakvoerder|bestuurder|algemeen directeur|statutair directeur|prezes"
            r"|dyrektor generalny"
            r"|verkstallande direktor|administrerende direkt|adm\.? ?dir|daglig leder"
            r"|toimitusjohtaja|jednatel"
            r"|konatel|generaln[iy] reditel|ugyvezeto|vezerigazgato|genel mudur|statutarny organ"
            r"|генеральныи директор|代表取締役|director executiv"),
    ("recruiting", r"recruit|talent acquisition|selezione del personale"),
    ("human_resources", r"chro|human resources|hr|drh|people officer|(head|director|vp) of people"
                        r"|risorse umane|personal(leiter|abt)"
                        r"|ressources humaines|recursos humanos"),
    ("public_relations", r"public relations|pr manager|relazioni pubbliche"
                         r"|relations publiques|press officer"),
    ("communications", r"communications?|comunicazione|kommunikation|comunicacion"),
    ("marketing", r"cmo|marketing|brand|growth|social media|seo"),
    ("customer_service", r"customer (service|success|support|care|experience)|chief customer"
                         r"|servizio clienti|kundendienst|service client"),
    ("sale", r"cso|sales?|account (executive|manager)|business development|vendit[ae]"
             r"|chief revenue|revenue officer"
             r"|commerciale?|comercial|vertrieb|ventes|ventas|cro|agente di commercio"
             r"|export (area )?(manager|director|sales)|exportleit"
             r"|(responsabile|ufficio) (estero|export)"),
    ("finance", r"cfo|daf|financ|finanz|accountant|accounting|controller|treasur|tesor"
                r"|amministrazione|(responsabile|resp\.|direttore|direttrice) amministrativ|comptab"
                r"|buchhalt|kaufmannische[rs]? leit|contabil|contable|contador|ragionier|bookkeep"),
    ("legal", r"legal|counsel|lawyer|attorney|avvocat|legale|jurist|avocat|nota(r(?!zt)|io|ire)"
              r"|solicitor|(rechts|fach|syndikus)anw(a|ae)lt|abogad|advogad|compliance"
              r"|data protection|dpo"),
    ("information_technology", r"cio|ciso|it|information technology|information officer"
                               r"|information security|amministrat(ore|rice) di (sistem|ret)"
                               r"|administradora? de (sistem|red)|chief (digital|data)"
                               r"|system ?admin|sistemista|informatic|informatik|informatique"
                               r"|devops|information systems|sistemi informativ"
                               r"|systemes? d.?information"
                               r"|dsi|rssi|edp|ced"),
    ("research", r"research|r&d|ricerca|forschung|recherche|scientist|chief scien"),
    ("engineering", r"cto|engineer|developer|ingegner|ingenieur|entwickler|sviluppat"
                    r"|developpeu|desarrollador|programador"
                    r"|software architect|programm|chief technolog|chief technical"
                    r"|direttore tecnico|directeur technique|director tecnico"
                    r"|technischer (leiter|direktor)"
                    r"|technology officer|technical director"),
    ("product", r"cpo|product|prodotto|produkt|produit"),
    ("operations", r"coo|operations|operating officer|chief operat|operativ|logistic|supply chain"
                   r"|produzione|betriebsleiter|werks?leit|plant (manager|director)"
                   r"|(direttore|responsabile|capo) (di )?stabilimento"),
    ("real_estate", r"real estate|immobil|property manager|facility"),
    ("health_professional", r"doctor|physician|nurse|medic[ao]|infermier|arzt|pharmacist"),
    ("education", r"teacher|professor|lecturer|docente|insegnante|lehrer|trainer"),
    ("consulting", r"consult|consulente|berater|advisor"),
    ("president", r"president|presidente?|prasident|przewodniczacy"),
)  # fmt: skip

_SENIORITY_PATTERNS = (
    ("executive", r"c[efotmiphrs]o\b|chro|ciso|chief|(vice )?president|presidente|vp|svp|evp"
                  r"|(co)?founder|(co)?fondat(ore|rice|eur)|(?<!\w)(?:co)?owner\b|titolare|inhaber"
                  r"|amministrat(ore|rice) (delegat|unic)|gesch(a|ae)ftsf(u|ue)hr"
                  r"|(?<!business )(?<!channel )partner(?! manager)(?! success)(?! marketing)"
                  r"|(?<!account )(?<!sales )(?<!marketing )(?<!support )(?<!service )"
                  r"(?<!customer )(?<!media )(?<!development )(?<!recruitment )"
                  r"(?<!operations )(?<!hr )executive(?! chef)"),
    ("director", r"director|direttore|direttrice|direktor|directeur|directrice|head|leiter"
                 r"|responsabile (di )?direzione"),
    ("manager", r"manager|responsabile|capo|teamleiter|team lead|lead|supervisor|jefe"),
)  # fmt: skip

#: Titles at the top of a company, which nobody has who only works for one of them.
_TOP = frozenset({"founder", "owner", "ceo", "president"})
#: Owners of everything but the company.
_OWNER = re.compile(
    r"\b(product|process|service|data|system|application|app|platform|solution|project|budget|risk"
    r"|asset|content|account|home|deal|policy|ticket|task|story|feature|backlog|domain|control|epic|test|technical|tech|release"
    r"|program(?:me)?|portfolio|model|capability|initiative)s? owner(?:ship)?\b"
)
#: The board of directors, which is no administration.
_BOARD = re.compile(
    r"\b(?:consigli|conse[ijl]|membro|raad|board)[\w ]*? (?:di|de|d'|da)"
    r" ?(?:amministra|administra)\w*"
)
#: Those who help somebody, and whom.
_HELPER = re.compile(
    r"(?:(?:assist|asist|asyst)\w*|(?<=\bceo)(?:'?s)? (?:pa|ea|office|coach|secretary)\b"
    r"|(?<=\bceo)'s\b|\b(?:executive|personal|private|corporate) secretar\w*"
    r"|\bsegretari[ao]\b(?! generale)|sekretar\w*"
    r"|\bsecretai?r\w*(?= (?:to|of|for|de|du|di|del|da|do)\b)|\b(?:pa|ea)(?= to\b)"
    r"|\boffice(?= of\b)|\b(?:referent|mitarbeiter)\w*(?= (?:der|des)\b))"
    r"(?:,? (?:(?:to|of|for|der|des|zum|zur|del|della|dello|di|de|du|da|do|dos|van|till|til|al|alla"
    r"|au|a)\b|dell').*)?"
)
#: For whom somebody works, or whom one advises.
_WHOM = re.compile(
    r"\bto (?:the |our )?(?=.*\b(?:ceo|cfo|coo|cto|md|chief|president|founder|owner|managing|board"
    r"|director)).*|(?<=\badvisor) (?:of|for)\b.*|(?<=\bberater) (?:der|des)\b.*"
    r"|(?<=\bconsulente) (?:del|dell).*"
)
#: What somebody was.
_FORMER = re.compile(
    r"\b(?:former(?:ly)?|ex|past|previous(?:ly)?|retired|ehemalig\w*|ancien(?:ne)?)\b"
    r"[ -]*[^,;/|&()]*"
)
#: Of those who lead a company, the ones who are called its directors.
_GENERAL_DIRECTOR = re.compile(r"\b(?:direct(?:eur|rice|ora?)|dirett(?:ore|rice)) general")
_ASSISTANT_MANAGER = re.compile(r"\bassistant +(?:\w+ )?(?:manager|director)\b")
#: "C.E.O."
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?|\b[a-z]\.[a-z]\b")
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "đ": "d", "œ": "oe", "’": "'"})


def _compile(patterns: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    # Short codes ("it", "cto") must be whole words; stems may be followed by their endings.
    return tuple(
        (
            code,
            re.compile(
                "|".join(
                    rf"\b(?:{part})\b" if len(part) <= 4 else rf"\b(?:{part})"
                    for part in _alternatives(pattern)
                )
            ),
        )
        for code, pattern in patterns
    )


def _alternatives(pattern: str) -> list[str]:
    """Split a pattern at its top-level bars."""
    return re.split(r"\|(?![^(]*\))", pattern)


_ROLES = _compile(_ROLE_PATTERNS)
_SENIORITIES = _compile(_SENIORITY_PATTERNS)


@lru_cache(1 << 12)
def role_of(job_title: str) -> str:
    """Return the key of ROLES that a job title names, or ""."""
    text, helps = _own(job_title)
    found = (code for code, pattern in _ROLES if pattern.search(text))
    return next((code for code in found if not (helps and code in _TOP)), "")


@lru_cache(1 << 12)
def seniority_of(job_title: str) -> str:
    """Return the key of SENIORITIES that a job title names, or ""."""
    text, helps = _own(job_title)
    if helps:
        return "manager" if _ASSISTANT_MANAGER.search(text) else ""
    found = next((code for code, pattern in _SENIORITIES if pattern.search(text)), "")
    is_top = role_of(job_title) in _TOP - {"president"}
    return "executive" if is_top and not _GENERAL_DIRECTOR.search(text) else found


@lru_cache(1 << 12)
def _own(job_title: str) -> tuple[str, bool]:
    """Return what a title says of the person itself, and whether it is somebody's helper."""
    text = (job_title or "")[:256].casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_PLAIN))
        text = "".join(char for char in text if not unicodedata.combining(char))
    if "." in text:
        text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    text = _FORMER.sub(" ", text)
    if "owner" in text:
        text = _OWNER.sub(r"\1", text)
    if "ministra" in text:
        text = _BOARD.sub(" ", text)
    without = _HELPER.sub(" assistant ", text)
    return _WHOM.sub(" ", without), without != text
