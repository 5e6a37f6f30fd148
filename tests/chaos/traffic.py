"""Users of the database, threads with a browser's session who go on when a server is away."""

import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg2
import requests
from test_free_features import Session

from .world import World

#: Seconds between two things that one user does.
PAUSE = (0.2, 1.2)
#: Requests and enrichments that wait for a lane, above which a user waits as well.
MOST_OPEN = 6
OPEN = """
    SELECT (SELECT count(*) FROM lead_mining_run WHERE state IN ('queued', 'running')),
           (SELECT count(*) FROM lead_enrichment WHERE state IN ('queued', 'running'))
"""
AWAY = (requests.RequestException, psycopg2.Error, ValueError)
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
ORDER = re.compile(r"/iap/credits/order/(\d+)\?access_token=([0-9a-f]+)")
LEADS = 4
PATIENCE = 180
#: Who is invoiced, as the pages ask for it.
COMPANY = {"company": "House", "vat": "", "street": "Rue 1", "zip": "1000", "city": "Bruxelles"}


class User(threading.Thread):
    """Does one kind of thing without a pause, at whichever server answers.

    :ivar told: what a server has said was done, by whatever name the check knows it
    :ivar counts: what came of it: `done`, `cut` by a death, or `refused` in words
    """

    def __init__(self, name: str, stage: "Stage"):
        super().__init__(name=name, daemon=True)
        self.stage = stage
        self.dice = random.Random(f"{stage.seed} {name}")
        self.session: Session | None = None
        self.told: list = []
        self.counts: Counter = Counter()
        self.words: Counter = Counter()

    def run(self):
        for url in itertools.cycle(self.stage.urls):
            if self.stage.over.wait(self.dice.uniform(*PAUSE)):
                return
            try:
                if self.session is None:
                    self.session = Session(url, self.stage.database, "admin", "admin")
                # The sessions of all servers lie in one place.
                self.session.url = url
                if self.act() is not False:
                    self.counts["done"] += 1
            except AWAY:
                self.counts["cut"] += 1
            except AssertionError as error:
                if "Session" in str(error):
                    self.session = None  # a server that has lost its database knows nobody
                self.counts["refused"] += 1
                self.words[(str(error).strip().splitlines() or ["no word"])[-1][:200]] += 1

    def act(self):
        """Do one thing.

        :return: False if there was nothing to do
        """
        raise NotImplementedError

    def call(self, *arguments, **keywords):
        return self.session.call(*arguments, **keywords)

    def insist(self, step: Callable[[], object]):
        """Do again what a death cut off, as somebody does who presses a button until it answers."""
        urls = itertools.cycle(self.stage.urls)
        while not self.stage.over.is_set():
            try:
                return step()
            except AWAY:
                self.counts["cut"] += 1
                self.session.url = next(urls)
                time.sleep(0.2)
        raise ValueError("the play is over")


class Miner(User):
    """Generates leads, in both companies, with contacts."""

    def act(self):
        if self.stage.rows(OPEN)[0][0] > MOST_OPEN:
            self.stage.over.wait(1)
            return False
        world = self.stage.world
        company = self.dice.choice(world.companies)
        context = {"allowed_company_ids": [company]}
        values = {
            "lead_number": LEADS,
            "country_ids": [(6, 0, [world.belgium])],
            "target": "contacts",
            "contact_number": 1,
        }
        [request] = self.call("lead.mining.request", "create", [values], context=context)
        self.call("lead.mining.request", "action_generate", [request], context=context)
        self.told.append(request)


class Enricher(User):
    """Makes leads of somebody at a company, and presses *Enrich*."""

    def act(self):
        if self.stage.rows(OPEN)[0][1] > MOST_OPEN:
            self.stage.over.wait(1)
            return False
        number = self.dice.randint(1, self.stage.world.size)
        email = f"jane@synthetic{number}.example"
        lead = self.session.create("crm.lead", name="Question", email_from=email)
        self.call("crm.lead", "action_enrich", [lead])
        self.told.append(lead)


class Buyer(User):
    """Buys a pack on the pages, and pays at the provider."""

    def act(self):
        world, session = self.stage.world, self.session
        page = session.get(f"/iap/credits/{world.accounts[0]}").decode()
        token = CSRF.search(page)
        assert token, "nothing is offered"
        form = {"csrf_token": token[1], "pack_id": world.pack, "name": "A", "email": "", **COMPANY}
        form["country_id"] = world.belgium
        answer = session._http.post(
            f"{session.url}/iap/credits/{world.accounts[0]}/order", data=form, timeout=120
        )
        ordered = ORDER.search(answer.url)
        assert ordered, f"no order: {answer.status_code}"
        order, token = ordered.groups()
        started = session._post(
            f"/iap/credits/order/{order}/transaction",
            {
                "access_token": token,
                "provider_id": world.provider,
                "payment_method_id": world.method,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
            },
        )
        paid = {
            "reference": started["reference"],
            "payment_details": "1234",
            "simulated_state": "done",
        }
        # A provider tells until it is heard.
        self.insist(lambda: session._post("/payment/demo/simulate_payment", paid))
        self.told.append(int(order))
        if self.dice.random() < 0.5:
            session._post("/payment/status/poll", {})


class Refunder(User):
    """Refunds orders, whole or in part, and reports bad data of what was delivered."""

    def act(self):
        if self.dice.random() < 0.5:
            self._refund_order()
        else:
            self._report()

    def _refund_order(self):
        paid = self.call(
            "iap.credit.order", "search", [("state", "=", "paid")], limit=20, order="id desc"
        )
        if not paid:
            return
        order = self.dice.choice(paid)
        if self.dice.random() < 0.3:
            self.call("iap.credit.order", "action_refund", [order])
        else:
            amount = self.dice.choice((3, 6, 9))
            dialog = self.session.create("iap.credit.refund", order_id=order, amount=amount)
            self.call("iap.credit.refund", "action_confirm", [dialog])

    def _report(self):
        delivered = self.call(
            "lead.mining.result", "search", [("credits", ">", 0)], limit=40, order="id desc"
        )
        if not delivered:
            return
        results = self.dice.sample(delivered, min(2, len(delivered)))
        dialog = self.session.create(
            "lead.mining.bad.data", result_ids=[(6, 0, results)], flaw="closed"
        )
        self.call("lead.mining.bad.data", "action_confirm", [dialog])


class Mover(User):
    """Transfers credits between the two companies, and presses again until it is answered."""

    def act(self):
        world = self.stage.world
        source = self.dice.randrange(2)
        dialog = self.session.create(
            "iap.credit.transfer",
            account_id=world.accounts[source],
            company_id=world.companies[1 - source],
            credits=self.dice.randint(1, 50),
            reason="Chaos",
        )
        [row] = self.call("iap.credit.transfer", "read", [dialog], ["idempotency_key"])
        self.insist(lambda: self.call("iap.credit.transfer", "action_confirm", [dialog]))
        self.told.append(row["idempotency_key"])


class Writer(User):
    """Writes to customers from their cards."""

    numbers = itertools.count(1)

    def act(self):
        world = self.stage.world
        place = self.dice.randrange(len(world.leads))
        subject = f"chaos-{next(self.numbers)}"
        self.call(
            "crm.lead",
            "message_post",
            [world.leads[place]],
            body="Good day",
            subject=subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=[world.customers[place]],
        )
        self.told.append(subject)


class Stage:
    """What the users share.

    :ivar over: set when nobody does anything new
    """

    KINDS = (Miner, Miner, Enricher, Buyer, Refunder, Mover, Writer)

    def __init__(self, database: str, dsn: dict, world: World, urls: list[str], seed: int):
        self.database, self.dsn, self.world, self.urls = database, dsn, world, urls
        self.seed = seed
        self.over = threading.Event()
        self.users = [
            kind(f"{kind.__name__} {number}", self) for number, kind in enumerate(self.KINDS)
        ]

    def start(self):
        for user in self.users:
            user.start()

    def wait_for_all(self):
        """Wait until everybody has done something: a short play on a busy machine is over soon."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not all(user.counts["done"] for user in self.users):
            time.sleep(0.5)

    def end(self):
        self.over.set()
        for user in self.users:
            user.join(150)

    def told(self, kind: type[User]) -> list:
        return [one for user in self.users if isinstance(user, kind) for one in user.told]

    def rows(self, query: str, *parameters) -> list[tuple]:
        """Ask the database, once."""
        connection = psycopg2.connect(**self.dsn)
        try:
            connection.autocommit = True
            with connection.cursor() as cr:
                cr.execute(query, parameters or None)
                return cr.fetchall() if cr.description else []
        finally:
            connection.close()


def names(users: list[User]) -> Iterator[tuple[str, Counter]]:
    """Add up what came of it, by kind of user."""
    sums: dict[str, Counter] = {}
    for user in users:
        sums.setdefault(type(user).__name__, Counter()).update(user.counts)
    yield from sums.items()
