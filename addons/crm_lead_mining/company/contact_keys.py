"""By what a person is recognised again."""


def email_key(email: str | None) -> str:
    """Return the e-mail address as Odoo normalises one, or "" if it is none."""
    email = (email or "").strip().lower()
    user, at, domain = email.rpartition("@")
    return email if user and at and domain and not any(map(str.isspace, email)) else ""
