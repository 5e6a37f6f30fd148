import base64
import logging
import time
import uuid
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.crm_iap_credits.exceptions import InsufficientCredits
from odoo.addons.crm_lead_mining.company import company_json
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE
from odoo.addons.iap.tools import iap_tools

from ..tools.enrichment import Found, Subject

_logger = logging.getLogger(__name__)

#: Seconds that each provider may take while somebody waits for the answer.
PATIENCE = 10
#: Seconds to wait for somebody who asks about the same company.
TWIN_PATIENCE = 30
HOLD_EXPIRY = timedelta(minutes=15)


class LeadEnrichmentClient(models.AbstractModel):
    """Answers stock's clients of IAP, which wait inside a transaction of theirs, without HTTP.

    What is asked and paid is written by cursors of its own: the caller's transaction may be rolled
    back, and its snapshot is older than the hold. It names the caller's records nowhere, so it
    waits for none of the caller's locks.
    """

    _name = "lead.enrichment.client"
    _description = "Enrichment for Other Apps"

    @api.model
    def _answer(
        self, subject: Subject, *, label: str = "", known: Company | None = None
    ) -> tuple[Company | None, bytes | None]:
        """Return what is known of a company, and its logo; paid unless it was paid before.

        :param label: what the history calls it, the subject's domain by default
        :param known: what is known already, where the providers only fill gaps
        :return: (None, None) when nobody knows it, which costs nothing
        :raise InsufficientCreditError: stock's, with the data that its clients read
        :raise AccessError: as stock's transport does, if the providers cannot answer
        :raise UserError: while enrichment is switched off
        """
        Enrichment = self.env["lead.enrichment"]
        Enrichment._check_is_on()
        company = self.env.company
        if not subject.key or Enrichment._find_nothing(subject, company):
            return None, None
        asked = [subject.as_company(label), *filter(None, [known])]
        if any(self.env["lead.mining.suppression"]._refusals(asked, company)):
            return None, None
        attempt_id = self._begin(subject, label)
        if isinstance(attempt_id, tuple):
            return attempt_id
        try:
            return self._ask_and_pay(attempt_id, subject, known)
        except Exception as error:  # whatever it is goes on; nobody else must wait for this attempt
            self._end(attempt_id, state="failed", message=str(error))
            raise

    # === STEPS === #

    def _begin(self, subject: Subject, label: str):
        """Return the id of a new attempt, or the answer that was paid before.

        Somebody who asks about the same company is waited for.
        """
        deadline = time.monotonic() + TWIN_PATIENCE
        while True:
            with self._own_cursor() as env:
                known = env["lead.enrichment"]._find_answer(subject, env.company)
                if known:
                    return self._stored(known)
                if attempt_id := self._insert(env, subject, label):
                    return attempt_id
            if time.monotonic() > deadline:
                raise AccessError(self.env._("Someone is already asking about this company."))
            time.sleep(0.25)

    def _insert(self, env, subject: Subject, label: str) -> int | None:
        """Return the id of a new running attempt, None while there is another one."""
        table = SQL("lead_enrichment")
        env.cr.execute(
            SQL(
                """
                UPDATE %s SET state = 'failed', lease_token = NULL
                 WHERE state = 'running' AND res_id IS NULL AND company_id = %s
                   AND identity_key = %s
                   AND lease_expires_at < timezone('UTC', clock_timestamp())
                """,
                table,
                env.company.id,
                subject.key,
            )
        )
        rows = env.execute_query(
            SQL(
                """
                INSERT INTO %(table)s (
                            record_name, company_id, user_id, origin, domain, registry_id,
                            identity_key, state, run_key, hold_number, change_count, credits,
                            credits_missing, tries, lease_expires_at,
                            create_uid, create_date, write_uid, write_date)
                     VALUES (%(name)s, %(company)s, %(uid)s, 'client', %(domain)s,
                            %(registry_id)s, %(key)s, 'running', %(run_key)s, 1, 0, 0, 0, 0,
                            timezone('UTC', clock_timestamp()) + %(lease)s,
                            %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT (company_id, identity_key) WHERE state = 'running' DO NOTHING
                  RETURNING id
                """,
                table=table,
                name=label or subject.domain or subject.registry_id,
                company=env.company.id,
                uid=self.env.uid,
                domain=subject.domain or None,
                registry_id=subject.registry_id or None,
                key=subject.key,
                run_key=uuid.uuid4().hex,
                lease=HOLD_EXPIRY,
                now=env.cr.now(),
            )
        )
        return rows[0][0] if rows else None

    def _ask_and_pay(self, attempt_id: int, subject: Subject, known: Company | None):
        account = self.env["iap.account"]._get_local(SERVICE)
        price = self.env["lead.enrichment"]._price()
        hold = price and self._hold(account, price, attempt_id)
        try:
            # Sudo: which providers there are is no secret of those who may mine.
            found = self.env["lead.mining.provider"].sudo()._enrich(subject, PATIENCE, known)
            if not found.company:
                self._end_without_answer(attempt_id, found)
                return None, None
            logo = self.env["lead.mining.provider"].sudo()._fetch_logo(found.company.logo_url)
            self._store(attempt_id, found, logo, account, hold, price)
            hold = None
            return found.company, logo
        finally:
            if hold:
                account.release(hold.token, reason=self.env._("Nothing was found"))

    def _hold(self, account, price: int, attempt_id: int):
        try:
            return account.hold(
                price,
                reason=self.env._("Enrichment for another app"),
                idempotency_key=f"enrichment-client:{attempt_id}",
                expires_in=HOLD_EXPIRY,
            )
        except InsufficientCredits as error:
            raise self._stock_error(error) from error

    def _stock_error(self, error: InsufficientCredits) -> iap_tools.InsufficientCreditError:
        url = self.env["iap.account"].get_credits_url(service_name=SERVICE)
        stock_error = iap_tools.InsufficientCreditError(str(error))
        stock_error.data = {
            "credit": float(error.price),
            "service_name": SERVICE,
            "base_url": url,
            "message": str(error),
        }
        return stock_error

    def _end_without_answer(self, attempt_id: int, found: Found) -> None:
        if found.refused:
            sentence = self.env["lead.mining.suppression"]._refusal_sentence(found.refused)
            self._end(attempt_id, state="failed", message=sentence)
            return
        if found.problems:
            raise AccessError(" ".join(found.problems))
        sentence = self.env._("No provider knows it. No credits were used.")
        self._end(attempt_id, state="not_found", message=" ".join([sentence, *found.notes]))

    def _store(self, attempt_id: int, found: Found, logo, account, hold, price: int) -> None:
        """Store the answer and pay it, in one transaction: what is stored is delivered."""
        with self._own_cursor() as env:
            attempt = env["lead.enrichment"].browse(attempt_id)
            attempt.write(
                {
                    "answer": company_json.to_json(found.company),
                    "logo": logo and base64.b64encode(logo),
                    "provider_ids": [fields.Command.set(found.provider_ids)],
                    "state": "done",
                    "credits": price,
                    "finished_at": fields.Datetime.now(),
                }
            )
            if hold:
                account.with_env(env).capture(
                    hold.token,
                    price,
                    reason=self.env._("Enrichment for another app"),
                    idempotency_key=f"enrichment-client:{attempt_id}:paid",
                )

    def _end(self, attempt_id: int, **values) -> None:
        with self._own_cursor() as env:
            env["lead.enrichment"].browse(attempt_id).write(
                {"finished_at": fields.Datetime.now(), **values}
            )

    def _stored(self, attempt) -> tuple[Company | None, bytes | None]:
        # The list may have grown since the answer was stored.
        attempt._screen_answer()
        return attempt._company(), attempt.logo and base64.b64decode(attempt.logo)

    @contextmanager
    def _own_cursor(self):
        """Give an environment, in sudo, of a short transaction that is committed at its end."""
        with self.env["iap.credit.ledger"]._ledger_cursor() as cr:
            env = self.env(cr=cr, su=True)
            yield env
            env.flush_all()
