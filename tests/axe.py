"""Asks axe-core what of a page keeps people out, and leaves out what is Odoo's own."""

import json
import re

from tools import python_env
from tools.browser import Browser

#: A package that brings axe-core's script (MPL-2.0); nothing else of it is used, nor what it needs.
REQUIREMENT = "axe-playwright-python==0.1.8"
#: WCAG 2.1 at level AA, which European law asks of pages for the public.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
#: Rule -> what Odoo's own web client breaks it with, on each of its screens or in its components.
STOCK = {
    "aria-allowed-attr": r"o_searchview|o-dropdown|o_tag\b|autocomplete|o_progress\b",
    "aria-command-name": r"o_searchview_facet",
    "aria-prohibited-attr": r"o-mail-Message-avatarContainer|Test mode",
    "aria-required-attr": r"o-autocomplete",
    "aria-required-children": r"o_menu_sections|o_menu_systray|o-autocomplete"
    r"|o-control-panel-adaptive-dropdown",
    "aria-required-parent": r'o-dropdown-item|o_searchview_facet|role="tab"|autocomplete',
    "aria-roles": r'role="image"',
    "autocomplete-valid": r"o_select_menu_input",
    "button-name": r"o_optional_columns_dropdown|o-dropdown|o_clipboard_button|fa-fw fa-times"
    r"|fa-fw fa-search|o_back_button",
    # Odoo's palette: muted text has 4.33 where 4.5 is asked for, danger 4.41 and badges 3.13; on a
    # phone labels have 3.23.
    "color-contrast": r"badge rounded-pill|o-mail-|opacity-50|border-0 > span"
    r"|color: #(?:7[35]|6c|d2)\w{4}|o_form_label",
    "html-has-lang": r"<html>",
    "image-alt": r"avatar",
    "label": r'id="(?:checkbox-comp-|boolean_checkbox)',
    "link-name": r"o_menu_toggle",
    "listitem": r"o-autocomplete",
    "meta-viewport": r"user-scalable=no",
    "role-img-alt": r"o_searchview_icon|oi-search|fa-clock-o|fa-user",
    "scrollable-region-focusable": r"o_list_renderer",
}
#: Asked once nothing fades in any more.
QUESTION = """
Promise.allSettled(
    document
        .getAnimations()
        .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
        .map(({ finished }) => finished)
).then(() =>
    axe.run(document, { runOnly: { type: "tag", values: %s }, resultTypes: ["violations"] })
).then((found) => found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html, any, all, none }) =>
            [id, target.join(" "), html, [...any, ...all, ...none].map((one) => one.message)])))
"""


def script() -> str:
    """Return axe-core.

    :raise Failure: when it is not in the cache and cannot be had.
    """
    folder = python_env.ensure_target("axe", REQUIREMENT)
    return (folder / "axe_playwright_python/axe.min.js").read_text(encoding="utf-8")


def violations(tab: Browser, source: str) -> list[str]:
    """Return a line for each element on which the page breaks a rule, but for those of Odoo.

    :param source: what `script` returns
    """
    tab.evaluate(f"void (window.axe || (() => {{ {source} }})())")
    found = tab.evaluate(QUESTION % json.dumps(TAGS))
    assert isinstance(found, list)
    return [
        f"{rule}: {target}: {html[:300]}: {'; '.join(why)}"
        for rule, target, html, why in found
        if not re.search(STOCK.get(rule, "(?!)"), f"{target} {html} {why}")
    ]
