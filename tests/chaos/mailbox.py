"""What has reached the SMTP server of the play."""

import asyncio
import time
from email import message_from_bytes, policy


class Mailbox:
    """A handler of aiosmtpd, which takes its time.

    :ivar arrived: when the server has taken a mail, by Message-ID, subject and recipient
    """

    SECONDS = 0.1

    def __init__(self):
        self.arrived: dict[tuple[str, str, str], list[float]] = {}

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.SECONDS)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        for rcpt in envelope.rcpt_tos:
            key = (str(mail["Message-Id"]), str(mail["Subject"]), rcpt.lower())
            self.arrived.setdefault(key, []).append(time.monotonic())
        return "250 OK"
