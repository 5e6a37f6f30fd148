"""What may be shown of a company before it is paid: enough to judge the match, not to use it."""

MASK = "•"


def mask_name(name: str) -> str:
    """ "Acme Widgets Ltd" -> "A••• W•••••• L••": the words' lengths and first letters."""
    return " ".join(_first_letter(word) for word in name.split())


def mask_domain(domain: str) -> str:
    """ "acme.co.uk" -> "a•••.uk": the first letter and the top level."""
    host, dot, top = domain.rpartition(".")
    return f"{host[:1]}{MASK * 3}.{top}" if dot and host else _hidden(domain)


def mask_email(email: str) -> str:
    """ "jane@acme.com" -> "j•••@a•••.com"."""
    user, at, domain = email.rpartition("@")
    return f"{user[:1]}{MASK * 3}@{mask_domain(domain)}" if at else _hidden(email)


def mask_phone(phone: str) -> str:
    """ "+39 02 1234567" -> "+39•••••••": the country's prefix at most."""
    digits = sum(char.isdigit() for char in phone)
    prefix = phone.strip()[:3] if phone.strip().startswith("+") and digits > 5 else ""
    return prefix + MASK * 7 if digits else _hidden(phone)


def _first_letter(word: str) -> str:
    return word[:1] + MASK * (len(word) - 1)


def _hidden(value: str) -> str:
    return MASK * 3 if value else ""
