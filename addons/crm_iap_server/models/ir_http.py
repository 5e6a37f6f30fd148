from odoo import models
from odoo.http import request

from ..tools.in_time import take_body


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if rule.endpoint.routing.get("in_time"):
            # Odoo keeps the connection to itself; stock `bus` reaches it in the same way.
            environ = request.httprequest._HTTPRequest__environ
            take_body(environ, request.httprequest.content_length or 0)
        return super()._pre_dispatch(rule, args)
