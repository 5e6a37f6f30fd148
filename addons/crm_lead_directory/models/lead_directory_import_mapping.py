import itertools
from collections.abc import Sequence

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.crm_lead_mining.company.classifications import of_column
from odoo.addons.crm_lead_mining.company.nace_editions import REV_2, REV_21
from odoo.addons.crm_lead_mining.company.states import state_key

from ..importer.columns import recognise, recognise_values, tells_persons
from ..importer.convert import Converter
from ..importer.converted import Converted
from ..importer.kinds import Column
from ..importer.named import prefix_of
from ..importer.origin import guess_country, guess_registry
from ..importer.places import Places
from ..importer.problems import Problem
from ..importer.withhold import withhold

PREVIEW_ROWS = 5
#: What identifies a company without a register.
_IDENTIFYING = frozenset({"lei", "vat", "domain", "website", "email"})
#: Rows whose values tell what a column is.
SAMPLED_ROWS = 500


class LeadDirectoryImport(models.Model):
    """What the columns of the file are, and how its rows are read therefore."""

    _inherit = "lead.directory.import"  # pylint: disable=consider-merging-classes-inherited

    def _read_header(self):
        self.ensure_one()
        with self._open(most_rows=2 * SAMPLED_ROWS) as table:
            header, rows, dialect = table.header, table.preview(SAMPLED_ROWS), table.dialect
            has_header = table.has_header
        read_country = self._places().country
        values = list(zip(*rows, strict=True)) or [()] * len(header)
        columns = [Column(one, read_country) for one in values]
        registry = self.registry or guess_registry(header)
        of_persons = has_header and tells_persons(header, rows)
        if has_header:
            guesses = recognise(header, rows, read_country)
            remembered = self.env["lead.directory.header"]._targets(self.company_id, of_persons)
            chosen = recognise(header, rows, read_country, remembered) if remembered else guesses
        else:
            chosen = guesses = recognise_values(rows, read_country)
        mapping = [guess.target for guess in chosen]
        country = self.country_id
        if not country:
            # Where the file has a column for it, a register's country is that of empty cells.
            has_column = {"country", "location"} & set(mapping)
            code = registry[:2] or ("" if has_column else guess_country(header, mapping, columns))
            country = country.search([("code", "=", code)], limit=1) if code else country
        editions = [
            of_column(name, country.code or "", cells).revision
            for name, cells in zip(header, values, strict=True)
        ]
        self.write(
            {
                "encoding": dialect.encoding,
                "delimiter": dialect.delimiter,
                "registry": registry,
                "country_id": country.id,
                "has_header": has_header,
                "rows_are": "persons" if of_persons else "companies",
            }
        )
        self._write_columns(header, rows, chosen, guesses, editions)

    def _write_columns(self, header, rows, chosen, guesses, editions):
        """Note what each column is, with its first values."""
        mapping = [guess.target for guess in chosen]
        registry, code = self.registry or "", self.country_id.code or ""
        rows = self._shown_rows(rows[:PREVIEW_ROWS], mapping, registry, code)
        samples = [" · ".join(filter(None, cells))[:200] for cells in zip(*rows, strict=True)]
        self.write(
            {
                "state": "ready",
                "column_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "position": position,
                            "header": name,
                            "sample": sample,
                            "target": guess.target or False,
                            "told_by": guess.by or False,
                            "guessed": first.target or False,
                            "industry_edition": edition if edition in (REV_2, REV_21) else False,
                        }
                    )
                    for position, (name, sample, guess, first, edition) in enumerate(
                        itertools.zip_longest(header, samples, chosen, guesses, editions)
                    )
                ],
            }
        )

    def _shown_rows(self, rows, mapping, registry, country_code):
        """Return the first rows that hold nobody who is never mined."""
        if not self.env["lead.mining.suppression"]._listed_kinds():
            return rows
        targets = [target or "" for target in mapping]
        # What a user still has to tell does not keep a row from being recognised.
        converter = Converter(
            targets,
            self._places(),
            registry=registry or "--",
            country_code=country_code or "--",
            named=prefix_of(self.dataset_id.id),
        )
        converted = converter.convert(enumerate(rows))
        # Addresses also in columns that were not recognised.
        converted.problems += [Problem(n, "", "\n".join(row)) for n, row in enumerate(rows)]
        withheld = self._leave_out_suppressed(converter.columns, converted)
        return [row for place, row in enumerate(rows) if place not in withheld]

    def _check_mapping(self):
        """Refuse a choice of columns that cannot give a single company."""
        self.ensure_one()
        targets = [target for target in self.column_ids.mapped("target") if target]
        if not {"name", "domain", "website"} & set(targets):
            raise ValidationError(self.env._("Choose the column that holds the company's name."))
        if not ({"country", "location"} & set(targets) or self.country_id):
            raise ValidationError(
                self.env._("Choose the column that holds the country, or one country for all.")
            )
        if self._has_enough(targets):
            return
        if not {"registry_id", *_IDENTIFYING}.intersection(targets):
            raise ValidationError(
                self.env._(
                    "Choose a column that identifies a company: its registration number, LEI,"
                    " VAT number, domain, website or e-mail address."
                )
            )
        if not (_IDENTIFYING.intersection(targets) or "registry" in targets or self.registry):
            raise ValidationError(
                self.env._("Enter the register that the registration numbers belong to.")
            )

    def _converter(self):
        return Converter(
            self.column_ids.mapped(lambda column: column.target or ""),
            self._places(),
            registry=self.registry or "",
            country_code=self.country_id.code or "",
            header=self._column_names(),
            samples=[(column.sample or "").split(" · ") for column in self.column_ids],
            editions=[column.industry_edition or "" for column in self.column_ids],
            named=self._named_prefix(),
        )

    def _column_names(self):
        return [column.header or "" for column in self.column_ids]

    @api.model
    def _places(self):
        """Return the countries and states by code and by their names in all active languages."""
        countries, states = {}, {}
        for lang, _name in self.env["res.lang"].get_installed():
            in_language = self.env["res.country"].with_context(lang=lang)
            for country in in_language.search_fetch([], ["name", "code"]):
                countries[country.name.casefold()] = country.code
                countries[country.code.casefold()] = country.code
        for state in self.env["res.country.state"].search_fetch([], ["name", "code", "country_id"]):
            country_code = state.country_id.code
            key = state_key(country_code, state.code)
            for written in (state.name, state.code, key):
                states[country_code, written.casefold()] = key
        return Places(countries, states)

    def _leave_out_suppressed(self, columns: Sequence[str], converted: Converted) -> set[int]:
        """Leave out of a batch who is never mined.

        :return: lines of the file from which something was left out
        """
        Suppression = self.env["lead.mining.suppression"]
        if not Suppression._listed_kinds():
            return set()
        company = self.dataset_id.company_id
        return withhold(columns, converted, lambda rows: Suppression._screen_listed(rows, company))
