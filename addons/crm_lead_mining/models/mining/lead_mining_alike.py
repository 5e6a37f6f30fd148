from collections import defaultdict
from collections.abc import Mapping

from odoo import api, models
from odoo.tools import SQL

from ...company.alike import RECORD, Place

#: A postal code as `alike.normalise_zip` writes it.
_ZIP = (
    """ltrim(regexp_replace(upper(coalesce(zip, '')), '^[A-Z]{1,3}-|[^[:alnum:]]', '', 'g'), '0')"""
)


class LeadMiningAlike(models.AbstractModel):
    """Leads and contacts that may be a company which nothing identifies: shown, never merged."""

    _name = "lead.mining.alike"
    _description = "Companies of One Name at One Place"

    @api.model
    def _find(self, leads, model: str) -> dict:
        """Return what has the name, the country, and the postal code or else the town, of leads.

        Of two leads one at least is without identity. One query for all of a kind.

        :param model: "crm.lead" or "res.partner"
        :return: {lead: records in sudo, archived ones and those of others too}
        """
        found = defaultdict(self.env[model].sudo().browse)
        unidentified = leads.filtered("is_unidentified")
        for group, among in (
            (unidentified, SQL("TRUE")),
            (leads - unidentified, SQL("known.reveal_id LIKE %s", f"{RECORD}%")),
        ):
            if group is not unidentified and model != "crm.lead":
                continue
            places = {lead: place for lead in group if (place := lead._place()).key}
            near = self._near(model, places, among) if places else {}
            for lead, place in places.items():
                for record_id, other in near.get((place.country, place.name), ()):
                    if place.may_be(other) and (model, record_id) != (lead._name, lead._origin.id):
                        found[lead] |= found[lead].browse(record_id)
        return found

    def _near(self, model: str, places: Mapping, among: SQL) -> Mapping:
        """Return (country, name) -> (id, place) of what lies where one of these places does.

        Its name is compared as only Python spells it.
        """
        records = self.env[model]
        is_lead = model == "crm.lead"
        names = ["name", "zip", "city", "country_id"]
        records.flush_model([*names, *(["partner_name", "reveal_id"] if is_lead else [])])
        # What a place has to be compared by is a postal code, else the town.
        zips = {(place.country, place.zip) for place in places.values() if place.zip}
        cities = {(place.country, lead.city.lower()) for lead, place in places.items() if lead.city}
        rows = self.env.execute_query(
            SQL(
                """
                WITH located AS (
                    SELECT known.id, %(name)s AS name, country.code AS country, known.zip,
                           known.city, %(zip)s AS plain_zip
                      FROM %(table)s AS known
                      JOIN res_country AS country ON country.id = known.country_id
                     WHERE country.code = ANY(%(countries)s) AND %(kind)s AND %(among)s
                )
                SELECT id, name, country, zip, city FROM located
                 WHERE (country, plain_zip) IN (
                       SELECT * FROM unnest(%(zip_of)s::text[], %(zips)s::text[]))
                    OR (country, lower(city)) IN (
                       SELECT * FROM unnest(%(city_of)s::text[], %(cities)s::text[]))
                 ORDER BY id DESC
                """,
                name=SQL("coalesce(known.partner_name, known.name)")
                if is_lead
                else SQL("known.name"),
                zip=SQL(_ZIP.replace("%", "%%")),
                table=SQL.identifier(records._table),
                countries=sorted({place.country for place in places.values()}),
                among=among,
                kind=SQL("TRUE") if is_lead else SQL("known.is_company"),
                zip_of=[country for country, _zip in zips],
                zips=[zip_code for _country, zip_code in zips],
                city_of=[country for country, _city in cities],
                cities=[city for _country, city in cities],
            )
        )
        near = defaultdict(list)
        for id_, name, country, zip_code, city in rows:
            place = Place.of(name, country, zip_code, city)
            near[place.country, place.name].append((id_, place))
        return near

    @api.model
    def _tell(self, request, rows: list) -> None:
        """Say at results which known lead or contact each may be.

        :param rows: `lead_mining_job.Row`, all delivered
        """
        leads = request.env["crm.lead"].browse(row.lead_id for row in rows)
        known = [self._find(leads, model) for model in ("res.partner", "crm.lead")]
        seen = [self._seen(request, found) for found in known]
        for row, lead in zip(rows, leads, strict=True):
            sentences = [
                lead.is_unidentified
                and request.env._("Nothing but its name and place identifies it."),
                any(found.get(lead) for found in known)
                and self._sentence(
                    request, [name for names in seen for name in names.get(lead, ())]
                ),
            ]
            row.reason = " ".join(filter(None, sentences))

    def _seen(self, request, found: Mapping) -> dict:
        """Return the names of what the request's owner may see: what others have is not named."""
        user = request.env.user
        return {
            lead: records.sudo(False)
            .with_user(user)
            ._filtered_access("read")
            .mapped("display_name")
            for lead, records in found.items()
        }

    def _sentence(self, request, names: list[str]) -> str:
        if names:
            return request.env._("It may be: %s.", ", ".join(names[:3]))
        return request.env._("It may be known already; you do not have access to the record.")
