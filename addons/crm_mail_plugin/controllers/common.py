"""What the controllers of the add-ins' routes share, those of other addons included."""

from odoo.http import request

from ..exceptions import InvalidParameter
from ..tools import addresses, emails, params
from ..tools.settings import SECOND_GENERATION, Settings


def serves_second_generation() -> bool:
    """Say whether the administrator has chosen the add-ins for Odoo 19.2 and later."""
    return Settings.of(request.env).generation == SECOND_GENERATION


def read_email(html, /, attachments: list | None = None, **sent) -> emails.Email:
    """Return the e-mail of a request.

    :param html: its text
    :param attachments: as sent
    :param sent: subject, email_from, email_to, email_cc, timestamp and message_id
        as the add-in sends them, each may be missing
    :raise InvalidParameter: when a file cannot be read
    """
    try:
        files = params.decode_attachments(attachments)
    except params.Refused:
        raise InvalidParameter(request.env._("An attachment could not be read.")) from None
    return emails.Email(
        html=html,
        subject=sent.get("subject") or "",
        sender=sent.get("email_from") or "",
        recipients=sent.get("email_to") or "",
        copies=sent.get("email_cc") or "",
        timestamp=sent.get("timestamp"),
        message_id=emails.message_id(sent.get("message_id") or ""),
        attachments=files,
    )


def get_sender(partner_id, /, partner_email: str = "", partner_name: str = "", **kwargs):
    """Return the contact that a record is made for.

    :param partner_id: the contact
    :param partner_email: address of a sender who is no contact yet, and is made one
    :param partner_name: what that sender is called
    :raise AccessError: when the user may not see the contact
    :raise InvalidParameter: when there is no such contact, and no address to make one of
    """
    partner = request.env["res.partner"].browse(partner_id).exists()
    address = addresses.normalize(partner_email)
    if not partner and address:
        return partner.mail_plugin_get_or_create(address, partner_name)
    if not partner:
        raise InvalidParameter(request.env._("This contact no longer exists."))
    partner.check_access("read")
    return partner


def sender_values(partner) -> dict:
    """Return what the second add-ins read of the sender of a record that was made."""
    return {"partner_id": partner.id, "partner_image": partner.mail_plugin_row()["image"]}
