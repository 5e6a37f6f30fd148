"""What a whole header and some rows are taken for: tables of files as people have them."""

from odoo.tests import BaseCase, tagged

from ..importer.columns import recognise, recognise_values
from ..importer.headers import common_prefixes, read_header

COUNTRIES = {"Italy": "IT", "IT": "IT", "FR": "FR", "France": "FR"}
#: Header, then rows, then what each column is and what told it: its name, its values or both.
FILES = """
    Name|Website|Email
    / Acme Ltd|acme.it|info@acme.it
    / Beta Ltd|beta.it|a@beta.it
    = name:name|website:both|email:both
    Name|Website|Email
    = name:name|website:name|email:name
    Col1|Col2|Col3
    / Acme Ltd|acme.it|info@acme.it
    / Beta GmbH|beta.it|a@beta.it
    / Gamma AG|gamma.it|x@gamma.it
    = name:values|website:values|email:values
    Col1|Col2
    / Acme Ltd|Italy
    / Beta GmbH|France
    = name:values|country:values
    Col1|Col2
    / Acme Ltd|IT
    / Beta GmbH|FR
    = name:values|-
    Name|Col2
    / Acme Ltd|Italy
    / Beta GmbH|France
    = name:name|country:values
    Name|Col2|Country
    / Acme Ltd|Italy|IT
    / Beta GmbH|France|FR
    = name:name|-|country:both
    Nome attività|Città
    / Acme Ltd|Milano
    / Beta GmbH|Roma
    = name:name|city:name
    Name|Street|Street 2|City
    / Acme|Via Roma 1|Scala B|Milano
    = name:name|street:name|street2:name|city:name
    Name|Number|Street|City
    / Acme|1|Via Roma|Milano
    = name:name|-|street:name|city:name
    Name|Street|House number|City
    / Acme|Via Roma|1|Milano
    = name:name|street:name|street:name|city:name
    Name|Address|Street|City
    / Acme|Via Roma 1, Milano|Via Roma 1|Milano
    / Beta|Via Po 1, Roma|Via Po 1|Roma
    = name:name|-|street:name|city:name
    Name|Address|City
    / Acme|Via Roma 1, Milano|Milano
    = name:name|street:name|city:name
    Name|Billing City|Shipping City|Shipping ZIP
    / Acme|Milano|Roma|00100
    = name:name|city:name|-|-
    Name|City|Shipping City
    / Acme|Milano|Roma
    = name:name|city:name|-
    Name|Shipping City
    / Acme|Roma
    = name:name|-
    Plant street|Plant city|Plant ZIP|Name
    / Via Roma 1|Milano|20121|Acme
    = street:name|city:name|zip:both|name:name
    Plant street|Plant city|Name
    / Via Roma 1|Milano|Acme
    = -|-|name:name
    Foo Name|Foo City|Foo ZIP|Foo Email
    / Acme|Milano|20121|a@acme.it
    = name:name|city:name|zip:both|email:both
    Foo Name|Foo City
    / Acme|Milano
    = -|-
    Contact|Contact Email|Name
    / Anna|a@acme.it|Acme
    = contact_name:name|contact_email:both|name:name
    Contact Email|Contact Phone|Name
    / a@acme.it|02 1234567|Acme
    = email:both|phone:both|name:name
    Contact Email|Contact mobile|Name
    / a@acme.it|347 1234567|Acme
    = email:both|-|name:name
    Contact|City
    / Acme Ltd|Milano
    / Beta GmbH|Roma
    = name:name|city:name
    Title|City
    / Acme|Milano
    = name:name|city:name
    SIC|Name
    / 7372|Acme
    / 62012|Beta
    = industry:name|name:name
    ATECO 2007|Name
    / 62.01|Acme
    = industry:name|name:name
    NACE version|Name
    / 2008|Acme
    = -|name:name
    ATECO|Name
    / Software|Acme
    = industry:name|name:name
    Name|Phone|Phone 2
    / Acme|02 1234567|02 7654321
    = name:name|phone:both|phone:both
    Name|Email|E-mail
    / Acme|a@acme.it|b@acme.it
    = name:name|email:both|email:both
    Name|Name 2
    / Acme|Beta
    = name:name|-
    Name|Company
    / |Acme
    / |Beta
    = -|name:name
    Name|Phone
    / Acme|info@acme.it
    / Beta|a@b.it
    = name:name|email:values
    Name|Founded
    / Acme|1999
    = name:name|founded:both
    Name|Foo date|Date
    / Acme|01.02.1999|01.02.1999
    = name:name|-|-
    First Name|Last Name|Company|Email
    / Anna|Rossi|Acme|a@acme.it
    = contact_first_name:name|contact_last_name:name|name:name|contact_email:both
    First Name|Last Name|Company|LinkedIn
    / Anna|Rossi|Acme Widgets|https://linkedin.com/company/acme
    = contact_first_name:name|contact_last_name:name|name:name|linkedin:values
    First Name|Last Name|Company|Company LinkedIn
    / Anna|Rossi|Acme|https://linkedin.com/company/acme
    = contact_first_name:name|contact_last_name:name|name:name|linkedin:both
    First Name|Last Name|Company|Page
    / Anna|Rossi|Acme|https://linkedin.com/company/acme
    / Bob|Neri|Beta|https://linkedin.com/company/beta
    = contact_first_name:name|contact_last_name:name|name:name|linkedin:values
    First Name|Last Name|Company|Person LinkedIn
    / Anna|Rossi|Acme|https://linkedin.com/in/anna
    = contact_first_name:name|contact_last_name:name|name:name|-
    Name|Technologies|Technologies 2
    / Acme|Odoo|SAP
    = name:name|technologies:name|technologies:name
    Name|Industry|Industry 2
    / Acme|Software|62.01
    = name:name|industry:name|industry:name
    Name|Location|City
    / Acme|Milano, Italy|Milano
    = name:name|-|city:name
    Name|Location
    / Acme|Milano, Italy
    = name:name|location:name
"""
#: Rows of a file without names of columns, then what each column is.
NAMELESS = """
    Acme Ltd|acme.it
    / Beta GmbH|beta.it
    = name|website
    Acme Ltd|Rossi
    / Beta GmbH|Bianchi
    = name|-
    IT|Acme
    / FR|Beta
    = country|name
    Italy|Acme
    / France|Beta
    = country|name
    Rossi|Acme Ltd
    / Bianchi|Beta Ltd
    = -|name
    1|2
    = -|-
    a.it|b.it|c@d.it
    / e.it|f.it|g@h.it
    = website|-|email
    Foo|Bar
    = name|-
"""
#: Name of a column: what it may mean, how surely (3 for a whole name, 2 beside words that say
#: nothing, 1 beside others), and what else is said of it.
NAMES = """
    Name: name 3
    Names: - 0
    Addresses: street 3
    Address: street 3
    City: city 3
    Cities: - 0
    Emails: email 3
    Contacts: - 0
    Contact: contact_name 3
    Cod. Fisc.: registry_id 3
    Codice Fisc.: registry_id 2
    Tel.: phone 3
    Ragione Soc.: name 2
    Category: industry 3 vague
    Entity Category: - 0
    Site: website 3 vague
    Parent company name: - 0 alien
    Company/Firma: name 2
    Company (legal): name 2 secondary
    Foo [City]: - 0
    City 2: city 2
    Street 2: street2 3
    Address II: street2 1 beside ii
    Company type: name 1 beside type
    Company City: city 2
    City of Address: city 2
    Organization Address: street 2
    Shipping Address: - 0 alien
    Reg. No.: registry_id 3
    P. IVA: vat 3
    Partita I.V.A.: vat 3
    Umsatzsteuer-Identifikationsnummer: vat 3
    Hausnummer: street_part 3
    Hausnr: street_part 3
    foo: - 0
    ID: - 0
    Acme City: city 1 beside acme
    Status: status 3
    Dir. email: email 2
    Foo Bar City: city 1 beside foo bar
    Postal Town: city 1 beside postal
    Website URL: website 3
    Company Website: website 3
    VAT number: vat 3
    VATNumber: vat 3
    RegAddress.PostTown: city 3
    Street1: street 2
    Anz. Mitarb.: employees 2
    Num. Empl.: employees 2
"""


def country(text):
    return COUNTRIES.get(text, "")


def table(text):
    """Yield of each file its rows, as lists of cells, and what its columns are."""
    rows = []
    for line in map(str.strip, text.strip().splitlines()):
        if line.startswith("= "):
            yield rows, line.removeprefix("= ")
            rows = []
        else:
            rows.append(line.removeprefix("/ ").split("|"))


@tagged("post_install", "-at_install")
class TestWholeFiles(BaseCase):
    def test_each_column_of_a_file_is_recognised(self):
        for (header, *rows), told in table(FILES):
            with self.subTest(header, rows=rows):
                found = recognise(header, rows, country)
                said = [f"{one.target}:{one.by}" if one.target else "-" for one in found]
                self.assertEqual("|".join(said), told)

    def test_columns_without_names_are_recognised_by_their_values(self):
        for rows, told in table(NAMELESS):
            with self.subTest(rows):
                found = recognise_values(rows, country)
                self.assertEqual("|".join(one.target or "-" for one in found), told)

    def test_what_was_said_of_a_column_holds_unless_its_values_are_something_else(self):
        for name, values, said, target, by in (
            ("X", ("a", "b"), "city", "city", "remembered"),
            ("X", ("a", "b"), "", "", "remembered"),
            ("City", ("Milano", "Roma"), "state", "state", "remembered"),
            ("City", ("Milano", "Roma"), "", "", "remembered"),
            ("X", ("acme.it", "beta.it"), "phone", "website", "values"),
        ):
            with self.subTest(name, said=said):
                rows = [["Acme", values[0]], ["Beta", values[1]]]
                found = recognise(["Name", name], rows, country, {name.casefold(): said})[1]
                self.assertEqual((found.target, found.by), (target, by))

    def test_a_name_says_what_a_column_means_and_how_surely(self):
        for line in NAMES.strip().splitlines():
            name, _colon, told = line.strip().rpartition(": ")
            with self.subTest(name):
                found = read_header(name)
                marks = [one for one in ("vague", "alien", "secondary") if getattr(found, one)]
                words = [*(found.targets or ["-"]), str(found.rank), *marks]
                words += ["beside", *found.rest] if found.rest else []
                self.assertEqual(" ".join(words), told)

    def test_words_with_which_three_names_begin_say_nothing(self):
        for header, prefixes in (
            (["Foo Name", "Foo City", "Foo Email"], {"foo"}), (["Foo Name", "Foo City"], set()),
            (["City Name", "City Email", "City Phone"], set()), (["Foo", "Foo", "Foo"], set()),
        ):  # fmt: skip
            with self.subTest(header):
                self.assertEqual(common_prefixes(header), prefixes)
        for name, rank in (("Foo City", 2), ("Foo Bar City", 1), ("City Foo", 1)):
            self.assertEqual(read_header(name, frozenset({"foo"})).rank, rank, name)
