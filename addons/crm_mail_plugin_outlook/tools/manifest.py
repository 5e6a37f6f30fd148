"""The add-in's manifest: Microsoft's add-in-only XML, which all kinds of Outlook read.

The order of the elements is fixed by Microsoft's schema ("How to find the proper order of manifest
elements"). Pinning and phones are of the overrides' version 1.1, which lie inside those of 1.0.
"""

import dataclasses
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

APP = "http://schemas.microsoft.com/office/appforoffice/1.1"
BASIC = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"
MAIL_1_0 = "http://schemas.microsoft.com/office/mailappversionoverrides"
MAIL_1_1 = "http://schemas.microsoft.com/office/mailappversionoverrides/1.1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

DEFAULT_LOCALE = "en-US"
#: A manifest's language has a country; Odoo's names look alike but for the sign between.
_LANGUAGE = re.compile(r"([a-z]{2,3})_([A-Z]{2})")
MAX_NAME, MAX_DESCRIPTION, MAX_SHORT, MAX_LONG, MAX_BUTTON = 125, 250, 125, 250, 16
#: Pixels of the icons that lie in this addon.
ICON_SIZES = (16, 25, 32, 48, 50, 64, 75, 80, 96, 128, 144)
_RIBBON_SIZES = (16, 32, 80)
_PHONE_SIZES, _PHONE_SCALES = (25, 32, 48), (1, 2, 3)
#: Of lxml, which tells no types.
Element = Any
Add = Callable[..., Element]
#: Of the API whatever the pane cannot do without: its body, and that another e-mail is opened.
MAILBOX_BASE, MAILBOX_COMMANDS, MAILBOX_PINNED = "1.1", "1.3", "1.5"
_PANE_HEIGHT = "450"


class InsecureAddress(ValueError):
    """A manifest leads to https addresses only."""


@dataclasses.dataclass(frozen=True)
class Texts:
    """What Outlook shows of the add-in in one language."""

    name: str
    description: str
    button: str
    tip: str


@dataclasses.dataclass(frozen=True)
class Manifest:
    """What a manifest says.

    :ivar database: the database's UUID, of which the add-in's own Id is made: it stays the same
        add-in when the manifest is made anew, and is another one than that of any other database
    :ivar address: of the database, https, without a path
    :ivar provider: who offers it
    :ivar version: of the addon, "19.0.1.0.0"
    :ivar pane: path of the pane
    :ivar icons: path of the icons, up to their size
    :ivar texts: by Odoo's name of the language; "en_US" must be there
    """

    database: str
    address: str
    provider: str
    version: str
    pane: str
    icons: str
    texts: Mapping[str, Texts]

    def to_xml(self) -> bytes:
        """Return the manifest as a file.

        :raise InsecureAddress: when the address is none of https
        """
        parts = urlsplit(self.address)
        if parts.scheme != "https" or not parts.hostname:
            raise InsecureAddress(self.address)
        root = etree.Element(f"{{{APP}}}OfficeApp", nsmap={None: APP, "xsi": XSI, "bt": BASIC})
        root.set(f"{{{XSI}}}type", "MailApp")
        self._fill(root)
        etree.indent(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _fill(self, root: Element) -> None:
        add = _adder(APP)
        add(root, "Id", add_in_id(self.database))
        add(root, "Version", office_version(self.version))
        add(root, "ProviderName", self.provider[:MAX_NAME])
        add(root, "DefaultLocale", DEFAULT_LOCALE)
        self._localized(add(root, "DisplayName"), "name", MAX_NAME, APP)
        self._localized(add(root, "Description"), "description", MAX_DESCRIPTION, APP)
        add(root, "IconUrl", DefaultValue=self._icon(64))
        add(root, "HighResolutionIconUrl", DefaultValue=self._icon(128))
        add(root, "SupportUrl", DefaultValue=self.address)
        add(add(root, "AppDomains"), "AppDomain", self.address)
        add(add(root, "Hosts"), "Host", Name="Mailbox")
        sets = add(add(root, "Requirements"), "Sets")
        add(sets, "Set", Name="Mailbox", MinVersion=MAILBOX_BASE)
        form = add(add(root, "FormSettings"), "Form")
        form.set(f"{{{XSI}}}type", "ItemRead")
        desktop = add(form, "DesktopSettings")
        add(desktop, "SourceLocation", DefaultValue=self.address + self.pane)
        add(desktop, "RequestedHeight", _PANE_HEIGHT)
        add(root, "Permissions", "ReadItem")
        rule = add(root, "Rule", ItemType="Message", FormType="Read")
        rule.set(f"{{{XSI}}}type", "ItemIs")
        outer = self._overrides(root, MAIL_1_0, MAILBOX_COMMANDS)
        self._overrides(outer, MAIL_1_1, MAILBOX_PINNED)

    def _overrides(self, parent: Element, space: str, mailbox: str) -> Element:
        """Add the overrides of one version, those for phones only where they exist."""
        is_newer = space == MAIL_1_1
        add, basic = _adder(space), _adder(BASIC)
        overrides = etree.SubElement(parent, f"{{{space}}}VersionOverrides", nsmap={None: space})
        overrides.set(f"{{{XSI}}}type", f"VersionOverridesV1_{int(is_newer)}")
        sets = basic(add(overrides, "Requirements"), "Sets", DefaultMinVersion=mailbox)
        basic(sets, "Set", Name="Mailbox")
        host = add(add(overrides, "Hosts"), "Host")
        host.set(f"{{{XSI}}}type", "MailHost")
        self._desktop(add, basic, host, is_newer)
        if is_newer:
            self._phone(add, basic, host)
        self._resources(add, basic, overrides, is_newer)
        return overrides

    def _desktop(self, add: Add, basic: Add, host: Element, is_newer: bool) -> None:
        point = add(add(host, "DesktopFormFactor"), "ExtensionPoint")
        point.set(f"{{{XSI}}}type", "MessageReadCommandSurface")
        group = add(add(point, "OfficeTab", id="TabDefault"), "Group", id="odooGroup")
        add(group, "Label", resid="groupLabel")
        button = add(group, "Control", id="odooPane")
        button.set(f"{{{XSI}}}type", "Button")
        add(button, "Label", resid="buttonLabel")
        tip = add(button, "Supertip")
        add(tip, "Title", resid="buttonLabel")
        add(tip, "Description", resid="buttonTip")
        icon = add(button, "Icon")
        for size in _RIBBON_SIZES:
            basic(icon, "Image", size=str(size), resid=f"icon{size}")
        action = add(button, "Action")
        action.set(f"{{{XSI}}}type", "ShowTaskpane")
        add(action, "SourceLocation", resid="pane")
        if is_newer:
            add(action, "SupportsPinning", "true")

    def _phone(self, add: Add, basic: Add, host: Element) -> None:
        point = add(add(host, "MobileFormFactor"), "ExtensionPoint")
        point.set(f"{{{XSI}}}type", "MobileMessageReadCommandSurface")
        group = add(point, "Group", id="odooPhoneGroup")
        add(group, "Label", resid="groupLabel")
        button = add(group, "Control", id="odooPhonePane")
        button.set(f"{{{XSI}}}type", "MobileButton")
        add(button, "Label", resid="buttonLabel")
        icon = add(button, "Icon")
        icon.set(f"{{{XSI}}}type", "bt:MobileIconList")
        for size in _PHONE_SIZES:
            for scale in _PHONE_SCALES:
                basic(icon, "Image", size=str(size), scale=str(scale), resid=f"icon{size * scale}")
        action = add(button, "Action")
        action.set(f"{{{XSI}}}type", "ShowTaskpane")
        add(action, "SourceLocation", resid="pane")

    def _resources(self, add: Add, basic: Add, overrides: Element, is_newer: bool) -> None:
        sizes = set(_RIBBON_SIZES)
        if is_newer:
            sizes |= {size * scale for size in _PHONE_SIZES for scale in _PHONE_SCALES}
        resources = add(overrides, "Resources")
        images = basic(resources, "Images")
        for size in sorted(sizes):
            basic(images, "Image", id=f"icon{size}", DefaultValue=self._icon(size))
        urls = basic(resources, "Urls")
        basic(urls, "Url", id="pane", DefaultValue=self.address + self.pane)
        short = basic(resources, "ShortStrings")
        for name in ("groupLabel", "buttonLabel"):
            self._localized(basic(short, "String", id=name), "button", MAX_BUTTON, BASIC)
        text = basic(basic(resources, "LongStrings"), "String", id="buttonTip")
        self._localized(text, "tip", MAX_LONG, BASIC)

    def _localized(self, element: Element, name: str, length: int, space: str) -> None:
        """Say a text in each language, where it differs from the English one."""
        default = getattr(self.texts["en_US"], name)[:length]
        element.set("DefaultValue", default)
        for language, texts in sorted(self.texts.items()):
            value = getattr(texts, name)[:length]
            if value != default and (locale := locale_of(language)):
                _adder(space)(element, "Override", Locale=locale, Value=value)

    def _icon(self, size: int) -> str:
        return f"{self.address}{self.icons}{size}.png"


def add_in_id(database: str) -> str:
    """Return the Id of a database's add-in, a GUID that no other database's has."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:odoo:{database}:crm_mail_plugin_outlook"))


def office_version(version: str) -> str:
    """Return the version of an addon, "19.0.1.0.0", in the four parts that Office compares."""
    parts = [part for part in version.split(".") if part.isdigit()]
    odoo, rest = parts[:1], parts[2:]
    return ".".join([*odoo, *rest, "0", "0", "0", "0"][:4])


def locale_of(language: str) -> str:
    """Return Office's name of a language, "it-IT", "" for one without a country of its own."""
    found = _LANGUAGE.fullmatch(language)
    return f"{found[1]}-{found[2]}" if found else ""


def _adder(space: str) -> Add:
    def add(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
        element = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
        element.text = text
        return element

    return add
