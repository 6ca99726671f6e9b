"""What stands outside the table: the timeline's driver, providers, files, senders, the press, the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sovinto.domain.checkout import Checkout, CheckoutStatus, GatewayEvent, Refund
from sovinto.domain.driving import NextStep
from sovinto.domain.event import Event
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.letter import Letter
from sovinto.domain.money import Money
from sovinto.domain.remittance import Remittance
from sovinto.ids import CaseId, PaymentId


class Timeline(Protocol):
    """The visible driver of a case: one execution at a time."""

    def start(self, case_id: CaseId, execution: int) -> None: ...
    def resume(self, token: str, found: NextStep) -> bool:
        """Answer with what comes next. False where nobody waits on this token any more."""

    def is_running(self, case_id: CaseId, execution: int) -> bool: ...
    def stop(self, case_id: CaseId, execution: int) -> None:
        """End one that does not hear any more; harmless where it ended by itself."""


class PaymentGateway(Protocol):
    """A provider's hosted page, what it tells us, and refunds."""

    def create_checkout(
        self,
        *,
        payment_id: PaymentId,
        amount: Money,
        description: str,
        success_url: str,
        cancel_url: str,
        language: str,
        idempotency_key: str,
        expires_at: datetime | None = None,
    ) -> Checkout:
        """Safe to repeat with the same key. From `expires_at` on nobody can pay there, where the provider
        knows that. Raises UpstreamUnavailable, UpstreamRefused."""

    def find_checkout(self, checkout_id: str) -> CheckoutStatus:
        """How it stands now. Raises UpstreamUnavailable, or UpstreamRefused if it is unknown."""

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        """Give back a part of what was paid there; booked when the provider announces it.

        Raises UpstreamUnavailable (safe to repeat), UpstreamRefused, or OutcomeUnknown: never repeat it,
        the announcement or the settlement tells.
        """

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent | None:
        """Prove and read one announcement; for one that came by GET the body is its query string.

        None for what we do not follow. Raises NotAllowed (not proven), FormatRefused, UpstreamUnavailable.
        """


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it was read; `version` tells it from another that takes its name later."""

    key: str
    data: bytes
    version: str


class Version(Protocol):
    """Names one version of a file."""

    @property
    def key(self) -> str: ...
    @property
    def version(self) -> str: ...


class Opened(Version, Protocol):
    """One version of a file, read in pieces: never much more in memory than was asked for."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises NotFound where that version is gone."""


class Files(Protocol):
    """One bucket."""

    def read(self, key: str) -> bytes: ...
    def fetch(self, key: str) -> Fetched:
        """For those who may list the bucket: refused access is an error, not absence. Raises NotFound."""

    def open(self, key: str, version: str = "") -> Opened:
        """From its beginning; `version` asks for that very one. Raises NotFound."""

    def write(self, key: str, data: bytes, content_type: str) -> None: ...
    def keys(self, prefix: str) -> tuple[str, ...]: ...
    def move(self, file: Version, to: str) -> None:
        """Keep the bytes that were read under `to`; one that took the old name since stays there."""

    def upload_link(self, key: str, *, size: int, content_type: str, seconds: int) -> str: ...
    def download_link(self, key: str, *, file_name: str, seconds: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    file_name: str
    content_type: str
    data: bytes


class Mailer(Protocol):
    def send(
        self, *, to: str, subject: str, text: str, attachments: Sequence[Attachment], reference: str
    ) -> str:
        """Hand over one e-mail; returns the provider's id.

        Raises UpstreamUnavailable (it did not arrive), UpstreamRefused, or OutcomeUnknown.
        """


class SmsSender(Protocol):
    def send(self, *, to: str, text: str, reference: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Wording:
    """Rendered words of a message; an SMS has no subject."""

    subject: str
    text: str


class Press(Protocol):
    """Turns facts into what people read."""

    def letter(self, letter: Letter) -> bytes: ...
    def fee_invoice(self, invoice: FeeInvoice) -> bytes: ...
    def worded(self, invoice: FeeInvoice) -> FeeInvoice:
        """The same with every line in words of the client's language, for e-invoices."""

    def remittance(self, remittance: Remittance) -> bytes: ...
    def words(self, channel: str, template: str, language: str, fields: Mapping[str, str]) -> Wording: ...


class EventPublisher(Protocol):
    def publish(self, events: Sequence[Event]) -> tuple[str, ...]:
        """Returns the ids of those that were not taken."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The business's now: aware UTC; virtual on stages with a test clock."""


class Ids(Protocol):
    def new(self, prefix: str) -> str: ...


Beside = Callable[[Callable[[], None]], Callable[[], None]]
"""Begins work that only reads, and gives what waits for its end and raises what it raised."""


def afterwards(work: Callable[[], None]) -> Callable[[], None]:
    """A Beside without a second thread: the work is done when it is waited for."""
    return work
