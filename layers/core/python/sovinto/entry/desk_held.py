"""What the agency's people ask of the desk about bank files that are held."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from sovinto.domain.agency import Agency
from sovinto.domain.held_file import FileSum, HeldFile, Reason
from sovinto.domain.money import Money
from sovinto.entry.bodies import Text
from sovinto.entry.case_story import Json
from sovinto.entry.desk import DeskRequest
from sovinto.ports import Book, Cases, Clock, Files

if TYPE_CHECKING:
    from sovinto.usecases.bank_line import Books
    from sovinto.usecases.settle_held import Looked

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the file: its name is the bank's, and may come again for other bytes."""
Alike = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class ListHeld(DeskRequest):
    """Everything that waits for people or for the next run, the oldest first."""

    action: Literal["held_files"]


class FileRequest(DeskRequest):
    digest: Digest


class LookAt(FileRequest):
    """Checked afresh; nothing is posted."""

    action: Literal["look_at_file"]


class RetryFile(FileRequest):
    action: Literal["retry_file"]


class AskRelease(FileRequest):
    """`alike`: so many lines look like lines in the books, and are other money."""

    action: Literal["ask_file_release"]
    reason: Text
    alike: Alike = 0


class ReleaseFile(FileRequest):
    """`alike` is what was asked for, as the second person sees it too."""

    action: Literal["release_file"]
    alike: Alike = 0


class RejectFile(FileRequest):
    action: Literal["reject_file"]
    reason: Text


REQUESTS: dict[str, type[DeskRequest]] = {
    "ask_file_release": AskRelease,
    "held_files": ListHeld,
    "look_at_file": LookAt,
    "reject_file": RejectFile,
    "release_file": ReleaseFile,
    "retry_file": RetryFile,
}


@dataclass(frozen=True, slots=True)
class Means:
    """What the actions need, whoever asks."""

    agency: Agency
    bank: Files
    book: Book
    cases: Cases
    clock: Clock


def act(request: DeskRequest, means: Means) -> Json:
    """The answer. Raises what the use case of the action raises."""
    # Here, not above: only who looks at bank files need load lxml for it.
    from sovinto.usecases import settle_held
    from sovinto.usecases.bank_line import Books

    books = Books(means.agency, means.cases, means.clock)
    if isinstance(request, ListHeld):
        listed = settle_held.list_held(books)
        return {"held_files": [{**held_json(file), "days": days} for file, days in listed]}
    if isinstance(request, LookAt):
        return _looked(settle_held.look_at(request.digest, bank=means.bank, book=means.book, books=books))
    return {"held_file": held_json(_decided(request, means, books, settle_held))}


def _decided(request: DeskRequest, means: Means, books: Books, settle_held: ModuleType) -> HeldFile:
    by, sources = request.by, {"bank": means.bank, "book": means.book, "books": books}
    file: HeldFile
    match request:
        case AskRelease():
            given: dict[str, Any] = {"why": request.reason, "alike": request.alike}
            file = settle_held.ask_release(request.digest, by=by, **given, **sources)
        case ReleaseFile():
            file = settle_held.release_file(request.digest, by=by, alike=request.alike, **sources)
        case RejectFile():
            file = settle_held.reject_file(request.digest, by=by, why=request.reason, books=books)
        case RetryFile():
            file = settle_held.retry_file(request.digest, by=by, books=books)
        case _:
            raise TypeError(f"{request.action} is no action about held files")
    return file


def _looked(looked: Looked) -> Json:
    found = looked.found
    return {
        "held_file": held_json(looked.file),
        "now": {
            "reasons": [reason_json(reason) for reason in looked.reasons],
            "retry_brings_it_in": not looked.reasons,
            "may_be_released": looked.may_be_released,
            "refusal": looked.refusal,
            "lines_in_the_books": found.seen,
            "lines_to_post": found.new,
            "sums_to_post": [money_json(Money(minor, code)) for code, minor in found.sums.items()],
            "same": found.same,
            "alike": found.alike,
            "shown": list(found.shown),
        },
    }


def held_json(file: HeldFile) -> Json:
    return {
        "digest": file.digest,
        "name": file.name,
        "held_at": file.held_at.isoformat(),
        "state": file.state.value,
        "format": file.format,
        "reasons": [reason_json(reason) for reason in file.reasons],
        "may_be_overruled": file.may_be_overruled,
        "sums": [sum_json(part) for part in file.sums],
        "alike": file.alike,
        "why": file.why,
        "asked_by": file.asked_by,
        "released_by": file.released_by,
        "retried_by": file.retried_by,
        "rejected_by": file.rejected_by,
    }


def reason_json(reason: Reason) -> Json:
    return {"code": reason.code, "message": reason.message}


def sum_json(part: FileSum) -> Json:
    """Balances are null where the file states none."""
    return {
        "account": part.account,
        "lines": part.lines,
        "credits": money_json(part.credits),
        "debits": money_json(part.debits),
        "opening": money_json(part.opening) if part.opening is not None else None,
        "closing": money_json(part.closing) if part.closing is not None else None,
    }


def money_json(money: Money) -> Json:
    return {"minor": money.minor, "currency": money.currency}
