from odoo import api, models
from odoo.tools import ormcache

#: What rules of several companies compare, and lists of a user's companies.
_COMPARED = ("active", "parent_path")


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.private
    def mail_plugin_read_ahead(self) -> None:
        """Have in the cache what is asked of companies whenever a right is checked.

        Else each request reads it anew, and with it all columns that companies have.
        """
        for name, values in zip(_COMPARED, self._mail_plugin_compared(), strict=True):
            self._fields[name]._insert_cache(self, values)

    @ormcache("self._ids")
    def _mail_plugin_compared(self) -> tuple[tuple, ...]:
        """Return a tuple for each field of `_COMPARED`.

        Odoo clears this where a company comes or goes or is archived; none has another parent ever.
        """
        # sudo: it goes to the cache alone, where rules read it by it.
        companies_sudo = self.sudo()
        companies_sudo.fetch(_COMPARED)
        return tuple(tuple(company[name] for company in self.sudo()) for name in _COMPARED)
