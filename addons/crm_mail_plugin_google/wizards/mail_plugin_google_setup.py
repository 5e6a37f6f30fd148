import contextlib
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_common.tools.settings import is_neutralized

from ..models.mail_plugin_google_trace import REFUSAL, SUCCESS
from ..tools import deployment, network
from ..tools.settings import Settings, is_client_id, is_service_account


class MailPluginGoogleSetup(models.TransientModel):
    """What an administrator does once so that Gmail asks this database."""

    _name = "mail.plugin.google.setup"
    _description = "Gmail Add-on"
    _transient_max_hours = 24

    base_url = fields.Char("Address", compute="_compute_address")
    is_secure = fields.Boolean(compute="_compute_address")
    is_frozen = fields.Boolean(compute="_compute_address")
    has_moved = fields.Boolean(compute="_compute_address")
    pasted_url = fields.Char(compute="_compute_address")
    deployment = fields.Text(compute="_compute_address")
    service_account = fields.Char(
        "Service Account Email",
        default=lambda self: Settings.of(self.env).service_account,
        help="On the tab HTTP Deployments, under Authorization Resource.",
    )
    client_id = fields.Char(
        "OAuth Client ID",
        default=lambda self: Settings.of(self.env).client_id,
        help="On the tab HTTP Deployments, under Authorization Resource.",
    )
    last_success = fields.Datetime("Last Answered", compute="_compute_last")
    last_refusal = fields.Datetime("Last Refused", compute="_compute_last")
    refusal = fields.Char("Why", compute="_compute_last")
    problem = fields.Char("Result", readonly=True)
    is_reached = fields.Boolean(readonly=True)

    @api.depends_context("lang")
    def _compute_display_name(self):
        for setup in self:
            setup.display_name = self.env._("Gmail Add-on")

    @api.depends_context("uid")
    def _compute_address(self):
        base_url = self._base_url()
        # sudo: parameters are read for whoever may open this page, an administrator.
        is_frozen = self.env["ir.config_parameter"].sudo().get_param("web.base.url.freeze")
        text = deployment.document(
            base_url,
            self.env._("Odoo (%s)", self.env.company.name),
            compose=self.env._("Insert a template of Odoo"),
        )
        pasted = Settings.of(self.env).base_url
        for setup in self:
            setup.base_url = base_url
            setup.is_secure = urlsplit(base_url).scheme == "https"
            setup.is_frozen = bool(is_frozen)
            setup.pasted_url = pasted
            setup.has_moved = bool(pasted) and pasted != base_url
            setup.deployment = text

    @api.depends_context("uid", "lang")
    def _compute_last(self):
        # sudo: traces are closed; this page is the administrators'.
        traces_sudo = self.env["mail.plugin.google.trace"].sudo().search([], limit=2)
        last = {trace.kind: trace for trace in traces_sudo}
        reasons = self._reasons()
        for setup in self:
            setup.last_success = last[SUCCESS].happened_at if SUCCESS in last else False
            setup.last_refusal = last[REFUSAL].happened_at if REFUSAL in last else False
            setup.refusal = (
                f"{reasons[last[REFUSAL].reason]} {last[REFUSAL].told or ''}".strip()
                if REFUSAL in last
                else False
            )

    @api.model
    def _base_url(self):
        # sudo: as above; the parameter is what the deployment must have, whatever a website says.
        return (self.env["ir.config_parameter"].sudo().get_param("web.base.url") or "").rstrip("/")

    @api.model
    def _reasons(self) -> dict[str, str]:
        """Return what is said of a refused request, by the reason of `tokens.Refused`; what the
        request says instead follows."""
        return {
            "issuer": self.env._("It was not issued by Google's accounts, but by"),
            "expired": self.env._("Its token had expired. Check the clock of this server."),
            "early": self.env._("Its token is of the future. Check the clock of this server."),
            "audience": self.env._(
                "It was made for another address or another project. Paste the deployment again, "
                "and compare the OAuth Client ID. It names"
            ),
            "account": self.env._(
                "It came from another Google project. If it is yours, copy this as Service Account "
                "Email:"
            ),
            "unverified": self.env._("Google has not verified the address"),
            "form": self.env._("Its token names no account."),
        }

    def action_save(self):
        """Keep the two values, with the address that the deployment has now.

        :raise ValidationError: for what is no such value
        """
        self.ensure_one()
        account, client = (self.service_account or "").strip(), (self.client_id or "").strip()
        if account and not is_service_account(account):
            raise ValidationError(
                self.env._(
                    "“%s” is no service account. It looks like "
                    "service-123456@gcp-sa-gsuiteaddons.iam.gserviceaccount.com.",
                    account,
                )
            )
        if client and not is_client_id(client):
            raise ValidationError(
                self.env._(
                    "“%s” is no OAuth client ID. It looks like "
                    "123456-abcdef.apps.googleusercontent.com.",
                    client,
                )
            )
        base_url = self._base_url()
        # sudo: whoever may open this page, an administrator, may set these parameters.
        env_sudo = self.env(su=True)
        Settings.store(
            env_sudo,
            {"service_account": account, "client_id": client, "base_url": base_url},
        )
        # An address that changes by itself, as it does when an administrator logs in elsewhere,
        # would have Google's requests refused.
        env_sudo["ir.config_parameter"].set_param("web.base.url.freeze", "True")

    def action_check(self):
        """Ask this database at its public address, as Google would."""
        self.ensure_one()
        problem = self._find_problem()
        self.is_reached = not problem
        self.problem = problem or self.env._(
            "This database is reached at its address, and refuses strangers there. Whether "
            "Google's servers reach it as well, “Last Answered” shows once the add-on was opened."
        )

    def _find_problem(self) -> str:
        """Return what would keep Google away, "" for nothing."""
        if is_neutralized(self.env):
            return self.env._("A neutralized copy of a database is not asked by Gmail.")
        settings = Settings.of(self.env)
        if not settings.is_complete:
            return self.env._("Save the two values of Google's console first.")
        guide = self.env["mail.plugin.guide"]
        result = guide._ask(self._base_url())
        # Browsers play no part here.
        if result not in ("reached", "cors"):
            told = dict(guide._fields["check_result"]._description_selection(self.env))
            return told[result]
        with contextlib.suppress(OSError):
            if network.refuses(self._base_url() + deployment.ROUTE):
                return ""
        return self.env._(
            "The address answers, but not on %s. Check the rules of the proxy.", deployment.ROUTE
        )
