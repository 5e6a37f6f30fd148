"""The one-time code of the sign-in, `<base64 of the claims>.<base64 of their signature>`.

The form is the one that stock's addon gives out; what is in it is ours.
"""

import base64
import binascii
import dataclasses
import json

MAX_LENGTH = 8192
SECONDS_VALID = 180
# Seconds that the clocks of two workers on different machines may differ by.
CLOCK_SKEW = 5


class InvalidCode(ValueError):
    """What was sent is no code that we gave out."""


@dataclasses.dataclass(frozen=True)
class Claims:
    """What a code says.

    :ivar nonce: random, what makes the code usable once
    :ivar uid: id of the user who agreed
    :ivar name: name of the add-in, as shown to the user
    :ivar scope: what the token will be for
    :ivar redirect: where the code was sent
    :ivar timestamp: when it was made, in seconds since 1970
    :ivar device: random name of the browser that asked, "" when unknown
    """

    nonce: str
    uid: int
    name: str
    scope: str
    redirect: str
    timestamp: int
    device: str = ""

    def to_dict(self) -> dict[str, str | int]:
        return dataclasses.asdict(self)

    def to_message(self) -> bytes:
        return json.dumps(self.to_dict(), sort_keys=True).encode()

    @classmethod
    def from_message(cls, message: bytes) -> "Claims":
        """:raise InvalidCode: when `message` is not of `to_message`"""
        try:
            claims = cls(**json.loads(message))
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidCode() from error
        for field in dataclasses.fields(cls):
            if type(getattr(claims, field.name)) is not field.type:
                raise InvalidCode()
        return claims

    def is_fresh(self, now: float) -> bool:
        """Say whether the code is not older than :data:`SECONDS_VALID` at `now` (seconds)."""
        return -CLOCK_SKEW <= now - self.timestamp <= SECONDS_VALID


def join(message: bytes, signature: str) -> str:
    """Return the code of a message (bytes) and its signature (hexadecimal)."""
    return f"{base64.b64encode(message).decode()}.{base64.b64encode(signature.encode()).decode()}"


def split(code: object) -> tuple[bytes, bytes]:
    """Return message and signature of a code.

    :param code: anything that came over the wire
    :raise InvalidCode: when it has not the form of a code
    """
    if not isinstance(code, str) or len(code) > MAX_LENGTH or code.count(".") != 1:
        raise InvalidCode()
    try:
        message, signature = (base64.b64decode(part, validate=True) for part in code.split("."))
    except (binascii.Error, ValueError) as error:
        raise InvalidCode() from error
    return message, signature
