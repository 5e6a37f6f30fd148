from odoo import api, models

from odoo.addons.crm_common.tools.mailboxes import spellings_of

from ..tools.buyers import Buyer, is_vat_number

#: Companies of earlier orders that are compared with what was typed.
MAX_KNOWN = 20


class IapAccount(models.Model):
    """Who is invoiced for the account's credits: what is known of it, and what is asked.

    What others have told is neither shown nor changed: known is what the same visitor has ordered
    with, the visitor's own company and, for colleagues, the company whose credits these are.
    """

    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    # === WHAT IS KNOWN === #

    def _get_known_buyers(self, user):
        """Return the companies that a visitor may have invoiced, the likeliest first.

        :param user: a `res.users`, the public one for who came by the link
        :return: some of `res.partner`, in sudo
        """
        # Sudo: visitors see no orders; these are their own, or those of the link they came by.
        orders_sudo = self.env["iap.credit.order"].sudo().search(
            [
                ("account_id", "=", self.id),
                ("user_id", "=", False if user._is_public() else user.id),
                ("invoiced_partner_id.active", "=", True),
            ],
            limit=MAX_KNOWN,
        )  # fmt: skip
        partners_sudo = orders_sudo.invoiced_partner_id | self._get_customer()
        if not user._is_public():
            own_sudo = user.partner_id.sudo().commercial_partner_id
            partners_sudo |= own_sudo.filtered("is_company")
        if self._is_visible_to(user):
            partners_sudo |= self._get_ledger_company().partner_id
        return partners_sudo.filtered("active")

    def _get_customer(self):
        """Return whose credits these are, if it is no company of this database, in sudo.

        This method serves as a hook for addons that know clients.
        """
        return self.env["res.partner"].sudo()

    @api.model
    def _describe_buyer(self, partner) -> Buyer:
        """Say of a contact what the form asks for."""
        return Buyer(
            company=partner.name or "",
            vat="" if partner.vat == "/" else partner.vat or "",
            street=partner.street or "",
            zip=partner.zip or "",
            city=partner.city or "",
            country_id=partner.country_id.id or 0,
            state_id=partner.state_id.id or 0,
        )

    # === WHAT IS ASKED === #

    @api.model
    def _check_buyer(self, buyer: Buyer) -> dict[str, str]:
        """Find what is missing or wrong.

        :return: a sentence for people, by the name of the field that it belongs to
        """
        country = self.env["res.country"].browse(buyer.country_id).exists()
        problems = {}
        if not buyer.company:
            problems["company"] = self.env._("Enter the name of the company.")
        if not buyer.street:
            problems["street"] = self.env._("Enter the street and the number.")
        if not buyer.city:
            problems["city"] = self.env._("Enter the town.")
        if not country:
            return problems | {"country_id": self.env._("Choose the country.")}
        if country.zip_required and not buyer.zip:
            problems["zip"] = self.env._("Enter the postal code.")
        states = country.state_ids.ids
        if buyer.state_id not in (states if country.state_required else [0, *states]):
            problems["state_id"] = self.env._("Choose the state or province.")
        if buyer.vat and not is_vat_number(buyer.vat, country.code):
            problems["vat"] = self._get_vat_problem(buyer)
        return problems

    @api.model
    def _get_vat_problem(self, buyer: Buyer) -> str:
        country = self.env["res.country"].browse(buyer.country_id)
        return self.env._(
            "This is no VAT number of %s: check it, or leave the field empty if the company has "
            "none.",
            country.name,
        )

    @api.model
    def _read_buyer(self, sent, known: Buyer) -> Buyer:
        """Read what a form has sent, without a state that the country does not have."""
        buyer = Buyer.from_form(sent, known)
        country = self.env["res.country"].browse(buyer.country_id).exists()
        is_odd = not country.state_required and buyer.state_id not in country.state_ids.ids
        return buyer.without_state() if is_odd else buyer

    def _take_parties(self, buyer: Buyer, user, name="", email=""):
        """Return who is invoiced and who pays: known contacts if they are the same, or new ones.

        :param buyer: without problems
        :param user: a `res.users`, the public one for who came by the link, who has told
        :param name: a name
        :param email: and an address, normalized
        :return: two `res.partner`
        :raise ValidationError: if another addon refuses the VAT number
        """
        known_sudo = self._get_known_buyers(user)
        invoiced_sudo = self._take_buyer(buyer, known_sudo, user)
        if not user._is_public():
            return invoiced_sudo, user.partner_id
        # No contact is added to a company that was here before.
        parent_sudo = invoiced_sudo - known_sudo
        return invoiced_sudo, self._take_payer(name, email, parent_sudo)

    def _take_buyer(self, buyer, known_sudo, user):
        """Return a known company if it is the same, or a new one.

        None is changed, unless what is missing of it is added by a user who may.
        """
        for partner_sudo in known_sudo:
            if buyer.is_same(self._describe_buyer(partner_sudo)):
                return partner_sudo
        for partner_sudo in known_sudo:
            known = self._describe_buyer(partner_sudo)
            if buyer.fills(known) and self._may_fill(partner_sudo, user):
                partner_sudo.write(self._name_values(buyer.missing_in(known)))
                return partner_sudo
        # Sudo: visitors may not write contacts, but an invoice needs one.
        partners_sudo = self.env["res.partner"].sudo()
        values = self._name_values(buyer.missing_in(Buyer()))
        return partners_sudo.create({**values, "is_company": True, "lang": self.env.lang})

    @api.model
    def _name_values(self, told: dict) -> dict:
        """Name what the form asks for as a contact does."""
        return {"name" if name == "company" else name: value for name, value in told.items()}

    @api.model
    def _may_fill(self, partner, user):
        return user._is_internal() and partner.with_user(user).sudo(False).has_access("write")

    def _take_payer(self, name, email, parent):
        """Return the contact of who came by the link.

        Nobody is looked up by an e-mail address that anybody may type, except who has already
        ordered for this very account.
        """
        known_sudo = (
            self.env["iap.credit.order"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("user_id", "=", False),
                    ("partner_id.email_normalized", "in", spellings_of(email)),
                ],
                limit=1,
            )
        )
        values = {"name": name, "email": email, "lang": self.env.lang, "parent_id": parent.id}
        # Sudo: the public may not write contacts, but a receipt needs one.
        return known_sudo.partner_id or self.env["res.partner"].sudo().create(values)
