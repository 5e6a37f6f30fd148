"""The add-ins' routes on a real server: at once, across workers, and with hostile requests."""

import base64
import concurrent.futures
import json
import os
import random
import time

import pytest

from tests.mail_plugin_client import SET_UP, Addin

OPTION = """
    INSERT INTO ir_config_parameter (key, value) VALUES ('crm_mail_plugin.' || %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
AT_ONCE = 6


@pytest.fixture(scope="module")
def database(host):
    with host.database("mail_plugin") as name:
        yield name


@pytest.fixture(scope="module")
def known(host, database):
    """The token of a user, and ids of records, as :data:`SET_UP` has made them."""
    return json.loads(host.shell(database, SET_UP).splitlines()[-1])


@pytest.fixture(scope="module")
def server(host, database, known):
    with host.server(database, cron=0) as running:
        yield running


def at_once(server, token, route, params):
    """Return what several add-ins get that send the same request at the same time."""
    addins = [Addin(server.url, token) for _one in range(AT_ONCE)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda addin: addin.call(route, params), addins))


class TestAtOnce:
    def test_a_contact_is_made_once(self, host, database, server, known):
        params = {"name": "New", "email": "new@beta.test", "company": -1}
        made = at_once(server, known["token"], "/mail_plugin/partner/create", params)
        query = "SELECT id FROM res_partner WHERE email_normalized = 'new@beta.test'"
        [[contact]] = host.sql(query, database=database)
        assert made == [{"id": contact}] * AT_ONCE

    def test_a_lead_is_made_once(self, host, database, server, known):
        params = {
            "partner_id": known["contact"],
            "email_body": "<p>Hello</p>",
            "email_subject": "Order",
        }
        made = at_once(server, known["token"], "/mail_plugin/lead/create", params)
        [[lead]] = host.sql("SELECT id FROM crm_lead WHERE name = 'Order'", database=database)
        assert made == [{"lead_id": lead}] * AT_ONCE

    def test_an_e_mail_is_logged_once(self, host, database, server, known):
        params = {"model": "crm.lead", "res_id": known["lead"], "message": "<p>Quagga</p>"}
        logged = at_once(server, known["token"], "/mail_plugin/log_mail_content", params)
        count = (
            "SELECT count(*) FROM mail_message WHERE model = 'crm.lead' AND body LIKE '%Quagga%'"
        )
        assert logged == [True] * AT_ONCE
        assert host.sql(count, database=database) == [[1]]

    def test_a_code_is_redeemed_once(self, host, database, server, known):
        code = host.shell(
            database,
            f"user = env['res.users'].browse({known['user']})\n"
            "codes = env['mail.plugin.code'].with_user(user)\n"
            "print(codes.issue(name='Outlook', scope='outlook',"
            " redirect='https://download.odoocdn.com/x'))\nenv.cr.commit()",
        ).splitlines()[-1]
        route = "/mail_plugin/auth/access_token"
        answers = at_once(server, "", route, {"auth_code": code})
        assert sorted(map(sorted, answers)) == [["access_token"]] + [["error"]] * (AT_ONCE - 1)


class TestLimits:
    LIMIT = 20

    @pytest.fixture
    def workers(self, host, database, known):
        """A server of several processes, at a moment that leaves time until the next minute."""
        with host.server(database, cron=0, extra=["--workers", "2"]) as running:
            for name in ("token_limit", "address_limit"):
                host.sql(OPTION, database=database, parameters=[name, str(self.LIMIT)])
            # Both processes read their settings before the minute that counts begins.
            for _time in range(self.LIMIT):
                Addin(running.url).post("/web/health")
            time.sleep(60 - time.time() % 60 if time.time() % 60 > 30 else 0)
            host.sql("DELETE FROM mail_plugin_rate", database=database)
            yield running
        for name in ("token_limit", "address_limit"):
            host.sql(OPTION, database=database, parameters=[name, "0"])

    def _statuses(self, server, token):
        def ask(_number):
            addin = Addin(server.url, token)
            return addin.post("/mail_plugin/get_translations").status_code

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(ask, range(self.LIMIT + 10)))

    def test_a_token_is_counted_across_workers(self, workers, known):
        statuses = self._statuses(workers, known["token"])
        assert (statuses.count(200), statuses.count(429)) == (self.LIMIT, 10)

    def test_guesses_are_counted_across_workers(self, workers):
        statuses = self._statuses(workers, "0" * 40)
        assert (statuses.count(200), statuses.count(429)) == (self.LIMIT, 10)

    def test_guesses_of_an_office_shut_out_nobody_who_has_a_token(self, workers, known):
        self._statuses(workers, "0" * 40)
        assert Addin(workers.url, "1" * 40).post("/mail_plugin/get_translations").status_code == 429
        # Neither process has met the token before.
        assert Addin(workers.url, known["token"]).call("/mail_plugin/get_translations") is not None


class TestHostile:
    """Requests that no add-in sends: one value of a good request is replaced, or several."""

    REQUESTS = int(os.environ.get("HOSTILE_REQUESTS") or 10_000)
    SEED = 20_26
    REFUSED_BEFORE_HANDLER = frozenset({"LoginRequired", "InvalidParameter", "AddinError"})
    TABLES = ("res_partner", "crm_lead", "project_task", "project_project", "mail_message",
              "ir_attachment", "res_users_apikeys", "mail_plugin_log")  # fmt: skip

    def _requests(self, known):
        """Yield route, params and token of each request."""
        rnd = random.Random(self.SEED)
        good = list(self._good_requests(known).items())
        for _number in range(self.REQUESTS):
            route, params = rnd.choice(good)
            params = dict(params)
            for _change in range(rnd.choice((0, 0, 1, 1, 2))):
                if params:
                    name = rnd.choice(sorted(params))
                    params[name] = self._value(rnd, name, known)
            if rnd.random() < 0.05 and params:
                del params[rnd.choice(sorted(params))]
            if rnd.random() < 0.05:
                params[rnd.choice(("self", "kwargs", "context", "uid", "x" * 300))] = 1
            token = known["token"] if rnd.random() < 0.93 else self._token(rnd, known)
            yield route, params if rnd.random() > 0.01 else rnd.choice([[], 7, "x"]), token

    def _good_requests(self, known):
        mail = {"email_body": "<p>x</p>", "email_subject": "Subject"}
        contact = {"partner_id": known["contact"]}
        return {
            "/mail_plugin/partner/get": {"email": "ann@acme.test", "name": "Ann", **contact},
            "/mail_plugin/partner/search": {"search_term": "ann", "limit": 5},
            "/mail_plugin/partner/create": {"name": "N", "email": "n@x.test", "company": -1},
            "/mail_plugin/partner/enrich_and_create_company": contact,
            "/mail_plugin/partner/enrich_and_update_company": {"partner_id": known["contact"]},
            "/mail_plugin/log_mail_content": {
                "model": "res.partner", "res_id": known["contact"], "message": "x",
                "attachments": [["a.txt", "SGk="]],
            },
            "/mail_plugin/lead/create": {**contact, **mail, "timestamp": 1, "message_id": "<a@b>"},
            "/mail_plugin/get_translations": {"plugin": "outlook"},
            "/mail_plugin/project/search": {"search_term": "w", "limit": 5},
            "/mail_plugin/project/create": {"name": "P"},
            "/mail_plugin/task/create": {**contact, **mail, "project_id": known["project"]},
            "/mail_plugin/search_records/res.partner": {"query": "ann", "limit": 3},
            "/mail_plugin/auth/access_token": {"auth_code": "YQ==.YQ=="},
            "/mail_plugin/auth/check_version": {},
            "/mail_client_extension/partner/get": {"email": "ann@acme.test", "name": "Ann"},
            "/mail_client_extension/lead/get_by_partner_id": {
                "partner": known["contact"], "limit": 5, "offset": 0,
            },
            "/mail_client_extension/log_single_mail_content": {
                "lead": known["lead"], "message": "x",
            },
        }  # fmt: skip

    def _value(self, rnd, name, known):
        """Return a value for a parameter, half of them of its own type."""
        texts = ["", " ", "a" * 5000, "\x00", "a\ud800b", "\u202e<b>",
                 "'; DROP TABLE res_users; --",
                 "<script>alert(1)</script>", "%_\\", "{{7*7}}", "${7*7}", "../../etc/passwd", "🦓",
                 "x@y", "ann@acme.test", "a@b.c, d@e.f", '"<x>"@acme.test', "@", "data:image/png,",
                 "<img src='cid:x'>", "<a", "&#0;", "<" * 500, "res.users", "ir.cron"]  # fmt: skip
        numbers = [0, -1, -2, 1, 2, 2**31 - 1, 2**31, 2**63, 10**400, *known_ids(known)]
        files = [[], [["a", "!"]], [["a", "SGk="]], [["a"]], [["a", 1]], "x", [[None, None]],
                 [["\ud800", base64.b64encode(rnd.randbytes(20)).decode()]], [["a/../b", ""]] * 3,
                 [["a", "SGk="]] * 200]  # fmt: skip
        others = [None, True, False, 1.5, float("inf"), [], {}, {"a": {"b": [1]}}, [[[]]], ["x"]]
        ids = {"partner_id", "company", "res_id", "project_id", "lead", "partner", "limit",
               "offset", "timestamp"}  # fmt: skip
        own = files if name == "attachments" else numbers if name in ids else texts
        return rnd.choice(own if rnd.random() < 0.6 else texts + numbers + files + others)

    def _token(self, rnd, known):
        return rnd.choice(["", "x", "0" * 40, known["token"][:-1], known["token"].upper(), "é" * 8,
                           known["global"], known["revoked"], known["expired"]])  # fmt: skip

    @pytest.fixture
    def tokens(self, host, database, known):
        """Add keys to what is known that are good for nothing here."""
        script = f"""
user = env["res.users"].browse({known["user"]})
keys = env["res.users.apikeys"].with_user(user).sudo()
from odoo import fields
soon = fields.Datetime.add(fields.Datetime.now(), days=1)
tokens = {{"global": keys._generate(None, "global", soon),
           "revoked": keys._generate("odoo.plugin.outlook", "revoked", soon),
           "expired": keys._generate("odoo.plugin.outlook", "expired", soon)}}
env.cr.execute("DELETE FROM res_users_apikeys WHERE name = 'revoked'")
env.cr.execute("UPDATE res_users_apikeys SET expiration_date = '2020-01-01' WHERE name = 'expired'")
env.cr.commit()
import json
print(json.dumps(tokens))
"""
        return known | json.loads(host.shell(database, script).splitlines()[-1])

    def _state(self, host, database):
        query = " UNION ALL ".join(
            f"SELECT '{table}', count(*), max(id) FROM {table}" for table in self.TABLES
        )
        return host.sql(query, database=database)

    def test_hostile_requests_break_nothing(self, host, database, server, tokens):
        requests = list(self._requests(tokens))
        addin_of_thread = [Addin(server.url) for _thread in range(2)]

        def send(job):
            number, (route, params, token) = job
            answer = addin_of_thread[number % 2].post(route, params, token)
            return answer.status_code, answer.text

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(send, enumerate(requests)))

        reached, refused = 0, []
        for request, (status, text) in zip(requests, answers, strict=True):
            assert status in (200, 400, 404), (request, text)
            assert "Traceback" not in text and ".py" not in text, (request, text)
            body = json.loads(text) if text.startswith("{") else {}
            problem = body.get("error", {}).get("data", {}).get("name")
            assert problem != "Exception" and "Something went wrong" not in text, (request, text)
            if problem:
                refused.append(request)
            if request[2] == tokens["token"] and problem not in self.REFUSED_BEFORE_HANDLER:
                reached += bool(body)
        print(f"{len(requests)} requests, {reached} reached the handler, {len(refused)} refused")
        assert reached >= 0.6 * self.REQUESTS

        # An id that did not exist may be one by now; what is refused still must change nothing.
        again = Addin(server.url)
        some = refused[: min(500, self.REQUESTS // 10)]
        still = [request for request in some if "error" in again.post(*request).json()]
        assert len(still) > len(some) / 2
        before = self._state(host, database)
        assert all("error" in again.post(*request).json() for request in still)
        assert self._state(host, database) == before


def known_ids(known):
    return [value for value in known.values() if isinstance(value, int)]
