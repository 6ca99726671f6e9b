"""The bank bucket: inbox/ holds what the bank delivered, other folders what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from sovinto.domain.agency import Agency
from sovinto.domain.held_file import DONE, READ_AGAIN, HeldFile, HeldState, Reason
from sovinto.errors import FormatRefused, NotFound
from sovinto.ports import Beside, Book, Cases, Clients, Clock, Files, Opened, Orders, afterwards
from sovinto.usecases.bank_line import Books
from sovinto.usecases.check_statement import Checked, check_statement
from sovinto.usecases.hold_file import (
    HELD,
    PROCESSED,
    REJECTED,
    SHOWN,
    begin,
    brought_in,
    clear_away,
    hold,
    is_there,
    place_of,
)
from sovinto.usecases.import_statement import ImportReport, import_statement
from sovinto.usecases.importing import InHand, begun_before, delivered
from sovinto.usecases.order_status import (
    StatusCounts,
    hear_status_report,
    is_status_report,
    read_status,
)
from sovinto.usecases.partly import Failures
from sovinto.usecases.settle_held import against_release
from sovinto.usecases.told_again import told_before

MAX_FILES = 50
MAX_STATUS_BYTES = 20 * 1024 * 1024
LINES = (
    "matched",
    "repeated",
    "suspense",
    "transfers",
    "reversed",
    "charges",
    "ignored",
    "shown",
    "unread",
)


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Run:
    bank: Files
    books: Books
    totals: dict[str, int]
    has_time: Callable[[], bool]
    tell: Callable[[str, ImportReport], None]
    book: Book | None = None
    let_in: set[str] = field(default_factory=set)
    """The digest of the released file of this run."""


def _silent(key: str, report: ImportReport) -> None:
    """Nobody follows this run."""


def import_inbox(
    *,
    bank: Files,
    agency: Agency,
    cases: Cases,
    clock: Clock,
    orders: Orders | None = None,
    clients: Clients | None = None,
    book: Book | None = None,
    beside: Beside = afterwards,
    has_time: Callable[[], bool] = _always,
    tell: Callable[[str, ImportReport], None] = _silent,
) -> dict[str, int]:
    """Counts over all files of one run; with `orders`, status reports are heard too. A file is done only
    when every line of it is in the books; where the time is over, the next run goes on with it.

    Held files that people want read again come first, then those that an earlier run has not finished. Of
    released ones each run takes one, so that the next is compared with a `book` that has it; without `book`
    they wait. A file that fails stays where it is and stops no other, but for one that the bank calls the
    same where lines of it are posted. Raises PartlyFailed at the end.
    """
    totals = dict.fromkeys(("files", "held", "rejected", "failed", "unfinished", *LINES), 0)
    run = _Run(bank, Books(agency, cases, clock, orders, clients, beside), totals, has_time, tell, book)
    failures = Failures()
    done = 0
    for key in _to_read(run, failures):
        # Files that fail stay first in the inbox: counted too, they would keep out those behind them.
        if done >= MAX_FILES:
            break
        if not has_time():
            totals["unfinished"] += 1
            continue
        with failures.kept():
            _one(key, run)
            done += 1
    totals["failed"] = len(failures.causes)
    failures.raise_any(totals)
    return totals


def _to_read(run: _Run, failures: Failures) -> Iterator[str]:
    yield from (*_decided(run, failures), *begun_before(run.bank))
    for key, is_free in delivered(run.bank):
        if is_free:
            yield key
        else:
            run.totals["unfinished"] += 1


def _decided(run: _Run, failures: Failures) -> list[str]:
    """Held files to read again; those that are done leave the list, and their place."""
    found: list[str] = []
    for file in run.books.cases.held_files():
        if file.state in READ_AGAIN:
            # Who wants a rejected one back may be quicker than the run that puts it aside.
            places = (file.key, place_of(REJECTED, file.key, file.digest))
            found += [key for key in dict.fromkeys(places) if is_there(key, run.bank)][:1]
        elif file.state in DONE:
            with failures.kept():
                clear_away(file.digest, run.bank, run.books.cases)
    return found


def _one(key: str, run: _Run) -> None:
    try:
        file = run.bank.open(key)
    except NotFound:
        # A twin run has moved the file: its lines are in the books by their guards.
        return
    checked = check_statement(cast("BinaryIO", file), run.books.agency)
    hand = InHand(file, checked.digest, run.bank)
    report = _report(hand, checked, run)
    file = hand.file
    _count(key, report, run)
    if report.is_unfinished:
        return
    if report.held:
        hold(file, checked, report.reasons, run.bank, run.books)
        return
    if report.is_rejected:
        run.bank.move(file, place_of(REJECTED, key, checked.digest))
        return
    is_known = brought_in(checked.digest, run.books.cases)
    if not key.startswith(HELD):
        run.bank.move(file, place_of(SHOWN if report.shown else PROCESSED, key, checked.digest))
    if is_known:
        clear_away(checked.digest, run.bank, run.books.cases)


def _report(hand: InHand, checked: Checked, run: _Run) -> ImportReport:
    file = hand.file
    known = run.books.cases.held_file(checked.digest)
    if known is not None and known.state is HeldState.REJECTED:
        return ImportReport(is_rejected=True)
    report = _status(file, run) if checked.held else None
    if report is not None:
        return report
    overruled: frozenset[str] = frozenset()
    if known is not None and known.state is HeldState.RELEASED and not checked.held:
        refused = _released(file, checked, known, run)
        if refused is not None:
            return refused
        overruled = known.overruled
    elif known is not None and _is_right(checked, run) and not begin(known.digest, run.books.cases):
        return ImportReport(is_rejected=True)
    return import_statement(hand.kept, checked, books=run.books, has_time=run.has_time, overruled=overruled)


def _is_right(checked: Checked, run: _Run) -> bool:
    """Nothing holds it any more."""
    role = checked.role.value if checked.role else ""
    return not checked.held and not told_before(checked.told, role, checked.format, run.books.cases)[0]


def _released(file: Opened, checked: Checked, known: HeldFile, run: _Run) -> ImportReport | None:
    """What is reported instead of its import, where it has to wait for the next run, or for people."""
    if run.book is None or run.let_in - {known.digest}:
        # The index of the book may not show yet what this run has posted.
        return ImportReport(is_unfinished=True)
    again = cast("BinaryIO", run.bank.open(file.key, file.version))
    reasons = against_release(known, checked, again, book=run.book, books=run.books, has_time=run.has_time)
    if reasons is None:
        return ImportReport(is_unfinished=True)
    if reasons:
        return ImportReport(reasons=reasons)
    run.let_in.add(known.digest)
    return None


def _count(key: str, report: ImportReport, run: _Run) -> None:
    run.tell(key, report)
    run.totals["unfinished" if report.is_unfinished else "files"] += 1
    run.totals["held"] += bool(report.held)
    run.totals["rejected"] += report.is_rejected
    for name in LINES:
        run.totals[name] += getattr(report, name)


def _status(file: Opened, run: _Run) -> ImportReport | None:
    """What a status report on our payment files did; None for a file of another kind."""
    if run.books.orders is None:
        return None
    data = run.bank.open(file.key, file.version).read(MAX_STATUS_BYTES)
    if not is_status_report(data):
        return None
    try:
        report = read_status(data)
    except FormatRefused as refusal:
        return _held("status_not_readable", refusal.message)
    books = run.books
    return _told(hear_status_report(report, cases=books.cases, orders=run.books.orders, clock=books.clock))


def _told(counts: StatusCounts) -> ImportReport:
    """Held where a person has to look: on no file of ours, or a refusal of what the bank had paid."""
    if counts.unknown:
        return _held("status_unknown", "the status report is on no payment file of ours")
    if counts.contradicted:
        return _held(
            "status_contradicts",
            f"the bank refuses {counts.contradicted} orders whose debit is on its own statement",
        )
    return ImportReport(transfers=counts.accepted + counts.rejected, repeated=counts.unchanged)


def _held(code: str, message: str) -> ImportReport:
    return ImportReport(reasons=(Reason(code, message),))
