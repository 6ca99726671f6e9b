"""The outbox: every e-mail, SMS and letter that the local cloud has sent, to be read by people."""

from infra.local.outbox.mailbox import Mailbox
from infra.local.outbox.service import Outbox

__all__ = ["Mailbox", "Outbox"]
