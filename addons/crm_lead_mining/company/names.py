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
#: More of them, of smaller companies. Some are surnames too, so that they count only alone.
_DEPARTMENTS = word_set(
    "kanzleien backstube baeckerei konditorei werkstaette disposition dispo einsatzplanung eshop"
    " obchod werk werft notdienst bereitschaft termin termine terminvergabe anmeldung rezeption"
    " reservierungen tischreservierung gutschein vermietung verleih bestellservice auftrag"
    " auftraege innendienst aussendienst beratung planung montage entwicklung ausbildung"
    " personalabteilung mitarbeiter"
    " immobilien hausverwaltung schaden versicherung gemeinde buchung gasthof gasthaus pension"
    " weingut hofladen metzgerei brauerei gaertnerei vorstand beschaffung zentraleinkauf faktura"
    " mahnwesen ersatzteile technischerdienst magasin rendezvous rdv patients cabinet etude"
    " notaires domaine chateau cave caveau ferme boulangerie salon institut location locations"
    " transport transports exploitation chantier chantiers travaux urgence urgences sav depannage"
    " formation formations adherents inscriptions inscription billetterie gestion syndic comptable"
    " paie rh candidature candidatures emploi equipe mairie agences siege depot bonsoir salut"
    " ecrire nous livraison livraisons expedition preventivo assistenzatecnica tecnici cantiere"
    " cantieri magazzini ricambi officine carrozzeria noleggio affitti affitto vendere gestionale"
    " iscrizioni iscrizione biglietteria cantina fattoria panificio pasticceria grafica"
    " progettazione cliente responsabile acquisto turni ordinazioni prenota prenotare contattaci"
    " contabile fornitori fatturato paghe appuntamenti ambulatorio clinica dentista agriturismi"
    " camere soci urp protocollo taller talleres pedido presupuesto presupuestos citas cita bodega"
    " almacen comercio administracio facturacio gerencia recepcion consulta consultas atencion"
    " atencionalcliente alquiler inmobiliaria obras proyectos produccion calidad exportacion"
    " logistico recambios empleo personas formacion matricula asesoria despacho laboral fiscal"
    " contable central delegacion comunicacion hotelero buenosdias envios verkoop inkoop balie"
    " werkplaats receptie administratie secretariaat boekhouding winkel bestelling bestellingen"
    " afspraak afspraken vacatures magazijn planner keuken tuin klant klanten algemeen verhuur"
    " onderhoud storing spoed praktijk notaris makelaar bestuur leden biuro sprzedaz zamowienia"
    " handlowy serwis obsluga klienta ksiegowosc kadry praca rekrutacja marketingu hurt hurtownia"
    " sklep rezerwacja rezerwacje recepcja rejestracja gabinet logistyka produkcja zaopatrzenie"
    " dostawy oferta oferty warsztat kundtjanst kundservice ekonomi forsaljning verkstad butik"
    " bokning kontor inkop jobb medlem salg kundeservice kundeservise regnskab bogholderi"
    " bestilling vaerksted butikk resepsjon ordre postmottak myynti asiakaspalvelu laskutus"
    " toimisto geral encomendas loja vendas orcamentos financeiro obchod prodej objednavky"
    " fakturace servis recepce uctarna predaj spares parts wholesale trade retail tours tour"
    " appointments appointment bookkeeping frontdesk frontoffice backoffice intake investors"
    " investor relations ir quote estimates estimate rentals rental leasing lettings letting"
    " property membership members volunteer volunteers donate donations admissions enrollment"
    " registrar library ticket tickets boxoffice brewery winery taproom kitchen catering dispatch"
    " operations ops compliance security safety warranty returns shipping deliveries delivery"
    " collections payments payroll finance accountspayable accountsreceivable bids tenders"
    " estimating workshop works nursery farm clinic surgery practice patient hire wedding weddings"
    " community partners partner partnerships resellers distributor developers api feedback"
    " connect talk ask talktous getintouch howdy letstalk social studios gallery shopping"
    " concierge spa charter charters museum theatre cinema radio imkerei floristik blumen"
    " gartenbau zimmerei dachdecker elektro sanitaer heizung fotostudio tierarzt zahnarzt hausarzt"
    " physio musikschule fahrschule reisebuero kita kindergarten bibliothek theater verein verlag"
    " druckerei flowers florist bakery plumbing dental optician vets fleuriste boucherie traiteur"
    " menuiserie plomberie coiffure imprimerie vignoble auberge gite camping fiorista macelleria"
    " ottica tipografia trattoria osteria pizzerie parrucchiere autofficina autoscuola panaderia"
    " floristeria carpinteria colegio bodegas imprenta autoescuela gestoria bloemen bakkerij"
    " slagerij kapsalon apotheek drukkerij hovenier pracownia kwiaciarnia piekarnia apteka"
    " drukarnia przychodnia szkola projekty blommor bageri tandlakare frisor tryckeri bilverkstad"
    " showroom books velo wine wines coffee kaffee moebel mobili arredi arredamento vini vino"
    " vinos weine vins garden gardens tennis yoga fitness gym reitstall metall druck design foto"
    " photo music musik musica kultur ceramica keramik tischlerei schreinerei schlosserei"
    " spedition trasporti impianti costruzioni edilizia serramenti meubles bijoux bikes cycles"
    " cars autos auto tyres reifen gomme pneus stolarnia slusarnia cukiernia restauracja kawiarnia"
    " kancelaria pflege pflegedienst engineering vetreria falegnameria gelateria enoteca libreria"
    " gioielleria profumeria lavanderia serralheria padaria mercearia farmacias joyeria ferreteria"
    " peluqueria zapateria cerrajeria fontaneria serrurerie vitrerie librairie bijouterie"
    " fromagerie epicerie poissonnerie fleurs smederij timmerbedrijf cukierni blomster snickeri"
    " maleri verksted urmakare")  # fmt: skip
#: Towns in the addresses of places of business that are nobody's name, without accents.
_TOWNS = word_set(
    "berlin hamburg muenchen munchen munich koeln koln cologne frankfurt stuttgart duesseldorf"
    " dusseldorf leipzig dortmund essen bremen dresden hannover nuernberg nurnberg duisburg bochum"
    " wuppertal bielefeld bonn muenster munster karlsruhe mannheim augsburg wiesbaden freiburg"
    " wien graz linz salzburg innsbruck klagenfurt zuerich zurich basel bern genf geneve lausanne"
    " luzern stgallen winterthur lugano toulouse bordeaux lille nantes strasbourg montpellier"
    " rennes grenoble dijon marseille lyon nice roma torino bologna firenze bari catania verona"
    " padova trieste brescia parma modena bergamo treviso vicenza madrid barcelona sevilla zaragoza"
    " malaga bilbao alicante murcia granada valladolid amsterdam rotterdam utrecht eindhoven"
    " groningen denhaag tilburg breda nijmegen arnhem antwerpen gent brugge bruxelles brussel"
    " brussels liege namur charleroi warszawa krakow lodz wroclaw poznan gdansk szczecin katowice"
    " lublin stockholm goteborg gothenburg malmo uppsala kobenhavn copenhagen aarhus odense oslo"
    " bergen trondheim helsinki tampere turku lisboa porto coimbra praha brno ostrava budapest"
    " dublin cork galway london manchester birmingham leeds glasgow edinburgh liverpool bristol"
    " sheffield cardiff belfast nottingham newcastle chicago boston seattle denver phoenix"
    " newyork losangeles sanfrancisco milano napoli")  # fmt: skip
#: Towns that are people's names as well: they tell no place of business.
_NAMED_ALIKE = word_set(
    "florence paris sofia milan charlotte victoria austin sydney chelsea adelaide carolina georgia"
    " lourdes valentina siena sienna lorraine chester jackson madison savannah orlando lincoln"
    " jordan dallas houston aurora vienna eugene jena helena verona clara marina martina rosa"
    " rosario santiago salvador leon laura elena alba lucca gaia asia india brooklyn romano"
    " ferrara messina pisa palermo catania genova salerno")  # fmt: skip
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


def is_only_function(
    email: str, towns: frozenset[str] = frozenset(), own: frozenset[str] = frozenset()
) -> bool:
    """Whether every part of an address is a function, a place of business or a language.

    "info.milano@…" and "muenchen@…" are, "info.jane@…" is not.

    :param towns: where the company says that it is, in lower case without accents and spaces
    :param own: words of its name, which may stand beside a function
    """
    parts = _parts(email)
    towns = (_TOWNS | towns) - _NAMED_ALIKE
    known = [part for part in parts if part in towns or _is_known(part)]
    if len(known) == len(parts):
        return any(len(part) > 2 or part in ("hr", "pr", "it", "rh") for part in parts)
    others = [part for part in parts if part not in known]
    return bool(known) and all(
        part in own or (len(part) == 2 and part.isalpha()) for part in others
    )


@lru_cache(1 << 14)
def _is_known(part: str) -> bool:
    """Whether a part of an address is a function's word, or two of them: "infomilano"."""
    if part in _FUNCTIONS or part in _DEPARTMENTS:
        return part not in _NAMED_ALIKE
    return any(
        part[:cut] in _FUNCTIONS and part[cut:] in _FUNCTIONS | _DEPARTMENTS | _TOWNS
        for cut in range(4, len(part) - 3)
    )


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
