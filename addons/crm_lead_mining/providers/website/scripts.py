"""Pages that show nothing until their scripts have run."""

from .page import WebPage

#: Words that such pages show at most: a title, "Loading …".
_WORDS = 25
_ROOTS = ("root", "app", "__next", "__nuxt", "___gatsby", "svelte", "q-app", "main-app")


def needs_browser(page: WebPage) -> bool:
    """Tell whether a page is only a script: next to no text, and a place where it is put."""
    if not page.tree.xpath("//script"):
        return False
    said = " ".join(page.tree.xpath("//noscript//text()")).split()
    shown = len(page.text.split()) - len(said)
    if shown > _WORDS:
        return False
    identifiers = {value.lower() for value in page.attributes("//@id", 200)}
    own_elements = page.tree.xpath("//body//*[contains(name(),'-')]")
    asks = "javascript" in " ".join(said).lower()
    return bool(identifiers.intersection(_ROOTS) or own_elements or asks)
