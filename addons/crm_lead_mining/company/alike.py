"""Companies that nothing identifies: a name at a place, and when two of them may be one."""

import re
from dataclasses import dataclass

from .names import company_name_key, normalise_name
from .types import Company

#: What the key of a record begins with whose company nothing identifies, see `Company.record_key`.
RECORD = "record:"

_BEFORE_ZIP = re.compile(r"^[A-Z]{1,3}-")  # "I-20121"


@dataclass(frozen=True, slots=True)
class Place:
    """A company's name, country, and postal code or else town, in a spelling that all share.

    Two companies at one place need not be one: it is a reason to ask, and none to merge.
    """

    name: str
    country: str
    zip: str
    city: str

    @classmethod
    def of(cls, name: str, country_code: str, zip_code: str, city: str) -> "Place":
        return cls(
            company_name_key(name or ""),
            (country_code or "").upper(),
            normalise_zip(zip_code or ""),
            normalise_name(city or "").replace(" ", ""),
        )

    @classmethod
    def of_company(cls, company: Company) -> "Place":
        return cls.of(company.name, company.country_code, company.zip, company.city)

    @property
    def key(self) -> str:
        """What the same place gives everywhere: "IT:alfa:z20121"; "" if too little is known."""
        if not (self.name and self.country and (self.zip or self.city)):
            return ""
        return f"{self.country}:{self.name}:{f'z{self.zip}' if self.zip else f'c{self.city}'}"

    def may_be(self, other: "Place") -> bool:
        """Whether both have one name and postal code, or town where one has no postal code."""
        if not (self.key and (self.name, self.country) == (other.name, other.country)):
            return False
        if self.zip and other.zip:
            return self.zip == other.zip
        return bool(self.city) and self.city == other.city

    def listed(self) -> tuple[str, ...]:
        """Return the keys under which a list keeps it: `may_be` in keys that are equal or not.

        One of them is among `asked` of those places, and of those only, that it may be.
        """
        start = f"{self.country}:{self.name}"
        if not self.key:
            return ()
        if not self.zip:
            return (f"{start}:*{self.city}",)
        by_city = (f"{start}:?{self.city}",) if self.city else ()
        return (self.key, *by_city)

    def asked(self) -> tuple[str, ...]:
        """Return the keys under which a list is asked for it."""
        start = f"{self.country}:{self.name}"
        if not self.key:
            return ()
        if not self.zip:
            return f"{start}:*{self.city}", f"{start}:?{self.city}"
        return (self.key, f"{start}:*{self.city}") if self.city else (self.key,)


def normalise_zip(zip_code: str) -> str:
    """Return a postal code in upper case without a country, separators and leading zeros."""
    text = _BEFORE_ZIP.sub("", zip_code.strip().upper())
    return "".join(filter(str.isalnum, text)).lstrip("0")


def is_record(key: str) -> bool:
    """Whether an identity key tells one record of a dataset only, and no company."""
    return key.startswith(RECORD)
