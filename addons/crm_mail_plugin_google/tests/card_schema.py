"""What Google takes as an answer, written down from its documentation, with its limits.

Unknown keys, missing ones and markup that nobody has escaped are refused.
"""

import json
import re

MARKUP = re.compile(r"<(?!/?(?:b|i|u|s|br|a|font)\b)|&(?!(?:amp|lt|gt|quot|#\d+);)")
TAG = re.compile(r"[<>]")
LINK = re.compile(r"mailto:.+|tel:\+?\d+")


class NotTaken(AssertionError):
    pass


def check(answer, prefix):
    """Check a whole answer.

    :param prefix: what links of cards may begin with
    :raise NotTaken: for what Google would refuse, or show wrongly
    """
    if len(json.dumps(answer).encode()) > 200_000:
        raise NotTaken("too large")
    _Checker(prefix).answer(answer)


class _Checker:
    def __init__(self, prefix):
        self.prefix = prefix
        self.widgets = 0

    def keys(self, value, needed, *allowed):
        needed = set(needed.split())
        if not isinstance(value, dict):
            raise NotTaken(f"no object: {value!r}")
        if needed - value.keys() or value.keys() - needed - set(allowed):
            raise NotTaken(f"{sorted(value)} instead of {sorted(needed)} and {allowed}")

    def one(self, value, *allowed):
        if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= set(allowed):
            raise NotTaken(f"{value!r} is not one of {allowed}")
        return next(iter(value.items()))

    def plain(self, text):
        if not isinstance(text, str) or not text or TAG.search(text) or len(text) > 1000:
            raise NotTaken(f"no plain text: {text!r}")

    def markup(self, text):
        if not isinstance(text, str) or not text or MARKUP.search(text):
            raise NotTaken(f"not escaped: {text!r}")

    def answer(self, answer):
        if "requesting_google_scopes" in answer:
            self.keys(answer, "requesting_google_scopes")
            self.keys(answer["requesting_google_scopes"], "scopes")
            if not answer["requesting_google_scopes"]["scopes"]:
                raise NotTaken("asks for nothing")
        elif "action" in answer:
            self.keys(answer, "action")
            self.keys(answer["action"], "navigations")
            self.navigations(answer["action"]["navigations"], "pushCard")
        else:
            self.keys(answer, "renderActions", "stateChanged")
            kind, action = self.one(answer["renderActions"], "action", "hostAppAction")
            if kind == "hostAppAction":
                return self.inserted(action)
            self.keys(action, "", "navigations", "notification")
            if not action:
                raise NotTaken("does nothing")
            if "navigations" in action:
                self.navigations(action["navigations"], "pushCard", "updateCard", "pop")
            if "notification" in action:
                self.keys(action["notification"], "text")
                self.plain(action["notification"]["text"])
        return None

    def inserted(self, action):
        _kind, gmail = self.one(action, "gmailAction")
        _kind, update = self.one(gmail, "updateDraftActionMarkup")
        self.keys(update, "updateBody", "updateSubject")
        self.keys(update["updateBody"], "insertContents type")
        for content in update["updateBody"]["insertContents"]:
            self.keys(content, "content contentType")

    def navigations(self, navigations, *allowed):
        if not navigations:
            raise NotTaken("goes nowhere")
        for navigation in navigations:
            kind, card = self.one(navigation, *allowed)
            if kind == "pop":
                assert card is True
            else:
                self.card(card)

    def card(self, card):
        self.keys(card, "header sections", "cardActions")
        self.keys(card["header"], "title", "subtitle", "imageUrl", "imageType")
        for name in {"title", "subtitle"} & card["header"].keys():
            self.plain(card["header"][name])
        self.image(card["header"].get("imageUrl"))
        if not 0 < len(card["sections"]) <= 100 or len(json.dumps(card)) > 100_000:
            raise NotTaken("too many sections, none, or too much")
        self.widgets = 0
        for section in card["sections"]:
            self.keys(section, "widgets", "header")
            if "header" in section:
                self.markup(section["header"])
            if not section["widgets"]:
                raise NotTaken("an empty section")
            for widget in section["widgets"]:
                self.widget(widget)
        if self.widgets > 100:
            raise NotTaken(f"{self.widgets} widgets")
        for entry in card.get("cardActions", []):
            self.keys(entry, "actionLabel onClick")
            self.plain(entry["actionLabel"])
            self.click(entry["onClick"])

    def widget(self, widget):
        self.widgets += 1
        kind, value = self.one(widget, "decoratedText", "textParagraph", "buttonList", "textInput")
        getattr(self, kind)(value)

    def textParagraph(self, value):
        self.keys(value, "text")
        self.markup(value["text"])

    def decoratedText(self, value):
        self.keys(
            value, "text wrapText", "topLabel", "bottomLabel", "startIcon", "onClick", "button"
        )
        self.markup(value["text"])
        for name in {"topLabel", "bottomLabel"} & value.keys():
            self.plain(value[name])
        if "startIcon" in value:
            self.icon(value["startIcon"])
        if "onClick" in value:
            self.click(value["onClick"])
        if "button" in value:
            self.button(value["button"])

    def buttonList(self, value):
        self.keys(value, "buttons")
        if not value["buttons"]:
            raise NotTaken("no button")
        for button in value["buttons"]:
            self.button(button)

    def textInput(self, value):
        self.keys(value, "name label type", "value")
        self.plain(value["label"])

    def button(self, button):
        self.keys(button, "onClick", "text", "icon", "altText")
        self.plain(button.get("text") or button.get("altText"))
        if "icon" in button:
            self.icon(button["icon"])
        self.click(button["onClick"])

    def icon(self, icon):
        self.keys(icon, "", "materialIcon", "iconUrl", "imageType", "altText")
        self.image(icon.get("iconUrl"))

    def image(self, url):
        kinds = ("https://", "data:image/png;base64,", "data:image/jpeg;base64,")
        if url and not url.startswith(kinds):
            raise NotTaken(f"no picture: {url[:80]}")

    def click(self, click):
        kind, value = self.one(click, "action", "openLink")
        if kind == "openLink":
            self.keys(value, "url", "openAs", "onClose")
            is_prefixed = value["url"].startswith(self.prefix + "/")
            if not is_prefixed and not LINK.fullmatch(value["url"]):
                raise NotTaken(f"no link of a card: {value['url']}")
            return
        self.keys(value, "function parameters persistValues", "requiredWidgets")
        if not value["function"].startswith(self.prefix):
            raise NotTaken(value["function"])
        for parameter in value["parameters"]:
            self.keys(parameter, "key value")
            if len(parameter["value"]) > 2048:
                raise NotTaken("a parameter that is too long")
