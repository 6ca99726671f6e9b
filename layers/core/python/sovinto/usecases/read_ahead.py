"""What the next lines of a bank file will ask for, read in few requests before they are posted.

Nothing here decides: what was not read ahead is read when it is asked for, also where reading ahead fails.
Each fact that is read ahead is either a row that never changes once it is there, and whose absence the
transaction checks, or a case that gets money, which is stored only over the version that was read;
docs/adr/0028 goes through them one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sovinto.domain.communication import Channel
from sovinto.domain.contacts import suppressed_row
from sovinto.domain.matching import MOST_BY_NAME, name_clue, name_key
from sovinto.domain.settling import letters_sent
from sovinto.errors import NotFound
from sovinto.formats.statement import Part
from sovinto.ids import CaseId
from sovinto.ports import Asked, CaseFile, CasesAhead
from sovinto.usecases.bank_line import SEEN_BANK, BankLine, Books
from sovinto.usecases.issue_invoice import invoice_row
from sovinto.usecases.payouts import PAYOUT
from sovinto.usecases.told_twice import other_has_told, told_elsewhere

FIRST_LINES, LINES_AT_ONCE = 4, 25
"""The first lines have no others to be read beside, so stretches begin short, and double. What a line is
told is never older than two of the longest."""
PARTS_AT_ONCE = 100
"""Of what has nothing to post, such as all that an earlier run is done with, no more is held in memory."""

Lines = tuple[BankLine, ...]


@dataclass(slots=True)
class _Stretch:
    """Parts of the file with the lines to post of each."""

    cases: CasesAhead
    parts: list[tuple[Part, Lines]] = field(default_factory=list)
    ready: Callable[[], None] = lambda: None
    failed: list[Exception] = field(default_factory=list)

    @property
    def lines(self) -> Lines:
        return tuple(line for _, lines in self.parts for line in lines)


def with_read_ahead(
    parts: Iterator[Part], lines_of: Callable[[Part], Lines], books: Books, unread: Callable[[], None]
) -> Iterator[tuple[Part, Lines, Books]]:
    """The same parts with the lines of each, and the books to post them in.

    While one stretch is posted, the next one is read beside it (`books.beside`); `unread` is told of each
    that could not be.
    """
    most = FIRST_LINES
    stretch = _begin(parts, lines_of, most, books, books.cases.ahead())
    while stretch.parts:
        most = min(2 * most, LINES_AT_ONCE)
        following = _begin(parts, lines_of, most, books, stretch.cases.ahead())
        stretch.ready()
        if stretch.failed:
            unread()
        own = replace(books, cases=stretch.cases)
        for part, lines in stretch.parts:
            yield part, lines, own
        stretch = following


def _begin(
    parts: Iterator[Part], lines_of: Callable[[Part], Lines], most: int, books: Books, cases: CasesAhead
) -> _Stretch:
    stretch, count = _Stretch(cases), 0
    for part in parts:
        lines = lines_of(part)
        stretch.parts.append((part, lines))
        count += len(lines)
        if count >= most or len(stretch.parts) >= PARTS_AT_ONCE:
            break
    if count:
        stretch.ready = books.beside(lambda: _try_to_read(stretch, books))
    return stretch


def _try_to_read(stretch: _Stretch, books: Books) -> None:
    try:
        read_lines(stretch.lines[:LINES_AT_ONCE], stretch.cases, books)
    except Exception as failure:
        # What fails for a line too stops that line and says why; the others need nothing of it. Each round
        # is kept whole or not at all, so those before this one stay true.
        stretch.failed.append(failure)


def read_lines(lines: Sequence[BankLine], cases: CasesAhead, books: Books) -> None:
    """Three rounds of requests, as each names what the next one asks for: rows, cases, people."""
    cases.read(_rows(lines))
    new = [line for line in lines if cases.guard(SEEN_BANK, line.key) is None]
    cases.read(Asked(cases=tuple(_named(new, cases))))
    files = {line.key: _files(line, cases) for line in new}
    known = tuple(file for found in files.values() for file in found)
    told = tuple(row for line in new for row in told_elsewhere(line, cases))
    clues = tuple(clue for line in new for clue in _clues(line, files[line.key], books.country))
    cases.read(Asked(guards=(*told, *_details(known)), clues=clues, most_by_clue=MOST_BY_NAME + 1))


def _rows(lines: Sequence[BankLine]) -> Asked:
    names = [line.end_to_end_id for line in lines if line.end_to_end_id]
    # Of what leaves the account no case and no invoice is asked for, of a statement's debits no payout.
    owners = [owner for line in lines if line.amount.minor > 0 for owner in line.owners]
    payouts = [line for line in lines if line.amount.minor > 0 or line.is_notice]
    return Asked(
        guards=(
            *((SEEN_BANK, line.key) for line in lines),
            *(other_has_told(line) for line in lines),
            *((PAYOUT, name) for line in payouts for name in line.payout_names),
            *(invoice_row(owner) for owner in owners),
        ),
        orders=names,
        references=owners,
    )


def _named(lines: Sequence[BankLine], cases: CasesAhead) -> Iterator[CaseId]:
    for line in lines:
        if line.amount.minor > 0:
            yield from filter(None, map(cases.by_payment_reference, line.owners))


def _files(line: BankLine, cases: CasesAhead) -> tuple[CaseFile, ...]:
    files = []
    for case_id in _named([line], cases):
        try:
            files.append(cases.file(case_id))
        except NotFound:
            continue
    return tuple(files)


def _clues(line: BankLine, files: Sequence[CaseFile], country: str) -> Iterator[str]:
    """A line that pays just what a letter asked for is mostly posted by its reference alone."""
    if line.amount.minor <= 0:
        return
    for file in files:
        asked = {letter.payment.amount for letter in letters_sent(file.communications)}
        if line.amount not in asked:
            yield name_clue(name_key(file.case.debtor.name), country)
    if not files and line.found.counterparty:
        yield name_clue(name_key(line.found.counterparty), country)


def _details(files: Sequence[CaseFile]) -> Iterator[tuple[str, str]]:
    """Whether somebody's e-mail address or number leads to somebody else."""
    for debtor in (file.case.debtor for file in files):
        for channel, address in ((Channel.EMAIL, debtor.email), (Channel.SMS, debtor.phone)):
            row = suppressed_row(channel, address or "")
            if row is not None:
                yield row
