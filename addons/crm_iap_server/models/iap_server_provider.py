import hashlib
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.charges import MAX_HOURS
from .iap_server_client import month_start

_SERVICE = re.compile(r"[a-z][a-z0-9_]{1,62}")


class IapServerProvider(models.Model):
    """A service of others that client databases pay with the credits they have here.

    It is known by a key, of which only a hash is stored. Credits that it sets aside are holds of
    the client's account whose document it is; what limits a client counts them.
    """

    _name = "iap.server.provider"
    _inherit = ["mail.thread", "iap.company.mixin"]
    _description = "Service Provider"
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    service_name = fields.Char(
        string="Service",
        required=True,
        tracking=True,
        help="Technical name of the service, as the provider's addon has it in client databases. "
        "Only their tokens of this service can be charged.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="Only clients of this company can be charged.",
    )
    takes_test_tokens = fields.Boolean(
        string="Test Tokens",
        tracking=True,
        help="Odoo's tokens 000000, 000111 and 111111 are answered, and move no credits. Whoever "
        "sends 111111 to the provider gets its service for nothing: switch it off after the tests.",
    )
    hold_days = fields.Integer(
        string="Days to Set Aside",
        default=MAX_HOURS // 24,
        tracking=True,
        help="How long credits of a client may stay set aside at most. What the provider has not "
        "taken by then is the client's again.",
    )
    key_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    key_made_at = fields.Datetime(string="Key Made On", readonly=True, copy=False)
    spent = fields.Integer(string="Charged This Month", compute="_compute_spent", compute_sudo=True)

    _unique_key_hash = models.UniqueIndex("(key_hash)", "This key is already another provider's.")
    _check_hold_days = models.Constraint(
        f"CHECK(hold_days BETWEEN 1 AND {MAX_HOURS // 24})",
        "Credits are set aside for 1 to 180 days.",
    )

    # === COMPUTE METHODS === #

    def _compute_spent(self):
        self.spent = 0
        for company, providers in self.grouped("company_id").items():
            rows = self.env["iap.credit.hold"]._read_group(
                [
                    ("document_model", "=", self._name),
                    ("document_id", "in", providers.ids),
                    ("date", ">=", month_start(company)),
                ],
                ["document_id"],
                ["captured:sum"],
            )
            credits = dict(rows)
            for provider in providers:
                provider.spent = credits.get(provider._origin.id, 0)

    @api.constrains("service_name")
    def _check_service_name(self):
        for provider in self:
            if not _SERVICE.fullmatch(provider.service_name or ""):
                raise ValidationError(
                    self.env._(
                        "The technical name of a service has small letters, digits and "
                        "underscores, and begins with a letter."
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        if "company_id" in vals:
            raise UserError(
                self.env._("The company of a provider is fixed: what it has charged is.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The ledger names this provider, so it cannot be deleted. Archive it.")
        )

    # === WHO IT IS === #

    @api.model
    def _of_key(self, key: object):
        """Return, in sudo, whose key was sent, empty if it is nobody's."""
        providers_sudo = self.sudo()  # Sudo: who knows the key is the provider.
        if not isinstance(key, str) or not key or len(key) > 200:
            return providers_sudo.browse()
        return providers_sudo.search([("key_hash", "=", key_hash(key))], limit=1)

    @api.model
    def _services(self) -> set[str]:
        """Return the services of all providers, which are kept here as ours are."""
        # Sudo: names of services alone.
        rows = self.sudo()._read_group([], ["service_name"])
        return {name for (name,) in rows}

    # === ACTIONS === #

    def action_make_key(self):
        """Make a key, in place of the one before, and show it this once."""
        self.ensure_one()
        self.check_access("write")
        key = secrets.token_urlsafe(32)
        # Sudo: the fields are nobody's to fill in.
        self.sudo().write({"key_hash": key_hash(key), "key_made_at": fields.Datetime.now()})
        self.message_post(body=self.env._("A new key was made. The one before is void."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %s", self.name),
            "res_model": "iap.server.provider.key",
            "view_mode": "form",
            "target": "new",
            "context": {"default_key": key},
        }

    def action_view_entries(self):
        """Open what the provider has charged, and set aside."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_iap_credits.iap_credit_entry_action"
        )
        domain = [("document_model", "=", self._name), ("document_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}


class IapServerProviderKey(models.AbstractModel):
    """A key, which is shown once and stored nowhere."""

    _name = "iap.server.provider.key"
    _description = "Key of a Service Provider"

    id = fields.Id()
    key = fields.Char(readonly=True)


def key_hash(key: str) -> str:
    """Return what is stored of a provider's key."""
    return hashlib.sha256(f"iap-provider:{key}".encode("utf-8", "replace")).hexdigest()
