"""What the agency's people ask of the desk about money whose owner is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from sovinto.domain.agency import Agency
from sovinto.domain.matching import Suggestion
from sovinto.domain.money import Money
from sovinto.entry.bodies import Minor, Strict
from sovinto.entry.case_story import Json
from sovinto.entry.desk import CaseRequest, DeskRequest, Id
from sovinto.entry.order_json import order_json
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Book, Cases, Clock, Orders
from sovinto.usecases.held_payment import take_held
from sovinto.usecases.payout_line import recognise_payout
from sovinto.usecases.suspense import (
    Settled,
    Waiting,
    list_suspense,
    post_suspense,
    return_suspense,
    split_suspense,
)
from sovinto.usecases.suspense_debits import explain_as_expense, explain_as_own, undo_payment


class Suspense(DeskRequest):
    """Everything that waits, the oldest first."""

    action: Literal["suspense"]


class PostSuspense(CaseRequest):
    """All of it to one case."""

    action: Literal["post_suspense"]
    payment_id: Id


class Share(Strict):
    case_id: Id
    amount_minor: Minor
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class SplitSuspense(DeskRequest):
    """To several cases; the shares add up to the money."""

    action: Literal["split_suspense"]
    payment_id: Id
    shares: Annotated[tuple[Share, ...], Field(min_length=2, max_length=20)]

    def parts(self) -> tuple[tuple[CaseId, Money], ...]:
        return tuple(
            (CaseId(share.case_id), Money(share.amount_minor, share.currency)) for share in self.shares
        )


class ReturnSuspense(DeskRequest):
    """Back to whoever paid; `iban` and `payee` where the bank line does not tell them."""

    action: Literal["return_suspense"]
    payment_id: Id
    iban: Annotated[str, Field(max_length=42)] = ""
    payee: Annotated[str, Field(max_length=70)] = ""


class UndoPayment(DeskRequest):
    """A debit is the bank's return of `taken`: a payment of the case, or without one money that waits."""

    action: Literal["undo_suspense"]
    payment_id: Id
    taken: Id
    case_id: Id | None = None


class ExplainDebit(DeskRequest):
    """A debit is our own transfer, or an expense."""

    action: Literal["own_suspense", "expense_suspense"]
    payment_id: Id


class PayoutSuspense(DeskRequest):
    """It is a payout of the payment provider, by the provider's own name of it."""

    action: Literal["payout_suspense"]
    payment_id: Id
    payout_id: Id


class TakePayment(CaseRequest):
    """A card payment that is held for its sum: the sum is right after all."""

    action: Literal["take_payment"]
    payment_id: Id
    amount_minor: Minor
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


REQUESTS: dict[str, type[DeskRequest]] = {
    "expense_suspense": ExplainDebit,
    "own_suspense": ExplainDebit,
    "payout_suspense": PayoutSuspense,
    "post_suspense": PostSuspense,
    "return_suspense": ReturnSuspense,
    "split_suspense": SplitSuspense,
    "suspense": Suspense,
    "take_payment": TakePayment,
    "undo_suspense": UndoPayment,
}


def cases_of(request: DeskRequest) -> tuple[CaseId, ...]:
    """Of a split or a return: whoever asks must have no conflict of interest in any of them."""
    if isinstance(request, UndoPayment):
        return (CaseId(request.case_id),) if request.case_id else ()
    if not isinstance(request, SplitSuspense):
        return ()
    return tuple(case_id for case_id, _ in request.parts())


def answer(
    request: DeskRequest, agency: Agency, *, book: Book, cases: Cases, clock: Clock, orders: Orders
) -> Json:
    """What the desk says to one of these requests. Raises what the use cases raise."""
    ports: Any = {"book": book, "cases": cases, "clock": clock}
    match request:
        case PostSuspense():
            payment_id, case_id = PaymentId(request.payment_id), CaseId(request.case_id)
            return {"settled": settled_json(post_suspense(payment_id, case_id, by=request.by, **ports))}
        case SplitSuspense():
            payment_id = PaymentId(request.payment_id)
            done = split_suspense(payment_id, request.parts(), by=request.by, **ports)
            return {"settled": settled_json(done)}
        case ReturnSuspense():
            order = return_suspense(
                PaymentId(request.payment_id),
                iban=request.iban,
                payee=request.payee,
                by=request.by,
                agency=agency,
                **ports,
            )
            return {"orders": [order_json(order)]}
        case TakePayment():
            payment_id, case_id = PaymentId(request.payment_id), CaseId(request.case_id)
            paid = Money(request.amount_minor, request.currency)
            is_repeat = take_held(payment_id, case_id, paid, by=request.by, cases=cases)
            return {"settled": settled_json(Settled((), is_repeat=is_repeat))}
        case UndoPayment() | ExplainDebit() | PayoutSuspense():
            return {"settled": _explained(request, ports, orders)}
        case _:
            country = agency.contact.address.country
            return {"suspense": suspense_json(list_suspense(country=country, **ports))}


def _explained(request: UndoPayment | ExplainDebit | PayoutSuspense, ports: Any, orders: Orders) -> Json:
    payment_id = PaymentId(request.payment_id)
    if isinstance(request, PayoutSuspense):
        is_repeat = recognise_payout(payment_id, request.payout_id, by=request.by, **ports)
        return settled_json(Settled((), is_repeat=is_repeat))
    if isinstance(request, UndoPayment):
        case_id = CaseId(request.case_id) if request.case_id else None
        is_repeat = undo_payment(
            payment_id, PaymentId(request.taken), case_id, by=request.by, **ports, orders=orders
        )
    else:
        explain = explain_as_own if request.action == "own_suspense" else explain_as_expense
        is_repeat = explain(payment_id, by=request.by, **ports, orders=orders)
    return settled_json(Settled((), is_repeat=is_repeat))


def suspense_json(waiting: Sequence[Waiting]) -> Json:
    """The rows, and by bracket of age how many wait and what they come to in each currency."""
    ages: dict[str, dict[str, Json]] = {}
    for item in waiting:
        amount = item.row.payment.amount
        held = ages.setdefault(item.bracket, {}).setdefault(amount.currency, {"count": 0, "minor": 0})
        held["count"] += 1
        held["minor"] += amount.minor
    return {"rows": [_row_json(item) for item in waiting], "ages": ages}


def _row_json(item: Waiting) -> Json:
    payment = item.row.payment
    return {
        "payment_id": payment.payment_id,
        "received_at": item.row.received_at.isoformat(),
        "value_on": payment.value_on.isoformat(),
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "payer": payment.payer,
        "text": payment.text,
        "references": list(item.row.references),
        "reason": item.row.reason,
        "days": item.days,
        "age": item.bracket,
        "suggestions": [_suggestion_json(suggestion) for suggestion in item.suggestions],
    }


def _suggestion_json(suggestion: Suggestion) -> Json:
    return {
        "case_id": suggestion.case_id,
        "amount_minor": suggestion.amount.minor,
        "score": suggestion.score,
        "reasons": list(suggestion.reasons),
    }


def settled_json(settled: Settled) -> Json:
    """`waiting` are cases whose law of that day is missing: their parts wait on."""
    return {
        "posted": list(settled.posted),
        "waiting": list(settled.waiting),
        "is_repeat": settled.is_repeat,
    }
