import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import search_document
from ...tools.search_document import Flaw, SearchFileError, SearchSpec


class LeadMiningSearchImport(models.TransientModel):
    """Makes saved searches of a file that `lead.mining.search` exported, all of them or none."""

    _name = "lead.mining.search.import"
    _description = "Import of Lead Mining Searches"

    file = fields.Binary(required=True)
    file_name = fields.Char()

    def action_import(self):
        """Make the searches and show them.

        They are paused: nothing is spent before somebody has looked at them.

        :raise UserError: listing all that is wrong; nothing is imported then
        """
        self.ensure_one()
        searches = self._import(self._content())
        if len(searches) == 1:
            return searches._open_form()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lead_mining.lead_mining_search_action"
        )
        return action | {"domain": [("id", "in", searches.ids)], "context": {}}

    def _content(self) -> bytes:
        limit = search_document.MAX_BYTES
        try:
            # One byte more than is allowed tells that it is too large; base64 needs 4 for 3.
            return base64.b64decode(self.file[: limit * 4 // 3 + 8], validate=True)
        except (binascii.Error, ValueError):
            raise UserError(self.env._("The file could not be read.")) from None

    @api.model
    def _import(self, content: bytes):
        """Return the searches of a file's content.

        :raise UserError: listing all that is wrong
        """
        self.env["lead.mining.search"].check_access("create")
        try:
            specs = search_document.parse(content)
        except SearchFileError as error:
            raise UserError(self._list(map(self._flaw_sentence, error.flaws))) from None
        records = self._records(specs)
        if problems := self._unknown(specs, records):
            raise UserError(self._list(problems))
        try:
            return self.env["lead.mining.search"].create(
                [self._values(spec, records) for spec in specs]
            )
        except ValidationError as error:
            raise UserError(self._list([str(error.args[0])])) from error

    # === RECORDS === #

    @api.model
    def _records(self, specs: list[SearchSpec]) -> dict[str, dict]:
        """Look up, once for the whole file, the records that it names: {field: {name: record}}."""

        def named(model, field, names, domain=()):
            names = sorted(set(names) - {""})
            found = self.env[model].search([(field, "in", names), *domain])
            return {record[field]: record for record in reversed(found)}

        return {
            "provider": named("lead.mining.provider", "code", (s.provider for s in specs)),
            "countries": named("res.country", "code", (c for s in specs for c in s.countries)),
            "states": self._states({state for s in specs for state in s.states}),
            "industries": named(
                "lead.mining.industry", "code", (i for s in specs for i in s.industries)
            ),
            "roles": named(
                "lead.mining.role",
                "code",
                (role for s in specs for role in (s.preferred_role, *s.other_roles)),
            ),
            "team": named(
                "crm.team",
                "name",
                (s.team for s in specs),
                [("company_id", "in", (False, self.env.company.id))],
            ),
            "tags": named("crm.tag", "name", (tag for s in specs for tag in s.tags)),
        }

    @api.model
    def _states(self, codes: set[str]) -> dict:
        states = self.env["res.country.state"].search(
            [("code", "in", [code.partition("-")[2] for code in codes])]
        )
        return {f"{state.country_id.code}-{state.code}": state for state in states}

    @api.model
    def _unknown(self, specs: list[SearchSpec], records: dict[str, dict]) -> list[str]:
        """Return a sentence for each thing that this database doesn't have."""
        env = self.env
        seniorities = dict(self.env["lead.mining.search"]._selection_seniority())
        unknown = []
        for spec in specs:
            wanted = [
                (records["provider"], [spec.provider], env._("the provider “%s”")),
                (records["countries"], spec.countries, env._("the country “%s”")),
                (records["states"], spec.states, env._("the state “%s”")),
                (records["industries"], spec.industries, env._("the industry “%s”")),
                (
                    records["roles"],
                    [spec.preferred_role, *spec.other_roles],
                    env._("the role “%s”"),
                ),
                (seniorities, [spec.seniority], env._("the seniority “%s”")),
                (records["team"], [spec.team], env._("the sales team “%s”")),
                (records["tags"], spec.tags, env._("the tag “%s”")),
            ]
            unknown += [
                env._(
                    "%(search)s: there is no such thing here as %(thing)s.",
                    search=spec.name,
                    thing=thing % name,
                )
                for known, names, thing in wanted
                for name in names
                if name and name not in known
            ]
        return unknown

    @api.model
    def _values(self, spec: SearchSpec, records: dict[str, dict]) -> dict:
        def ids(field, names):
            return [fields.Command.set([records[field][name].id for name in names])]

        with_size = spec.size_min is not None or spec.size_max is not None
        values = {
            "name": spec.name.strip(),
            "provider_id": spec.provider and records["provider"][spec.provider].id,
            "target": spec.target,
            "lead_number": spec.lead_number,
            "max_credits": spec.max_credits,
            "country_ids": ids("countries", spec.countries),
            "state_ids": ids("states", spec.states),
            "industry_ids": ids("industries", spec.industries),
            "filter_on_size": with_size,
            "contact_number": spec.contact_number,
            "contact_filter": spec.contact_filter,
            "preferred_role_id": spec.preferred_role and records["roles"][spec.preferred_role].id,
            "role_ids": ids("roles", spec.other_roles),
            "seniority": spec.seniority,
            "lead_type": spec.lead_type,
            "tag_ids": ids("tags", spec.tags),
            "known_policy": spec.known_policy,
            "schedule": spec.schedule,
            "paused": bool(spec.schedule),
            "pause_reason": spec.schedule
            and self.env._("Imported from a file. Look at it, then let it go on."),
        }
        if with_size:
            values["size_min"] = spec.size_min or 0
            values["size_max"] = (
                search_document.MAX_NUMBER if spec.size_max is None else spec.size_max
            )
        if spec.team:
            values["team_id"] = records["team"][spec.team].id
        return values

    # === SENTENCES === #

    @api.model
    def _list(self, problems) -> str:
        problems = list(dict.fromkeys(problems))
        shown = [f"- {problem}" for problem in problems[:20]]
        if len(problems) > len(shown):
            shown.append(self.env._("and %s more.", len(problems) - len(shown)))
        return "\n".join([self.env._("Nothing was imported:"), *shown])

    @api.model
    def _flaw_sentence(self, flaw: Flaw) -> str:
        env = self.env
        number, detail = flaw.search, flaw.detail
        match flaw.cause:
            case "too_large":
                return env._("The file is larger than %s kB.", search_document.MAX_BYTES // 1024)
            case "not_json":
                return env._("The file is not JSON.")
            case "not_ours":
                return env._("The file holds no lead mining searches.")
            case "version":
                return env._("The file's version %s is unknown here.", detail)
            case "no_searches":
                return env._("There is no search in the file.")
            case "too_many":
                return env._(
                    "The file has %(number)s searches; %(most)s are allowed.",
                    number=detail,
                    most=search_document.MAX_SEARCHES,
                )
            case "missing_name":
                return env._("Search %s has no name.", number)
            case "unknown_key":
                return env._("Search %(number)s: “%(key)s” is unknown.", number=number, key=detail)
            case "not_a_search":
                return env._("Entry %s is no search.", number)
            case _other:
                return env._(
                    "Search %(number)s: this value is not allowed: %(value)s.",
                    number=number,
                    value=detail,
                )
