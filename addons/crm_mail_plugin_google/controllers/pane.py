"""One request of Gmail's: the event, whose it is, and the e-mail that is open."""

import functools
from collections.abc import Callable

from odoo.http import request
from odoo.tools import hmac

from odoo.addons.crm_mail_plugin.models.res_partner_ours import People
from odoo.addons.crm_mail_plugin.tools import emails

from ..tools import actions, cards, deployment, events, mails, network, tokens
from ..tools.settings import Settings

PURPOSE = "crm_mail_plugin_google.action"


def sign(text: str) -> str:
    return hmac(request.env(su=True), PURPOSE, text)


def base_url() -> str:
    """Return the address of the database, read once for all buttons and links of a card."""
    known = getattr(request, "gmail_base_url", None)
    if known is None:
        known = request.gmail_base_url = Settings.of(request.env).base_url
    return known


def redirect_url(record) -> str:
    """Return where a record is opened in the browser, in its company."""
    return f"{base_url()}/mail_plugin/redirect_to_record/{record._name}?record_id={record.id}"


class Pane:
    """What one request is about. It stays when Odoo runs the request again: Gmail is asked once.

    :ivar event: the event
    :ivar account: whose Google account it is
    :ivar route: the address that was called, where its buttons ask as well
    :ivar people: who is on the open e-mail beside the user, None until somebody asks
    :ivar known: what Odoo knows of all who are on it, for as long
    :ivar is_counted: whether the request was counted for its account's limit
    """

    def __init__(self, event: events.Event, account: tokens.Claims, route: str):
        self.event = event
        self.account = account
        self.route = route
        self.is_counted = False
        self.begin()
        self._gmail = network.Gmail(event.access_token, event.message_token)

    def begin(self) -> None:
        """Forget what was read of the database: Odoo may run the request again."""
        self.people: list[mails.Person] | None = None
        self.known: People | None = None
        self._signs: Callable[[str], str] | None = None

    @property
    def user_name(self) -> str:
        """What the user of Odoo is called who sees the card."""
        return self.known.user_name if self.known else request.env.user.name

    @functools.cached_property
    def head(self) -> mails.Head | None:
        """What stands above the open e-mail, None where none is open.

        :raise GmailError: when it cannot be had
        """
        if not self.event.message_id or not self.event.message_token:
            return None
        found = self._gmail.get(
            self.event.message_id, format="metadata", metadataHeaders=list(mails.HEADERS)
        )
        return mails.read_head(found)

    @functools.cached_property
    def email(self) -> emails.Email:
        """The open e-mail with its files; of a very large one the text.

        :raise GmailError: when it cannot be had, or none is open
        """
        if self.head is None:
            raise network.GmailError("gone")
        if self.head.size > mails.MAX_WHOLE:
            found = self._gmail.get(self.event.message_id, format="full")
            return mails.read_large(found, self.head)
        return mails.read_raw(self._gmail.get(self.event.message_id, format="raw"), self.head)

    @property
    def names_account(self) -> bool:
        """Whether the open e-mail is from or to the Google account, as far as it tells."""
        address, head = self.account.email.lower(), self.head
        if head is None:
            return True
        return address in head.delivered or any(one.address == address for one in head.people)

    def name_of(self, address: str) -> str:
        """Return what the e-mail calls somebody, "" when it does not."""
        people = self.head.people if self.head else []
        return next((one.name for one in people if one.address == address), "")

    def click(self, name: str, record=None, text: str = "", needs: tuple[str, ...] = ()):
        """Return the click that does an action.

        :param name: of the action
        :param record: what it is done on, a record or an empty recordset of a model
        :param text: an address or a name
        :param needs: fields of the card that must be filled in
        """
        action = actions.Action(
            name=name,
            subject=self.account.subject,
            message=self.event.message_id,
            model=record._name if record is not None else "",
            id=record.id or 0 if record is not None else 0,
            text=text,
        )
        if self._signs is None:
            self._signs = functools.partial(hmac, request.env(su=True), PURPOSE)
        return cards.Click(
            function=base_url() + self.route,
            parameter=actions.write(action, self._signs),
            needs=needs,
        )

    def button(self, label: str, name: str, record=None, text: str = "", icon: str = "", **kw):
        return cards.Button(label, self.click(name, record, text, **kw), icon)

    def action(self) -> actions.Action:
        """Return the action of the button that was pressed.

        :raise InvalidAction: when it was not given to this account, or is too old
        """
        action = actions.read(self.event.parameters.get(actions.NAME, ""), sign)
        if action.subject != self.account.subject:
            raise actions.InvalidAction()
        return action

    def connect_url(self) -> str:
        """Return the address of the page that connects the account, good for a few minutes."""
        return f"{base_url()}{deployment.ROUTE}/connect?state=" + (
            actions.connection(self.account, sign)
        )
