"""A Change as the writes of one transaction; items are encoded here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sovinto.adapters.codec import encode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.invoice_writes import invoice_writes
from sovinto.adapters.dynamo.order_writes import order_writes
from sovinto.adapters.dynamo.table import Check, Item, Put, Scalar, Set, Write
from sovinto.domain import chain
from sovinto.domain.assignment import REASSIGNED
from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry
from sovinto.domain.matching.clues import sum_clue
from sovinto.domain.movement import moved_by
from sovinto.domain.payment import Attempt, Payable, UnallocatedPayment
from sovinto.domain.remittance import Remittance
from sovinto.domain.upload import Upload
from sovinto.errors import AlreadyStored
from sovinto.ports import Change, Guard

_OUTBOX_DAYS = 14
# The second may open a case again.
_MOVES_OWNER = (REASSIGNED, "payment.reversed")
_PLANNED = {"state": SendingState.PLANNED.value}


def writes_of(change: Change) -> list[Write]:
    """Guards first: where a change was stored before, that is the failure to report.

    Here, and nowhere else, entries are chained: no use case can forget it. Raises ValueError for an
    entry of a case that is stored without its case.
    """
    head = change.case.ledger_head if change.case else ""
    case, entries = chain.seal(change.case, change.entries)
    change = replace(change, case=case, entries=entries)
    return [
        *(_guard(guard) for guard in change.guards),
        *(Check(pk, sk, {"pk": None}) for pk, sk in change.unless),
        *(Check(keys.case(c.case_id), keys.CASE, {"version": c.version}) for c in change.unmoved),
        *_case(change, head),
        *(_entry(entry) for entry in change.entries),
        *(Put(communication_item(item), if_absent=True) for item in change.communications),
        *(Put(communication_item(item), expect=_PLANNED) for item in change.called),
        *(_event(event) for event in change.events),
        *(_payable(payable) for payable in change.payables),
        *(_remitted(payable) for payable in change.remitted),
        *(_reduced(payable) for payable in change.reduced),
        *(write for item in change.suspense for write in _suspense(item)),
        *(_found(item) for item in change.found),
        *(
            Put(
                {
                    "pk": keys.client(d.client_id),
                    "sk": keys.document(d.made_on, d.document_id),
                    "body": encode(d),
                }
            )
            for d in change.documents
        ),
        *_clues(change),
        *(_attempt(attempt) for attempt in change.attempts),
        *(_remittance(remittance) for remittance in change.remittances),
        *order_writes(change),
        *invoice_writes(change),
        *([_upload(change.upload)] if change.upload else []),
        *([_number(change.invoice_number)] if change.invoice_number else []),
    ]


def _guard(guard: Guard) -> Write:
    item: dict[str, str | int] = {"pk": guard.scope, "sk": guard.key, "payload": guard.payload}
    if guard.expires_at is not None:
        item["expires_at"] = guard.expires_at
    return Put(item, if_absent=True, clash=guard.clash)


def _case(change: Change, head: str) -> Iterator[Write]:
    """`head` is that of the case as it was read: a case is stored over no other chain of entries."""
    case = change.case
    if case is None:
        return
    item = case_item(case)
    yield from _ownership(case, change)
    if case.version > 1:
        yield Put(item, expect={"version": case.version - 1, "ledger_head": head or None})
        if change.wake_at:
            yield _woken(case, change.wake_at)
        return
    yield Put(item, if_absent=True)
    yield Put(
        {**_timeline(case), "work_at": keys.instant(change.wake_at or case.placed_at)}, if_absent=True
    )
    for pk, sk in (keys.payment_reference(case.payment_reference), keys.link(case.link_id)):
        yield Put({"pk": pk, "sk": sk, "payload": case.case_id}, if_absent=True, clash=AlreadyStored)


def _ownership(case: Case, change: Change) -> Iterator[Write]:
    """A small row beside the open case, by which a collector's cases are counted and listed.

    It moves only when a case is placed, given to somebody else or closed, and is the case's own: no
    counter that two placements at the same moment would both want to write.
    """
    if case.owner is None:
        return
    owned: dict[str, Scalar | None] = {
        "case_id": case.case_id,
        "work_queue": keys.owned(case.owner.collector_id) if case.is_open else None,
        "work_at": f"{keys.instant(case.placed_at)}#{case.case_id}" if case.is_open else None,
    }
    is_given = case.version == 1 or any(event.type in _MOVES_OWNER for event in change.events)
    if is_given or not case.is_open:
        yield Set(keys.case(case.case_id), keys.OWNER, owned)


def _woken(case: Case, at: datetime) -> Write:
    """A case that was closed and is open again waits in the due index again."""
    values: dict[str, Scalar | None] = {"work_at": keys.instant(at)}
    if case.is_open:
        values["work_queue"] = keys.TIMELINE
    return Set(keys.case(case.case_id), keys.TIMELINE, values)


def _timeline(case: Case) -> Item:
    return {
        "pk": keys.case(case.case_id),
        "sk": keys.TIMELINE,
        "case_id": case.case_id,
        "execution": 0,
        "token": "",
        "work_queue": keys.TIMELINE,
    }


def case_item(case: Case) -> Item:
    status = case.closure.value if case.closure else "open"
    return {
        "pk": keys.case(case.case_id),
        "sk": keys.CASE,
        "version": case.version,
        "sendable": case.may_be_contacted,
        **({"silent": True} if case.is_silent else {}),
        **({"ledger_head": case.ledger_head} if case.ledger_head else {}),
        "client_key": keys.client(case.client_id),
        "client_sort": f"{status}#{keys.instant(case.placed_at)}#{case.case_id}",
        "body": encode(case),
    }


def _entry(entry: Entry) -> Write:
    return Put({**entry_keys(entry), "body": encode(entry)}, if_absent=True)


def entry_keys(entry: Entry) -> dict[str, str]:
    """Where an entry lies in the table and in the index `book`; in the index `client` too, with what it
    moves, where that is money that we hold for a client."""
    place = f"{keys.instant(entry.posted_at)}#{entry.entry_id}"
    found = {
        "pk": keys.case(entry.case_id) if entry.case_id else keys.ledger(entry.posted_at),
        "sk": keys.entry(entry.posted_at, entry.entry_id),
        "book_day": keys.book_day(entry.posted_at),
        "book_id": place,
    }
    moved = moved_by(entry)
    if moved is None:
        return found
    client_id, amount = moved
    held = {"client_key": keys.held(client_id), "client_sort": place}
    return {**found, **held, "moved": f"{amount.minor} {amount.currency}"}


def communication_item(item: Communication) -> Item:
    stored: dict[str, str | int | bool] = {
        "pk": keys.case(item.case_id),
        "sk": keys.communication(item.communication_id),
        "state": item.state.value,
        "body": encode(item),
    }
    if item.state in (SendingState.PLANNED, SendingState.SENDING):
        queue = keys.CALLS if item.channel is Channel.CALL else keys.SENDING
        stored |= {"work_queue": queue, "work_at": keys.instant(item.planned_at)}
    return stored


def _event(event: Event) -> Write:
    prefix = keys.CASE if event.subject_kind == "case" else event.subject_kind.upper()
    item: Item = {
        "pk": f"{prefix}#{event.subject_id}",
        "sk": keys.outbox(event.event_id),
        "expires_at": int((event.occurred_at + timedelta(days=_OUTBOX_DAYS)).timestamp()),
        "body": encode(event),
    }
    return Put(item, if_absent=True)


def _payable(payable: Payable) -> Write:
    sk = keys.payable(payable.case_id, payable.payment_id)
    item: Item = {
        "pk": keys.client(payable.client_id),
        "sk": sk,
        "state": "open",
        "work_queue": keys.payables(payable.client_id),
        "work_at": f"{payable.received_on.isoformat()}#{payable.payment_id}",
        "body": encode(payable),
    }
    return Put(item, if_absent=True)


def _remitted(payable: Payable) -> Write:
    """A remitted payable leaves its work queue, so that it is never read again with the open ones."""
    sk = keys.payable(payable.case_id, payable.payment_id)
    values = {"state": "remitted", "work_queue": None, "work_at": None, "body": encode(payable)}
    # Of a payable that was reduced since it was read, too much would be paid.
    expect = {"state": "open", "revision": payable.revision or None}
    return Set(keys.client(payable.client_id), sk, values, expect=expect)


def _reduced(payable: Payable) -> Write:
    """Where nothing is left of it, it leaves the work queue."""
    values: dict[str, Scalar | None] = {"revision": payable.revision, "body": encode(payable)}
    if not payable.collected:
        values |= {"state": "reversed", "work_queue": None, "work_at": None}
    expect = {"state": "open", "revision": payable.revision - 1 or None}
    sk = keys.payable(payable.case_id, payable.payment_id)
    return Set(keys.client(payable.client_id), sk, values, expect=expect)


def _remittance(remittance: Remittance) -> Write:
    pk, sk = keys.client(remittance.client_id), keys.remittance(remittance.remittance_id)
    return Put({"pk": pk, "sk": sk, "body": encode(remittance)}, if_absent=True)


def _suspense(item: UnallocatedPayment) -> Iterator[Write]:
    pk, sk = keys.suspense(item.received_at), f"{keys.PAYMENT}{item.payment.payment_id}"
    stored: Item = {
        "pk": pk,
        "sk": sk,
        "work_queue": keys.SUSPENSE,
        "work_at": keys.instant(item.received_at),
        "body": encode(item),
    }
    yield Put(stored, if_absent=True)
    for name in item.names:
        yield Put({"pk": keys.suspense_by(name), "sk": sk, "payload": pk}, if_absent=True)


def _found(item: UnallocatedPayment) -> Write:
    """The row stays as what happened; it only leaves the list of what waits."""
    return Set(
        keys.suspense(item.received_at),
        f"{keys.PAYMENT}{item.payment.payment_id}",
        {"work_queue": None, "work_at": None},
        expect={"work_queue": keys.SUSPENSE},
    )


def _clues(change: Change) -> Iterator[Write]:
    """By which words of a bank line cases are found: said again, a row is only itself."""
    asked = (
        (sum_clue(item.letter.payment.amount), item.case_id)
        for item in change.communications
        if item.letter is not None and item.audience == "debtor" and item.letter.payment.amount.minor > 0
    )
    for scope, case_id in dict.fromkeys((*change.clues, *asked)):
        yield Put({"pk": scope, "sk": case_id})


def _attempt(attempt: Attempt) -> Write:
    return Put({"pk": keys.attempt(attempt.payment_id), "sk": keys.ATTEMPT, "body": encode(attempt)})


def _upload(upload: Upload) -> Write:
    return Put(
        {"pk": keys.client(upload.client_id), "sk": keys.upload(upload.upload_id), "body": encode(upload)}
    )


def _number(number: int) -> Write:
    """Sequential without gaps: the next number is taken only over the one before it."""
    pk, sk = keys.INVOICE_SEQUENCE
    item: Item = {"pk": pk, "sk": sk, "number": number}
    return Put(item, if_absent=True) if number == 1 else Put(item, expect={"number": number - 1})
