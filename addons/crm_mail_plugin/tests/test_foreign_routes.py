import inspect

from odoo import http
from odoo.modules.module import Manifest
from odoo.tests import tagged

from ..controllers.second_generation import SecondGeneration
from ..models.ir_http import ADDIN_PATHS
from ..tools import params
from .common import AddinCase

SCORE, MOOD = "/mail_plugin/score", "/mail_plugin/mood"


def _foreign_routes(got):
    """Return the controllers of an addon that knows ours, and of one that knows nothing of it."""

    class Extension(SecondGeneration):
        @http.route()
        def crm_lead_create(self, partner_id, email_body, email_subject, campaign=None, **kwargs):
            got.append((campaign, kwargs.get("timestamp")))
            return super().crm_lead_create(partner_id, email_body, email_subject, **kwargs)

        @http.route()
        def log_mail_content(self, model, res_id, **kwargs):
            got.append(kwargs.pop("mood", "vanished"))
            return super().log_mail_content(model, res_id, **kwargs)

        @http.route(addin_params={"vip": params.boolean})
        def res_partner_create(self, email, name, vip=False, **kwargs):
            got.append((vip, "other" in kwargs))
            return super().res_partner_create(email, name, **kwargs)

    class Own(http.Controller):
        @http.route(SCORE, type="jsonrpc", auth="outlook", cors="*")
        def score(self, **kwargs):
            return kwargs

        @http.route(
            MOOD + "/<string:kind>", type="jsonrpc", auth="outlook", cors="*",
            addin_params={"customer": params.identifier, "rows": params.number(5)},
        )  # fmt: skip
        def mood(self, kind, customer, rows=None, note=None, **kwargs):
            return [kind, customer, rows, note, kwargs]

    return Extension, Own


@tagged("post_install", "-at_install")
class TestForeignRoutes(AddinCase):
    def setUp(self):
        super().setUp()
        self.got = []
        self.controllers = _foreign_routes(self.got)
        self.env.registry.clear_cache("routing")
        self.addCleanup(self._forget)
        self.ann = self.env["res.partner"].create({"name": "Ann", "email": "ann@acme.test"})

    def _forget(self):
        """Leave no trace of the controllers, which Odoo finds by their module's name."""
        for controller in self.controllers:
            controller.__module__ = "gone"
        http.Controller.children_classes["crm_mail_plugin"].remove(self.controllers[1])
        self.env.registry.clear_cache("routing")

    def test_a_parameter_that_another_addon_adds_to_our_route_arrives(self):
        lead = {"partner_id": self.ann.id, "email_body": "<p>Hi</p>", "email_subject": "S"}
        self.assertTrue(self.call("/mail_plugin/lead/create", {**lead, "campaign": {"id": 7}}))
        log = {"model": "res.partner", "res_id": self.ann.id, "message": "<p>Hi</p>"}
        self.assertTrue(self.call("/mail_plugin/log_mail_content", {**log, "mood": ["good"]}))
        new = {"email": "bob@acme.test", "name": "Bob", "vip": True, "other": 1}
        self.assertTrue(self.call("/mail_plugin/partner/create", new))
        self.assertEqual(self.got, [({"id": 7}, None), ["good"], (True, False)])

    def test_our_parameters_stay_checked_there(self):
        lead = {"partner_id": self.ann.id, "email_body": "<p>Hi</p>", "email_subject": "S"}
        for wrong in ({"partner_id": "7"}, {"email_subject": 7}, {"timestamp": "x"}):
            sentence = self.refuse("/mail_plugin/lead/create", lead | wrong)
            self.assertEqual(sentence, f"{next(iter(wrong))} is not valid.")
        self.refuse("/mail_plugin/partner/create", {"email": "a@b.test", "name": "A", "vip": "x"})
        self.assertEqual(self.got, [])
        lead.pop("email_subject")
        self.assertEqual(self.refuse("/mail_plugin/lead/create", lead), "email_subject is missing.")

    def test_a_route_of_another_addon_gets_what_was_sent(self):
        sent = {"partner_id": "A-7", "limit": 10**6, "name": None, "score": 7}
        self.assertEqual(self.call(SCORE, sent), sent)

    def test_a_route_of_another_addon_declares_what_its_parameters_are(self):
        sent = {"customer": 7, "rows": 99, "note": {"a": 1}, "other": 1}
        self.assertEqual(self.call(MOOD + "/good", sent), ["good", 7, 5, {"a": 1}, {}])
        self.assertEqual(self.refuse(MOOD + "/good"), "customer is missing.")
        self.assertEqual(self.refuse(MOOD + "/good", {"customer": "x"}), "customer is not valid.")


@tagged("post_install", "-at_install")
class TestOurRoutes(AddinCase):
    def test_each_of_our_methods_declares_what_it_takes(self):
        seen = set()
        modules = sorted(self.env.registry._init_modules)
        for path, endpoint in self.env["ir.http"]._generate_routing_rules(modules, None):
            if not path.startswith(ADDIN_PATHS) or endpoint.routing["type"] != "jsonrpc":
                continue
            for controller in type(endpoint.func.__self__).mro():
                method = vars(controller).get(endpoint.__name__)
                if method is None or not self._is_ours(controller):
                    continue
                taken = inspect.signature(method).parameters.values()
                names = {one.name for one in taken if one.kind is not one.VAR_KEYWORD} - {"self"}
                checks, _is_closed = params.declared(endpoint)
                self.assertIn("addin_params", method.original_routing, method)
                self.assertLessEqual(names, set(checks), method)
                seen.add(path)
        self.assertIn("/mail_plugin/partner/get", seen)

    def _is_ours(self, controller):
        addon = (controller.__module__.split(".") + [""] * 3)[2]
        return (
            Manifest.for_addon(addon)["author"] == Manifest.for_addon("crm_mail_plugin")["author"]
        )

    def test_what_our_routes_do_not_know_is_left_out(self):
        sent = {"self": 1, "html": 2, "kwargs": 3, "name": "Bob", "email": "bob@acme.test"}
        self.assertTrue(self.call("/mail_plugin/partner/create", sent))
        with self.assertNoLogs("odoo.http"):
            self.call("/mail_plugin/get_translations", {"plugin": "outlook"})
