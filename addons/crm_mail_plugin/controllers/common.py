"""What the controllers of the add-ins' routes share, those of other addons included."""

from odoo.http import request

from ..exceptions import InvalidParameter
from ..tools import addresses, emails, quoted
from ..tools.attachments import read_files
from ..tools.settings import SECOND_GENERATION


def serves_second_generation() -> bool:
    """Say whether the request is answered as the add-ins for Odoo 19.2 and later read it."""
    return request.env["ir.http"]._addin_generation() == SECOND_GENERATION


def read_email(html, /, attachments: list | None = None, **sent) -> emails.Email:
    """Return the e-mail of a request.

    :param html: its text; one without markup is plain
    :param attachments: as sent
    :param sent: subject, email_from, email_to, email_cc, timestamp and message_id
        as the add-in sends them, each may be missing
    :return: with those of its files that can be kept
    """
    files = read_files(attachments)
    return emails.Email(
        html=emails.as_html(html),
        subject=sent.get("subject") or "",
        sender=sent.get("email_from") or "",
        recipients=sent.get("email_to") or "",
        copies=sent.get("email_cc") or "",
        timestamp=sent.get("timestamp"),
        message_id=emails.message_id(sent.get("message_id") or ""),
        attachments=tuple(files.kept),
        left_out=tuple(files.left_out),
    )


def get_sender(
    partner_id, /, partner_email: str = "", partner_name: str = "", text: str = "", **sent
):
    """Return the contact that a record is made for.

    Of an e-mail that one of ours has sent or forwarded that is whoever it quotes, or else whom it
    was sent to, as far as the add-in tells. The user is nobody's customer.

    :param partner_id: the contact
    :param partner_email: address of a sender who is no contact yet, and is made one
    :param partner_name: what that sender is called
    :param text: of the e-mail
    :param sent: email_from, email_to, email_cc, where the add-in tells them
    :return: none for an e-mail between the user and an address of this database
    :raise AccessError: when the user may not see the contact
    :raise InvalidParameter: when there is no such contact, and no address to make one of
    """
    partner = request.env["res.partner"].browse(partner_id).exists()
    address = addresses.normalize(partner_email)
    if not partner and not address:
        raise InvalidParameter(request.env._("This contact no longer exists."))
    partner.check_access("read")
    address = partner.email_normalized or "" if partner else address
    is_nobody = partner.mail_plugin_is_own(address) or partner == request.env.user.partner_id
    is_nobody = is_nobody or bool(partner.mail_plugin_mailboxes([address]))
    is_ours = partner.mail_plugin_ours() or (
        not partner and partner.mail_plugin_colleagues([address])
    )
    if not is_nobody and not is_ours:
        return partner or partner.mail_plugin_get_or_create(address, partner_name)
    headers = (sent.get(name) or "" for name in ("email_from", "email_to", "email_cc"))
    people = [*quoted.people(text), *addresses.each_of(headers)]
    customer = partner.mail_plugin_customer(people)
    if customer or is_nobody:
        return customer
    return partner or partner.mail_plugin_get_or_create(address, partner_name)


def sender_values(partner) -> dict:
    """Return what the second add-ins read of the sender of a record that was made."""
    if not partner:
        return {"partner_id": False, "partner_image": False}
    return {"partner_id": partner.id, "partner_image": partner.mail_plugin_row()["image"]}
