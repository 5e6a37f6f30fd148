"""Addresses as companies print them, in the countries that are read."""

from odoo.tests import BaseCase

from ...providers.website.addresses import addresses_in, towns_in
from ...providers.website.others import Block

#: What a page prints, lines parted by "/", with the country or the language of the site; below it
#: street, post code, town, state and country, and what stands above them; "-" where there is none.
PRINTED = """
    Via Roma 1/20121 Milano MI
        Via Roma 1 | 20121 | Milano |  |
    Via Roma 1, 20121 Milano (MI)
        Via Roma 1 | 20121 | Milano |  |
    Via Roma 1, 20121 Milano (MI) [it]
        Via Roma 1 | 20121 | Milano | MI | IT
    Via Roma 1, 20121 Milano MI [IT]
        Via Roma 1 | 20121 | Milano | MI | IT
    Via Roma 1, 20121 MILANO MI [IT]
        Via Roma 1 | 20121 | MILANO MI |  | IT
    Via Roma 1, I-20121 Milano
        Via Roma 1 | 20121 | Milano |  | IT
    Acme S.r.l./Via Roma 1/20121 Milano [IT]
        Via Roma 1 | 20121 | Milano |  | IT < Acme S.r.l.
    Hauptstraße 5, 10115 Berlin [de]
        Hauptstraße 5 | 10115 | Berlin |  | DE
    Hauptstraße 5, 10115 Berlin [en]
        -
    Hauptstraße 5, 10115 Berlin
        Hauptstraße 5 | 10115 | Berlin |  |
    Hauptstraße 5, 10115 Berlin [fr]
        Hauptstraße 5 | 10115 | Berlin |  | FR
    Hauptstraße 5, 10115 Berlin, Germany [en]
        Hauptstraße 5 | 10115 | Berlin |  | DE
    Hauptstraße 5/10115 Berlin/Germany [en]
        Hauptstraße 5 | 10115 | Berlin |  | DE
    Hauptstraße 5, 10115 Berlin [AT]
        -
    Hauptstraße 5, A-1010 Wien
        Hauptstraße 5 | 1010 | Wien |  | AT
    Hauptstraße 5, 1010 Wien [AT]
        Hauptstraße 5 | 1010 | Wien |  | AT
    Hauptstraße 5, 1010 Wien
        -
    Hauptstraße 5, 1010 Wien [de]
        -
    Hauptstraße 5, 1010 Wien, Austria
        Hauptstraße 5 | 1010 | Wien |  | AT
    Bahnhofstrasse 1, 8001 Zürich ZH [CH]
        Bahnhofstrasse 1 | 8001 | Zürich | ZH | CH
    Bahnhofstrasse 1, CH-8001 Zürich (ZH)
        Bahnhofstrasse 1 | 8001 | Zürich | ZH | CH
    rue de la Paix 3, 75002 Paris Cedex 02 [FR]
        rue de la Paix 3 | 75002 | Paris |  | FR
    2, rue de l'Exemple/75002 Paris [FR]
        2, rue de l'Exemple | 75002 | Paris |  | FR
    2 bis, rue de l'Exemple, 75002 Paris [FR]
        2 bis, rue de l'Exemple | 75002 | Paris |  | FR
    Calle Mayor 3, 23600 Martos (Jaén) [ES]
        Calle Mayor 3 | 23600 | Martos | J | ES
    Calle Mayor 3, 28013 Madrid [es]
        Calle Mayor 3 | 28013 | Madrid |  | ES
    Damrak 1, 1012 LG Amsterdam
        Damrak 1 | 1012 LG | Amsterdam |  | NL
    Damrak 1, 1012LG Amsterdam
        Damrak 1 | 1012LG | Amsterdam |  | NL
    ul. Długa 5, 00-950 Warszawa
        ul. Długa 5 | 00-950 | Warszawa |  | PL
    00-950 Warszawa, ul. Długa 5
        ul. Długa 5 | 00-950 | Warszawa |  | PL
    Rua Augusta 5, 1100-053 Lisboa
        Rua Augusta 5 | 1100-053 | Lisboa |  | PT
    Drottninggatan 5, 111 51 Stockholm [sv]
        Drottninggatan 5 | 111 51 | Stockholm |  | SE
    Drottninggatan 5, 111 51 Stockholm
        -
    Drottninggatan 5, 11151 Stockholm [SE]
        Drottninggatan 5 | 11151 | Stockholm |  | SE
    Storgatan 5, S-111 51 Stockholm
        Storgatan 5 | 111 51 | Stockholm |  | SE
    Karl Johans gate 5, 0154 Oslo [NO]
        Karl Johans gate 5 | 0154 | Oslo |  | NO
    Via Roma 1, 20121 tel 123 [IT]
        -
    Via Roma 1, 20121 Tel [IT]
        -
    Via Roma 1, 20121 Milano Tel. 02 1234 [IT]
        Via Roma 1 | 20121 | Milano |  | IT
    Via Roma 1, 20121 Milano Partita IVA [IT]
        Via Roma 1 | 20121 | Milano |  | IT
    Via Roma 1, 20121 San Giovanni in Persiceto [IT]
        Via Roma 1 | 20121 | San Giovanni in Persiceto |  | IT
    Via Roma 1, 20121 Milano e [IT]
        Via Roma 1 | 20121 | Milano |  | IT
    Via Roma 1, 20121 A [IT]
        -
    Via Roma 1, 20121 Bo [IT]
        Via Roma 1 | 20121 | Bo |  | IT
    Hauptstr. 5, 61348 Bad Homburg vor der Höhe [DE]
        Hauptstr. 5 | 61348 | Bad Homburg vor der Höhe |  | DE
    Hauptstr. 5 in 61348 Bad Homburg [DE]
        Hauptstr. 5 | 61348 | Bad Homburg |  | DE
    Acme GmbH - Hauptstr. 5 - 10115 Berlin [DE]
        Hauptstr. 5 | 10115 | Berlin |  | DE < Acme GmbH
    Acme GmbH | Hof B | Hauptstr. 5 | 10115 Berlin [DE]
        Hauptstr. 5 | 10115 | Berlin |  | DE < Hof B < Acme GmbH
    Acme GmbH/Gebäude 3/Hauptstr. 5/10115 Berlin [DE]
        Gebäude 3, Hauptstr. 5 | 10115 | Berlin |  | DE < Acme GmbH
    Acme GmbH/Abteilung/Hauptstr. 5/2. Stock/10115 Berlin [DE]
        Hauptstr. 5, 2. Stock | 10115 | Berlin |  | DE < Abteilung < Acme GmbH
    Acme GmbH/a/b/c/d/Hauptstr. 5/10115 Berlin [DE]
        Hauptstr. 5 | 10115 | Berlin |  | DE < d < c < b
    Hauptstr. 5/a/b/c/d/10115 Berlin [DE]
        -
    Adresse: Hauptstr. 5, 10115 Berlin [DE]
        Hauptstr. 5 | 10115 | Berlin |  | DE
    Anschrift Hauptstr. 5, 10115 Berlin [DE]
        Hauptstr. 5 | 10115 | Berlin |  | DE
    Sede legale: Via Roma 1, 20121 Milano [IT]
        Via Roma 1 | 20121 | Milano |  | IT
    Sample Ltd, Unit 4, Mill Lane 5, 10115 Berlin [DE]
        Unit 4, Mill Lane 5 | 10115 | Berlin |  | DE < Sample Ltd
    Sample Ltd Hauptstraße 5, 10115 Berlin [DE]
        Hauptstraße 5 | 10115 | Berlin |  | DE < Sample Ltd
    10115 Berlin [DE]
        -
    We sold 10115 Widgets [DE]
        -
    1 Mill Lane, London SW1A 1AA
        1 Mill Lane | SW1A 1AA | London |  | GB
    1 Mill Lane/London/SW1A 1AA
        1 Mill Lane | SW1A 1AA | London |  | GB
    1 Mill Lane, Guildford, Surrey, GU1 1AA
        1 Mill Lane | GU1 1AA | Guildford |  | GB
    1 Mill Lane, Guildford, Surrey, GU1 1AA [GB]
        1 Mill Lane | GU1 1AA | Guildford |  | GB
    1 Mill Lane, Guildford, GU1 1AA [US]
        -
    Acme Ltd, Unit 4, 1 Mill Lane, Guildford GU1 1AA [GB]
        Unit 4, 1 Mill Lane | GU1 1AA | Guildford |  | GB < Acme Ltd
    Acme Ltd/Unit 4/1 Mill Lane/Guildford/GU1 1AA [GB]
        Unit 4, 1 Mill Lane | GU1 1AA | Guildford |  | GB < Acme Ltd
    1 Main Street, Cork, County Cork, T12 X285 [IE]
        1 Main Street | T12 X285 | Cork |  | IE
    1 Mill Lane, near Guildford, GU1 1AA [GB]
        1 Mill Lane | GU1 1AA | Guildford |  | GB
    100 Main Street, Denver, CO 80202
        100 Main Street | 80202 | Denver | CO | US
    100 Main Street, Denver, CO 80202-1234
        100 Main Street | 80202-1234 | Denver | CO | US
    100 Main Street, Denver, Colorado 80202
        100 Main Street | 80202 | Denver | CO | US
    100 Main Street/Denver, CO 80202
        100 Main Street | 80202 | Denver | CO | US
    100 Main Street, Denver, XX 80202
        -
    100 Main Street, Denver, CO 80202 [DE]
        -
    100 Main Street, Denver, CO/80202
        100 Main Street | 80202 | Denver | CO | US
    Acme Inc, 100 Main Street, Suite 4, New York, NY 10001 [US]
        100 Main Street, Suite 4 | 10001 | New York | NY | US < Acme Inc
    100 Main Street New York New York 10001 [US]
        100 Main Street | 10001 | New York | NY | US
    Suite 4, Denver, CO 80202 [US]
        Suite 4 | 80202 | Denver | CO | US
    Denver, CO 80202 [US]
        -
    100 Main Street, Denver 5, CO 80202 [US]
        -
"""


def read(text, country="", language="", names=()):
    block = Block(tuple(text.split("/")), ())
    return [*addresses_in([block], country, language, frozenset(names))]


def told(address):
    parts = (address.street, address.zip, address.city, address.state, address.country)
    return " < ".join([" | ".join(parts).strip(), *filter(None, address.above)])


class TestPrintedAddresses(BaseCase):
    def test_an_address_is_read_as_its_country_writes_it(self):
        lines = [line.strip() for line in PRINTED.strip().splitlines()]
        for printed, expected in zip(lines[::2], lines[1::2], strict=True):
            text, _bracket, where = printed.removesuffix("]").partition(" [")
            country, language = (where, "") if where.isupper() else ("", where)
            with self.subTest(printed):
                found = [told(address) for address in read(text, country, language)]
                self.assertEqual(found, [] if expected == "-" else [expected])

    def test_the_company_s_name_is_no_street(self):
        text = "Acme Mill Lane/1 Mill Lane/Guildford/GU1 1AA"
        [address] = read(text, "GB", names=["acme mill lane"])
        self.assertEqual((address.street, address.above), ("1 Mill Lane", ("Acme Mill Lane",)))

    def test_a_town_is_what_stands_behind_its_post_code(self):
        for text, town in (
            ("61348 Bad Homburg vor der Höhe", "Bad Homburg vor der Höhe"),
            ("20121 San Giovanni in Persiceto e", "San Giovanni in Persiceto"),
            ("20121 Milano tel. 02 1234", "Milano"), ("20121 Milano Partita IVA 1", "Milano"),
            ("20121 Bo", "Bo"), ("20121 B", ""), ("20121 milano", ""),
            ("20121 " + "X" * 40, "X" * 40), ("20121 " + "X" * 41, ""),
            ("20121 Aa Bb Cc Dd Gg Hh Ii Jj", "Aa Bb Cc Dd Gg Hh Ii"),
            ("75002 Paris Cedex 02", "Paris"), ("59650 Villeneuve d'Ascq", "Villeneuve d'Ascq"),
            ("42121 Reggio nell’Emilia (RE)", "Reggio nell’Emilia"),
            ("20062 Cassano d'Adda", "Cassano d'Adda"), ("20121 Milano l'azienda", "Milano"),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual([*towns_in(text)], [town] if town else [])

    def test_no_page_has_more_than_six_hundred_lines_of_addresses(self):
        for above, count in ((598, 1), (599, 0)):
            text = "/".join(["x"] * above + ["Via Roma 1", "20121 Milano"])
            with self.subTest(above):
                self.assertEqual(len(read(text, "IT")), count)
