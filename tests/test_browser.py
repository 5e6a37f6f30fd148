"""The browser of tests and pictures goes where it is sent."""

import pytest

from tools.browser import browser

#: As a form of Odoo that is not saved.
UNSAVED = (
    "data:text/html,<input><script>"
    "addEventListener('beforeunload', (event) => event.preventDefault())</script>"
)


@pytest.mark.timeout(120)
def test_a_form_that_is_not_saved_is_left_without_being_asked():
    with browser() as tab:
        tab.open(UNSAVED, "input")
        tab.tap("input")
        tab.type("typed")
        tab.open("data:text/html,<p>there", "p")
        assert tab.evaluate("document.body.innerText") == "there"


@pytest.mark.timeout(120)
def test_a_page_that_asks_something_goes_on_and_is_told_no():
    with browser() as tab:
        tab.open("data:text/html,<p>there", "p")
        tab.evaluate("setTimeout(() => { document.title = confirm('Sure?'); })")
        tab.wait_until("document.title === 'false'")
