"""A line for several cases goes to each in its part; one whose owner is unknown waits for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sovinto.domain.case import Case
from sovinto.domain.matching import Exact, Suggestion, Unsure
from sovinto.domain.payment import MOST_NAMES, UnallocatedPayment
from sovinto.domain.suspense import parts_of
from sovinto.formats.statement.roles import Role
from sovinto.ids import CaseId
from sovinto.ports import Guard
from sovinto.usecases.bank_line import BankLine, Books, waits
from sovinto.usecases.lump_sums import Mark, lump_key, next_batch, waiting_sum
from sovinto.usecases.payouts import PAYOUT
from sovinto.usecases.suspense import post_parts
from sovinto.usecases.suspense_debits import undo_parts
from sovinto.usecases.suspense_rows import settling, split_told
from sovinto.usecases.told_twice import Telling

BY_RULE = "rule"
SPLIT = "SPLIT"


def share_out(line: BankLine, telling: Telling, verdict: Exact, cases: Sequence[Case], books: Books) -> str:
    """One transfer for several cases: stored in parts at once, then each part goes to its case.

    `cases` are those of the shares as they were read for the verdict. Raises StaleVersion where one moved.
    """
    rows = parts_of(_row(line, "", (), books), verdict.shares)
    # The pointer finds the parts again should this run end in between.
    why = f"{verdict.rule}: {verdict.explanation}"
    rows = tuple(replace(row, end_to_end_id=line.key, reason=why) for row in rows)
    # So that the bank's return of the whole finds its parts.
    shared = settling(line.payment.payment_id, split_told(verdict.shares))
    guards = (line.guard, Guard(SPLIT, line.key, verdict.rule), shared, *telling.guards)
    parts = waits(line, rows, guards, books.clock)
    books.cases.commit(replace(parts, unless=telling.unless, unmoved=cases))
    _post_parts(rows, books)
    return "matched"


def finish_parts(line: BankLine, books: Books) -> None:
    if books.cases.guard(SPLIT, line.key) is not None:
        _post_parts(books.cases.suspense_by(line.key), books)


def _post_parts(rows: tuple[UnallocatedPayment, ...], books: Books) -> None:
    taken = [row for row in rows if row.payment.amount.minor < 0]
    undo_parts(taken, by=BY_RULE, cases=books.cases, clock=books.clock)
    rows = tuple(row for row in rows if row.payment.amount.minor > 0)
    case_ids: list[CaseId] = [row.meant_for for row in rows if row.meant_for is not None]
    if rows:
        post_parts(rows, case_ids, by=BY_RULE, cases=books.cases, clock=books.clock)


def wait(line: BankLine, telling: Telling, verdict: Unsure, books: Books) -> str:
    """People find its owner; or its payout's news, or the detail file that itemises it, comes later."""
    lump = lump_key(line.account, line.booked_on, line.amount)
    is_lump = line.role is Role.RECORD and not line.names_payer and not line.end_to_end_id
    unless = [*telling.unless]
    guards = (line.guard, *telling.guards)
    if is_lump:
        unless.append(next_batch(lump, books))
        guards = (*guards, waiting_sum(line.key, Mark(line.bank_reference, count=line.count)))
    elif line.amount.minor > 0:
        names = line.payout_names[:MOST_NAMES]
        unless += [(PAYOUT, name) for name in names if books.cases.guard(PAYOUT, name) is None]
    # The bank may take it back: then it is found by its end-to-end id, or by its own.
    known_as = line.end_to_end_id or line.payment.payment_id
    if line.amount.minor < 0:
        known_as = _order_named(line, books)
    pointer = lump if is_lump else known_as
    row = _row(line, verdict.reason, verdict.suggestions, books)
    change = waits(line, (replace(row, end_to_end_id=pointer),), guards, books.clock)
    books.cases.commit(replace(change, unless=tuple(unless)))
    return "suspense"


def _order_named(line: BankLine, books: Books) -> str:
    """The order of ours that such a debit names: what comes back under its name may be this money."""
    name = line.end_to_end_id
    return name if name and books.cases.order(name) is not None else ""


def _row(
    line: BankLine, reason: str, suggestions: Sequence[Suggestion], books: Books
) -> UnallocatedPayment:
    return UnallocatedPayment(
        line.payment,
        books.clock.now(),
        reason,
        references=tuple(sorted(line.owners)),
        suggestions=tuple(suggestions),
    )
