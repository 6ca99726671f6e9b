"""What use cases need from the outside; adapters implement, fakes are proven by contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sovinto.domain.case import Case
from sovinto.domain.checkout import Checkout
from sovinto.domain.client import Client
from sovinto.domain.communication import Communication
from sovinto.domain.document import Document
from sovinto.domain.driving import NextStep, Turn, Wake
from sovinto.domain.event import Event
from sovinto.domain.facts import Contact
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.ledger import Entry
from sovinto.domain.letter import Letter
from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt, Payable, UnallocatedPayment
from sovinto.domain.remittance import Remittance
from sovinto.domain.upload import Upload
from sovinto.errors import AlreadyStored, Conflict
from sovinto.ids import CaseId, ClientId, CommunicationId, PaymentId


@dataclass(frozen=True, slots=True)
class Guard:
    """A row that must not exist yet; it is written in the same transaction as its effect.

    `scope` and `key` name it ("SEEN#bank", "<line digest>"); `clash` is raised when it exists.
    `expires_at` (Unix seconds) lets the table forget it.
    """

    scope: str
    key: str
    payload: str = ""
    clash: type[Conflict] = AlreadyStored
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one use case stores, in one transaction, or not at all.

    `case` is stored only over the version before its own (1 means new). `wake_at` moves the case
    in the due index. `remitted` are payables stamped with their remittance id, `reduced` are open ones
    of which money went back (at zero they are no more), `found` is money whose
    owner turned up: it waits no more. `unless` names guards that must not exist (StaleVersion).
    `called` are call tasks, still planned until now, with their outcome.
    """

    case: Case | None = None
    entries: Sequence[Entry] = ()
    communications: Sequence[Communication] = ()
    called: Sequence[Communication] = ()
    events: Sequence[Event] = ()
    guards: Sequence[Guard] = ()
    wake_at: datetime | None = None
    payables: Sequence[Payable] = ()
    remitted: Sequence[Payable] = ()
    reduced: Sequence[Payable] = ()
    suspense: Sequence[UnallocatedPayment] = ()
    found: Sequence[UnallocatedPayment] = ()
    unless: Sequence[tuple[str, str]] = ()
    documents: Sequence[Document] = ()
    attempts: Sequence[Attempt] = ()
    upload: Upload | None = None
    remittances: Sequence[Remittance] = ()
    invoice_number: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its ledger and its communications, as one consistent read."""

    case: Case
    entries: tuple[Entry, ...]
    communications: tuple[Communication, ...]


class Cases(Protocol):
    """Cases, their ledger and communications; the only way state is stored."""

    def commit(self, change: Change) -> None:
        """Store all of it at once. Raises StaleVersion, or the `clash` of a guard that exists."""

    def load(self, case_id: CaseId) -> Case:
        """Raises NotFound."""

    def file(self, case_id: CaseId) -> CaseFile:
        """Everything about one case in one read. Raises NotFound."""

    def entries(self, case_id: CaseId) -> tuple[Entry, ...]: ...
    def communications(self, case_id: CaseId) -> tuple[Communication, ...]: ...
    def communication(self, case_id: CaseId, communication_id: CommunicationId) -> Communication: ...
    def by_payment_reference(self, reference: str) -> CaseId | None: ...
    def by_link(self, link_id: str) -> CaseId | None: ...
    def of_client(self, client_id: ClientId) -> Iterator[Case]: ...
    def owned_by(self, collector_id: str) -> Iterator[CaseId]:
        """The open cases of one owner, oldest first, as of a moment ago."""

    def owners(self) -> tuple[str, ...]:
        """Everybody who ever got a case, those who have left included."""

    def of_debtor(self, person_key: str) -> tuple[CaseId, ...]:
        """The cases of one company as the debtor, over all clients, closed ones included."""

    def guard(self, scope: str, key: str) -> str | None:
        """The payload of a guard row, None where it is absent."""

    def suspense_by(self, end_to_end_id: str) -> tuple[UnallocatedPayment, ...]:
        """Money that waits in suspense and came with this end-to-end id."""

    def attempt(self, payment_id: PaymentId) -> Attempt | None: ...
    def payable(self, client_id: ClientId, case_id: CaseId, payment_id: PaymentId) -> Payable | None:
        """What the client gets, or got, of that payment; None where it was never owed any of it."""

    def contacts_of(self, person_key: str, since: date) -> tuple[Contact, ...]:
        """A person's contacts over all cases, oldest first, from the local day `since` on."""


class Sendings(Protocol):
    """The life of one communication: planned -> sending -> sent, failed or withheld."""

    def claim(self, communication: Communication) -> bool:
        """Take it for sending, only while its case may be contacted and its address leads to the debtor.

        False: it was stopped or taken.
        """

    def record(self, communication: Communication, beside: Change | None = None) -> None:
        """Store the outcome of one that was claimed, and what follows from it in one transaction.

        Raises StaleVersion when the case of `beside` has moved.
        """

    def pending(self) -> Iterator[Communication]: ...


class CallTasks(Protocol):
    """What collectors have to call: planned, and not recorded yet."""

    def open(self) -> Iterator[Communication]:
        """Oldest first, over all cases, those that stand still included."""


class Wakes(Protocol):
    """The due index: the truth about when each case is looked at next."""

    def of(self, case_id: CaseId) -> Wake: ...
    def due(self, now: datetime, limit: int) -> tuple[Wake, ...]: ...
    def park(self, case_id: CaseId, turn: Turn, *, version: int, wake_at: datetime) -> bool:
        """Remember the token, only while the case still has `version`; False means: decide again."""

    def postpone(self, wake: Wake, *, version: int, wake_at: datetime) -> bool:
        """Let the same token sleep until another moment, only while it is the one that waits and the
        case still has `version`; False means: look again."""

    def woken(self, wake: Wake, *, driven_at: datetime, execution: int | None = None) -> None:
        """The token of this wake was used; remember the newest execution, and when."""

    def finished(self, case_id: CaseId, *, version: int) -> bool:
        """Take the case out of the due index: it has no future. Only while it still has `version`; False
        means: decide again, it may be open again."""


class Timeline(Protocol):
    """The visible driver of a case: one execution at a time."""

    def start(self, case_id: CaseId, execution: int) -> None: ...
    def resume(self, token: str, found: NextStep) -> bool:
        """Answer with what comes next. False where nobody waits on this token any more."""

    def is_running(self, case_id: CaseId, execution: int) -> bool: ...
    def stop(self, case_id: CaseId, execution: int) -> None:
        """End one that does not hear any more; harmless where it ended by itself."""


class Clients(Protocol):
    def load(self, client_id: ClientId) -> Client: ...
    def all(self) -> tuple[Client, ...]: ...
    def save(self, client: Client) -> None: ...
    def payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        """Those that are not remitted yet, oldest money first."""

    def documents(self, client_id: ClientId) -> tuple[Document, ...]: ...
    def upload(self, client_id: ClientId, upload_id: str) -> Upload: ...
    def uploads(self, client_id: ClientId) -> tuple[Upload, ...]:
        """Newest first, at most 20."""

    def last_invoice_number(self) -> int: ...
    def unpaid_remittances(self) -> tuple[Remittance, ...]:
        """Decided and booked, but not yet instructed to the bank."""

    def instructed(self, remittance: Remittance) -> None:
        """The bank has our file for it."""


class PaymentGateway(Protocol):
    """A provider's hosted card page."""

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
    ) -> Checkout:
        """Safe to repeat with the same key. Raises UpstreamUnavailable, UpstreamRefused."""


class Book(Protocol):
    """The whole ledger by day of posting, and what waits in suspense."""

    def entries(self, day: str) -> Iterator[Entry]: ...
    def suspense(self) -> tuple[UnallocatedPayment, ...]: ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it was read; `version` tells it from another that takes its name later."""

    key: str
    data: bytes
    version: str


class Files(Protocol):
    """One bucket."""

    def read(self, key: str) -> bytes: ...
    def fetch(self, key: str) -> Fetched:
        """For those who may list the bucket: refused access is an error, not absence. Raises NotFound."""

    def write(self, key: str, data: bytes, content_type: str) -> None: ...
    def keys(self, prefix: str) -> tuple[str, ...]: ...
    def move(self, file: Fetched, to: str) -> None:
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
