"""Roles and seniorities of contacts, and how they are read from a job title.

The codes are those that Odoo's lead generation has always used, so that requests and other
databases keep their meaning.
"""

import re
import unicodedata

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
    ("founder", r"founder|fondat(ore|rice|eur)|gr(u|ue)nder|fundador"),
    ("owner", r"owner|titolare|proprietari|inhaber|proprietaire|propietari"),
    ("ceo", r"ceo|chief executive|amministrat(ore|rice) delegat|geschaftsfuhrer"
            r"|directeur general|director general|consejero delegado|managing director"),
    ("recruiting", r"recruit|talent acquisition|selezione del personale"),
    ("human_resources", r"chro|human resources|hr|people officer|risorse umane|personal(leiter|abt)"
                        r"|ressources humaines|recursos humanos"),
    ("public_relations", r"public relations|pr manager|relazioni pubbliche"
                         r"|relations publiques|press officer"),
    ("communications", r"communications?|comunicazione|kommunikation|comunicacion"),
    ("marketing", r"cmo|marketing|brand|growth"),
    ("customer_service", r"customer (service|success|support|care)|servizio clienti"
                         r"|kundendienst|service client"),
    ("sale", r"cso|sales?|account (executive|manager)|business development|vendit[ae]"
             r"|commerciale?|vertrieb|ventes|ventas|cro"),
    ("finance", r"cfo|financ|finanz|accountant|accounting|controller|treasur|tesor|amministrazione"
                r"|comptab|buchhalt"),
    ("legal", r"legal|counsel|lawyer|attorney|avvocat|legale|jurist|avocat|notar|solicitor"),
    ("information_technology", r"cio|ciso|it|information technology|system ?admin|sistemista"
                               r"|informatic|informatik|informatique|devops"),
    ("research", r"research|r&d|ricerca|forschung|recherche|scientist"),
    ("engineering", r"cto|engineer|developer|ingegner|ingenieur|entwickler|sviluppat"
                    r"|software architect|programm"),
    ("product", r"cpo|product|prodotto|produkt|produit"),
    ("operations", r"coo|operations|operativ|logistic|supply chain|produzione|betriebsleiter"),
    ("real_estate", r"real estate|immobil|property manager|facility"),
    ("health_professional", r"doctor|physician|nurse|medic[ao]|infermier|arzt|pharmacist"),
    ("education", r"teacher|professor|lecturer|docente|insegnante|lehrer|trainer"),
    ("consulting", r"consult|consulente|berater|advisor"),
    ("president", r"president|presidente?|prasident"),
)  # fmt: skip

_SENIORITY_PATTERNS = (
    ("executive", r"c[efotmiphrs]o\b|chro|ciso|chief|executive|founder|fondat(ore|rice|eur)|owner"
                  r"|titolare|inhaber|(vice )?president|presidente|geschaftsfuhrer|partner"
                  r"|amministrat(ore|rice) delegat|managing director|vp|svp|evp"),
    ("director", r"director|direttore|direttrice|direktor|directeur|directrice|head|leiter"
                 r"|responsabile (di )?direzione"),
    ("manager", r"manager|responsabile|capo|teamleiter|team lead|lead|supervisor|jefe"),
)  # fmt: skip


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


def role_of(job_title: str) -> str:
    """Return the key of ROLES that a job title names, or ""."""
    return _first(_ROLES, job_title)


def seniority_of(job_title: str) -> str:
    """Return the key of SENIORITIES that a job title names, or ""."""
    return _first(_SENIORITIES, job_title)


def _first(patterns: tuple[tuple[str, re.Pattern[str]], ...], job_title: str) -> str:
    text = unicodedata.normalize("NFKD", (job_title or "")[:256].casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return next((code for code, pattern in patterns if pattern.search(text)), "")
