from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

from ..tools import addresses

#: Domains of aliases that are looked at; a company has one.
MAX_DOMAINS = 500
#: What the addresses of a domain are made of.
_MADE_OF = ["bounce_alias", "catchall_alias", "default_from", "name"]


class OwnAddresses(NamedTuple):
    """The addresses that this database has beside its aliases, normalized.

    :ivar notifications: those that it sends from
    :ivar mailboxes: all of them
    :ivar bounces: name and host of each that bounced e-mail goes to, with a reference between
    """

    notifications: frozenset[str]
    mailboxes: frozenset[str]
    bounces: tuple[tuple[str, str], ...]


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    @api.private
    @api.model
    @ormcache()
    def mail_plugin_addresses(self) -> OwnAddresses:
        """Return what every e-mail that is opened is compared with; it hardly ever changes."""
        # sudo: domains of aliases are closed to some users; everybody gets mail from them.
        domains_sudo = self.sudo().search_fetch([], _MADE_OF, limit=MAX_DOMAINS)
        senders, catchalls, bounces = (
            set(filter(None, map(addresses.normalize, domains_sudo.mapped(name))))
            for name in ("default_from_email", "catchall_email", "bounce_email")
        )
        return OwnAddresses(
            frozenset(senders),
            frozenset(senders | catchalls | bounces),
            tuple(tuple(address.split("@")) for address in sorted(bounces)),
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Extend `mail`: what is known of the addresses is read anew."""
        domains = super().create(vals_list)
        self.env.registry.clear_cache()
        return domains

    def write(self, vals):
        """Extend `mail`: what is known of the addresses is read anew."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Extend `base`: what is known of the addresses is read anew."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
