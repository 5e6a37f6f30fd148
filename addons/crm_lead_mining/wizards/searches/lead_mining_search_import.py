import base64
import binascii
from dataclasses import fields as keys_of

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

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
            # A byte more than is allowed tells that it is too large; base64 has 4 whole for 3.
            return base64.b64decode(self.file[: (limit // 3 + 1) * 4], validate=True)
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
        """Look up, once for the whole file, the records that it names: {key: {name: record}}."""
        found = {}
        for key in keys_of(SearchSpec):
            if by := key.metadata["by"]:
                names = {name for spec in specs for name in _names_in(spec, key.name)}
                found[key.name] = self._named(key.metadata["column"], by, names)
        return found

    @api.model
    def _named(self, column: str, by: tuple[str, ...], names: set[str]) -> dict:
        Search = self.env["lead.mining.search"]
        Model = self.env[Search._fields[column].comodel_name].with_context(lang="en_US")
        last = [name.split("-", len(by) - 1)[-1] for name in sorted(names)]
        domain = Domain(by[-1], "in", last)
        if "company_id" in Model._fields:
            domain &= Model._check_company_domain(self.env.company)
        if Model._name == "res.users":
            domain &= Domain("share", "=", False)
        # Of several with one name the first is taken.
        return Search._file_names(Model.search(domain)[::-1], by)

    @api.model
    def _unknown(self, specs: list[SearchSpec], records: dict[str, dict]) -> list[str]:
        """Return a sentence for each thing that this database doesn't have."""
        Search = self.env["lead.mining.search"]
        unknown = []
        for key in keys_of(SearchSpec):
            field = Search._fields[key.metadata["column"]]
            if field.type == "selection":
                known = field.get_values(self.env)
            elif key.name in records:
                known = records[key.name]
            else:
                continue
            missing = ("",) if field.required else ()
            unknown += [
                self.env._(
                    "%(search)s: %(field)s: there is no “%(name)s” here.",
                    search=spec.name,
                    field=field._description_string(self.env),
                    name=name,
                )
                for spec in specs
                for name in _names_in(spec, key.name) or missing
                if name not in known
            ]
        return unknown

    @api.model
    def _values(self, spec: SearchSpec, records: dict[str, dict]) -> dict:
        values = {}
        for key in keys_of(SearchSpec):
            value = getattr(spec, key.name)
            if key.name in records and value is not None:
                ids = [records[key.name][name].id for name in _names_in(spec, key.name)]
                value = [fields.Command.set(ids)] if isinstance(value, tuple) else (*ids, False)[0]
            elif isinstance(value, tuple):
                value = "\n".join(value)
            if value is not None:
                values[key.metadata["column"]] = value
        if spec.size_min is not None or spec.size_max is not None:
            most = search_document.MAX_NUMBER
            values |= {
                "filter_on_size": True,
                "size_min": spec.size_min or 0,
                "size_max": most if spec.size_max is None else spec.size_max,
            }
        if spec.schedule:
            reason = self.env._("Imported from a file. Check it, then resume it.")
            values |= {"paused": True, "pause_reason": reason}
        return values | {"name": spec.name.strip()}

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
                return env._("The file is larger than %s kB.", search_document.MAX_BYTES // 1000)
            case "not_json":
                return env._("The file is not JSON.")
            case "not_ours":
                return env._("The file holds no lead mining searches.")
            case "version":
                return env._("Version %s of the file is not supported.", detail)
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
                return env._("Entry %s is not a valid search.", number)
            case _other:
                return env._(
                    "Search %(number)s: this value is not allowed: %(value)s.",
                    number=number,
                    value=detail,
                )


def _names_in(spec: SearchSpec, key: str) -> tuple[str, ...]:
    """Return what a key of the file names; nothing where it is empty."""
    value = getattr(spec, key)
    return value if isinstance(value, tuple) else (value,) if value else ()
