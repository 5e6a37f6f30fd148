"""Somebody who must not come in, and a look into all tables for them."""

from odoo.tests import TransactionCase

#: Modules whose tables are searched, beside the stock tables that they write to.
OURS = ("crm_iap_", "crm_lead_", "crm_mail_", "crm_common")
STOCK = ("crm.lead", "res.partner", "mail.message", "mail.tracking.value", "mail.mail")


class KeptAwayCase(TransactionCase):
    EMAIL = "anna@synthetic1.example"

    def assertNowhere(self, *texts):
        """No table of ours, and none that we write to, holds one of the texts."""
        self.env.flush_all()
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or not model._auto:
                continue
            module = model._original_module or ""
            if not module.startswith(OURS) and name not in STOCK:
                continue
            self.env.cr.execute(f'SELECT row_to_json(t)::text FROM "{model._table}" t')  # noqa: S608
            stored = "\n".join(row[0] for row in self.env.cr.fetchall()).lower()
            for text in texts:
                self.assertNotIn(text.lower(), stored, name)

    def forget(self):
        """Forget what was rolled back."""
        self.env.invalidate_all()
        self.registry.clear_all_caches()

    def never(self, kind, value):
        self.env["lead.mining.suppression"].create(
            {"kind": kind, "value": value, "company_id": False}
        )

    def object(self, email, name, keys):
        """Let a person who was mined at a company say no, by the link in the notice."""
        Suppression = self.env["lead.mining.suppression"]
        Suppression._add(Suppression._keys().tombstones(email, name, keys), source="opt_out")

    def erase(self, email=False, name=False):
        wizard = self.env["lead.mining.privacy"].create({"email": email, "name": name})
        wizard.action_search()
        wizard.action_erase()
        wizard.unlink()
        self.env.invalidate_all()

    def kept_away(self):
        """Yield each way in which somebody says that Anna must not come in."""
        yield "never", lambda: self.never("email", self.EMAIL)
        yield "blacklist", lambda: self.env["mail.blacklist"].create({"email": self.EMAIL})
        yield (
            "objected",
            lambda: self.object(self.EMAIL, "Anna Muster", ["domain:synthetic1.example"]),
        )
        yield "erased", lambda: self.erase(self.EMAIL, "Anna Muster")

    def assertKeptAway(self, ways_in):
        """By none of the ways in, pairs of name and function, is anything of Anna stored."""
        for way, come_in in ways_in:
            for reason, keep_away in self.kept_away():
                with self.subTest(reason=reason, way=way), self.env.cr.savepoint() as savepoint:
                    keep_away()
                    self.env["mail.blacklist"].flush_model()
                    come_in()
                    # The blacklist is Odoo's own place, and keeps the address by right.
                    is_person = reason in ("erased", "objected")
                    self.assertNowhere(self.EMAIL, *(["Anna Muster"] if is_person else []))
                    savepoint.rollback()
                    self.forget()
