from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.settings import Settings

#: What is older is shown in the list, and told nobody any more.
TOLD_DAYS = 7
ACTIVITY = "crm_lead_directory.mail_activity_signal"


class LeadDirectorySignal(models.Model):
    """One activity a day for who follows companies, with all that is new of them."""

    _inherit = "lead.directory.signal"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_tell(self):
        """Have everybody told of what nobody has told them yet, as the settings say."""
        tell = Settings.of(self.env).tell
        if tell == "nothing":
            return
        fresh = fields.Date.context_today(self) - timedelta(TOLD_DAYS)
        # What waits in an activity that is not done yet comes together with what is new.
        untold = Domain("told", "=", False) | Domain("activity_id.active", "=", True)
        wanted = Domain("date", ">=", fresh) & untold
        if tell == "ceased":
            wanted &= Domain("kind", "=", "ceased")
        for user, signals in self.search(wanted).grouped("user_id").items():
            if user.active and not all(signals.mapped("told")):
                signals._tell(user)

    def _tell(self, user):
        """Replace what a user has not done yet by one activity about these changes."""
        self.activity_id.unlink()
        translated = self.with_context(lang=user.lang).env
        kinds = dict(self._fields["kind"]._description_selection(translated))
        counts = Counter(self.mapped("kind"))
        names = list(dict.fromkeys(self.mapped("name")))
        lines = Markup().join(
            Markup("<li>%s: %s</li>") % (label, counts[kind])
            for kind, label in kinds.items()
            if counts[kind]
        )
        shown = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
        activity = translated["mail.activity"].create(
            {
                "activity_type_id": self.env.ref(ACTIVITY).id,
                "summary": translated._("What is new at companies that you follow"),
                "note": Markup('<p>%s</p><ul>%s</ul><p><a href="/odoo/company-news">%s</a></p>')
                % (shown, lines, translated._("What Is New")),
                "user_id": user.id,
                "automated": True,
            }
        )
        self.write({"told": True, "activity_id": activity.id})

    def _take_back(self):
        """Delete what was wrong; what was told together with it is told anew."""
        activities = self.activity_id.filtered("active")
        (self.search([("activity_id", "in", activities.ids)]) - self).told = False
        activities.unlink()
        self.unlink()
