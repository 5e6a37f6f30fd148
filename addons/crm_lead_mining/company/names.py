"""When two names are one company's, and when an e-mail address is a person's."""

import re
import unicodedata
from functools import lru_cache

_MAX_NAME = 512


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Words of a company's name that tell its legal form, or nothing, as `normalise_name` writes them.
_FORMS = word_set(
    "srl srls spa sas sasu snc sapa scarl scrl scpa scrls ss sc unipersonale socio unico soc coop"
    " cooperativa societa liquidazione responsabilita limitata semplificata azioni"
    " sarl sa eurl sci scop selarl scic gie societe responsabilite limitee anonyme"
    " gmbh ggmbh mbh ag kg kgaa ohg ug gbr ek ekfm ekfr haftungsbeschrankt se co cie compagnia"
    " ltd limited plc llp llc lllp lp inc incorporated corp corporation company pllc pc"
    " oo bv nv vof cv bvba sprl asbl sl slu slp sau sociedad limitada anonima lda unipessoal"
    " ab hb oy oyj as asa aps is ks spzoo zoo sp spk sro spol kft zrt nyrt bt"
    " ood eood ad ead doo dd dooel ooo zao oao pao sti pvt private pte pty sdn bhd kk gk"
    " eirl")  # fmt: skip
#: Words between them, which may be a whole name too.
_SMALL = word_set("a in per z the and e ed et und y en og och i di de of la le il c")

#: Words of the address of a function, a department or a place of business.
_FUNCTIONS = word_set(
    "info infos information informazioni informacion informations contact contacts contatti"
    " contatto contacto kontakt mail email post posta postmaster webmaster hostmaster abuse web"
    " website sito office ufficio uffici bureau buero buro oficina kantoor sales sale vendite"
    " vendita vertrieb verkauf ventas vente ventes commerciale commercial comercial handel"
    " marketing pr press presse stampa media news newsletter redazione redaktion support supporto"
    " supporti assistenza help helpdesk service services servizio servizi servicio servicios"
    " kundenservice kunden kundendienst customer customers client clients clienti clientes care"
    " klantenservice hello hallo ciao hola bonjour welcome team staff crew hr jobs job lavoro"
    " lavora karriere career careers bewerbung bewerbungen recruiting recrutement rrhh personale"
    " personal personnel risorse umane admin administration amministrazione administracion"
    " verwaltung accounting accounts account contabilita buchhaltung comptabilite billing invoice"
    " invoices fatture fatturazione fattura rechnung rechnungen facture factures facturacion"
    " order orders ordini ordine bestellung bestellungen commande commandes pedidos acquisti"
    " purchasing einkauf achats achat compras export import logistica logistics logistik spedizioni"
    " versand magazzino lager warehouse shop store negozio boutique tienda laden online webshop"
    " booking bookings reservation reservations reservierung prenotazioni prenotazione reservas"
    " hotel ristorante restaurant bar cafe pizzeria albergo agriturismo reception empfang accueil"
    " front desk segreteria sekretariat secretariat secretaria direzione direction direccion"
    " direktion geschaeftsleitung management zentrale centralino hq head studio kanzlei praxis"
    " farmacia apotheke pharmacie pharmacy officina werkstatt garage atelier laboratorio labor lab"
    " technik tecnico technical technique tech it edv ict system systems sistemi privacy"
    " datenschutz dpo gdpr rgpd legal legale recht avvocati notaio pec cert qualita quality qualite"
    " qualitaet produzione production produktion progetti projects projekt project planning"
    " noreply no reply do not nicht antworten events event eventi veranstaltungen training academy"
    " formazione scuola school schule ecole escuela comune municipio stadt ville sede filiale"
    " branch agenzia agency agentur agence agencia enquiries enquiry inquiry anfrage anfragen"
    " request richieste preventivi devis angebot angebote quotes general generale main company"
    " azienda firma group gruppo gruppe groupe grupo international europe italia italy deutschland"
    " germany france espana spain uk usa de it fr es en at ch nord sud est ovest north south east"
    " west milano roma torino napoli bologna firenze berlin hamburg muenchen koeln frankfurt wien"
    " zurich paris lyon marseille madrid barcelona london my your our la el il the")  # fmt: skip
_PARTS = re.compile(r"[._\-]+")


def normalise_name(value: str) -> str:
    """Return a whole name in lower-case words, without accents and punctuation.

    "Müller & Söhne, S.r.l." -> "muller sohne srl".
    """
    text = unicodedata.normalize("NFKD", (value or "")[:_MAX_NAME]).casefold()
    # Once more: folding may give characters that have a simpler form ("ŉ", "ͅ").
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char) and char not in ".'’")
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


@lru_cache(1 << 14)
def company_name_key(name: str) -> str:
    """Return what the spellings of one company's name share.

    "ACME S.r.l.", "Acme srl" and "ACME SRL UNIPERSONALE" are one, "Acme" and "Acme Labs" are two.
    """
    text = normalise_name(name.replace("&", " "))
    words = set(re.sub(r"\b(\w) (?=\w\b)", r"\1", text).split())  # "s r l", "a c m e"
    return "".join(sorted(words - _FORMS - _SMALL or words - _FORMS or words))


def has_legal_form(name: str) -> bool:
    """Whether a name ends with a company's legal form: "ACME S.r.l."."""
    words = normalise_name(name.replace(".", "")).split()
    return len(words) > 1 and words[-1] in _FORMS


def is_function(email: str) -> bool:
    """Whether an address is that of a function ("info@…", "sales.de@…")."""
    return not _FUNCTIONS.isdisjoint(_parts(email))


def looks_personal(email: str) -> bool:
    """Whether one sees that an address is a person's: "anna.rossi@…", "a_rossi@…"."""
    return _is_personal(email.rpartition("@")[0])


def name_in_address(email: str) -> str:
    """Return the name that an address spells: "anna rossi" of "Anna.Rossi@…", or ""."""
    return " ".join(_parts(email)) if looks_personal(email) else ""


@lru_cache(1 << 14)
def _is_personal(local: str) -> bool:
    parts = _parts(f"{local}@")
    return (
        2 <= len(parts) <= 4
        and all(part.isalpha() for part in parts)
        and max(map(len, parts)) >= 3
        and _FUNCTIONS.isdisjoint(parts)
    )


def is_of_person(email: str, name: str) -> bool:
    """Whether an address is made of a person's name: "arossi@…", "anna@…" of Anna Rossi."""
    words = normalise_name(name).split()
    parts = _parts(email)
    if not words or not parts or is_function(email):
        return False
    local = "".join(parts)
    initials = {"".join(word[0] for word in order) for order in (words, words[::-1])}
    return (
        local in initials
        or not set(words).isdisjoint(parts)
        or any(len(word) >= 3 and word in local for word in words)
    )


def _parts(email: str) -> list[str]:
    local = email.rpartition("@")[0].partition("+")[0].rstrip("0123456789")
    return [part for part in _PARTS.split(_normalised(local)) if part]


def _normalised(local: str) -> str:
    """Return the local part of an address in lower case without accents."""
    if local.isascii():
        return local.lower()
    return ".".join(normalise_name(part) for part in _PARTS.split(local))
