import base64
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_common.tools.gaps import to_fill
from odoo.addons.crm_lead_mining.company.fields import OF_RECORD, RECORD_UNITS
from odoo.addons.crm_lead_mining.company.lead_values import lead_values
from odoo.addons.crm_lead_mining.company.types import Company

from ..tools.enrichment import Subject, overwritten, subject_of
from ..tools.settings import Settings
from .lead_enrichment import OPEN_STATES, STATES


class LeadEnrichmentMixin(models.AbstractModel):
    """Records that providers are asked about: leads and contacts."""

    _name = "lead.enrichment.mixin"
    _description = "Enriched Record"

    enrichment_state = fields.Selection(STATES, compute="_compute_enrichment", compute_sudo=True)
    enrichment_message = fields.Text(compute="_compute_enrichment", compute_sudo=True)
    enrichment_buy_url = fields.Char(compute="_compute_enrichment", compute_sudo=True)
    can_enrich = fields.Boolean(compute="_compute_can_enrich", compute_sudo=True)

    # === COMPUTES === #

    def _compute_enrichment(self):
        latest = {attempt.res_id: attempt for attempt in self._enrichments_sudo()}
        for record in self:
            attempt = latest.get(record._origin.id, self.env["lead.enrichment"])
            record.enrichment_state = attempt.state
            record.enrichment_message = attempt.message
            record.enrichment_buy_url = attempt.can_buy_credits

    def _compute_can_enrich(self):
        obstacles = self._enrichment_obstacles(self._enrichment_subjects())
        for record in self:
            record.can_enrich = bool(record.id) and record._origin.id not in obstacles

    def _enrichments_sudo(self):
        """Return the attempts for these records, the oldest first, in sudo.

        Whoever sees a record may know what was tried for it.
        """
        return self.env["lead.enrichment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        )  # fmt: skip

    # === WHO CAN BE ASKED ABOUT === #

    def _enrichment_target(self):
        """Return the records that the enrichment of these ones is about."""
        return self

    def _enrichment_addresses(self) -> list[str]:
        """Return websites and e-mail addresses, the most telling first."""
        raise NotImplementedError

    def _enrichment_vat(self) -> str:
        return ""

    def _enrichment_subjects(self) -> dict[int, Subject]:
        """Return whom to ask about, by id; the address of who is never mined leads to nobody."""
        addresses = {record: record._enrichment_addresses() for record in self}
        subjects = {}
        for company, records in self.grouped("company_id").items():
            listed = self.env["lead.mining.suppression"]._listed_addresses(
                {one for record in records for one in addresses[record] if "@" in one},
                company or self.env.company,
            )
            for record in records:
                subjects[record._origin.id] = subject_of(
                    [one for one in addresses[record] if one not in listed],
                    record._enrichment_vat(),
                    record.country_id.code or "",
                )
        return subjects

    def _enrichment_refusals(self, subjects: dict[int, Subject]) -> dict[int, str]:
        """Return the kind of entry for which records' companies may not be asked about, by id."""
        refusals = {}
        for company, records in self.grouped("company_id").items():
            kinds = self.env["lead.mining.suppression"]._refusals(
                [record._enrichment_known(subjects[record._origin.id]) for record in records],
                company or self.env.company,
            )
            refusals |= {
                record._origin.id: kind for record, kind in zip(records, kinds, strict=True) if kind
            }
        return refusals

    def _enrichment_known(self, subject: Subject) -> Company:
        """Return what the record tells of the company, by which it may be listed."""
        self.ensure_one()
        known = subject.as_company(
            self._enrichment_company_name(), self._enrichment_vat(), self.country_id.code or ""
        )
        return replace(known, **self._enrichment_numbers())

    def _enrichment_numbers(self) -> dict[str, str]:
        """Return the numbers of the company that the record has, by their names in `Company`."""
        return {}

    def _enrichment_payer(self):
        """Return the company whose credits the record's enrichment costs."""
        self.ensure_one()
        return self.company_id or self.env.company

    def _enrichment_company_name(self) -> str:
        return ""

    def _enrichment_obstacles(
        self, subjects: dict[int, Subject], origin: str = "user"
    ) -> dict[int, str]:
        """Return why records cannot be enriched now, by id; those that can have none.

        What was bought elsewhere is completed from its own website, where somebody asks for it:
        by itself that has happened when it was mined.
        """
        attempts_sudo = self._enrichments_sudo()
        latest = {attempt.res_id: attempt for attempt in attempts_sudo}
        days = Settings.of(self.env).retry_days
        again = fields.Datetime.now() - timedelta(days=days)
        refusals = self._enrichment_refusals(subjects)
        bought = self._enrichment_bought()
        # Sudo: which providers there are is no secret of those who may enrich.
        website_sudo = self.env["lead.mining.provider"].sudo()._own_website()
        completes = origin == "user" and website_sudo
        obstacles = {}
        for record in self:
            record_id = record._origin.id
            attempt = latest.get(record_id)
            if record in bought and not (completes and subjects[record_id].domain):
                obstacles[record_id] = "bought"
            elif attempt and attempt.state in OPEN_STATES:
                obstacles[record_id] = "open"
            elif not subjects[record_id].key:
                obstacles[record_id] = "nobody"
            elif record_id in refusals:
                obstacles[record_id] = "never"
            elif (
                attempt
                and attempt.state == "not_found"
                and attempt.identity_key == subjects[record_id].key
                and attempt.finished_at > again
            ):
                obstacles[record_id] = "not_found"
        return obstacles

    def _enrichment_bought(self):
        """Return the records whose company's data were paid for already, by other means."""
        # One that failed or waited may have told the identity already: the website is free.
        tried = {one.res_id for one in self._enrichments_sudo() if not one.website_only}
        return self.filtered(lambda one: one._enrichment_is_bought(one._origin.id in tried))

    def _enrichment_is_bought(self, tried: bool) -> bool:
        """Tell whether the company's data were paid for already, by other means.

        :param tried: whether it was asked about here before, and may have its identity from that
        """
        return False

    @api.model
    def _enrichment_obstacle_sentences(self) -> dict[str, str]:
        return {
            "bought": self.env._("its data have already been paid for"),
            "open": self.env._("it is already being enriched"),
            "nobody": self.env._("it has neither a website nor an e-mail address of a company"),
            "never": self.env._("its company is on the Never Mined list"),
            "not_found": self.env._("nothing was found about it a short while ago"),
        }

    # === ACTIONS === #

    def action_enrich(self):
        """Queue the enrichment of empty fields, and tell what happens."""
        return self._enrich()

    def action_open_enrichment(self):
        """Open the dialog in which the user chooses what to overwrite."""
        self.env["lead.enrichment"]._check_may_enrich()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enrich"),
            "res_model": "lead.enrichment.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_view_enrichments(self):
        """Show the history of this record."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lead_enrichment.lead_enrichment_action"
        )
        target = self._enrichment_target()
        action["domain"] = [("res_model", "=", self._name), ("res_id", "in", target.ids)]
        action["context"] = {}
        return action

    def _enrich(self, groups=()):
        """Queue the enrichment of these records.

        :param groups: what may be overwritten, keys of `tools.enrichment.GROUPS`
        :return: a notification that tells how many are queued, and why others are not
        :raise UserError: if none is
        """
        self.env["lead.enrichment"]._check_may_enrich()
        records = self._enrichment_target()
        records.check_access("write")
        queued, obstacles = records._queue_enrichment(groups=groups)
        skipped = self._skipped_sentence(Counter(obstacles.values()), len(self) - len(records))
        if not queued:
            raise UserError(skipped or self.env._("There is no company to enrich."))
        if len(queued) == 1:
            message = self.env._("%s is being enriched.", queued.record_name)
        else:
            message = self.env._("%s records are being enriched.", len(queued))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": f"{message} {skipped}".strip(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _queue_enrichment(self, origin="user", groups=()):
        """Queue what can be enriched.

        :return: the new attempts, and why others are left out by their id
        """
        subjects = self._enrichment_subjects()
        obstacles = self._enrichment_obstacles(subjects, origin)
        able = self.filtered(lambda record: record.id not in obstacles)
        if not able:
            return self.env["lead.enrichment"], obstacles
        return self.env["lead.enrichment"]._enqueue(able, subjects, origin, groups), obstacles

    @api.model
    def _skipped_sentence(self, obstacles: Counter, persons: int) -> str:
        sentences = self._enrichment_obstacle_sentences()
        parts = [
            self.env._("%(count)s left out: %(reason)s.", count=count, reason=sentences[code])
            for code, count in sorted(obstacles.items())
        ]
        if persons:
            parts.append(
                self.env._(
                    "%(count)s left out: %(reason)s.",
                    count=persons,
                    reason=self.env._(
                        "it is a person without a company, or one of a company that "
                        "is enriched with others"
                    ),
                )
            )
        return " ".join(parts)

    # === WRITING === #

    def _enrichment_found(self, company: Company, records: dict, logo: bytes | None) -> dict:
        """Return what a company's data are on this record: values by field.

        Many2one fields as ids, many2many fields as tuples of ids, images in base64.

        :param records: of `_mined_records`
        """
        found = lead_values(replace(company, contacts=()))
        country = records["countries"].get(company.country_code, self.env["res.country"])
        state = records["states"].get((company.country_code, company.state_code))
        industry = next(filter(None, map(records["industries"].get, company.industries)), None)
        if phone := found.get("phone"):
            found["phone"] = (
                self._phone_format(number=phone, country=country, force_format="INTERNATIONAL")
                or phone
            )
        return found | {
            "country_id": country.id,
            "state_id": state and state.id,
            "company_industry_id": industry and industry.id,
            "company_technology_ids": tuple(
                sorted(records["technologies"][name] for name in set(company.technologies))
            ),
            self._enrichment_logo_field(): logo and base64.b64encode(logo),
        }

    @api.model
    def _enrichment_logo_field(self) -> str:
        raise NotImplementedError

    @api.model
    def _enrichment_fields(self) -> set[str]:
        """Fields that may be filled."""
        return OF_RECORD.keys() & self._fields.keys()

    def _apply_enrichment(self, company: Company, groups=(), logo: bytes | None = None) -> list:
        """Write what a company's data add to this record.

        :param groups: what may be overwritten
        :return: what has changed: [{"field", "label", "old", "new", "source"}]
        """
        self.ensure_one()
        records = self._mined_records([company])
        names = self._enrichment_fields()
        known = {name: value for name in names if (value := self._enrichment_plain(name))}
        found = {
            name: value
            for name, value in self._enrichment_found(company, records, logo).items()
            if value and name in names
        }
        values = to_fill(known, found, RECORD_UNITS, overwritten(groups))
        before = {name: self._enrichment_shown(name) for name in values}
        written = self._write_accepted(values)
        labels = self.fields_get(list(written), ["string"])
        origin = self.env["lead.mining.provider"]._origin_of(company.provenance)
        return [
            {
                "field": name,
                "label": labels[name]["string"],
                "old": before[name],
                "new": self._enrichment_shown(name),
                "source": _source(company, name) or origin,
            }
            for name in self._fields
            if name in written
        ]

    def _write_accepted(self, values: dict) -> set[str]:
        """Write the values; where the database refuses one of them, all that stand apart from it.

        :return: names of the fields that were written
        """
        values = {
            name: [fields.Command.set(value)] if isinstance(value, tuple) else value
            for name, value in values.items()
        }
        if not values or self._try_write(values):
            return set(values)
        unit_of = {name: unit.all for unit in RECORD_UNITS for name in unit.all}
        units = dict.fromkeys(unit_of.get(name, (name,)) for name in values)
        parts = ({name: values[name] for name in unit if name in values} for unit in units)
        return {name for part in parts if self._try_write(part) for name in part}

    def _try_write(self, values: dict) -> bool:
        try:
            with self.env.cr.savepoint():
                # The card tells what has changed, and from where: the history says it once.
                self.with_context(mail_notrack=True).write(values)
                self.env.flush_all()
            return True
        except (UserError, psycopg2.IntegrityError):
            # A constraint of any addon, such as the check of VAT numbers.
            return False

    def _enrichment_plain(self, name: str):
        value = self[name]
        if not isinstance(value, models.BaseModel):
            return value
        field_type = self._fields[name].type
        return value.id if field_type == "many2one" else tuple(sorted(value.ids))

    def _enrichment_shown(self, name: str) -> str:
        """Return a value in words, as the table of changes shows it."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name"))
        if self._fields[name].type in ("binary", "image"):
            return self.env._("Picture") if value else ""
        return str(value) if value else ""


def _source(company: Company, name: str) -> str:
    """Return where the value of a record's field was read, "" when that is unknown."""
    attribute = OF_RECORD[name]
    prefix = "socials:" if attribute.kind == "network" else ""
    asked = tuple(f"{prefix}{field}" for field in attribute.fields)
    parts = tuple(f"{field}:" for field in asked)
    told = (url for key, url in company.sources.items() if key in asked or key.startswith(parts))
    provenance = company.provenance
    return next(told, "") or (provenance and provenance.url) or ""
