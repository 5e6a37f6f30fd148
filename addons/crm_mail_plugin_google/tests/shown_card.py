"""A card of Gmail as its user reads it. Nothing of Odoo is imported, see `fake_google`."""


class Shown:
    """A card as its user sees it.

    :ivar texts: all that can be read on it, in order
    """

    def __init__(self, card):
        self.card = card
        self.texts = []
        self._clicks = []
        self._read(card)

    @property
    def title(self):
        return self.card["header"]["title"]

    @property
    def text(self):
        return "\n".join(self.texts)

    @property
    def links(self):
        return [click["openLink"] for _label, click in self._clicks if "openLink" in click]

    @property
    def labels(self):
        return [label for label, click in self._clicks if "action" in click]

    def parameter(self, label):
        """Return what the first button of a label carries, or of the line of a text."""
        for known, click in self._clicks:
            if known == label and "action" in click:
                return click["action"]["parameters"][0]["value"]
        raise AssertionError(f"{label} is none of {self.labels}")

    def section(self, title):
        """Return the texts of the section whose title begins so."""
        for section in self.card["sections"]:
            if section.get("header", "").startswith(title):
                return Shown({"header": {"title": section["header"]}, "sections": [section]})
        raise AssertionError(f"no section {title}")

    def _read(self, value):
        if isinstance(value, list):
            for one in value:
                self._read(one)
        if not isinstance(value, dict):
            return
        label = value.get("text") or value.get("altText") or value.get("actionLabel") or ""
        if "onClick" in value:
            self._clicks.append((label, value["onClick"]))
        for name in ("title", "subtitle", "header", "topLabel", "text", "bottomLabel", "label"):
            if isinstance(value.get(name), str):
                self.texts.append(value[name])
        for name, one in value.items():
            if name != "onClick":
                self._read(one)
