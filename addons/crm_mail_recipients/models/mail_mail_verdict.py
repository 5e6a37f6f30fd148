from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from odoo import api, models

from ..tools import policy
from ..tools.address import parse_addresses, unreadable_parts
from ..tools.gate import Letter, Refusal, Verdict
from ..tools.guard import guarded

Key = TypeVar("Key")


class MailMail(models.Model):
    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

    # === ONE MAIL === #

    def _recipient_documents(self) -> tuple[tuple[str, int], ...]:
        """Return the cards this one mail comes from and says it belongs to."""
        named = [
            (self.recipient_origin_model, self.recipient_origin_id),
            (self.model, self.res_id),
        ]
        return tuple(
            (model, res_id)
            for model, res_id in dict.fromkeys(named)
            if res_id and self._recipient_is_card_model(model)
        )

    @api.model
    def _recipient_is_card_model(self, model: str) -> bool:
        """Whether records of `model`, which may not exist, may be under the policy."""
        return (
            model in self.env
            and issubclass(self.env.registry[model], self.env.registry["mail.thread"])
            and bool(self.env[model]._recipient_link_fields())
        )

    @api.model
    def _recipient_thread(self, verdict):
        """Return the card that a mail is sent from; it may be gone."""
        return self.env[verdict.document["res_model"]].browse(verdict.document["res_id"])

    def _recipient_letter(self) -> Letter:
        """Return this one mail as the policy sees it."""
        # All recipients have to be known, whoever is writing.
        mail_sudo = self.sudo().with_context(active_test=False)
        return Letter(
            documents=self._recipient_documents(),
            partner_ids=mail_sudo.recipient_ids._ids,
            copies=mail_sudo.mail_message_id._recipient_copies(),
            to=self.email_to or "",
            cc=self.email_cc or "",
        )

    # === VERDICTS === #

    def _recipient_verdicts(self, user=None) -> dict[int, Verdict]:
        """Judge every recipient of mails that belong to a card under the policy, and of no others.

        The number of queries does not depend on the number of mails.

        :param user: see `_recipient_cards`
        """
        if not self.env["res.company"]._recipient_modes():
            return {}
        letters = {
            mail.id: mail._recipient_letter() for mail in self if mail._recipient_documents()
        }
        return self._recipient_judge_each(letters, user)

    @api.model
    def _recipient_judge_each(self, letters: dict[Key, Letter], user=None) -> dict[Key, Verdict]:
        """Judge letters of any key; one that cannot be judged is one that nobody may receive.

        Letters that are not under the policy are missing in what is returned.

        :param user: see `_recipient_cards`
        """
        letters = {key: letter for key, letter in letters.items() if letter.documents}
        if not letters:
            return {}
        verdicts = None
        with guarded(self.env, f"judging {len(letters)} mails together"):
            verdicts = self._recipient_judge(letters, user)
        if verdicts is None:
            verdicts = {}
            for key, letter in letters.items():
                verdicts |= self._recipient_judge_alone(key, letter, user)
        return verdicts

    @api.model
    def _recipient_judge_alone(self, key: Key, letter: Letter, user) -> dict[Key, Verdict]:
        verdicts = None
        with guarded(self.env, f"judging a mail of {letter.documents}"):
            verdicts = self._recipient_judge({key: letter}, user)
        if verdicts is not None:
            return verdicts
        texts = [*parse_addresses(letter.to), *parse_addresses(letter.cc)]
        refused = [Refusal(policy.E_FAILED, address.email) for address in texts]
        refused += [Refusal(policy.E_FAILED, partner_id=ref) for ref in letter.partner_ids]
        model, res_id = letter.documents[0]
        document = {"res_model": model, "res_id": res_id}
        return {key: Verdict(document=document, refused=tuple(refused))}

    @api.model
    def _recipient_judge(self, letters: dict[Key, Letter], user=None) -> dict[Key, Verdict]:
        """See `_recipient_judge_each`; an error is raised."""
        documents = {doc for letter in letters.values() for doc in letter.documents}
        cards, living = self._recipient_document_decisions(documents, user)
        standing = {
            key: self._recipient_standing(letter.documents, cards, living)
            for key, letter in letters.items()
        }
        policed = {key: letters[key] for key, found in standing.items() if found}
        if not policed:
            return {}
        ids = {partner_id for letter in policed.values() for partner_id in letter.partner_ids}
        # Whom the policy lets through is decided below; here all recipients have to be known.
        partners = self.env["res.partner"].sudo().browse(ids)
        employees = partners.browse(self.env["mail.thread"]._recipient_employees(partners))
        people = {
            "keys": partners._recipient_keys(),
            "employees": {p.id: tuple(a.key for a in parse_addresses(p.email)) for p in employees},
            "colleagues": self._recipient_colleague_keys(policed.values()),
            "readable": ids,
        }
        if user:
            people["readable"] = set(partners.with_user(user)._filtered_access("read").ids)
        return {
            key: self._recipient_verdict(letter, standing[key], people)
            for key, letter in policed.items()
        }

    @api.model
    def _recipient_document_decisions(self, documents, user):
        """Return (decision, mode, log values) by document, and which documents exist.

        A document is (model, id); those that are not under the policy are missing in the first.
        """
        ids_by_model = defaultdict(set)
        for model, res_id in documents:
            ids_by_model[model].add(res_id)
        found, living = {}, set()
        for model, res_ids in ids_by_model.items():
            # The document may be invisible to the user; whether it may be edited is asked for.
            existing = self.env[model].sudo().browse(res_ids).exists()
            living |= {(model, res_id) for res_id in existing.ids}
            modes = existing._recipient_modes()
            companies = existing._mail_get_companies() if modes else {}
            for res_id, decision in existing._recipient_decisions(user, modes=modes).items():
                log = {"res_model": model, "res_id": res_id, "company_id": companies[res_id].id}
                found[model, res_id] = (decision, modes[res_id], log)
        return found, living

    @api.model
    def _recipient_standing(self, documents, cards, living):
        """Return what the documents of one mail say, empty where none is under the policy.

        A document that is gone says nothing where another one is there: merged records leave
        their messages to the one that stays. Where none is left, nobody is registered any more.
        """
        if any(document in living for document in documents):
            return [cards[document] for document in documents if document in cards]
        # Which company it belonged to is gone with it.
        mode = documents and self.env["res.company"]._recipient_mode()
        nobody = policy.Decision(error=policy.E_GONE)
        return [
            (nobody, mode, {"res_model": model, "res_id": res_id})
            for model, res_id in documents
            if mode
        ]

    @api.model
    def _recipient_colleague_keys(self, letters: Iterable[Letter]) -> set[str]:
        """Return the keys in To and Cc that are addresses of employees."""
        keys = {
            address.key
            for letter in letters
            for address in (*parse_addresses(letter.to), *parse_addresses(letter.cc))
        }
        return self.env["mail.thread"]._recipient_employee_keys(keys)

    @api.model
    def _recipient_verdict(self, letter, standing, people):
        verdict = Verdict(
            decisions=tuple((decision, mode) for decision, mode, _log in standing),
            document=standing[0][2],
            copies=letter.copies,
        )
        refused, all_chosen = [], letter.copies.all_chosen
        for partner_id in letter.partner_ids:
            if partner_id in people["employees"]:
                verdict.employees[partner_id] = people["employees"][partner_id]
                continue
            # A chosen address has to be the partner's still, or be on the card itself.
            own, chosen = people["keys"][partner_id], all_chosen.get(str(partner_id))
            hidden = partner_id not in people["readable"]
            allowed, reason = verdict.judge_party(chosen or own, hidden)
            if allowed:
                verdict.partners[partner_id] = allowed if chosen else allowed[:1]
            else:
                refused.append(Refusal(reason, partner_id=partner_id))
        for name in ("to", "cc"):
            text = getattr(letter, name)
            kept, left = self._recipient_judge_text(text, people["colleagues"], verdict)
            setattr(verdict, name, kept)
            refused += left
        verdict.refused = tuple(refused)
        return verdict

    @api.model
    def _recipient_judge_text(
        self, text: str, colleagues: set[str], verdict: Verdict
    ) -> tuple[tuple[str, ...], list[Refusal]]:
        """Return the keys of a To or Cc text that may stay, and the refusals of the others."""
        addresses = parse_addresses(text)
        reasons = {a: a.key not in colleagues and verdict.reason(a.key) for a in addresses}
        kept = tuple(a.key for a in addresses if not reasons[a])
        refused = [Refusal(reasons[a], a.email) for a in addresses if reasons[a]]
        refused += [Refusal(policy.E_INVALID, part[:254]) for part in unreadable_parts(text)]
        return kept, refused
