"""Suspense: what waits and why, and the three ways in which a person ends the waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.case import Case
from sovinto.domain.explanation import Explanation
from sovinto.domain.matching import Exact, Suggestion, explain_by_hand
from sovinto.domain.money import Money
from sovinto.domain.order import PaymentOrder
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.suspense import age, parts_of
from sovinto.errors import InvalidInput, LawMissing, RuleRefused
from sovinto.formats.payment_reference import normalise
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Book, Cases, Change, Clock
from sovinto.usecases.match_payment import match_payment
from sovinto.usecases.order_payment import return_to_sender
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.suspense_rows import (
    committed_once,
    is_settled,
    row_of,
    settled_event,
    settling,
    split_told,
)

BY_RULE = "rule"
FRESH_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of suspense as people see it; `suggestions` are as of now for the oldest rows."""

    row: UnallocatedPayment
    days: int
    bracket: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """Which cases the money is in now, and which parts still wait because their law is missing."""

    posted: tuple[CaseId, ...]
    waiting: tuple[CaseId, ...] = ()
    is_repeat: bool = False


def list_suspense(*, country: str, book: Book, cases: Cases, clock: Clock) -> tuple[Waiting, ...]:
    """Everything that waits, the oldest first."""
    calendar = load_calendar(country)
    today = calendar.local_date(clock.now())
    rows = sorted(book.suspense(), key=lambda row: (row.received_at, row.payment.payment_id))
    found = []
    for place, row in enumerate(rows):
        days, bracket = age(calendar.local_date(row.received_at), today)
        fresh = _suggested(row, country, cases) if place < FRESH_AT_ONCE else row.suggestions
        found.append(Waiting(row, days, bracket, fresh))
    return tuple(found)


def oldest_days(*, country: str, book: Book, clock: Clock) -> int:
    """For how many days of the agency's calendar the oldest money has waited; 0 where none does."""
    calendar = load_calendar(country)
    today = calendar.local_date(clock.now())
    return max((age(calendar.local_date(row.received_at), today)[0] for row in book.suspense()), default=0)


def _suggested(row: UnallocatedPayment, country: str, cases: Cases) -> tuple[Suggestion, ...]:
    """A case may have been placed, or a letter sent, since the money came."""
    if row.meant_for is not None:
        return (Suggestion(row.meant_for, row.payment.amount, 100, ("it was shared out to this case",)),)
    verdict = match_payment(row.payment, references=row.references, country=country, cases=cases)
    if not isinstance(verdict, Exact):
        return verdict.suggestions
    told = (verdict.explanation,)
    return tuple(Suggestion(case_id, amount, 100, told) for case_id, amount in verdict.shares)


def post_suspense(
    payment_id: PaymentId, case_id: CaseId, *, by: str, book: Book, cases: Cases, clock: Clock
) -> Settled:
    """All of it to one case, once. Raises NotFound, InvalidInput, LawMissing, RuleRefused."""
    told = f"post|{case_id}"
    if is_settled(payment_id, told, cases):
        return Settled((case_id,), is_repeat=True)
    return post_waiting(row_of(payment_id, book), case_id, by=by, cases=cases, clock=clock)


def post_waiting(
    row: UnallocatedPayment,
    case_id: CaseId,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
) -> Settled:
    """As post_suspense, for one who has the row. The debt goes down from the day the money came."""
    case = _check_case(row, case_id, cases)
    payment_id = row.payment.payment_id
    try:
        done = record_payment(
            row.payment,
            case_id=case_id,
            into=accounts.SUSPENSE,
            guard=settling(payment_id, f"post|{case_id}"),
            cases=cases,
            clock=clock,
            beside=Change(
                found=(row,),
                events=(settled_event(row, "posted", by, clock, case_id=case_id),),
            ),
            owner=_owner(row, case, by),
        )
    except LawMissing as missing:
        raise LawMissing(
            f"the money waits on: case {case_id} has no law for the day it counts from "
            f"({missing.message}); extend the country pack, or send it back",
            field="case_id",
            on=missing.on,
        ) from missing
    if done.is_repeat:
        is_settled(payment_id, f"post|{case_id}", cases)
    return Settled((case_id,), is_repeat=done.is_repeat)


def _owner(row: UnallocatedPayment, case: Case, by: str) -> Explanation:
    """Who or what found the case. A part that a rule made has the rule's name and words as its reason.

    The other references of the line are those of other parts: their cases may be another client's.
    """
    payment_id = row.part_of or row.payment.payment_id
    if by != BY_RULE:
        return explain_by_hand(by, payment_id)
    rule, _, told = row.reason.partition(": ")
    own = normalise(case.payment_reference)
    named = (("reference", own),) if own in row.references else ()
    inputs = (("payment_id", payment_id), *named)
    return Explanation(f"matching.{rule}", "", told, inputs, certainty="certain")


def split_suspense(
    payment_id: PaymentId,
    shares: Sequence[tuple[CaseId, Money]],
    *,
    by: str,
    book: Book,
    cases: Cases,
    clock: Clock,
) -> Settled:
    """One transfer for several cases: first in parts, in one transaction, then each part to its case.

    Asked again it goes on where it stopped. A part whose case has no law for that day waits on.
    """
    shares = tuple(sorted(shares))
    told = split_told(shares)
    is_repeat = is_settled(payment_id, told, cases)
    if not is_repeat:
        row = row_of(payment_id, book)
        for case_id, _ in shares:
            _check_case(row, case_id, cases)
        parts = parts_of(row, shares)
        is_repeat = _store_parts(row, parts, told, by, cases, clock)
    rows = {row.payment.payment_id: row for row in book.suspense() if row.part_of == payment_id}
    return post_parts(tuple(rows.values()), tuple(c for c, _ in shares), by=by, cases=cases, clock=clock)


def _store_parts(
    row: UnallocatedPayment,
    parts: Sequence[UnallocatedPayment],
    told: str,
    by: str,
    cases: Cases,
    clock: Clock,
) -> bool:
    """The row makes way for its parts: what the account holds stays the same, so nothing is posted."""
    payment_id = row.payment.payment_id
    change = Change(
        guards=(settling(payment_id, told),),
        found=(row,),
        suspense=parts,
        events=(settled_event(row, "split", by, clock),),
    )
    return committed_once(change, payment_id, told, cases)


def post_parts(
    parts: Sequence[UnallocatedPayment],
    case_ids: Sequence[CaseId],
    *,
    by: str,
    cases: Cases,
    clock: Clock,
) -> Settled:
    """Each part that still waits goes to the case it is meant for."""
    held = []
    for part in parts:
        if part.meant_for is None:
            continue
        try:
            post_waiting(part, part.meant_for, by=by, cases=cases, clock=clock)
        except LawMissing:
            held.append(part.meant_for)
    return Settled(tuple(c for c in case_ids if c not in held), tuple(held), is_repeat=not parts)


def return_suspense(
    payment_id: PaymentId,
    *,
    by: str,
    agency: Agency,
    book: Book,
    cases: Cases,
    clock: Clock,
    iban: str = "",
    payee: str = "",
) -> PaymentOrder:
    """Back to the account it came from, or to `iban` where the bank did not tell it: an order to release.

    Raises NotFound, RuleRefused, InvalidInput for an account number that is none.
    """
    row = row_of(payment_id, book)
    if row.payment.amount.minor <= 0:
        raise RuleRefused(
            "money that the bank took cannot be sent back; tell what it was: undo, own or expense"
        )
    to = iban or row.payment.payer_iban
    return return_to_sender(row, iban=to, payee=payee, by=by, agency=agency, cases=cases, clock=clock)


def _check_case(row: UnallocatedPayment, case_id: CaseId, cases: Cases) -> Case:
    amount = row.payment.amount
    if amount.minor <= 0:
        raise RuleRefused(
            "money that left the account cannot be posted to a case; tell what it was: undo, own or expense"
        )
    case = cases.load(case_id)
    if case.currency != amount.currency:
        raise InvalidInput(
            f"case_id must be a case in {amount.currency}, not {case.currency}; choose another",
            field="case_id",
        )
    return case
