"""Money that comes back under the name of an order of ours, and not just after the debit that booked it."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain import accounts
from sovinto.domain.payment import UnallocatedPayment
from sovinto.errors import StaleVersion
from sovinto.ports import Change, Guard
from sovinto.usecases.bank_line import BankLine, Books, entry_of, transferred
from sovinto.usecases.order_sent_back import DUPLICATE, cleared, code_told, with_code
from sovinto.usecases.order_status import order_not_paid
from sovinto.usecases.suspense_rows import SETTLED, settled_event
from sovinto.usecases.told_twice import Telling

BY_BANK = "bank"
_UNFIT = "it names a payment order of ours whose sum or state it does not fit"


def give_back(line: BankLine, telling: Telling, books: Books) -> bool:
    """Ends a debit of the same sum that the order does not explain. False where none waits in suspense.

    A debit that comes after its return ends that one in the same way. The order is as it was: paid by
    another debit, or not at all. Raises AlreadyStored, StaleVersion.
    """
    row = _waiting(line, books)
    if row is None:
        return False
    settled = _settled(row, "given_back", line)
    books.cases.commit(
        Change(
            entries=(entry_of(line, accounts.SUSPENSE, "suspense_given_back", books.clock),),
            guards=(line.guard, *telling.guards, settled),
            unless=telling.unless,
            found=(row,),
            events=(settled_event(row, "given_back", BY_BANK, books.clock),),
        )
    )
    return True


def is_second_back(line: BankLine, books: Books) -> bool:
    """The bank gave a second debit back before it told of the first, which this is: the return waits on."""
    row = _waiting(line, books)
    return row is not None and code_told(row) == DUPLICATE


def unfit(line: BankLine) -> str:
    """Why such money waits, with the bank's code for the day on which its debit is read."""
    return with_code(line.found.return_reason, _UNFIT)


def back_before_paid(line: BankLine, telling: Telling, books: Books) -> bool:
    """The order's debit, where its return waits already: the order is not paid, and nothing waits any more.

    False where nothing waits, or the debit is none that books an order. Raises AlreadyStored, StaleVersion.
    """
    row = _waiting(line, books)
    if row is None or books.orders is None:
        return False
    back = order_not_paid(
        line.end_to_end_id,
        -line.amount,
        reason=code_told(row),
        cases=books.cases,
        orders=books.orders,
        now=books.clock.now(),
    )
    if back is None:
        return False
    guards = (line.guard, *telling.guards, _settled(row, "came_back", line))
    paid = transferred(line, accounts.IN_TRANSIT, (*guards, *back.guards), books.clock)
    books.cases.commit(
        replace(
            back,
            entries=(*paid.entries, cleared(row, line.end_to_end_id, books.clock), *back.entries),
            guards=paid.guards,
            unless=telling.unless,
            found=(row,),
            events=(*back.events, settled_event(row, "came_back", BY_BANK, books.clock)),
        )
    )
    return True


def _waiting(line: BankLine, books: Books) -> UnallocatedPayment | None:
    rows = books.cases.suspense_by(line.end_to_end_id)
    return next((row for row in rows if row.payment.amount == -line.amount), None)


def _settled(row: UnallocatedPayment, how: str, line: BankLine) -> Guard:
    """Somebody who settles it at once is read again."""
    return Guard(SETTLED, row.payment.payment_id, f"{how}|{line.key}", clash=StaleVersion)
