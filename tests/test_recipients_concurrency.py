"""Two people write to the same unknown address at the same moment: one lead, both mails."""

import json
import threading
import urllib.request

SETUP = """
env.company.write({"recipient_policy": True, "recipient_any_address": True})
env.ref("base.group_user").implied_ids |= env.ref("crm.group_use_lead")
cards = []
for name in ("anna", "bruno"):
    user = env["res.users"].create({
        "name": name, "login": name, "password": name, "email": name + "@house.test",
        "group_ids": [(6, 0, [env.ref("sales_team.group_sale_salesman_all_leads").id])],
    })
    card = env["crm.lead"].create({"name": name, "type": "opportunity", "user_id": user.id})
    cards.append(card.id)
env.cr.commit()
print("CARDS", *cards)
"""
COUNT = """
leads = env["crm.lead"].with_context(active_test=False).search(
    [("email_from", "=", "new@supplier.test")])
mails = env["mail.message"].search([("outgoing_email_to", "=", "new@supplier.test")])
rows = env["mail.recipient.registration"].search([])
print("COUNT", len(leads), len(mails), len(rows))
"""


class Browser:
    """A signed-in session that speaks JSON-RPC."""

    def __init__(self, url, database, login):
        self.url, self.cookies = url, urllib.request.HTTPCookieProcessor()
        self.opener = urllib.request.build_opener(self.cookies)
        self.call("/web/session/authenticate", {"db": database, "login": login, "password": login})

    def call(self, route, params):
        data = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + route, data, headers)
        with self.opener.open(request, timeout=60) as response:
            return json.load(response)

    def post(self, card):
        choice = {"email": "New@Supplier.test", "partner_id": False}
        return self.call(
            "/mail/message/post",
            {
                "thread_model": "crm.lead",
                "thread_id": card,
                "post_data": {
                    "body": "Hello",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "recipient_choices": [choice],
                },
            },
        )


def _numbers(output, word):
    line = next(line for line in output.splitlines() if line.startswith(word))
    return [int(number) for number in line.split()[1:]]


def test_two_users_who_write_to_the_same_new_address_make_one_lead(host):
    with host.database("recipients") as database:
        cards = _numbers(host.shell(database, SETUP), "CARDS")
        with host.server(database, cron=0, http=True) as server:
            browsers = [Browser(server.url, database, name) for name in ("anna", "bruno")]
            barrier, answers = threading.Barrier(2), []

            def send(browser, card):
                barrier.wait()
                answers.append(browser.post(card))

            pairs = zip(browsers, cards, strict=True)
            threads = [threading.Thread(target=send, args=pair) for pair in pairs]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert [answer.get("error") for answer in answers] == [None, None]
        leads, mails, rows = _numbers(host.shell(database, COUNT), "COUNT")
        assert (leads, mails, rows) == (1, 2, 1)
