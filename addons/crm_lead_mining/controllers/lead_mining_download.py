from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from ..tools.search_document import MAX_SEARCHES

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class LeadMiningDownload(http.Controller):
    """Files of what a user may see; who may not see it gets a "not found"."""

    @http.route(
        "/crm_lead_mining/request/<int:request_id>/results.<string:file_format>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def results(self, request_id: int, file_format: str, **_params):
        """Return the results of a request, as CSV or XLSX."""
        if file_format not in TYPES:
            raise request.not_found()
        mining_request = self._readable("lead.mining.request", [request_id])
        content = mining_request.result_ids._to_file(file_format)
        return self._file(content, TYPES[file_format], f"{mining_request.name}.{file_format}")

    @http.route(
        "/crm_lead_mining/searches.json", type="http", auth="user", methods=["GET"], readonly=True
    )
    def searches(self, ids: str = "", **_params):
        """Return saved searches as a file that another database can import."""
        numbers = [int(number) for number in ids.split(",") if number.isdecimal()]
        searches = self._readable("lead.mining.search", numbers[:MAX_SEARCHES])
        name = searches.name if len(searches) == 1 else "lead-mining-searches"
        return self._file(searches._export_text().encode(), "application/json", f"{name}.json")

    @http.route(
        "/crm_lead_mining/never-mined.csv",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def never_mined(self, **_params):
        """Return the whole list of what is never mined, as `read_saved` reads it."""
        try:
            content = request.env["lead.mining.suppression"]._saved_list()
        except AccessError:
            raise request.not_found() from None
        return self._file(content, TYPES["csv"], "never-mined.csv")

    def _readable(self, model: str, ids: list[int]):
        ids = [number for number in ids if number < 2**31]  # PostgreSQL refuses larger ones
        records = request.env[model].browse(ids).exists()
        try:
            records.check_access("read")
        except AccessError:
            raise request.not_found() from None
        if not records:
            raise request.not_found()
        return records

    def _file(self, content: bytes, content_type: str, name: str):
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers)
