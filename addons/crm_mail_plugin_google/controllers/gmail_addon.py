import contextlib
import logging

from odoo import http
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.crm_common.tools.settings import is_neutralized
from odoo.addons.crm_mail_plugin.controllers.second_generation import SecondGeneration

from ..models.mail_plugin_google_trace import REFUSAL, SUCCESS
from ..tools import actions, cards, deployment, events, network, tokens
from ..tools.settings import Settings
from .clicks import Clicks
from .compose import Compose
from .homepage import Homepage
from .pane import Pane

_logger = logging.getLogger(__name__)

#: Google's keys, for all databases of this process.
KEYS = tokens.Keys(lambda: network.fetch_keys())
#: What Google's servers never send: it tells that a page in a browser asks.
OF_BROWSERS = "Origin"


class GmailAddon(Clicks, Homepage, Compose, SecondGeneration):
    """The add-on in Gmail: Google sends what its user does, and shows the card of the answer.

    What there is to show and to do is what the other add-ins have, of the same methods.
    """

    @http.route(
        [deployment.ROUTE, deployment.COMPOSE_ROUTE],
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def gmail_addon(self, **kwargs):
        return self._gmail_answer(request.httprequest.path)

    # === WHO ASKS === #

    def _gmail_answer(self, route):
        """Answer one request of Google's; anybody else gets a bare 401."""
        pane = getattr(request, "gmail_pane", None)
        if pane is None:
            try:
                event = self._gmail_event()
                if notice := self._gmail_notice(event):
                    return self._gmail_json(notice)
                account = self._gmail_check(event, route)
            except (events.NoEvent, tokens.Refused):
                return request.make_response("", status=401)
            if missing := self._gmail_missing(event, route):
                return self._gmail_json(cards.asks_for(missing))
            pane = request.gmail_pane = Pane(event, account, route)
        return self._gmail_json(self._gmail_guarded(pane))

    def _gmail_event(self):
        sent = request.httprequest
        if sent.headers.get(OF_BROWSERS) or (sent.content_length or 0) > events.MAX_BYTES:
            raise events.NoEvent("not of Google")
        return events.parse(sent.get_data())

    def _gmail_notice(self, event):
        """Return the answer of a database that takes no requests, None for one that does.

        It says nothing that is not the same for everybody, and nobody is asked for it.
        """
        self._gmail_speak(event)
        if is_neutralized(request.env):
            text = request.env._(
                "This is a neutralized copy of a database. It does not work with Gmail."
            )
        elif not Settings.of(request.env).is_complete:
            text = request.env._(
                "This add-on is not set up yet. An administrator of Odoo has to enter the two "
                "values of Google's console: Settings > Integrations > Mail Plugins > Gmail Add-on."
            )
        else:
            return None
        return self._gmail_shown(event, cards.Card("Odoo", sections=(_sentence(text),)))

    def _gmail_check(self, event, route) -> tokens.Claims | None:
        """Return whose Google account it is, None where the user has not granted that.

        :raise Refused: when Google has not sent the request for this add-on
        """
        settings, traces = Settings.of(request.env), request.env["mail.plugin.google.trace"]
        kind, _blank, token = request.httprequest.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or event.system_token not in ("", token):
            raise tokens.Refused("form")
        try:
            tokens.verify(
                token, KEYS, audience=settings.base_url + route, account=settings.service_account
            )
            account = None
            if event.user_token:
                account = tokens.verify(event.user_token, KEYS, audience=settings.client_id)
        except tokens.Refused as refusal:
            if refusal.is_signed:
                traces.note(REFUSAL, refusal.reason, refusal.told)
            raise
        traces.note(SUCCESS)
        return account

    def _gmail_missing(self, event, route):
        """Return which rights the user has to grant for this request."""
        if route == deployment.COMPOSE_ROUTE:
            return event.missing(events.DRAFT, events.DRAFT_PEOPLE)
        return event.missing(*([events.MESSAGE] if event.message_id else []))

    # === WHAT IS ANSWERED === #

    def _gmail_guarded(self, pane):
        """Return the answer, in words whatever happens; what has failed has written nothing."""
        try:
            with self._gmail_undoing(pane):
                return self._gmail_dispatch(pane)
        except network.GmailError as error:
            if error.reason == "scopes":
                return cards.asks_for([events.MESSAGE])
            return self._gmail_says(pane, self._gmail_reasons()[error.reason])
        except actions.InvalidAction:
            return self._gmail_says(
                pane, request.env._("This card is too old. Refresh it, and try again.")
            )
        except UserError as error:
            return self._gmail_says(pane, str(error.args[0] if error.args else error))
        except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise  # Odoo runs the request again.
        except Exception:  # Gmail shows nothing but cards, whatever has failed
            _logger.exception("The Gmail add-on failed.")
            return self._gmail_says(
                pane,
                request.env._(
                    "Something went wrong. An administrator can find the details in the log."
                ),
            )

    @contextlib.contextmanager
    def _gmail_undoing(self, pane):
        """Have what has failed written nothing, and the database ready for the next question.

        Where something is only opened there is nothing to keep, and so no savepoint to go back to.
        """
        if pane.event.is_click:
            with request.env.cr.savepoint():
                yield
            return
        try:
            yield
        except Exception:
            request.env.cr.rollback()
            raise

    def _gmail_dispatch(self, pane):
        pane.begin()
        settings = request.env["mail.plugin.setup"]._settings()
        self._gmail_count(pane, settings.token_limit)
        linked = request.env["mail.plugin.connection"].google_find(pane.account.subject)
        if not linked:
            return self._gmail_shown(pane.event, self._gmail_sign_in_card(pane))
        request.update_env(user=linked.user_id)
        request.update_context(**request.env.user.context_get())
        request.env.companies.mail_plugin_read_ahead()
        if not request.env.user._is_internal():
            return self._gmail_shown(pane.event, self._gmail_sign_in_card(pane))
        if linked.is_due:
            request.env["mail.plugin.connection"].note_use(
                linked.key_id, request.httprequest.remote_addr, settings.token_days
            )
        if pane.event.is_click:
            return self._gmail_clicked(pane)
        return cards.opened(self._gmail_first_card(pane))

    def _gmail_count(self, pane, limit):
        """Count the request, once however often Odoo runs it: all come from Google's addresses,
        so each account has a limit of its own."""
        if not pane.is_counted:
            pane.is_counted = True
            request.env["mail.plugin.rate"].count(f"google:{pane.account.subject}", limit)

    def _gmail_first_card(self, pane):
        """Return the card of what is open: a draft, an e-mail, or neither."""
        if pane.route == deployment.COMPOSE_ROUTE:
            return self._gmail_compose_card(pane)
        if pane.event.message_id:
            return self._gmail_mail_card(pane)
        return self._gmail_homepage(pane)

    def _gmail_sign_in_card(self, pane):
        email = pane.account.email
        widgets = [
            cards.Paragraph(
                request.env._(
                    "Connect %s to your user of Odoo, to see its contacts, leads and more beside "
                    "your e-mails.",
                    email,
                )
            ),
            cards.Buttons(
                (
                    cards.Button(
                        request.env._("Connect"),
                        cards.Click(link=pane.connect_url(), reloads=True),
                    ),
                    pane.button(request.env._("I have allowed it"), "refresh"),
                )
            ),
        ]
        if pane.event.is_mobile:
            widgets.append(
                cards.Paragraph(
                    request.env._(
                        "If nothing happens on your phone, connect once in Gmail on a computer."
                    )
                )
            )
        return cards.Card("Odoo", email, sections=(cards.Section(tuple(widgets)),))

    def _gmail_says(self, pane, text):
        """Return the answer that only says a sentence."""
        if pane.event.is_click:
            return cards.clicked(says=text)
        again = cards.Buttons((pane.button(request.env._("Try Again"), "refresh"),))
        sections = (_sentence(text), cards.Section((again,)))
        return cards.opened(cards.Card("Odoo", pane.account.email, sections=sections))

    def _gmail_shown(self, event, card):
        """Return the answer that shows a card, to a click in place of the one it was on."""
        return cards.clicked(cards.replaced(card)) if event.is_click else cards.opened(card)

    def _gmail_speak(self, event):
        """Have the answer in Gmail's language until its user is known."""
        installed = dict(request.env["res.lang"].get_installed())
        short = event.locale[:2]
        same = [event.locale, *(code for code in installed if short and code[:2] == short)]
        lang = next((code for code in same if code in installed), None)
        request.update_context(lang=lang or next(iter(installed), "en_US"))

    def _gmail_reasons(self):
        return {
            "expired": request.env._(
                "Gmail's permission for this e-mail has expired. Open the e-mail again."
            ),
            "disabled": request.env._(
                "The Gmail API is not enabled in your Google project. An administrator enables it "
                "in Google's console: APIs & Services > Library > Gmail API."
            ),
            "denied": request.env._(
                "Gmail does not let this add-on read the e-mail. An administrator of your Google "
                "Workspace can allow it: Security > API controls."
            ),
            "gone": request.env._("This e-mail is not in this mailbox any more."),
            "busy": request.env._("Gmail is busy. Please try again in a moment."),
            "unreachable": request.env._("Gmail did not answer in time. Please try again."),
        }

    def _gmail_json(self, answer):
        return request.make_json_response(answer, headers={"Cache-Control": "no-store"})


def _sentence(text):
    return cards.Section((cards.Paragraph(text),))
