from odoo import api, models
from odoo.exceptions import UserError

from ..tools import policy
from ..tools.choices import well_formed
from ..tools.copies import BCC, Copies
from ..tools.gate import Planned, Refusal, Scope, current_scope, entered, held_environments

# The `recipient_map` of a message for which somebody was chosen, but no partner: a Json field keeps
# no empty value.
_NOBODY = {"0": []}
# What the check puts into the values of a message, and takes from no caller.
_OF_THE_CHECK = ("recipient_map", "recipient_copies")


class MailThread(models.AbstractModel):
    """The check before a message is written."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def message_post(self, **kwargs):
        choices = kwargs.pop("recipient_choices", None)
        if planned := Planned.take(self):
            choices = [*(choices or []), *planned]
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        if not mode:
            return super().message_post(**self._recipient_without_policy(kwargs, choices))
        # A new message has the tracked changes that it is given; not told, Odoo looks for others.
        kwargs.setdefault("tracking_value_ids", [])
        with held_environments(self.env):
            kwargs, scope = self._recipient_check_post(kwargs, choices, mode)
            with entered(self.env, scope):
                return super().message_post(**kwargs)

    def _recipient_precheck_post(self, kwargs: dict, choices: list[dict] | None = None) -> None:
        """Refuse what `message_post` would refuse, where something else is written before it."""
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        interactive = self._recipient_is_interactive(kwargs.get("message_type", "notification"))
        if mode and interactive:
            choices = kwargs.get("recipient_choices") or choices
            self._recipient_check_post(kwargs, choices, mode, register=False)

    @api.model
    def _recipient_without_policy(self, kwargs: dict, choices: list[dict] | None) -> dict:
        """Post choices made just before the policy was switched off the way stock does.

        :raise UserError: where somebody is in Bcc, which stock would tell to all
        """
        kwargs = {name: value for name, value in kwargs.items() if name not in _OF_THE_CHECK}
        choices = well_formed(choices)
        if not choices:
            return kwargs
        if any(choice["header"] == BCC for choice in choices):
            raise UserError(
                self.env._(
                    "Bcc is available only where e-mail recipients are restricted: remove it, or "
                    "send them a message of their own."
                )
            )
        partner_ids = [c["partner_id"] for c in choices if c.get("partner_id")]
        emails = [c["email"] for c in choices if not c.get("partner_id")]
        return {
            **kwargs,
            "partner_ids": list(dict.fromkeys([*(kwargs.get("partner_ids") or []), *partner_ids])),
            "outgoing_email_to": ",".join(
                [*filter(None, [kwargs.get("outgoing_email_to")]), *emails]
            ),
        }

    def _recipient_check_post(
        self,
        kwargs: dict,
        choices: list[dict] | None,
        mode: str,
        path: str = "message_post",
        register: bool = True,
    ) -> tuple[dict, Scope]:
        """Check whom a message is addressed to before anything is written.

        Return the arguments narrowed to what is allowed, and the scope of the message.

        :param kwargs: of `message_post` or `message_notify`
        :param choices: [{'email': str, 'partner_id': int | None}], one per chosen address, with
            'preselected' where it was taken from the card and with 'header' where it stands in
            another line than To, see `tools.copies`; an empty list says that nobody was
            chosen, None that nobody was asked to choose
        :param register: create what the settings say for unknown addresses
        :raise UserError: interactively, for the first recipient that is refused
        """
        self.ensure_one()
        kwargs = {name: value for name, value in kwargs.items() if name not in _OF_THE_CHECK}
        interactive = self._recipient_is_interactive(kwargs.get("message_type", "notification"))
        # A scheduled action, whoever's it is, is not begun anew.
        is_tried_again = interactive and "cron_id" not in self.env.context
        scope, chosen = self._recipient_asked_for(kwargs, choices, mode, is_tried_again)
        if chosen is None:
            return kwargs, scope
        self._recipient_refuse(chosen["refused"], path, interactive)
        if mode == policy.ANY and register and interactive:
            self._recipient_register_unknown(chosen)
        return self._recipient_addressed(kwargs, chosen), scope

    def _recipient_asked_for(
        self, kwargs: dict, choices: list[dict] | None, mode: str, is_tried_again: bool = False
    ) -> tuple[Scope, dict | None]:
        """Return the scope of a message on this one card, and who was asked for, sorted out.

        See `_recipient_check_post`; the second is None where nobody was.

        :param is_tried_again: see `guarded_if_tried_again`
        """
        user = self._recipient_acting_user()
        modes = {self.id: mode}
        decisions = self._recipient_decisions(user, modes=modes, is_tried_again=is_tried_again)
        scope = Scope(self._name, self.id, decisions[self.id], mode)
        partner_ids = kwargs.get("partner_ids") or []
        typed = kwargs.get("outgoing_email_to")
        if choices is None and not partner_ids and not typed:
            return scope, None
        if not all(isinstance(pid, int) for pid in partner_ids):
            return scope, None  # refused as malformed by the method itself
        chosen = self._recipient_sort_out(scope, user, well_formed(choices), partner_ids, typed)
        return scope, chosen

    @api.model
    def _recipient_addressed(self, kwargs: dict, chosen: dict) -> dict:
        """Return the arguments of a message that goes to who was `chosen`, and to nobody else."""
        kwargs = dict(kwargs)
        kwargs["partner_ids"] = [*chosen["employees"], *chosen["partners"]]
        if chosen["emails"] or "outgoing_email_to" in kwargs:
            kwargs["outgoing_email_to"] = ",".join(chosen["emails"])
        kwargs["recipient_map"] = {str(pid): keys for pid, keys in chosen["partners"].items()}
        if not chosen["partners"]:
            kwargs["recipient_map"] = dict(_NOBODY)
        bcc = {str(ref): tuple(keys) for ref, keys in chosen["bcc"].items()}
        kwargs["recipient_copies"] = Copies(tuple(chosen["cc"]), bcc).stored
        return kwargs

    def message_notify(self, **kwargs):
        if not self.env["res.company"]._recipient_modes():
            return super().message_notify(**kwargs)
        thread = self._recipient_notified_thread(kwargs)
        mode = thread._recipient_modes().get(thread.id) if thread else None
        if mode:
            types = {"message_type": "user_notification"}
            checked, scope = thread._recipient_check_post({**kwargs, **types}, None, mode, "notify")
            kwargs = {key: value for key, value in checked.items() if key != "message_type"}
            with entered(self.env, scope):
                return super().message_notify(**kwargs)
        if not thread and kwargs.get("partner_ids"):
            kwargs["partner_ids"] = self._recipient_check_recordless(kwargs["partner_ids"])
        return super().message_notify(**kwargs)

    def _recipient_notified_thread(self, kwargs):
        """Return the record a notification is about: this one, or the one named by arguments."""
        if self:
            return self if len(self) == 1 else self.browse()
        model, res_id = kwargs.get("model"), kwargs.get("res_id")
        if model not in self.env or not isinstance(res_id, int):
            return self.browse()
        record = self.env[model].browse(res_id)
        is_thread = isinstance(record, self.env.registry["mail.thread"])
        return record.exists() if is_thread else self.browse()

    @api.model
    def _recipient_check_recordless(self, partner_ids: list[int]) -> list[int]:
        """A notification that belongs to no record reaches employees only, in registered mode."""
        mode = self.env["res.company"]._recipient_mode()
        if (
            mode != policy.REGISTERED
            or not self._recipient_acting_user()
            or not all(isinstance(pid, int) for pid in partner_ids)
        ):
            return partner_ids
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        employees = self._recipient_employees(partners)
        refused = [
            Refusal(policy.E_NOT_ALLOWED, partner_id=partner.id)
            for partner in partners
            if partner.id not in employees
        ]
        interactive = self._recipient_is_interactive("user_notification")
        self.env["mail.thread"]._recipient_refuse(refused, "notify", interactive)
        return [pid for pid in partner_ids if pid in employees]

    def _get_message_create_valid_field_names(self):
        names = super()._get_message_create_valid_field_names()
        # Only what the check itself has put there.
        return names | {*_OF_THE_CHECK} if current_scope(self.env) else names
