"""One browser for all journeys of a class.

Starting one and reading Odoo's scripts anew takes longer than most journeys do.
"""

from concurrent.futures import Future
from unittest.mock import patch

from odoo.tests import common

#: What a journey leaves behind in a browser, but for its cache of files.
_LEFT = "cookies,local_storage,indexeddb,service_workers,cache_storage"
#: A step waits ten seconds by itself, which a busy machine takes for sending an e-mail. What comes
#: after a page was loaded anew says for itself how long it waits.
_PATIENT = """
for (const tour of odoo.loader.modules.get("@web/core/registry").registry
        .category("web_tour.tours").getAll()) {
    const { steps } = tour;
    tour.steps = () => steps().map((step) => ({ timeout: 60000, ...step }));
}
"""


class KeptBrowser:
    """Mixin of an `HttpCase` whose journeys take turns in one browser.

    Each finds it as a new one, with scripts and styles in its cache; after one that has failed
    another is started.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kept: list[_Browser] = []

        def taken(case, success_signal=common.DEFAULT_SUCCESS_SIGNAL, **options):
            if kept and not kept[0].is_clean:
                kept.pop().end()
            if kept:
                kept[0].begin(case, success_signal)
            else:
                kept.append(_Browser(case, success_signal=success_signal, **options))
            return kept[0]

        cls.addClassCleanup(lambda: [one.end() for one in kept])
        cls.enterClassContext(patch.object(common, "ChromeBrowser", taken))

    def start_tour(self, *args, timeout=180, **kwargs):
        return super().start_tour(*args, timeout=timeout, **kwargs)

    def browser_js(self, url_path, code, *args, **kwargs):
        if code.startswith("odoo.startTour("):
            code = _PATIENT + code
        return super().browser_js(url_path, code, *args, **kwargs)


class _Browser(common.ChromeBrowser):
    """Odoo's browser, which is put back where Odoo stops it."""

    is_clean = True

    def begin(self, case, success_signal):
        self.test_case, self.success_signal = case, success_signal
        self._logger = case._logger
        self._result, self.had_failure = Future(), False
        self._responses.clear()

    def stop(self):
        self.is_clean = hasattr(self, "_responses") and self._has_succeeded()
        if not self.is_clean:
            return
        self._websocket_request("Page.stopLoading")
        self.navigate_to("about:blank", wait_stop=True)
        origin = self.test_case.base_url()
        self._websocket_request(
            "Storage.clearDataForOrigin", params={"origin": origin, "storageTypes": _LEFT}
        )
        self._websocket_request("Network.clearBrowserCookies")

    def _has_succeeded(self):
        result = self._result
        has_ended = result.done() and not result.cancelled() and not result.exception()
        return has_ended and not self.had_failure and hasattr(self, "ws")

    def end(self):
        super().stop()
