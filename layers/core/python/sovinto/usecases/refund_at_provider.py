"""What was paid too much at a provider's page goes back by the provider: to the card or bank that paid."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from sovinto.domain.checkout import Refund, RefundState
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt
from sovinto.domain.refund import REFUND_KINDS, Share, shares
from sovinto.domain.reversal import allocated_entry
from sovinto.errors import (
    AlreadyStored,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    UpstreamRefused,
    UpstreamUnavailable,
)
from sovinto.ids import CaseId, PaymentId, derived
from sovinto.ports import CaseFile, Cases, Change, Guard, PaymentGateway

ASKED = "REFUND_ASKED"
MADE = "REFUND_MADE"
_MOST_TRIES = 30


class Asked(StrEnum):
    """What is known of a refund that a provider was asked for."""

    ORDERED = "ordered"
    REFUSED = "refused"
    UNKNOWN = "unknown"


_NEVER_ARRIVED = "not_arrived"


@dataclass(frozen=True, slots=True)
class _Order:
    name: str
    provider: str
    attempt: Attempt
    amount: Money


def refund_at_provider(
    case_id: CaseId, payment_id: PaymentId, *, provider: str, gateway: PaymentGateway, cases: Cases
) -> Asked:
    """Asks the provider, once, to give back what waits in `refunds:<case>` of that payment.

    Nothing is booked here: the provider's announcement, or its settlement, takes the money out of
    `refunds:<case>`. `refused` means that it has to go back by the bank. `unknown` (no answer came, or a
    run died over it) is never asked again: what the settlement tells is the truth. Raises NotFound,
    InvalidInput for a payment that did not come by this provider or of which nothing is owed back, and
    UpstreamUnavailable: ask again.
    """
    order = _order(case_id, payment_id, provider, cases)
    number, state = _tries(order.name, cases)
    if state is not None:
        return state
    asking = Guard(ASKED, f"{order.name}/{number}", str(order.amount.minor))
    try:
        cases.commit(Change(guards=(asking,)))
    except AlreadyStored:
        # Another run stored it first, and asks.
        return Asked.UNKNOWN
    return _ask(order, number, gateway, cases)


def _ask(order: _Order, number: int, gateway: PaymentGateway, cases: Cases) -> Asked:
    try:
        made = gateway.order_refund(
            order.attempt.checkout_id, order.amount, idempotency_key=derived("rfp", order.name)
        )
    except UpstreamUnavailable:
        _note(order.name, number, _NEVER_ARRIVED, cases)
        raise
    except UpstreamRefused:
        outcome = Asked.REFUSED
    except OutcomeUnknown:
        outcome = Asked.UNKNOWN
    else:
        outcome = _heard(made)
        order_name = f"{order.name}/{number}"
        cases.commit(Change(guards=(Guard(MADE, made.refund_id, order_name),)))
        if outcome is Asked.ORDERED:
            _note(order.name, number, f"{outcome}|{order.provider}|{made.refund_id}", cases)
            return outcome
    _note(order.name, number, outcome, cases)
    return outcome


def asked_of(case_id: CaseId, payment_id: PaymentId, *, cases: Cases) -> Asked | None:
    """What became of the provider's refund of what waits now; None where nobody asked, or it never arrived.

    While it is `ordered` or `unknown` the same money must not go back by the bank. Raises NotFound.
    """
    return _tries(_name(cases.file(case_id), payment_id, cases), cases)[1]


def note_refused(refund_id: str, *, cases: Cases) -> bool:
    """The provider took the order and refuses it after all: from now on it is `refused`.

    False where we did not order that refund; nothing is noted then.
    """
    order = cases.guard(MADE, refund_id) if refund_id else None
    if order is None:
        return False
    with suppress(AlreadyStored):
        cases.commit(Change(guards=(Guard(ASKED, f"{order}/refused", refund_id),)))
    return True


def never_left(provider: str, refund_id: str, *, cases: Cases) -> bool:
    """Whether our order of that refund failed at once, and nothing of it is in the books.

    Then that money waits for the bank: what is told of the refund afterwards moves nothing.
    """
    order = cases.guard(MADE, refund_id) if refund_id else None
    if order is None or cases.guard(ASKED, f"{order}/outcome") != Asked.REFUSED:
        return False
    return not _is_booked(provider, refund_id, cases)


def _is_booked(provider: str, refund_id: str, cases: Cases) -> bool:
    return cases.guard(f"SEEN#{provider}", f"refund/{refund_id}") is not None


def _heard(made: Refund) -> Asked:
    return Asked.REFUSED if made.status is RefundState.FAILED else Asked.ORDERED


def _order(case_id: CaseId, payment_id: PaymentId, provider: str, cases: Cases) -> _Order:
    file = cases.file(case_id)
    attempt = cases.attempt(payment_id)
    if attempt is None or attempt.case_id != case_id or not attempt.checkout_id:
        raise NotFound(f"payment {payment_id} was not begun at a provider's page for case {case_id}")
    if cases.guard(f"SEEN#{provider}", payment_id) is None:
        raise InvalidInput(f"payment {payment_id} did not come by {provider}", field="payment_id")
    share = _share(shares(file.case, file.entries), payment_id)
    if share is None:
        raise InvalidInput(
            "payment_id must be a payment of which something is owed back", field="payment_id"
        )
    return _Order(_name(file, payment_id, cases), provider, attempt, share.amount)


def _share(found: tuple[Share, ...], payment_id: PaymentId) -> Share | None:
    return next((share for share in found if share.payment_id == payment_id), None)


def _name(file: CaseFile, payment_id: PaymentId, cases: Cases) -> str:
    """One order at a time: the next one after some of that payment went back, and no earlier order is
    still on its way. The amount is in its row."""
    entry = allocated_entry(file.entries, payment_id)
    name = entry.entry_id if entry is not None else ""
    back = [e for e in file.entries if _is_back(e, name, payment_id)]
    base = f"{file.case.case_id}/{payment_id}"
    before = (f"{base}/{count}" for count in range(len(back)))
    on_its_way = (order for count, order in enumerate(before) if _is_out(order, back[count:], cases))
    return next(on_its_way, f"{base}/{len(back)}")


def _is_out(order: str, back: list[Entry], cases: Cases) -> bool:
    """Whether the refund of an earlier order may still come: `back` is what went back since it was made.

    Where there was no answer, or announcements name no refund, what went back in its very amount is it.
    """
    number, state = _tries(order, cases)
    if state not in (Asked.ORDERED, Asked.UNKNOWN):
        return False
    outcome = cases.guard(ASKED, f"{order}/{number}/outcome") or ""
    provider, _, refund_id = outcome.partition("|")[2].partition("|")
    if refund_id and _is_booked(provider, refund_id, cases):
        return False
    asked = cases.guard(ASKED, f"{order}/{number}")
    return all(str(abs(entry.lines[0].amount.minor)) != asked for entry in back)


def _is_back(entry: Entry, name: str, payment_id: PaymentId) -> bool:
    return entry.reverses == name or (entry.kind in REFUND_KINDS and entry.source == payment_id)


def _tries(name: str, cases: Cases) -> tuple[int, Asked | None]:
    """The number of the next try, and what is known of the last one, unless it never arrived."""
    for number in range(1, _MOST_TRIES + 1):
        if cases.guard(ASKED, f"{name}/{number}") is None:
            return number, None
        outcome = cases.guard(ASKED, f"{name}/{number}/outcome")
        if outcome != _NEVER_ARRIVED:
            # No outcome: a run died over it, and the provider may have taken the order.
            is_refused = cases.guard(ASKED, f"{name}/{number}/refused") is not None
            known = (outcome or Asked.UNKNOWN).partition("|")[0]
            return number, Asked.REFUSED if is_refused else Asked(known)
    return _MOST_TRIES, Asked.REFUSED


def _note(name: str, number: int, outcome: str, cases: Cases) -> None:
    cases.commit(Change(guards=(Guard(ASKED, f"{name}/{number}/outcome", outcome),)))
