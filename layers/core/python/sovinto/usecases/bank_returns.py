"""Money that a bank takes back: which earlier payment it was, and out of the books with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sovinto.domain import accounts
from sovinto.domain.ledger import Entry
from sovinto.domain.matching import Posted, undoes
from sovinto.domain.matching.names import account_digest, name_key
from sovinto.domain.money import Money, total
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.reversal import ALLOCATED
from sovinto.domain.suspense import part_name
from sovinto.errors import InvalidInput, LawMissing, NotFound, StaleVersion
from sovinto.ids import CaseId, PaymentId, derived
from sovinto.ports import Change, Guard
from sovinto.usecases.bank_line import BankLine, Books, entry_of, waits
from sovinto.usecases.invoice_paid_rows import PaidInvoice, invoice_paid_by, payments_of
from sovinto.usecases.invoice_payment_back import take_back_invoice_payment
from sovinto.usecases.record_invoice_payment import invoice_by_reference
from sovinto.usecases.return_by_reference import (
    found_under,
    is_of_payer,
    may_be_of_case,
    may_be_of_payer,
    waiting_under,
)
from sovinto.usecases.reverse_payment import reverse_payment
from sovinto.usecases.suspense_debits import undo_parts
from sovinto.usecases.suspense_rows import SETTLED, settled_event, shares_in
from sovinto.usecases.told_twice import Called, payments_called

BY_BANK = "bank"
SPLIT = "SPLIT"
# No one case: the money waits, or went to several.
_NOWHERE = CaseId("")
# Sent back to who paid, or the client's: no case has it, and it waits no more.
_ELSEWHERE = CaseId("elsewhere")


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
        if _is_invoice(found.payment_id, books):
            _take_back_invoice(found.payment_id, line, beside, books)
            return ""
        if found.case_id == _ELSEWHERE:
            return "the bank took money back that is out of suspense in another way than into a case"
        if found.case_id == _NOWHERE:
            _take_back_unposted(found.payment_id, line, beside, books)
            return ""
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
    of_case = tuple(_of_case(case_id, reference, line, books)) if case_id is not None else ()
    yield from of_case
    yield from _of_invoice(reference, line, books)
    for row in waiting_under(reference, line, books):
        yield Posted(row.payment.payment_id, _NOWHERE, row.payment.amount, reference)
    seen = {posted.payment_id for posted in of_case}
    wholes = {row.part_of or row.payment.payment_id: None for row in found_under(reference, line, books)}
    for payment_id in wholes:
        if payment_id not in seen:
            yield from _found_owner(payment_id, reference, line, books)
    for called in payments_called(line, books.cases):
        told = books.cases.guard(SETTLED, called.payment_id) or ""
        case_id = called.case_id or _by_person(told)
        if case_id:
            yield from _by_name(called, case_id, line, books)
        elif (
            _is_invoice(called.payment_id, books)
            or _is_in_parts(called.payment_id, told, books)
            or _waiting(called.payment_id, line, books)
        ):
            yield _named(Posted(called.payment_id, _NOWHERE, -line.amount), called, line)


def _of_case(case_id: CaseId, reference: str, line: BankLine, books: Books) -> Iterator[Posted]:
    is_any = may_be_of_case(line, case_id, books)
    for entry, is_undone in _payments(case_id, books):
        posted = _posted(entry, case_id, is_undone=is_undone, reference=reference)
        if posted.amount == -line.amount and (
            is_any or is_of_payer(line, posted.payment_id, case_id, books)
        ):
            yield posted


def _found_owner(payment_id: PaymentId, reference: str, line: BankLine, books: Books) -> Iterator[Posted]:
    """Money that waited: in the case that a person found, in parts, or out of suspense in another way."""
    told = books.cases.guard(SETTLED, payment_id) or ""
    case_id = _by_person(told)
    if told.partition("|")[0] == "taken_back":
        return
    if case_id is not None:
        for entry, is_undone in _payments(case_id, books):
            if entry.source == payment_id:
                yield _posted(entry, case_id, is_undone=is_undone, reference=reference)
    elif shares := shares_in(told):
        whole = total((amount for _, amount in shares), line.amount.currency)
        is_whole = _is_in_parts(payment_id, told, books)
        yield Posted(payment_id, _NOWHERE, whole, reference, is_undone=not is_whole)
    else:
        yield Posted(payment_id, _ELSEWHERE, -line.amount, reference)


def _of_invoice(reference: str, line: BankLine, books: Books) -> Iterator[Posted]:
    name = invoice_by_reference([reference], books.cases) if reference and books.clients else None
    for payment_id in payments_of(name, books.cases) if name else ():
        paid = invoice_paid_by(payment_id, books.cases)
        if paid is not None and _may_be_of_client(paid, line, books):
            yield Posted(payment_id, _NOWHERE, paid.paid + paid.rest, reference)


def _may_be_of_client(paid: PaidInvoice, line: BankLine, books: Books) -> bool:
    """The debit names nobody, or the client, or who paid."""
    if books.clients is None:
        return False
    client = books.clients.load(paid.invoice.client_id)
    known = (account_digest(client.iban), *paid.payers)
    return may_be_of_payer(line, (name_key(client.name),), known, books)


def _is_invoice(payment_id: PaymentId, books: Books) -> bool:
    return books.clients is not None and invoice_paid_by(payment_id, books.cases) is not None


def _take_back_invoice(payment_id: PaymentId, line: BankLine, beside: Change, books: Books) -> None:
    if books.clients is not None:
        take_back_invoice_payment(
            payment_id,
            on=line.value_on,
            source=line.key,
            out_of=line.ledger,
            beside=replace(beside, guards=(line.guard, *beside.guards)),
            cases=books.cases,
            clients=books.clients,
            clock=books.clock,
        )


def _by_name(called: Called, case_id: CaseId, line: BankLine, books: Books) -> Iterator[Posted]:
    for entry, is_undone in _payments(case_id, books):
        if entry.source == called.payment_id:
            yield _named(_posted(entry, case_id, is_undone=is_undone), called, line)


def _named(posted: Posted, called: Called, line: BankLine) -> Posted:
    if called.is_by_bank:
        return replace(posted, bank_reference=line.bank_reference)
    return replace(posted, end_to_end_id=line.end_to_end_id)


def _by_person(told: str) -> CaseId | None:
    """Where somebody posted it out of suspense; None for money in several cases, or in none yet."""
    how, _, case_id = told.partition("|")
    return CaseId(case_id) if how == "post" else None


def _is_in_parts(payment_id: PaymentId, told: str, books: Books) -> bool:
    """Shared out to several cases, and none of the parts went back yet."""
    parts = _parts(payment_id, told, books)
    gone = (
        is_undone
        for part_id, case_id, _ in parts
        for entry, is_undone in _payments(case_id, books)
        if entry.source == part_id
    )
    return bool(parts) and not any(gone)


def _parts(payment_id: PaymentId, told: str, books: Books) -> tuple[tuple[PaymentId, CaseId, Money], ...]:
    """Each part with the case that it is in: a person may have posted it elsewhere than meant."""
    found = []
    for meant_for, amount in shares_in(told):
        part_id = part_name(payment_id, meant_for)
        case_id = _by_person(books.cases.guard(SETTLED, part_id) or "") or meant_for
        found.append((part_id, case_id, amount))
    return tuple(found)


def _waiting(payment_id: PaymentId, line: BankLine, books: Books) -> UnallocatedPayment | None:
    names = dict.fromkeys((line.end_to_end_id, payment_id, _reference(line)))
    rows = (row for name in names if name for row in books.cases.suspense_by(name))
    return next((r for r in rows if r.payment.payment_id == payment_id and _fits(r, line)), None)


def _fits(row: UnallocatedPayment, line: BankLine) -> bool:
    return row.payment.amount == -line.amount


def _take_back_unposted(payment_id: PaymentId, line: BankLine, beside: Change, books: Books) -> None:
    guards = (line.guard, *beside.guards)
    told = books.cases.guard(SETTLED, payment_id) or ""
    if parts := _parts(payment_id, told, books):
        rows = tuple(_part_back(line, *part, books) for part in parts)
        split = Guard(SPLIT, line.key, BY_BANK)
        books.cases.commit(replace(waits(line, rows, (*guards, split), books.clock), unless=beside.unless))
        undo_parts(rows, by=BY_BANK, cases=books.cases, clock=books.clock)
        return
    row = _waiting(payment_id, line, books)
    if row is None:
        raise StaleVersion("the money found its owner in between; read it again")
    # It can be posted and sent back no more; somebody who did so at once is read again.
    settled = Guard(SETTLED, payment_id, f"taken_back|{line.key}", clash=StaleVersion)
    books.cases.commit(
        Change(
            entries=(entry_of(line, accounts.SUSPENSE, "suspense_taken_back", books.clock),),
            guards=(*guards, settled),
            unless=beside.unless,
            found=(row,),
            events=(settled_event(row, "taken_back", BY_BANK, books.clock),),
        )
    )


def _part_back(
    line: BankLine, part_id: PaymentId, case_id: CaseId, amount: Money, books: Books
) -> UnallocatedPayment:
    """Its share of the debit, until it is out of its case. The pointer finds it after an interruption."""
    row_id = PaymentId(derived("pay", "back", line.key, part_id))
    return UnallocatedPayment(
        replace(line.payment, payment_id=row_id, amount=-amount),
        books.clock.now(),
        "the bank took back a transfer for several cases",
        end_to_end_id=line.key,
        meant_for=case_id,
        part_of=part_id,
    )


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
