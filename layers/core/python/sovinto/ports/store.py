"""What is read from and written to the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sovinto.domain.carried_forward import Moved
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Communication
from sovinto.domain.document import Document
from sovinto.domain.driving import Turn, Wake
from sovinto.domain.facts import Contact
from sovinto.domain.held_file import HeldFile
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.ledger import Entry
from sovinto.domain.movement import Movement
from sovinto.domain.order import Batch, PaymentOrder
from sovinto.domain.payment import Attempt, Payable, UnallocatedPayment
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.refund import Payer
from sovinto.domain.upload import Upload
from sovinto.ids import CaseId, ClientId, CommunicationId, PaymentId
from sovinto.ports.change import Change


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its ledger and its communications, as one consistent read."""

    case: Case
    entries: tuple[Entry, ...]
    communications: tuple[Communication, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a stretch of work is going to ask for: guards and orders by their keys, cases by their payment
    references, cases with all they have, and cases by clues, of each the first `most_by_clue`."""

    guards: Sequence[tuple[str, str]] = ()
    orders: Sequence[str] = ()
    references: Sequence[str] = ()
    cases: Sequence[CaseId] = ()
    clues: Sequence[str] = ()
    most_by_clue: int = 0


class Cases(Protocol):
    """Cases, their ledger and communications; the only way state is stored."""

    def commit(self, change: Change) -> None:
        """Store all of it at once. Raises StaleVersion, or the `clash` of a guard that exists."""

    def ahead(self) -> CasesAhead:
        """The same cases for one stretch of work, for which much can be read at once."""

    def load(self, case_id: CaseId) -> Case:
        """Raises NotFound."""

    def guards(self, keys: Sequence[tuple[str, str]]) -> tuple[str | None, ...]:
        """The payloads of guard rows, None for each that is absent; in one request."""

    def file(self, case_id: CaseId) -> CaseFile:
        """Everything about one case in one read. Raises NotFound."""

    def entries(self, case_id: CaseId) -> tuple[Entry, ...]: ...
    def communications(self, case_id: CaseId) -> tuple[Communication, ...]: ...
    def communication(self, case_id: CaseId, communication_id: CommunicationId) -> Communication: ...
    def by_payment_reference(self, reference: str) -> CaseId | None: ...
    def by_clue(self, scope: str, most: int) -> tuple[CaseId, ...]:
        """Cases that a word of a bank line leads to (domain.matching.clues), at most so many."""

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

    def ever_suspense_by(self, end_to_end_id: str) -> tuple[UnallocatedPayment, ...]:
        """The same with what waits no more."""

    def attempt(self, payment_id: PaymentId) -> Attempt | None: ...
    def payable(self, client_id: ClientId, case_id: CaseId, payment_id: PaymentId) -> Payable | None:
        """What the client gets, or got, of that payment; None where it was never owed any of it."""

    def order(self, order_id: str) -> PaymentOrder | None:
        """The payment order with this end-to-end id."""

    def held_file(self, digest: str) -> HeldFile | None:
        """The bank file that was held, by the digest of its bytes."""

    def held_files(self) -> tuple[HeldFile, ...]:
        """Those about which somebody, or the next run, has to do something, oldest first."""

    def contacts_of(self, person_key: str, since: date) -> tuple[Contact, ...]:
        """A person's contacts over all cases, oldest first, from the local day `since` on."""


class CasesAhead(Cases, Protocol):
    """Answers from what was read ahead, else as ever. Let it go when the stretch is over.

    What it answers may be as old as the stretch: a change that rests on it needs a condition, or must be
    right also where somebody else comes just after it. What is committed through it is forgotten, and
    everything once a commit is stale, so that `with_fresh_read` reads afresh.
    """

    def read(self, asked: Asked) -> None:
        """Read all that in few requests; of an order only that there is none."""

    def ahead(self) -> CasesAhead:
        """For the next stretch: it may read beside this one, and hears what is committed through it."""


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


class Clients(Protocol):
    def load(self, client_id: ClientId) -> Client: ...
    def all(self) -> tuple[Client, ...]: ...
    def save(self, client: Client) -> None: ...
    def payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        """Those that are not remitted yet, oldest money first."""

    def all_payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        """Also those that were remitted."""

    def documents(self, client_id: ClientId) -> tuple[Document, ...]: ...
    def upload(self, client_id: ClientId, upload_id: str) -> Upload: ...
    def uploads(self, client_id: ClientId) -> tuple[Upload, ...]:
        """Newest first, at most 20."""

    def last_invoice_number(self) -> int: ...
    def invoices(self, client_id: ClientId) -> tuple[IssuedInvoice, ...]:
        """Those of one client and its credit notes, by number."""

    def invoice(self, client_id: ClientId, number: int) -> IssuedInvoice:
        """Raises NotFound."""

    def unpaid_invoices(self) -> tuple[IssuedInvoice, ...]:
        """Of all clients, the first due first."""

    def payout_changes(self, client_id: ClientId) -> tuple[PayoutChange, ...]:
        """Every change of its account that was ever asked for."""


class Orders(Protocol):
    """Payment orders that are under way, and what they rest on."""

    def open(self) -> tuple[PaymentOrder, ...]:
        """Neither booked nor rejected nor withdrawn, oldest first."""

    def load(self, order_id: str) -> PaymentOrder:
        """Raises NotFound."""

    def unsent(self) -> tuple[Batch, ...]:
        """Released, and not written for the bank yet."""

    def batch(self, batch_id: str) -> Batch | None: ...
    def entry(self, order: PaymentOrder) -> Entry:
        """The entry that took the money to the order. Raises NotFound."""

    def returned_payment(self, order: PaymentOrder) -> UnallocatedPayment:
        """The payment that a return to sender sends back. Raises NotFound."""

    def refunding(self) -> tuple[CaseId, ...]:
        """Cases with money that may have to go back, oldest first."""

    def refunded(self, case_id: CaseId, seen: str) -> None:
        """Nothing is owed back any more: it leaves the list, unless touched since `seen`."""

    def seen(self, case_id: CaseId) -> str: ...
    def payers(self, case_id: CaseId) -> tuple[Payer, ...]: ...


class Book(Protocol):
    """The whole ledger by day of posting, and what waits in suspense."""

    def entries(self, day: str) -> Iterator[Entry]: ...
    def movements(self, client_id: ClientId, since: datetime, before: datetime) -> Iterator[Movement]:
        """What was posted since that second, and before that one, to the money that we hold for a client,
        as of a moment ago."""

    def moved(self, client_id: ClientId, since: datetime, before: datetime) -> Iterator[Moved]:
        """The same without the entries, in the order of the seconds: much less to read."""

    def carried_rows(self, client_id: ClientId, upto: datetime) -> Sequence[tuple[str, str]]:
        """Key and text of each balance carried forward that ends no later, oldest first."""

    def payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        """What is open for a client: as much as we hold for it."""

    def file_day(self, day: str, most: int) -> int:
        """Lets movements tell of entries of that day (UTC) that are older than it; of how many."""

    def suspense(self) -> tuple[UnallocatedPayment, ...]: ...
