"""Money that a bank takes back: which earlier payment it was, and out of the books with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sovinto.domain.ledger import Entry
from sovinto.domain.matching import Posted, undoes
from sovinto.domain.reversal import ALLOCATED
from sovinto.errors import InvalidInput, LawMissing, NotFound
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Change
from sovinto.usecases.bank_line import BankLine, Books
from sovinto.usecases.reverse_payment import reverse_payment
from sovinto.usecases.told_twice import Called, payments_called

_SETTLED = "SUSPENSE_SETTLED"


def take_back(line: BankLine, beside: Change, books: Books) -> str:
    """Reverses the payment that this debit undoes. Empty when it did, else the reason why not."""
    found = undoes(
        line.amount,
        _candidates(line, books),
        reference=_reference(line),
        end_to_end_id=line.end_to_end_id,
        bank_reference=line.bank_reference,
    )
    if found is None:
        return "the bank took money back, and it is not clear for which payment"
    try:
        reverse_payment(
            found.payment_id,
            found.case_id,
            amount=-line.amount,
            on=line.value_on,
            reason="returned",
            guard=line.guard,
            out_of=line.ledger,
            beside=beside,
            cases=books.cases,
            clock=books.clock,
        )
    except (InvalidInput, LawMissing, NotFound) as refusal:
        return f"the bank took money back that cannot be reversed: {refusal.message}"
    return ""


def _reference(line: BankLine) -> str:
    return next(iter(line.owners)) if len(line.owners) == 1 else ""


def _candidates(line: BankLine, books: Books) -> Iterator[Posted]:
    reference = _reference(line)
    case_id = books.cases.by_payment_reference(reference) if reference else None
    if case_id is not None:
        yield from _of_case(case_id, reference, books)
    for called in payments_called(line, books.cases):
        case_id = called.case_id or _by_person(called.payment_id, books)
        if case_id:
            yield from _by_name(called, case_id, line, books)


def _of_case(case_id: CaseId, reference: str, books: Books) -> Iterator[Posted]:
    for entry, is_undone in _payments(case_id, books):
        yield _posted(entry, case_id, is_undone=is_undone, reference=reference)


def _by_name(called: Called, case_id: CaseId, line: BankLine, books: Books) -> Iterator[Posted]:
    name = "bank_reference" if called.is_by_bank else "end_to_end_id"
    for entry, is_undone in _payments(case_id, books):
        if entry.source == called.payment_id:
            yield replace(_posted(entry, case_id, is_undone=is_undone), **{name: getattr(line, name)})


def _by_person(payment_id: PaymentId, books: Books) -> CaseId | None:
    """Where somebody posted it out of suspense; None for money in several cases, or in none yet."""
    how, _, case_id = (books.cases.guard(_SETTLED, payment_id) or "").partition("|")
    return CaseId(case_id) if how == "post" else None


def _payments(case_id: CaseId, books: Books) -> Iterator[tuple[Entry, bool]]:
    """The case's payments, and whether some of it went back already."""
    entries = books.cases.entries(case_id)
    undone = {entry.reverses for entry in entries if entry.reverses is not None}
    for entry in entries:
        if entry.kind == ALLOCATED:
            yield entry, entry.entry_id in undone


def _posted(entry: Entry, case_id: CaseId, *, is_undone: bool, reference: str = "") -> Posted:
    return Posted(
        payment_id=PaymentId(entry.source),
        case_id=case_id,
        amount=entry.lines[0].amount,
        reference=reference,
        is_undone=is_undone,
    )
