"""What one use case stores, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Communication
from sovinto.domain.document import Document
from sovinto.domain.event import Event
from sovinto.domain.held_file import HeldFile
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.ledger import Entry
from sovinto.domain.matching.clues import Clue
from sovinto.domain.order import Batch, PaymentOrder
from sovinto.domain.payment import Attempt, Payable, UnallocatedPayment
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.refund import Payer
from sovinto.domain.remittance import Remittance
from sovinto.domain.upload import Upload
from sovinto.errors import AlreadyStored, Conflict


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
    owner turned up: it waits no more. `unless` names guards that must not exist, `unmoved` other cases
    that must be as they were read (StaleVersion).
    `called` are call tasks, still planned until now, with their outcome. `orders`, `batches` and
    `payout_changes` are stored only over the revision before their own (1 means new); `reopened` are
    payables whose remittance came back, `payers` who paid what is owed back. `client` is stored only
    over `client_before`. Of `invoices` and `held_files` each is stored only over the revision before
    its own.
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
    unmoved: Sequence[Case] = ()
    documents: Sequence[Document] = ()
    attempts: Sequence[Attempt] = ()
    upload: Upload | None = None
    remittances: Sequence[Remittance] = ()
    clues: Sequence[Clue] = ()
    invoice_number: int | None = None
    orders: Sequence[PaymentOrder] = ()
    batches: Sequence[Batch] = ()
    reopened: Sequence[Payable] = ()
    payers: Sequence[Payer] = ()
    payout_changes: Sequence[PayoutChange] = ()
    client: Client | None = None
    client_before: Client | None = None
    invoices: Sequence[IssuedInvoice] = ()
    held_files: Sequence[HeldFile] = ()
