"""One line of a bank file finds its place in the books, in one transaction, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sovinto.domain import accounts
from sovinto.domain.bank_charge import is_bank_charge
from sovinto.domain.matching import Unsure, explain
from sovinto.errors import AlreadyStored, LawMissing
from sovinto.formats.statement.roles import Role
from sovinto.ids import CaseId
from sovinto.ports import CaseFile, Change, Guard
from sovinto.usecases.bank_line import BankLine, Books, entry_of, transferred
from sovinto.usecases.bank_returns import take_back
from sovinto.usecases.lump_sums import Mark, clearing, lump_key
from sovinto.usecases.match_payment import match_payment
from sovinto.usecases.order_given_back import back_before_paid, give_back, is_second_back, unfit
from sovinto.usecases.order_sent_back import RETURNED, TOO_OFTEN, with_code
from sovinto.usecases.order_status import booked_events, order_booked, order_returned
from sovinto.usecases.payout_line import payout_of
from sovinto.usecases.payouts import PAYOUT
from sovinto.usecases.record_invoice_payment import invoice_by_reference, record_invoice_payment
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.told_twice import BATCH_USED, Telling, debits_left, telling_of, with_places
from sovinto.usecases.tries import paid
from sovinto.usecases.unclear_line import finish_parts, share_out, wait

SPLIT = "SPLIT"
SKIPPED = "skipped"


def post_line(line: BankLine, books: Books) -> str:
    """The name of the count: matched, reversed, transfers, charges, suspense, repeated or ignored."""
    if not line.amount:
        # Banks book notices and charges of nothing; there is no money to find a place for.
        return "ignored"
    if books.cases.guard(line.guard.scope, line.key) is not None:
        finish_parts(line, books)
        return "repeated"
    outcome: list[str] = []

    def once(is_first: bool) -> None:
        outcome.append(_posted(line, telling_of(line, books.cases, is_first=is_first), books))

    try:
        with_fresh_read(lambda: with_places(once))
    except AlreadyStored:
        outcome.append("repeated")
    if outcome[-1] == "repeated":
        # A twin run may have been quicker, and have died between the parts.
        finish_parts(line, books)
    return outcome[-1]


def clear_line(line: BankLine, booked: Sequence[Guard], books: Books) -> str:
    """A line of an entry that a detail file has itemised before: the sum is cleared, nothing else moves."""
    if books.cases.guard(line.guard.scope, line.key) is not None:
        return "repeated"

    def once(is_first: bool) -> None:
        telling = telling_of(line, books.cases, is_first=is_first)
        places = [guard for guard in telling.guards if guard.scope != BATCH_USED]
        new = [guard for guard in booked if books.cases.guard(guard.scope, guard.key) is None]
        guards = (line.guard, *new, *places)
        books.cases.commit(transferred(line, accounts.DETAILS, guards, books.clock))

    return _named("transfers", lambda: with_fresh_read(lambda: with_places(once)))


def skip_line(line: BankLine, books: Books) -> str:
    """A payment that a statement has itemised before: only noted."""
    if books.cases.guard(line.guard.scope, line.key) is not None:
        return "repeated"

    def once(is_first: bool) -> None:
        telling = telling_of(line, books.cases, is_first=is_first)
        books.cases.commit(Change(guards=(_skipped(line), *telling.guards)))

    return _named("repeated", lambda: with_fresh_read(lambda: with_places(once)))


def _named(outcome: str, action: Callable[[], None]) -> str:
    try:
        action()
    except AlreadyStored:
        return "repeated"
    return outcome


def _posted(line: BankLine, telling: Telling, books: Books) -> str:
    if telling.is_known:
        return _known(line, telling, books)
    if change := _lump(line, telling, books):
        books.cases.commit(change)
        return "transfers"
    if line.amount.minor < 0:
        return _money_out(line, telling, books)
    return _money_in(line, telling, books)


def _known(line: BankLine, telling: Telling, books: Books) -> str:
    """Told by the other kind of file: of the two, the statement moves the sum, the detail file nothing."""
    guards = (line.guard, *telling.guards)
    if line.role is Role.RECORD:
        books.cases.commit(transferred(line, accounts.DETAILS, guards, books.clock))
        return "transfers"
    books.cases.commit(Change(guards=(_skipped(line), *telling.guards)))
    return "repeated"


def _skipped(line: BankLine) -> Guard:
    """Nothing of it is on `bank:details`."""
    return replace(line.guard, payload=f"{line.guard.payload}|{SKIPPED}")


def _left_to_statement(line: BankLine, books: Books) -> str:
    """The statement tells it in a line of its own, and knows what it is."""
    books.cases.commit(Change(guards=(_skipped(line),)))
    return "repeated"


def _lump(line: BankLine, telling: Telling, books: Books) -> Change | None:
    """The sum of a detail file, where the line itself names nobody."""
    if line.role is not Role.RECORD or line.names_payer or _is_ours(line, books):
        return None
    lump = lump_key(line.account, line.booked_on, line.amount)
    booked = clearing(lump, line.key, Mark(line.bank_reference, count=line.count), books)
    if not booked:
        return None
    return transferred(line, accounts.DETAILS, (line.guard, *booked, *telling.guards), books.clock)


def _is_ours(line: BankLine, books: Books) -> bool:
    name = line.end_to_end_id
    if name and books.cases.order(name) is not None:
        return True
    return any(books.cases.guard(PAYOUT, name) is not None for name in line.payout_names)


def _money_out(line: BankLine, telling: Telling, books: Books) -> str:
    if line.is_notice and (_is_ours(line, books) or not line.is_reversal):
        return _left_to_statement(line, books)
    if line.end_to_end_id and _is_order_paid(line, telling, books):
        return "transfers"
    reason = "the bank took it, and nothing says what for"
    if line.is_reversal or line.role is Role.DETAILS:
        reason = take_back(line, Change(guards=telling.guards, unless=telling.unless), books)
        if not reason:
            return "reversed"
        if line.is_notice:
            return _left_to_statement(line, books)
    if _is_charge(line):
        entry = entry_of(line, accounts.BANK_CHARGES, "bank_charge", books.clock)
        books.cases.commit(Change(entries=(entry,), guards=(line.guard, *telling.guards)))
        return "charges"
    return wait(line, telling, Unsure((), reason), books)


def _is_order_paid(line: BankLine, telling: Telling, books: Books) -> bool:
    """The debit of an order of ours, which may have come back already."""
    order = order_booked(line.end_to_end_id, -line.amount, books.cases)
    if order is None:
        return _is_second(line, telling, books)
    if is_second_back(line, books) or not back_before_paid(line, telling, books):
        guards = (line.guard, *telling.guards, *paid(order, books.cases))
        left = transferred(line, accounts.IN_TRANSIT, guards, books.clock)
        events = booked_events(order, books.clock.now())
        books.cases.commit(replace(left, orders=(order,), events=events))
    return True


def _is_second(line: BankLine, telling: Telling, books: Books) -> bool:
    """Another debit of an order of ours, whose return came before it."""
    return books.cases.order(line.end_to_end_id) is not None and give_back(line, telling, books)


def _is_charge(line: BankLine) -> bool:
    has_other_side = bool(line.found.counterparty or line.found.counterparty_account or line.owners)
    return is_bank_charge(line.code, line.found.text or "", has_other_side=has_other_side)


def _money_in(line: BankLine, telling: Telling, books: Books) -> str:
    if line.role is Role.DETAILS and (_is_ours(line, books) or line.is_reversal):
        return _left_to_statement(line, books)
    reason = _came_back(line, telling, books)
    if reason == "":
        return "transfers"
    guards = (line.guard, *telling.guards)
    payout = payout_of(line, books.cases)
    if payout is not None:
        change = transferred(line, accounts.psp(payout.provider), (*guards, payout.booked), books.clock)
        books.cases.commit(change)
        return "transfers"
    if line.is_reversal and _is_charge(line):
        entry = entry_of(line, accounts.BANK_CHARGES, "bank_charge", books.clock)
        books.cases.commit(Change(entries=(entry,), guards=guards))
        return "charges"
    if reason is not None:
        return wait(line, telling, Unsure((), reason), books)
    if _is_invoice_paid(line, telling, books):
        return "matched"
    return _by_rule(line, telling, books)


def _came_back(line: BankLine, telling: Telling, books: Books) -> str | None:
    """Money that we had paid out: empty where it is posted, None where it is no such money."""
    name = line.end_to_end_id
    is_order = bool(name) and books.cases.order(name) is not None
    if not is_order and not line.is_reversal:
        return None
    if not is_order or books.orders is None:
        return with_code(
            line.found.return_reason,
            "the bank gives money back, and it is not clear for which payment of ours",
        )
    if give_back(line, telling, books):
        return ""
    if debits_left(line, books.cases) > 1:
        return TOO_OFTEN
    is_posted = order_returned(
        name,
        line.amount,
        value_on=line.value_on,
        line_key=line.key,
        guard=line.guard,
        reason=line.found.return_reason or RETURNED,
        cases=books.cases,
        orders=books.orders,
        clock=books.clock,
    )
    return "" if is_posted else unfit(line)


def _is_invoice_paid(line: BankLine, telling: Telling, books: Books) -> bool:
    invoice = invoice_by_reference(line.owners, books.cases) if books.clients else None
    if invoice is None or books.clients is None:
        return False
    paid = record_invoice_payment(
        line.payment,
        invoice,
        guard=line.guard,
        cases=books.cases,
        clients=books.clients,
        clock=books.clock,
        into=line.ledger,
        beside=Change(guards=telling.guards, unless=telling.unless),
    )
    if paid.is_repeat:
        raise AlreadyStored("this line was posted before")
    return paid.is_ours


def _by_rule(line: BankLine, telling: Telling, books: Books) -> str:
    files: dict[CaseId, CaseFile] = {}
    verdict = match_payment(
        line.payment,
        references=sorted(line.owners),
        country=books.country,
        cases=books.cases,
        files=files,
        is_checked=line.is_checked,
    )
    if isinstance(verdict, Unsure):
        return wait(line, telling, verdict, books)
    if len(verdict.shares) > 1:
        shared = {case_id: files[case_id].case for case_id, _ in verdict.shares}
        return share_out(line, telling, verdict, tuple(shared.values()), books)
    ((case_id, _),) = verdict.shares
    try:
        done = record_payment(
            line.payment,
            case_id=case_id,
            into=line.ledger,
            guard=line.guard,
            cases=books.cases,
            clock=books.clock,
            beside=Change(guards=telling.posted_to(case_id).guards, unless=telling.unless),
            owner=explain(verdict, line.payment.payment_id),
            file=files[case_id],
        )
    except LawMissing:
        # Such money waits, and blocks no other.
        return wait(line, telling, Unsure((), "the case's law for that day is missing"), books)
    return "repeated" if done.is_repeat else "matched"
