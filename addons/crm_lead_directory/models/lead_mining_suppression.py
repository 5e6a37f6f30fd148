from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.identity import all_keys
from odoo.addons.crm_lead_mining.company.status import refusal_kind, refusal_parts
from odoo.addons.crm_lead_mining.tools.suppression import ENDED

from ..providers.ended import look_up
from .lead_directory_merge import as_company, known_by

PROTECTED = "protected"


class LeadMiningSuppression(models.Model):
    _inherit = "lead.mining.suppression"

    @api.model
    def _on_grown(self) -> None:
        """Have running imports judge the batch that they are writing by the longer list.

        They see that their row has changed, as when somebody cancels them.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_directory_import SET write_date = %s
                 WHERE state IN ('queued', 'running')
                """,
                self.env.cr.now(),
            )
        )
        return super()._on_grown()

    @api.model
    def _kind_statements(self):
        """Extend `crm_lead_mining`: one short question in place of two look-ups that plan long."""
        statements = super()._kind_statements()
        if self.env["lead.directory.merge"]._are_any():
            return [*statements, SQL("SELECT %s", ENDED)]
        self.env["lead.directory.ended"].flush_model(["key"])
        told = SQL("SELECT %s WHERE EXISTS (SELECT FROM lead_directory_ended)", ENDED)
        return [*statements, told]

    @api.model
    def _ended(self, companies, company):
        """Extend `crm_lead_mining` by what the datasets tell, whether they have the company or not.

        Who tells it is the dataset.
        """
        kinds = super()._ended(companies, company)
        if not any(companies):
            return kinds
        # sudo: which datasets there are is no secret of those whose companies they keep away.
        datasets_sudo = self.env["lead.directory.dataset"].sudo()._heeded(company)
        if not datasets_sudo:
            return kinds
        kinds = self._of_merged(companies, kinds, datasets_sudo, company)
        keys = [all_keys(tuple(one)) for one in companies]
        for place, status, identity, dataset in self.env.execute_query(
            look_up(keys, datasets_sudo.ids)
        ):
            kinds[place - 1] = refusal_kind(status, _country(identity), dataset)
        return kinds

    @api.model
    def _of_merged(self, companies, kinds, datasets_sudo, company):
        """Return for each company the kind by which one that was merged into it is refused.

        What a source tells of the end of one of two that it has itself is of that one alone, but
        for a protection.
        """
        merged = self.env["lead.directory.merge"].sudo()._merged_into(companies, datasets_sudo)
        if not merged:
            return kinds
        places, known, others = zip(*merged, strict=True)
        items = self._screen_listed([as_company(one) for one in others], company)
        found = {place: item.kind for place, item in zip(places, items, strict=True) if item.kind}
        keys = [all_keys(tuple(known_by(one))) for one in others]
        for number, status, identity, dataset in self.env.execute_query(
            look_up(keys, datasets_sudo.ids)
        ):
            if status == PROTECTED or known[number - 1].dataset_id.id != dataset:
                kind = refusal_kind(status, _country(identity), dataset)
                found.setdefault(places[number - 1], kind)
        return [found.get(place, kind) for place, kind in enumerate(kinds)]

    @api.model
    def _refusal_sentence(self, kind):
        """Extend `crm_lead_mining` by who tells it."""
        sentence = super()._refusal_sentence(kind)
        _status, _country_code, dataset = refusal_parts(kind)
        if not dataset:
            return sentence
        # sudo: users are told whose word it is without reading datasets.
        dataset_sudo = self.env["lead.directory.dataset"].sudo().browse(int(dataset)).exists()
        source = dataset_sudo and self.env._("Told by “%s”.", dataset_sudo.name)
        return f"{sentence} {source}" if source else sentence


def _country(identity: str) -> str:
    """Return the country that keeps a number: "reg:DK-CVR:…", "vat:DK…"; "" of others."""
    kind, _colon, number = identity.partition(":")
    return number[:2] if kind in ("reg", "vat") else ""
