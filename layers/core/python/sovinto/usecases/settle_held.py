"""What people do about held bank files: look, retry, release under four eyes, reject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import BinaryIO, cast

from sovinto.countries import load_calendar
from sovinto.domain.held_file import (
    OVERRULED,
    HeldFile,
    HeldState,
    Reason,
    asked,
    rejected,
    released,
    retried,
)
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ports import Book, Change, Files
from sovinto.usecases.alike_lines import Found, alike_lines
from sovinto.usecases.bank_line import Books
from sovinto.usecases.check_statement import Checked, check_statement
from sovinto.usecases.hold_file import held_event, is_there, lies_at
from sovinto.usecases.import_statement import FILE_DONE, FILE_PLACE
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.told_again import is_told_in_both, told_before, told_twice_over


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Looked:
    """The file as it is today: `reasons` are empty where a retry would bring it in, `found` is empty where
    nothing of it can be believed. `twice`: a statement of it that its balances show to be told again.
    `is_in_both`: a booking day of it was told in another format."""

    file: HeldFile
    reasons: tuple[Reason, ...]
    found: Found
    twice: str = ""
    is_in_both: bool = False

    @property
    def may_be_released(self) -> bool:
        codes = {reason.code for reason in self.reasons}
        return bool(codes) and codes <= OVERRULED and not self.refusal

    @property
    def refusal(self) -> str:
        """Why a release would post money twice; empty where it would not, or people have to say so."""
        shown = ", ".join(self.found.shown)
        if self.twice:
            return f"{self.twice}; it moves the balance, and would move it twice: reject the file"
        if self.found.same:
            return (
                f"{self.found.same} lines carry names of lines that are in the books, and would be posted "
                f"twice ({shown}): reject the file"
            )
        if self.is_in_both and self.found.alike:
            return (
                f"{self.found.alike} lines have sum and day of lines in the books, which another format "
                f"names otherwise, and would be posted twice ({shown}): reject the file"
            )
        return ""


def list_held(books: Books) -> tuple[tuple[HeldFile, int], ...]:
    """Everything that is not done yet, oldest first, each with its age in local days. Raises LawMissing."""
    local = load_calendar(books.country).local_date
    today: date = local(books.clock.now())
    return tuple((file, (today - local(file.held_at)).days) for file in books.cases.held_files())


def look_at(digest: str, *, bank: Files, book: Book, books: Books) -> Looked:
    """Checked afresh, by the settings and the books of now. Raises NotFound."""
    file = _load(digest, books)
    key = lies_at(file)
    if not is_there(key, bank):
        raise NotFound("the file is on its way; look again after the next run of import_statement")
    source = bank.open(key)
    checked = check_statement(cast("BinaryIO", source), books.agency)
    again = bank.open(key, source.version)
    return _looked(file, checked, cast("BinaryIO", again), book, books)


def against_release(
    file: HeldFile,
    checked: Checked,
    again: BinaryIO,
    *,
    book: Book,
    books: Books,
    has_time: Callable[[], bool] = _always,
) -> tuple[Reason, ...] | None:
    """Why a file that two people released is held anew: it is not what they saw, or the books are not.

    `again` gives the bytes that were checked. None where the time is over before it is known. Nothing where
    lines of it are in the books: what has begun is brought in to its end.
    """
    if books.cases.guard(FILE_DONE, file.digest) or books.cases.guard(FILE_PLACE, f"{file.digest}#0"):
        return ()
    now = _looked(file, checked, again, book, books, has_time)
    if not now.found.is_whole:
        return None
    is_same = set(now.reasons) <= set(file.reasons) and now.found.alike == file.alike
    return () if now.found.own or (is_same and not now.refusal) else now.reasons or file.reasons


def _looked(
    file: HeldFile,
    checked: Checked,
    again: BinaryIO,
    book: Book,
    books: Books,
    has_time: Callable[[], bool] = _always,
) -> Looked:
    reasons = _reasons(checked, file, books)
    if checked.held or checked.role is None:
        return Looked(file, reasons, Found())
    found = alike_lines(again, checked, book, books, has_time)
    told, role = checked.told, checked.role.value
    twice = told_twice_over(told, role, books.cases, found.at_rest)
    return Looked(file, reasons, found, twice, is_told_in_both(told, role, checked.format, books.cases))


def _reasons(checked: Checked, file: HeldFile, books: Books) -> tuple[Reason, ...]:
    if checked.held:
        # A status report is no statement: what was said of it holds until a run reads it again.
        is_status = any(code.startswith("status_") for code in file.codes)
        return file.reasons if is_status else checked.held
    role = checked.role.value if checked.role else ""
    return told_before(checked.told, role, checked.format, books.cases)[0]


def retry_file(digest: str, *, by: str, books: Books) -> HeldFile:
    """The next run reads it as if it had just come, a rejected one too. Raises NotFound, InvalidInput."""
    return _decide(digest, HeldState.RETRIED, lambda file: retried(file, by, lies_at(file)), by, books)


def ask_release(
    digest: str, *, by: str, why: str, alike: int, bank: Files, book: Book, books: Books
) -> HeldFile:
    """The first pair of eyes says why the reason is a false alarm.

    `alike` is how many lines look like others in the books, and are other money all the same. Raises
    NotFound, InvalidInput, NotAllowed for a reason that is never overruled, RuleRefused for lines that
    would be posted twice.
    """
    file = _load(digest, books)
    if (file.state, file.asked_by, file.why, file.alike) == (HeldState.ASKED, by, why, alike):
        return file
    asked(file, by, why, alike, books.clock.now())
    _check(look_at(digest, bank=bank, book=book, books=books), alike)
    change = partial(asked, by=by, why=why, alike=alike, at=books.clock.now())
    return _decide(digest, HeldState.ASKED, change, by, books)


def release_file(digest: str, *, by: str, alike: int, bank: Files, book: Book, books: Books) -> HeldFile:
    """The second pair of eyes: the next run brings it in. What is in the books by its own name is not
    posted again. Raises NotFound, InvalidInput, NotAllowed for who asked, RuleRefused as `ask_release`."""
    file = _load(digest, books)
    if file.state is HeldState.RELEASED and file.released_by == by:
        return file
    released(file, by, alike, books.clock.now())
    _check(look_at(digest, bank=bank, book=book, books=books), alike)
    change = partial(released, by=by, alike=alike, at=books.clock.now())
    return _decide(digest, HeldState.RELEASED, change, by, books)


def reject_file(digest: str, *, by: str, why: str, books: Books) -> HeldFile:
    """Put aside until it is retried. Raises NotFound, InvalidInput where its lines are in the books."""
    if any(books.cases.guard(*row) for row in ((FILE_DONE, digest), (FILE_PLACE, f"{digest}#0"))):
        raise InvalidInput("the lines of this file are in the books; retry it", field="digest")
    change = partial(rejected, by=by, why=why, at=books.clock.now())
    return _decide(digest, HeldState.REJECTED, change, by, books)


def _check(looked: Looked, alike: int) -> None:
    """Raises InvalidInput, RuleRefused."""
    if set(looked.file.reasons) != set(looked.reasons):
        raise InvalidInput(
            "the file is held for another reason by now; retry it, and look at it again", field="digest"
        )
    if looked.refusal:
        raise RuleRefused(looked.refusal, field="digest")
    if looked.found.alike != alike:
        shown = ", ".join(looked.found.shown) or "none"
        raise InvalidInput(
            f"{looked.found.alike} lines look like lines in the books and would be posted twice if they "
            f"are the same money ({shown}): ask the bank, and give alike {looked.found.alike} where they "
            "are other money",
            field="alike",
        )


def _decide(
    digest: str, state: HeldState, change: Callable[[HeldFile], HeldFile], by: str, books: Books
) -> HeldFile:
    """One transaction of row and event; what the same person decided before is only told again."""

    def once() -> HeldFile:
        file = _load(digest, books)
        if file.state is state and by in (file.retried_by, file.rejected_by):
            return file
        newer = change(file)
        now: datetime = books.clock.now()
        more = {"asked_by": newer.asked_by} if state is HeldState.RELEASED else {}
        event = held_event(newer, "bank_file.decided", now, outcome=state.value, by=by, **more)
        books.cases.commit(Change(held_files=(newer,), events=(event,)))
        return newer

    return with_fresh_read(once)


def _load(digest: str, books: Books) -> HeldFile:
    file = books.cases.held_file(digest)
    if file is None:
        raise NotFound(f"no held bank file has the digest {digest}; list them for the digests")
    return file
