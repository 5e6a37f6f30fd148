"""What is told of a company and of its contacts: each attribute once, with all the places it is in.

A new attribute is a line here, a field of `types.Company`, and what its providers tell. Its columns
on leads and contacts (`company.profile.mixin`) and in the directory are fields of those models.
"""

from dataclasses import dataclass
from typing import Any, Literal

from odoo.addons.crm_common.tools.gaps import ADDRESS, Unit

Kind = Literal["text", "long", "number", "list", "network"]
Group = Literal["", "name", "address", "reach", "profile", "logo"]


def _lt(label: str) -> str:
    """Mark a label for translation; whoever shows it translates it."""
    return label


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a company or contact.

    :ivar target: its name among the targets of imported columns
    :ivar kind: of what it consists; a "long" text may have thousands of characters
    :ivar group: what users may let overwrite together with it; "" for what they may not
    :ivar fields: of `Company` or `Contact`, of networks the keys of `socials`, or none
    :ivar records: its fields on leads or contacts
    :ivar columns: of the directory's tables
    :ivar aliases: headers that mean it, as `normalise_header` writes them: in our own words, those
        of common exports, of Companies House's "Basic Company Data" and of GLEIF's golden copy, and
        in Italian, French, German and Spanish; "" for what is not imported
    :ivar exported: whether files of results have a column of it
    """

    target: str
    label: str
    kind: Kind = "text"
    group: Group = ""
    fields: tuple[str, ...]
    records: tuple[str, ...] = ()
    columns: tuple[str, ...]
    aliases: str = ""
    exported: bool = True


def _attribute(target: str, label: str, **values: Any) -> Attribute:
    """Return an attribute whose field and column are called like its target, unless told."""
    fields = values.pop("fields", (target,))
    columns = values.pop("columns", fields)
    return Attribute(target=target, label=label, fields=fields, columns=columns, **values)


COMPANY = (
    _attribute(
        "name", _lt("Company Name"), group="name", records=("partner_name",),
        aliases="name companyname company organization organisation organizationname accountname"
        " entitylegalname legalname ragionesociale azienda denominazione nomeazienda societe"
        " raisonsociale nomcomplet entreprise denominationunitelegale firma firmenname"
        " unternehmen empresa razonsocial nombre",
    ),
    _attribute(
        "registry", _lt("Register"), records=("company_register",),
        aliases="registry register entityregistrationauthorityregistrationauthorityid registro",
    ),
    _attribute(
        "registry_id", _lt("Registration Number"),
        records=("company_registry_id", "company_registry"),
        aliases="registryid companynumber registrationnumber registernumber siren"
        " entityregistrationauthorityregistrationauthorityentityid"
        " codicefiscale numerorea numeroregistro handelsregisternummer crn",
    ),
    _attribute("lei", _lt("LEI"), records=("company_lei",), aliases="lei leicode codicelei"),
    _attribute(
        "status", _lt("Status"), exported=False,
        aliases="status companystatus businessstatus operatingstatus operationalstatus"
        " entitystatus entityentitystatus registrationstatus registrationregistrationstatus"
        " currentstatus statoattivita statoimpresa statoazienda statosocieta statodellimpresa"
        " etatadministratif etatadministratifunitelegale etatadministratifetablissement"
        " statutdiffusion statutdiffusionunitelegale statutdiffusionetablissement"
        " diffusioncommerciale unternehmensstatus firmenstatus rechtsstand estadoempresa"
        " situacionempresa situacaocadastral situacao bedrijfsstatus virksomhedsstatus"
        " sammensatstatus statusfirmy ettevotjastaatus ettevotjastaatustekstina abnstatus ftgstat"
        " juridicalsituation konkurs konkursdato konkursinledd underavvikling underavviklingdato"
        " undertvangsavviklingellertvangsopplosning insolvenz insolvenzverfahren insolvency"
        " insolvent bankrupt bankruptcy isbankrupt liquidation fallimento"
        " reklamebeskyttet reklamebeskyttelse reklamsparr reklamsparrtyp nonmailing"
        " nonmailingindicator donotcontact werbesperre dissolutiondate dissolved dissolvedon"
        " ceased ceasedon cessationdate dateofcessation datecessation datefermeture"
        " datacessazione datachiusura slettedato ddatzan permanentlyclosed"
        " terminated",
    ),
    _attribute(
        "vat", _lt("VAT Number"), records=("vat", "company_vat"),
        aliases="vat vatnumber vatid taxid tva partitaiva piva pivacodicefiscale ustid ustidnr"
        " numerotva cif nif",
    ),
    _attribute(
        "legal_form", _lt("Legal Form"), group="profile", records=("company_legal_form",),
        aliases="legalform legalformname companycategory naturejuridique formejuridique"
        " categoriejuridique libellecategoriejuridique rechtsform formagiuridica naturagiuridica"
        " formajuridica",
    ),
    _attribute(
        "part_of", _lt("Part of"), group="profile", records=("company_part_of",), columns=()
    ),
    _attribute(
        "domain", _lt("Domain"), aliases="domain companydomain primarydomain domaine dominio"
    ),
    _attribute(
        "website", _lt("Website"), group="reach", records=("website",),
        aliases="website url web companywebsite websiteurl homepage sitoweb sito siteweb"
        " siteinternet webseite internet paginaweb sitioweb",
    ),
    _attribute(
        "street", _lt("Street"), group="address", records=("street",),
        aliases="street address address1 addressline1 streetaddress regaddressaddressline1"
        " entityheadquartersaddressfirstaddressline"
        " indirizzo via adresse rue strasse direccion calle",
    ),
    _attribute(
        "street2", _lt("Street 2"), group="address", records=("street2",),
        aliases="street2 address2 addressline2 regaddressaddressline2 indirizzo2"
        " entityheadquartersaddressadditionaladdressline1 complementadresse adresszusatz",
    ),
    _attribute(
        "city", _lt("City"), group="address", records=("city",),
        aliases="city town locality regaddressposttown entityheadquartersaddresscity citta comune"
        " ville libellecommune commune stadt ort ciudad localidad",
    ),
    _attribute(
        "zip", _lt("ZIP"), group="address", records=("zip",),
        aliases="zip zipcode postcode postalcode regaddresspostcode cap codepostal plz postleitzahl"
        " entityheadquartersaddresspostalcode codigopostal zippostalcode postleitzahlplz"
        " postcodezip",
    ),
    _attribute(
        "state", _lt("State"), group="address", records=("state_id",), fields=("state_code",),
        aliases="state statecode province region county regaddresscounty provincia regione"
        " bundesland entityheadquartersaddressregion departement estado stateprovince stateregion"
        " bundeslandkanton",
    ),
    _attribute(
        "country", _lt("Country"), group="address", records=("country_id",),
        fields=("country_code",),
        aliases="country countrycode countryiso regaddresscountry entityheadquartersaddresscountry"
        " paese nazione stato pays land pais countryregion",
    ),
    _attribute(
        "location", _lt("City, State, Country"), fields=(), exported=False,
        aliases="headquarterslocation headquarters",
    ),
    _attribute(
        "phone", _lt("Phone"), group="reach", records=("phone",),
        aliases="phone telephone phonenumber tel companyphone telefono telefon telephonenumber"
        " telefonnummer numerotelefono numeroditelefono numerodetelephone numerodetelefono",
    ),
    _attribute(
        "email", _lt("Email"), kind="list", group="reach", records=("email_from", "email"),
        fields=("emails",),
        aliases="email mail companyemail emailaddress courriel pec correo correoelectronico epost"
        " adresseemail adressemail emailadresse mailadresse indirizzoemail direccionemail"
        " direcciondecorreoelectronico",
    ),
    _attribute(
        "employees", _lt("Employees"), kind="number", group="profile",
        records=("company_employees", "company_employees_range"),
        fields=("employees", "employees_min", "employees_max"),
        aliases="employees numberofemployees employeecount headcount companysize size staff"
        " dipendenti numerodipendenti addetti effectif effectifs salaries mitarbeiter"
        " mitarbeiterzahl empleados trancheeffectifsalarie noofemployees employeescount"
        " trancheeffectifs trancheeffectif trancheeffectifsunitelegale"
        " trancheeffectifsetablissement katpo",
    ),
    _attribute(
        "industry", _lt("Industry"), kind="list", group="profile",
        records=("company_industry_id", "industry_id"), fields=("industries",),
        columns=("industry", "industries", "industry_codes"),
        aliases="industry industries sector naics sic nace siccode naicscode nacecode"
        " siccodesictext1 siccodesictext2 siccodesictext3 siccodesictext4 settore ateco"
        " codiceateco secteur naf codenaf ape codeape activiteprincipale branche branchen"
        " wz2008 industria cnae ateco2007 ateco2022 ateco2025 codiceateco2007 codiceateco2025"
        " atecocode nacerev2 nacerev21 nacecodes wz wzcode wz2025 sbi sbicode sbi2008 sbi2025 sni"
        " snicode sni2007 sni2025 sn2007 sn2025 nringskode1kode naeringskode1kode pkd kodpkd"
        " pkd2007 pkd2025 noga nogacode noga2008 noga2025 db07 db25 branchekode onace onace2008"
        " onace2025 emtak emtakkood cae caen cnae2009 cnae2025 codigocnae cnaefiscal"
        " cnaefiscalprincipal uksic ussic siccodes primarysiccode naicscodes primarynaicscode"
        " naics2022 naf2025 codenaf2025 codeape2025 isic isiccode ciiu linkedinindustry"
        " activiteprincipaleunitelegale activiteprincipaleetablissement"
        " activiteprincipalenaf25unitelegale primaryindustry basiccategory",
    ),
    _attribute(
        "founded", _lt("Founded"), kind="number", group="profile", records=("company_founded",),
        aliases="founded foundedyear yearfounded incorporationdate dateofcreation datecreation"
        " annodifondazione fondata fondazione anneecreation gegrundet grundungsjahr"
        " fundada fundacion",
    ),
    _attribute(
        "revenue", _lt("Revenue"), group="profile", records=("company_revenue",),
        columns=("revenue", "revenue_class"),
        aliases="revenue annualrevenue turnover fatturato chiffredaffaires ca umsatz"
        " facturacion ingresos",
    ),
    _attribute(
        "technologies", _lt("Technologies"), kind="list", group="profile",
        records=("company_technology_ids",),
        aliases="technologies technology tech techstack tecnologie technologien tecnologias",
    ),
    _attribute(
        "timezone", _lt("Time Zone"), group="profile", records=("company_timezone",),
        aliases="timezone fusoorario fuseauhoraire zeitzone zonahoraria",
    ),
    _attribute(
        "languages", _lt("Languages"), kind="list", columns=(), exported=False
    ),
    _attribute(
        "linkedin", _lt("LinkedIn"), kind="network", group="profile", records=("company_linkedin",),
        aliases="linkedin linkedinurl companylinkedinurl",
    ),
    _attribute(
        "facebook", _lt("Facebook"), kind="network", group="profile", records=("company_facebook",),
        aliases="facebook facebookurl", exported=False,
    ),
    _attribute(
        "twitter", _lt("X (Twitter)"), kind="network", group="profile", records=("company_x",),
        fields=("twitter", "x"), columns=("twitter",), aliases="twitter twitterurl x",
        exported=False,
    ),
    *(
        _attribute(
            network, label, kind="network", group="profile", records=(f"company_{network}",),
            columns=(), exported=False,
        )
        for network, label in {
            "instagram": _lt("Instagram"), "youtube": _lt("YouTube"), "github": _lt("GitHub"),
        }.items()
    ),
    _attribute(
        "description", _lt("Description"), kind="long",
        aliases="description about shortdescription descrizione beschreibung descripcion",
    ),
    _attribute(
        "logo_url", _lt("Logo URL"), group="logo", records=("company_logo", "image_1920"),
        aliases="logo logourl", exported=False,
    ),
)  # fmt: skip

CONTACT = (
    _attribute(
        "contact_name", _lt("Contact Name"), fields=("name",),
        aliases="contactname contact fullname person contatto referente nomecontatto"
        " nomducontact ansprechpartner contacto kontaktperson titolare amministratore"
        " geschaftsfuhrer inhaber gerant dirigeant administrador",
    ),
    _attribute(
        "contact_first_name", _lt("Contact First Name"), fields=(), exported=False,
        aliases="contactfirstname firstname givenname forename vorname prenom",
    ),
    _attribute(
        "contact_last_name", _lt("Contact Last Name"), fields=(), exported=False,
        aliases="contactlastname lastname surname familyname cognome nachname apellidos",
    ),
    _attribute(
        "contact_title", _lt("Contact Job Title"), fields=("job_title",),
        aliases="jobtitle title position contacttitle role mansione ruolo qualifica poste"
        " fonction qualite funktion cargo puesto intituledeposte intituleduposte"
        " carica posizione berufsbezeichnung puestodetrabajo positionimunternehmen"
        " jobrole",
    ),
    _attribute("role", _lt("Contact Role"), exported=False),
    _attribute("seniority", _lt("Contact Seniority"), exported=False),
    _attribute(
        "contact_email", _lt("Contact E-mail"), kind="list", fields=("email",),
        aliases="contactemail personemail emailcontatto emailreferente emailducontact"
        " contactemailaddress emailansprechpartner",
    ),
    _attribute(
        "contact_phone", _lt("Contact Phone"), kind="list", fields=("phone",),
        aliases="contactphone personphone telefonocontatto directphone mobilephone cellulare",
    ),
)  # fmt: skip

#: What of a company only makes sense together.
UNITS = (
    Unit(ADDRESS.names, ("state_code",), ("country_code",)),
    Unit(("registry_id",), ("registry",)),
    Unit(("website",), ("domain",)),
    *(Unit(one.fields) for one in COMPANY if len(one.fields) > 1 and one.kind != "network"),
)
#: The same on leads and contacts.
RECORD_UNITS = (
    ADDRESS,
    Unit(("company_registry_id",), ("company_register",)),
    Unit(("company_employees", "company_employees_range")),
)
#: Field of leads or contacts -> its attribute.
OF_RECORD = {name: attribute for attribute in COMPANY for name in attribute.records}
#: Fields of `Company` that are tuples.
LISTS = tuple(name for one in COMPANY if one.kind == "list" for name in one.fields)


def fields_of(group: Group) -> tuple[str, ...]:
    """Return the fields of leads and contacts that users may let overwrite together."""
    return tuple(name for one in COMPANY if one.group == group for name in one.records)
