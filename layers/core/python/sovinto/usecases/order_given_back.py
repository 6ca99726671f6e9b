"""A debit under the name of an order of ours that did not book it, and the bank gives the money back."""

from __future__ import annotations

from sovinto.domain import accounts
from sovinto.errors import StaleVersion
from sovinto.ports import Change, Guard
from sovinto.usecases.bank_line import BankLine, Books, entry_of
from sovinto.usecases.suspense_rows import SETTLED, settled_event
from sovinto.usecases.told_twice import Telling

BY_BANK = "bank"


def give_back(line: BankLine, telling: Telling, books: Books) -> bool:
    """Ends such a debit of the same sum that waits in suspense. False where none waits.

    The order is as it was: paid by another debit, or not at all. Raises AlreadyStored, StaleVersion.
    """
    rows = books.cases.suspense_by(line.end_to_end_id)
    row = next((row for row in rows if row.payment.amount == -line.amount), None)
    if row is None:
        return False
    settled = Guard(SETTLED, row.payment.payment_id, f"given_back|{line.key}", clash=StaleVersion)
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
