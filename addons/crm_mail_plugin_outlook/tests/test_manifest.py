"""The manifest, by the rules that Microsoft writes down: its validator is a service on the web."""

import dataclasses
import re
import uuid
from pathlib import Path

from lxml import etree

from odoo.tests import BaseCase

from ..tools import manifest
from ..tools.manifest import APP, BASIC, MAIL_1_0, MAIL_1_1, XSI, Manifest, Texts

ENGLISH = Texts("Odoo: Ours", "Contacts of an e-mail.", "Odoo", "Show who they are.")
ITALIAN = Texts("Odoo: Nostra", "I contatti di un'e-mail.", "Odoo", "Mostra chi sono.")
OURS = Manifest(
    database="0b5c2b0e-1111-2222-3333-444455556666",
    address="https://erp.ours.example",
    provider="Ours & Sons <Ltd>",
    version="19.0.1.0.0",
    pane="/mail_plugin/outlook/pane",
    icons="/crm_mail_plugin_outlook/static/img/outlook-",
    texts={"en_US": ENGLISH, "it_IT": ITALIAN, "sr@latin": ITALIAN, "es_419": ITALIAN},
)
#: Order of elements, "?" after one that may be missing: Microsoft's schema fixes it.
ORDER = {
    "OfficeApp": "Id Version ProviderName DefaultLocale DisplayName Description IconUrl "
    "HighResolutionIconUrl SupportUrl AppDomains Hosts Requirements FormSettings Permissions Rule "
    "VersionOverrides",
    "Form": "DesktopSettings",
    "DesktopSettings": "SourceLocation RequestedHeight",
    "VersionOverrides": "Requirements Hosts Resources VersionOverrides?",
    "Host": "DesktopFormFactor? MobileFormFactor?",
    "DesktopFormFactor": "ExtensionPoint",
    "MobileFormFactor": "ExtensionPoint",
    "OfficeTab": "Group",
    "Group": "Label Control",
    "Control": "Label Supertip? Icon Action",
    "Supertip": "Title Description",
    "Action": "SourceLocation SupportsPinning?",
    "Resources": "Images Urls ShortStrings LongStrings",
}


def name_of(element):
    return etree.QName(element).localname


def kind_of(element):
    return element.get(f"{{{XSI}}}type")


class TestManifest(BaseCase):
    def setUp(self):
        super().setUp()
        self.root = etree.fromstring(OURS.to_xml())
        self.outer = self.root.find(f"{{{MAIL_1_0}}}VersionOverrides")
        self.inner = self.outer.find(f"{{{MAIL_1_1}}}VersionOverrides")

    def text(self, name):
        return self.root.findtext(f"{{{APP}}}{name}")

    def test_the_elements_stand_in_the_order_of_the_schema(self):
        for element in self.root.iter():
            order = ORDER.get(name_of(element))
            if not order or not len(element):
                continue
            children = [name_of(child) for child in element]
            expected = "".join(
                f"({word.rstrip('?')} ){'?' if word.endswith('?') else ''}"
                for word in order.split()
            )
            with self.subTest(name_of(element)):
                self.assertRegex("".join(f"{child} " for child in children), f"^{expected}$")

    def test_both_versions_of_the_commands_are_there_the_newer_inside_the_older(self):
        self.assertEqual(kind_of(self.root), "MailApp")
        self.assertEqual(kind_of(self.outer), "VersionOverridesV1_0")
        self.assertEqual(kind_of(self.inner), "VersionOverridesV1_1")
        points = {
            space: [kind_of(one) for one in overrides.iter(f"{{{space}}}ExtensionPoint")]
            for space, overrides in ((MAIL_1_0, self.outer), (MAIL_1_1, self.inner))
        }
        desktop, phone = "MessageReadCommandSurface", "MobileMessageReadCommandSurface"
        self.assertEqual(points, {MAIL_1_0: [desktop], MAIL_1_1: [desktop, phone]})
        self.assertEqual(
            [one.text for one in self.root.iter(f"{{{MAIL_1_1}}}SupportsPinning")], ["true"]
        )
        self.assertFalse(list(self.root.iter(f"{{{MAIL_1_0}}}SupportsPinning")))

    def test_it_asks_for_no_more_than_to_read_the_open_e_mail(self):
        self.assertEqual(self.text("Permissions"), "ReadItem")
        [rule] = self.root.iter(f"{{{APP}}}Rule")
        self.assertEqual((rule.get("ItemType"), rule.get("FormType")), ("Message", "Read"))

    def test_every_address_is_https_and_of_this_database(self):
        found = re.findall(r'"(\w+://[^"]*)"', OURS.to_xml().decode())
        namespaces = {APP, BASIC, MAIL_1_0, MAIL_1_1, XSI}
        addresses = [one for one in found if one not in namespaces]
        self.assertTrue(addresses)
        for address in addresses:
            self.assertTrue(address.startswith("https://erp.ours.example"), address)
        self.assertEqual(
            [one.text for one in self.root.iter(f"{{{APP}}}AppDomain")], [OURS.address]
        )

    def test_an_address_without_https_makes_no_manifest(self):
        for address in ("http://erp.ours.example", "", "erp.ours.example", "https://"):
            with self.subTest(address), self.assertRaises(manifest.InsecureAddress):
                dataclasses.replace(OURS, address=address).to_xml()

    def test_it_is_one_add_in_for_each_database_and_stays_it(self):
        self.assertEqual(str(uuid.UUID(self.text("Id"))), self.text("Id"))
        again = dataclasses.replace(OURS, address="https://new.example", version="19.0.2.0.0")
        self.assertIn(self.text("Id"), again.to_xml().decode())
        other = dataclasses.replace(OURS, database="another")
        self.assertNotIn(self.text("Id"), other.to_xml().decode())

    def test_its_version_grows_with_the_addons(self):
        versions = ["19.0.1.0.0", "19.0.1.0.1", "19.0.1.1.0", "19.0.2.0.0", "20.0.1.0.0"]
        told = [manifest.office_version(version) for version in versions]
        self.assertEqual(told[0], "19.1.0.0")
        parts = [tuple(map(int, version.split("."))) for version in told]
        self.assertEqual(parts, sorted(set(parts)))
        self.assertTrue(all(len(version) == 4 for version in parts))

    def test_every_resource_that_is_named_is_there(self):
        for space, overrides in ((MAIL_1_0, self.outer), (MAIL_1_1, self.inner)):
            resources = overrides.find(f"{{{space}}}Resources")
            known = [one.get("id") for one in resources.iter() if one.get("id")]
            named = {
                one.get("resid")
                for one in overrides.iter()
                if one.get("resid") and etree.QName(one.getparent()).namespace == space
            }
            self.assertEqual(named, set(known))
            self.assertEqual(len(known), len(set(known)))
            self.assertTrue(all(len(one) <= 32 for one in known))

    def test_every_icon_is_a_file_of_its_size(self):
        folder = Path(__file__).parents[1] / "static/img"
        named = set(re.findall(r"/static/img/(outlook-\d+\.png)", OURS.to_xml().decode()))
        self.assertGreaterEqual(len(named), 11)
        self.assertEqual({f"outlook-{size}.png" for size in manifest.ICON_SIZES}, named)
        for name in named:
            content = (folder / name).read_bytes()
            size = tuple(int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
            self.assertEqual(f"outlook-{size[0]}.png", name)
            self.assertEqual(size[0], size[1])

    def test_phones_have_their_nine_icons(self):
        [phone] = self.root.iter(f"{{{MAIL_1_1}}}MobileFormFactor")
        images = [(one.get("size"), one.get("scale")) for one in phone.iter(f"{{{BASIC}}}Image")]
        self.assertEqual(
            sorted(images), sorted((size, scale) for size in ("25", "32", "48") for scale in "123")
        )

    def test_it_speaks_the_installed_languages_that_office_knows(self):
        overrides = [one for one in self.root.iter() if name_of(one) == "Override"]
        self.assertEqual({one.get("Locale") for one in overrides}, {"it-IT"})
        values = {one.get("Value") for one in overrides}
        self.assertEqual(values, {ITALIAN.name, ITALIAN.description, ITALIAN.tip})

    def test_long_texts_are_cut_where_outlook_ends(self):
        long = Texts("n" * 999, "d" * 999, "b" * 999, "t" * 999)
        root = etree.fromstring(
            dataclasses.replace(OURS, provider="p" * 999, texts={"en_US": long}).to_xml()
        )
        lengths = {len(one.get("DefaultValue") or "") for one in root.iter()}
        self.assertLessEqual(max(lengths), 250)
        short = [one for one in root.iter(f"{{{BASIC}}}ShortStrings")]
        self.assertTrue(all(len(text.get("DefaultValue")) <= 16 for one in short for text in one))
        self.assertEqual(len(root.findtext(f"{{{APP}}}ProviderName")), 125)
