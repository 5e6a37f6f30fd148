from odoo import models

#: As many fit into a message; its link leads to all of them.
LISTED = 50


class CrmLead(models.Model):
    """Tells salespeople of the leads that somebody else generated for them, once a request."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    def _tell_assigned(self, request) -> None:
        """Tell the salespeople of these leads, which a request of somebody else made.

        :param request: the request, as its owner
        """
        leads = self.with_context(mail_notify_force_send=False)
        for user, assigned in leads.grouped("user_id").items():
            if user.active:
                assigned.with_context(lang=user.lang)._tell_one_assigned(user, request)

    def _tell_one_assigned(self, user, request) -> None:
        if len(self) == 1:
            self._message_auto_subscribe_notify(user.partner_id.ids, "mail.message_user_assigned")
            return
        body = self.env["ir.qweb"]._render(
            "crm_lead_mining.leads_assigned",
            {
                "user": user,
                "owner": self.env.user,
                "leads": self[:LISTED],
                "count": len(self),
                "all_leads": f"/odoo/{request.id}/action-crm_lead_mining.crm_lead_action_mined",
            },
            minimal_qcontext=True,
        )
        # Of no record: who gets the leads need not see the request.
        self.env["mail.thread"].message_notify(
            subject=self.env._("%s leads have been assigned to you", len(self)),
            body=body,
            partner_ids=user.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_layout",
        )
