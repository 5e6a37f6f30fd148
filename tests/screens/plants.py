"""In an Odoo shell: faults of each kind, planted to see whether they are found."""

#: What a fault is planted in -> what tells of it.
PLANTED = {
    "view": "planted_widget",
    "JavaScript": "planted in JavaScript",
    "server": "lead_mining_suppression.reason",
    "page": "/lead_mining/objection/",
}
#: Titles of screens, and addresses, on which they are.
PLACES = (
    "crm_iap_credits.iap_credit_pack_action",
    "crm_lead_mining.lead_mining_suppression_action",
    "/lead_mining/objection/<int:contact_id>/<string:token>",
)
SCRIPT = """
import { rpcBus } from "@web/core/network/rpc";
rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => {
    if (detail.data.params.model === "iap.credit.pack") {
        console.error("planted in JavaScript");
    }
});
"""


def main(env, job: dict) -> None:
    """Plant them.

    :param env: Odoo's environment, of the superuser.
    :param job: nothing is read of it.
    """
    _inherit(
        env,
        "crm_iap_credits.iap_credit_pack_view_form",
        '<sheet position="inside"><widget name="planted_widget"/></sheet>',
    )
    _inherit(
        env,
        "crm_lead_mining.objection",
        '<xpath expr="//div" position="inside"><t t-out="planted_value.anything"/></xpath>',
    )
    url = "/crm_lead_mining/static/src/planted.js"
    script = f"/** @odoo-module **/\n{SCRIPT}"
    env["ir.attachment"].create(
        {"name": "planted.js", "type": "binary", "url": url, "raw": script.encode(),
         "mimetype": "text/javascript", "public": True}
    )  # fmt: skip
    env["ir.asset"].create({"name": "Planted", "bundle": "web.assets_backend", "path": url})
    env.cr.execute("ALTER TABLE lead_mining_suppression RENAME COLUMN reason TO gone")
    env.cr.commit()
    env.registry.signal_changes()  # Else the server shows what it has read before.


def _inherit(env, xmlid: str, arch: str) -> None:
    view = env.ref(xmlid)
    env["ir.ui.view"].create(
        {
            "name": f"Planted in {xmlid}",
            "type": view.type,
            "model": view.model,
            "inherit_id": view.id,
            "arch": f"<data>{arch}</data>",
        }
    )
