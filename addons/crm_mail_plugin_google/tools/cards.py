"""The cards that Gmail shows, within the limits that Google sets.

Source: Google Workspace add-ons, "Card" (google.apps.card.v1). Texts are taken as plain text: in
the fields where Google reads markup they are escaped here, and nowhere else.
"""

import dataclasses
import html
import json
from collections.abc import Iterable
from typing import Any

MAX_WIDGETS = 100
MAX_SECTIONS = 100
#: Bytes of an answer; Google names no figure.
MAX_BYTES = 100_000
#: A picture is left away that would take much of it.
MAX_IMAGE = 40_000
_LONGEST = 1000

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Click:
    """What a click does: asks us, or opens an address.

    :ivar function: URL of ours that is asked
    :ivar parameter: what it is told, see `actions`
    :ivar link: address that is opened
    :ivar reloads: whether the card is asked for again once that is closed
    :ivar needs: names of fields that must be filled in
    """

    function: str = ""
    parameter: str = ""
    link: str = ""
    reloads: bool = False
    needs: tuple[str, ...] = ()

    def json(self) -> Json:
        if self.link:
            window = {"openAs": "OVERLAY", "onClose": "RELOAD"} if self.reloads else {}
            return {"openLink": {"url": self.link, **window}}
        action: Json = {
            "function": self.function,
            "parameters": [{"key": "a", "value": self.parameter}],
            "persistValues": True,
        }
        if self.needs:
            action["requiredWidgets"] = list(self.needs)
        return {"action": action}


@dataclasses.dataclass(frozen=True)
class Button:
    """A button.

    :ivar icon: of Google's Material icons; with it the text is what is read to who cannot see
    """

    text: str
    click: Click
    icon: str = ""

    def json(self) -> Json:
        if not self.icon:
            return {"text": _plain(self.text), "onClick": self.click.json()}
        return {
            "icon": {"materialIcon": {"name": self.icon}, "altText": _plain(self.text)},
            "altText": _plain(self.text),
            "onClick": self.click.json(),
        }


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of text, with a label above and a remark below.

    :ivar image: address or data of a picture
    """

    text: str
    label: str = ""
    remark: str = ""
    click: Click | None = None
    button: Button | None = None
    icon: str = ""
    image: str = ""

    def json(self) -> Json:
        widget: Json = {"text": _markup(self.text) or "–", "wrapText": True}
        if self.label:
            widget["topLabel"] = _plain(self.label)
        if self.remark:
            widget["bottomLabel"] = _plain(self.remark)
        if 0 < len(self.image) <= MAX_IMAGE:
            widget["startIcon"] = {"iconUrl": self.image, "imageType": "CIRCLE"}
        elif self.icon:
            widget["startIcon"] = {"materialIcon": {"name": self.icon}}
        if self.click:
            widget["onClick"] = self.click.json()
        if self.button:
            widget["button"] = self.button.json()
        return {"decoratedText": widget}


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str

    def json(self) -> Json:
        return {"textParagraph": {"text": _markup(self.text)}}


@dataclasses.dataclass(frozen=True)
class Buttons:
    """Buttons beside each other."""

    buttons: tuple[Button, ...]

    def json(self) -> Json:
        return {"buttonList": {"buttons": [button.json() for button in self.buttons]}}


@dataclasses.dataclass(frozen=True)
class Field:
    """A field for one line of text; Enter or leaving it does nothing, its button does."""

    name: str
    label: str
    value: str = ""

    def json(self) -> Json:
        widget = {"name": self.name, "label": _plain(self.label), "type": "SINGLE_LINE"}
        return {"textInput": {**widget, **({"value": _plain(self.value)} if self.value else {})}}


Widget = Line | Paragraph | Buttons | Field


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of a card."""

    widgets: tuple[Widget, ...]
    title: str = ""

    def json(self) -> Json:
        section: Json = {"widgets": [widget.json() for widget in self.widgets]}
        return {"header": _markup(self.title), **section} if self.title else section


@dataclasses.dataclass(frozen=True)
class Card:
    """A card.

    :ivar menu: text and click of what stands in its menu
    :ivar foot: sections that stay, however long the card is
    """

    title: str
    subtitle: str = ""
    image: str = ""
    sections: tuple[Section, ...] = ()
    foot: tuple[Section, ...] = ()
    menu: tuple[tuple[str, Click], ...] = ()

    def json(self) -> Json:
        """Return the card as Google takes it, shortened to its limits."""
        header = {"title": _plain(self.title) or "Odoo"}
        if self.subtitle:
            header["subtitle"] = _plain(self.subtitle)
        if 0 < len(self.image) <= MAX_IMAGE:
            header |= {"imageUrl": self.image, "imageType": "CIRCLE"}
        foot = [section.json() for section in self.foot if section.widgets]
        room = MAX_WIDGETS - sum(len(section["widgets"]) for section in foot)
        size = MAX_BYTES - _size([header, foot]) - 2048
        sections = [*_fitting(self.sections, room, size), *foot]
        card: Json = {"header": header, "sections": sections[-MAX_SECTIONS:]}
        if self.menu:
            card["cardActions"] = [
                {"actionLabel": _plain(text), "onClick": click.json()} for text, click in self.menu
            ]
        return card


def _fitting(sections: Iterable[Section], room: int, size: int) -> Iterable[Json]:
    """Yield sections as far as there is room for their widgets."""
    for section in sections:
        found = section.json()
        widgets = []
        for widget in found["widgets"]:
            size -= _size(widget)
            if room <= 0 or size <= 0:
                break
            widgets.append(widget)
            room -= 1
        if widgets:
            yield {**found, "widgets": widgets}


def _size(value: Any) -> int:
    return len(json.dumps(value).encode())


def _plain(text: str) -> str:
    """Return text for where Google reads no markup, or may read it: without any."""
    line = " ".join(str(text).split())[:_LONGEST]
    return line.replace("<", "‹").replace(">", "›")


def _markup(text: str) -> str:
    lines = (" ".join(line.split()) for line in str(text)[:_LONGEST].splitlines())
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def pushed(card: Card) -> Json:
    """Return the answer that shows a card on top of what is shown."""
    return {"pushCard": card.json()}


def replaced(card: Card) -> Json:
    """Return the answer that shows a card in place of the one that is shown."""
    return {"updateCard": card.json()}


def opened(card: Card) -> Json:
    """Return the answer to the opening of an e-mail, of the homepage or of a draft."""
    return {"action": {"navigations": [pushed(card)]}}


def clicked(*navigations: Json, says: str = "") -> Json:
    """Return the answer to a click.

    :param navigations: of `pushed` and `replaced`
    :param says: sentence that is shown for a moment
    """
    action: Json = {"navigations": list(navigations)} if navigations else {}
    if says:
        action["notification"] = {"text": _plain(says)}
    return {"renderActions": {"action": action}, "stateChanged": bool(navigations)}


def asks_for(scopes: list[str]) -> Json:
    """Return the answer that has Google ask its user for rights, and call again."""
    return {"requesting_google_scopes": {"scopes": scopes}}


def inserted(markup: str, subject: str) -> Json:
    """Return the answer that puts a text and a subject into the draft.

    :param markup: HTML
    :param subject: "" to leave it
    """
    update: Json = {
        "updateBody": {
            "insertContents": [{"content": markup, "contentType": "MUTABLE_HTML"}],
            "type": "IN_PLACE_INSERT",
        }
    }
    if subject:
        update["updateSubject"] = {"subject": subject}
    host = {"gmailAction": {"updateDraftActionMarkup": update}}
    return {"renderActions": {"hostAppAction": host}}
