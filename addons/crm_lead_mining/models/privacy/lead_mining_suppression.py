import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...company.alike import Place, is_record
from ...company.identity import identity_keys
from ...company.status import refusal_parts
from ...company.types import Company
from ...tools.suppression import (
    BLACKLIST,
    ENDED,
    HASHED_KINDS,
    KINDS,
    LISTED_KINDS,
    Entry,
    Keys,
    Screened,
    place_entries,
    refused,
    screen,
)

SECRET_PARAMETER = "crm_lead_mining.suppression_secret"

KIND_LABELS = [
    ("domain", "Domain"),
    ("vat", "VAT number"),
    ("email", "E-mail address"),
    ("phone", "Phone number"),
    ("name", "Name"),
    ("person", "Person at a company"),
]


class LeadMiningSuppression(models.Model):
    """One thing that is never mined, for one company or for all.

    E-mail addresses and persons are kept as keyed hashes only, see `tools.suppression.Keys`.
    """

    _name = "lead.mining.suppression"
    _inherit = ["iap.company.mixin", "person.data.mixin"]
    _description = "Never Mined"
    _order = "id desc"
    _rec_name = "value"

    _person_columns = ("reason",)

    kind = fields.Selection(KIND_LABELS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, string="Normalised")
    value = fields.Char(
        compute="_compute_value",
        readonly=False,
        help="A domain, VAT number, e-mail address (or its SHA-256), phone number or full name. "
        "Only a hash of an e-mail address is kept.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Leave empty for all companies.",
    )
    reason = fields.Char()
    source = fields.Selection(
        [
            ("manual", "Added by a user"),
            ("import", "Imported"),
            ("opt_out", "Objection of the person"),
            ("erase", "Erased person"),
        ],
        default="manual",
        required=True,
        readonly=True,
    )

    _entry_uniq = models.UniqueIndex(
        "(kind, key, COALESCE(company_id, 0))", "This is already on the list."
    )
    # Whatever way a row comes, no address is ever readable here.
    _hashed = models.Constraint(
        "CHECK(kind NOT IN ('email', 'person') OR key ~ '^[0-9a-f]{64}$')",
        "E-mail addresses and persons are kept as hashes only.",
    )

    @api.model
    def _kind_labels(self) -> dict[str, str]:
        return dict(self._fields["kind"]._description_selection(self.env))

    @api.depends("kind", "key")
    def _compute_value(self):
        for row in self:
            hashed = row.kind in HASHED_KINDS and row.key
            row.value = self.env._("Hash %s…", row.key[:12]) if hashed else row.key

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._normalised(vals) for vals in vals_list])
        self._on_grown()
        return rows

    def write(self, vals):
        if vals.keys() & {"kind", "key", "value", "source"}:
            raise UserError(self.env._("Remove this entry and add another one instead."))
        return super().write(vals)

    @api.model
    def _normalised(self, vals: dict) -> dict:
        """Return the values with the key that `value` stands for.

        :raise ValidationError: if it cannot be read
        """
        if "value" not in vals:
            return vals
        kind, value = vals.get("kind") or "", vals["value"] or ""
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        entry = kind in LISTED_KINDS
        entry = entry and self._keys().entry(kind, value, company.country_id.code or "")
        if not entry:
            raise ValidationError(self._unreadable_sentence(kind, value))
        return {name: vals[name] for name in vals if name != "value"} | {"key": entry.key}

    @api.model
    def _unreadable_sentence(self, kind: str, value: str) -> str:
        label = self._kind_labels().get(kind, kind)
        return self.env._("%(kind)s “%(value)s” is not valid.", value=value[:80], kind=label)

    # === KEYS === #

    @api.model
    def _create_secret(self) -> None:
        """Make the secret of the hashes, once for the life of the database and of its copies."""
        parameters_sudo = self.env["ir.config_parameter"].sudo()  # hidden from users
        if not parameters_sudo.get_param(SECRET_PARAMETER):
            parameters_sudo.set_param(SECRET_PARAMETER, secrets.token_hex(32))

    @api.model
    def _keys(self) -> Keys:
        # Sudo: hashing needs the secret, whoever asks; it does not leave this method as text.
        secret = self.env["ir.config_parameter"].sudo().get_param(SECRET_PARAMETER)
        return Keys(bytes.fromhex(secret))

    # === ADDING === #

    @api.model
    def _add(self, entries: Iterable[Entry], company=None, reason="", source="manual") -> int:
        """Put entries on the list; those that are there already stay as they are.

        One statement for all, in one order, so that two concurrent ones never wait for each other.

        :param company: a `res.company`, empty for all companies
        :return: how many are new
        """
        rows = sorted(set(entries))
        if not rows:
            return 0
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_mining_suppression
                            (kind, key, company_id, reason, source,
                             create_uid, write_uid, create_date, write_date)
                     SELECT kind, key, %(company)s, %(reason)s, %(source)s,
                            %(uid)s, %(uid)s, %(now)s, %(now)s
                       FROM unnest(%(kinds)s::text[], %(keys)s::text[])
                            WITH ORDINALITY AS entry (kind, key, place)
                   ORDER BY place
                ON CONFLICT (kind, key, COALESCE(company_id, 0)) DO NOTHING
                """,
                company=(company and company.id) or None,
                reason=reason or None,
                source=source,
                uid=self.env.uid,
                now=self.env.cr.now(),
                kinds=[row.kind for row in rows],
                keys=[row.key for row in rows],
            )
        )
        added = self.env.cr.rowcount
        if added:
            self._on_grown()
        return added

    @api.model
    def _on_grown(self) -> None:
        """Hook of who works with the list for long: it has become longer."""

    @api.model
    def _never_mine(self, entries: Iterable[Entry], company, reason: str):
        """Put entries on the list for a user, and tell them.

        :param company: the company of the record; with `never_mine_globally` in the context, which
            administrators of Sales may use, the entries are for all companies
        :raise AccessError: if the user may not
        :raise UserError: if nothing identifies what is never to be mined
        """
        entries = set(filter(None, entries))
        if not entries:
            raise UserError(self.env._("There is no domain, VAT number, e-mail address or name."))
        self.check_access("create")
        everywhere = self.env.context.get("never_mine_globally")
        if everywhere and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only administrators of Sales can decide what is never mined for all companies."
                )
            )
        company = self.env["res.company"] if everywhere else company or self.env.company
        if company and company not in self.env.companies:
            raise AccessError(self.env._("You do not work for %s.", company.sudo().name))
        self._add(entries, company, reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("This is never mined again."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _company_entries(self, place: Place, name: str, *identity_keys: str) -> list[Entry]:
        """Return what keeps a company from being mined.

        Its domain and VAT number, else its name; and its name at its place, where it may be known
        without any number. One that nothing identifies is known there alone.

        :param identity_keys: as of `company.identity.identity_keys`
        """
        keys, pairs = self._keys(), (key.partition(":") for key in identity_keys if key)
        entries = [keys.entry(kind, key) for kind, _c, key in pairs if kind in ("domain", "vat")]
        entries = list(filter(None, entries))
        at_place = place_entries(place)
        if not entries and not (at_place and any(map(is_record, filter(None, identity_keys)))):
            entries = [keys.entry("name", name or "")]
        return [*entries, *at_place]

    # === JUDGING === #

    @api.model
    def _screen(self, companies: Iterable[Company], company) -> list[Screened]:
        """Take out of a batch what may not come in.

        This is the gate of every way in: answers of providers when they arrive, are stored and
        are used again, and answers to other apps. Files pass `_screen_listed`: who has ended stays
        in the directory and is not found there, until it is told to be alive again.

        :param company: the `res.company` that data come to, empty for what all share
        """
        companies = list(companies)
        kinds = self._told_kinds()
        screened = self._screen_listed(companies, company, kinds - {ENDED})
        if ENDED not in kinds:
            return screened
        ended = self._ended([identity_keys(one) for one in companies], company)
        return [
            refused(item.company, kind) if kind and not item.kind else item
            for item, kind in zip(screened, ended, strict=True)
        ]

    @api.model
    def _screen_listed(self, companies: Iterable[Company], company, kinds=None) -> list[Screened]:
        """Take out of a batch what is on the list; who knows `_listed_kinds` already tells them."""
        kinds = self._listed_kinds() if kinds is None else kinds
        if not kinds:
            return [Screened(one) for one in companies]
        keys = replace(self._keys(), only=kinds)
        return screen(companies, keys, lambda entries: self._listed(entries, company))

    @api.model
    def _ended(self, companies: Sequence[Sequence[str]], company) -> list[str]:
        """Hook of who knows that companies have ended or are protected.

        Whoever does says whether any have by `_kind_statements`.

        :param companies: the identity keys of each
        :param company: as `_screen` takes it
        :return: for each the kind by which it is refused, see `_refusal_sentence`, "" for none
        """
        return [""] * len(companies)

    @api.model
    def _refusals(self, companies: Iterable[Company], company) -> list[str]:
        """Return why each company may not be asked about, "" for those that may."""
        return [item.kind for item in self._screen(companies, company)]

    @api.model
    def _listed_addresses(self, addresses: Iterable[str], company) -> set[str]:
        """Return which addresses are never mined; Odoo's blacklist says nothing about that."""
        keys = self._keys()
        entries = {address: keys.of_email(address) for address in addresses if address}
        own = {
            address: {entry for entry in found if entry.kind == "email"}
            for address, found in entries.items()
        }
        asked = set().union(*own.values())
        listed = self._listed(asked, company) if asked else set()
        return {address for address, found in own.items() if not listed.isdisjoint(found)}

    @api.model
    def _listed(self, entries: Iterable[Entry], company) -> set[Entry]:
        """Return which entries are on the list, on `mail.blacklist` or on `phone.blacklist`.

        By SQL, whoever may read these lists: only the given entries leave this method.
        """
        entries = list(entries)
        self.flush_model(["company_id"])
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["phone.blacklist"].flush_model(["number", "active"])
        self.env.cr.execute(
            SQL(
                """
                SELECT kind, key
                  FROM lead_mining_suppression
                  JOIN unnest(%(kinds)s::text[], %(keys)s::text[]) AS asked (kind, key)
                 USING (kind, key)
                 WHERE company_id IS NULL OR company_id = %(company)s
                 UNION
                SELECT %(blacklist)s, email FROM mail_blacklist
                 WHERE active AND email = ANY(%(emails)s)
                 UNION
                SELECT 'phone', number FROM phone_blacklist
                 WHERE active AND number = ANY(%(phones)s)
                """,
                kinds=[entry.kind for entry in entries],
                keys=[entry.key for entry in entries],
                company=company.id or None,
                blacklist=BLACKLIST,
                emails=[entry.key for entry in entries if entry.kind == BLACKLIST],
                phones=[entry.key for entry in entries if entry.kind == "phone"],
            )
        )
        return {Entry(*row) for row in self.env.cr.fetchall()}

    @api.model
    def _listed_kinds(self) -> frozenset[str]:
        """Return which kinds there are at all; others need not be normalised and hashed."""
        return self._told_kinds() - {ENDED}

    @api.model
    def _told_kinds(self) -> frozenset[str]:
        """Return which kinds are on the list, and ENDED if anybody tells of companies' ends.

        Never remembered: who is protected from now on is so for every process at once.
        """
        rows = self.env.execute_query(SQL(" UNION ALL ").join(self._kind_statements()))
        return frozenset(kind for (kind,) in rows)

    @api.model
    def _kind_statements(self) -> list[SQL]:
        """Return what tells which kinds there are; hook of who knows more of `_told_kinds`."""
        self.flush_model(["kind"])
        self.env["mail.blacklist"].flush_model(["active"])
        self.env["phone.blacklist"].flush_model(["active"])
        return [
            SQL(
                "SELECT kind FROM unnest(%s::text[]) AS kind WHERE EXISTS ("
                "SELECT FROM lead_mining_suppression AS row WHERE row.kind = kind.kind)",
                list(KINDS),
            ),
            SQL("SELECT %s WHERE EXISTS (SELECT FROM mail_blacklist WHERE active)", BLACKLIST),
            SQL("SELECT 'phone' WHERE EXISTS (SELECT FROM phone_blacklist WHERE active)"),
        ]

    @api.model
    def _refusal_sentence(self, kind: str) -> str:
        """Return why nothing of a company may be used.

        :param kind: of the entry, or a `company.status.refusal_kind`
        """
        status, country, _source = refusal_parts(kind)
        if sentence := self._status_sentences().get(status):
            law = self._protection_laws().get(country, "") if status == "protected" else ""
            return f"{sentence} {law}".strip()
        label = self._kind_labels().get(kind, kind)
        return self.env._("On the Never Mined list: %s.", label)

    @api.model
    def _status_sentences(self) -> dict[str, str]:
        """Return why companies of each status may not come in."""
        return {
            "ceased": self.env._("The company has ceased to do business."),
            "insolvent": self.env._("The company is insolvent or in liquidation."),
            "protected": self.env._("The company may not be sent advertising."),
        }

    @api.model
    def _protection_laws(self) -> dict[str, str]:
        """Return what protects companies from advertising, by the country's code."""
        return {
            "DK": self.env._("Denmark: reklamebeskyttelse, section 19 of the CVR Act."),
            "FR": self.env._("France: article R123-232-1 of the code of commerce."),
            "SE": self.env._("Sweden: Reklamspärr in the register of SCB."),
        }
