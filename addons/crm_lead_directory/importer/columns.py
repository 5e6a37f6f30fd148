"""The columns that can be imported, and how those of foreign files are recognised."""

import re
import unicodedata
from collections.abc import Sequence

from .persons import contact_names, person_mapping

#: Target -> its label.
TARGETS = {
    "name": "Company name",
    "registry_id": "Registration number",
    "registry": "Register",
    "lei": "LEI",
    "vat": "VAT number",
    "domain": "Domain",
    "website": "Website",
    "street": "Street",
    "street2": "Street 2",
    "city": "City",
    "zip": "ZIP",
    "state": "State",
    "country": "Country",
    "phone": "Phone",
    "email": "Email",
    "employees": "Employees",
    "industry": "Industry",
    "founded": "Founded",
    "revenue": "Revenue",
    "description": "Description",
    "logo_url": "Logo URL",
    "technologies": "Technologies",
    "timezone": "Time zone",
    "linkedin": "LinkedIn",
    "facebook": "Facebook",
    "twitter": "X (Twitter)",
    "contact_name": "Contact: name",
    "contact_first_name": "Contact: first name",
    "contact_last_name": "Contact: last name",
    "contact_title": "Contact: job title",
    "contact_email": "Contact: email",
    "contact_phone": "Contact: phone",
}

#: Targets that may be filled from several columns.
SEVERAL = frozenset({"industry", "technologies", "email", "contact_email", "contact_phone"})
#: Those of them that have the first value that there is, not all of them.
FIRST_OF = frozenset({"contact_email", "contact_phone"})

# The headers that mean a target, as `normalise_header` writes them: in our own words, those of
# common exports, of Companies House's "Basic Company Data" and of GLEIF's golden copy, and in
# Italian, French, German and Spanish.
_ALIASES = {
    "name": "name companyname company organization organisation organizationname accountname"
            " entitylegalname legalname ragionesociale azienda denominazione nomeazienda societe"
            " raisonsociale nomcomplet entreprise denominationunitelegale firma firmenname"
            " unternehmen empresa razonsocial nombre",
    "registry_id": "registryid companynumber registrationnumber registernumber siren"
                   " entityregistrationauthorityregistrationauthorityentityid"
                   " codicefiscale numerorea numeroregistro handelsregisternummer crn",
    "registry": "registry register entityregistrationauthorityregistrationauthorityid registro",
    "lei": "lei leicode codicelei",
    "vat": "vat vatnumber vatid taxid tva partitaiva piva pivacodicefiscale ustid ustidnr"
           " numerotva cif nif",
    "domain": "domain companydomain primarydomain domaine dominio",
    "website": "website url web companywebsite websiteurl homepage sitoweb sito siteweb"
               " siteinternet webseite internet paginaweb sitioweb",
    "street": "street address address1 addressline1 streetaddress regaddressaddressline1"
              " entityheadquartersaddressfirstaddressline"
              " indirizzo via adresse rue strasse direccion calle",
    "street2": "street2 address2 addressline2 regaddressaddressline2 indirizzo2"
               " entityheadquartersaddressadditionaladdressline1 complementadresse adresszusatz",
    "city": "city town locality regaddressposttown entityheadquartersaddresscity citta comune ville"
            " libellecommune commune stadt ort ciudad localidad",
    "zip": "zip zipcode postcode postalcode regaddresspostcode cap codepostal plz postleitzahl"
           " entityheadquartersaddresspostalcode codigopostal zippostalcode postleitzahlplz"
           " postcodezip",
    "state": "state statecode province region county regaddresscounty provincia regione bundesland"
             " entityheadquartersaddressregion departement estado stateprovince stateregion"
             " bundeslandkanton",
    "country": "country countrycode countryiso regaddresscountry entityheadquartersaddresscountry"
               " paese nazione stato pays land pais countryregion",
    "phone": "phone telephone phonenumber tel companyphone telefono telefon telephonenumber"
             " telefonnummer numerotelefono numeroditelefono numerodetelephone numerodetelefono",
    "email": "email mail companyemail emailaddress courriel pec correo correoelectronico epost"
             " adresseemail adressemail emailadresse mailadresse indirizzoemail direccionemail"
             " direcciondecorreoelectronico",
    "employees": "employees numberofemployees employeecount headcount companysize size staff"
                 " dipendenti numerodipendenti addetti effectif effectifs salaries mitarbeiter"
                 " mitarbeiterzahl empleados trancheeffectifsalarie noofemployees employeescount",
    "industry": "industry industries sector naics sic nace siccode naicscode nacecode"
                " siccodesictext1 siccodesictext2 siccodesictext3 siccodesictext4 settore ateco"
                " codiceateco secteur naf codenaf ape codeape activiteprincipale branche branchen"
                " wz2008 industria cnae",
    "founded": "founded foundedyear yearfounded incorporationdate dateofcreation datecreation"
               " annodifondazione fondata fondazione anneecreation gegrundet grundungsjahr"
               " fundada fundacion",
    "revenue": "revenue annualrevenue turnover fatturato chiffredaffaires ca umsatz"
               " facturacion ingresos",
    "description": "description about shortdescription descrizione beschreibung descripcion",
    "logo_url": "logo logourl",
    "technologies": "technologies technology tech techstack tecnologie technologien tecnologias",
    "timezone": "timezone fusoorario fuseauhoraire zeitzone zonahoraria",
    "linkedin": "linkedin linkedinurl companylinkedinurl",
    "facebook": "facebook facebookurl",
    "twitter": "twitter twitterurl x",
    "contact_name": "contactname contact fullname person contatto referente nomecontatto"
                    " nomducontact ansprechpartner contacto kontaktperson titolare amministratore"
                    " geschaftsfuhrer inhaber gerant dirigeant administrador",
    "contact_first_name": "contactfirstname firstname givenname forename vorname prenom",
    "contact_last_name": "contactlastname lastname surname familyname cognome nachname apellidos",
    "contact_title": "jobtitle title position contacttitle role mansione ruolo qualifica poste"
                     " fonction qualite funktion cargo puesto intituledeposte intituleduposte"
                     " carica posizione berufsbezeichnung puestodetrabajo positionimunternehmen"
                     " jobrole",
    "contact_email": "contactemail personemail emailcontatto emailreferente emailducontact"
                     " contactemailaddress emailansprechpartner",
    "contact_phone": "contactphone personphone telefonocontatto directphone mobilephone cellulare",
}  # fmt: skip
_TARGET_OF = {alias: target for target, aliases in _ALIASES.items() for alias in aliases.split()}


def normalise_header(header: str) -> str:
    """ " RegAddress.PostTown" -> "regaddressposttown": letters and digits without accents."""
    text = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^a-z0-9]", "", text)


def guess_mapping(header: Sequence[str]) -> list[str]:
    """Return for each column the target that its name means, or "".

    The whole header tells whether "Email" is a company's or a person's. A target that takes only
    one column takes the first.
    """
    targets = person_mapping(header, _TARGET_OF)
    if targets is None:
        targets = [_TARGET_OF.get(normalise_header(cell), "") for cell in header]
        names = contact_names(header)
        targets = [target or name for target, name in zip(targets, names, strict=True)]
    taken: set[str] = set()
    mapping = []
    for target in targets:
        if target in taken and target not in SEVERAL:
            target = ""
        taken.add(target)
        mapping.append(target)
    return mapping


#: Register that a file's columns give away: header -> code as in org-id.guide.
_REGISTER_OF = {"siren": "FR-SIRENE", "companynumber": "GB-COH", "numerorea": "IT-RI"}


def guess_registry(header: Sequence[str]) -> str:
    """Return the register whose own file this is, or ""."""
    names = [normalise_header(cell) for cell in header]
    if "companynumber" in names and "regaddressposttown" not in names:
        return ""
    return next((_REGISTER_OF[name] for name in names if name in _REGISTER_OF), "")
