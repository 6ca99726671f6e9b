"""A bank file of which nothing was posted: why, what it tells, and what people decided about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, NotAllowed

OTHER_FORMAT = "told_in_other_format"
OTHER_NAMES = "told_by_other_names"
OVERRULED = frozenset({OTHER_FORMAT, OTHER_NAMES})
"""Reasons that may be a false alarm, so that two people may overrule them. No other reason ever is: a file
that contradicts itself, cannot be read or is of a stranger's account is wrong whoever says otherwise."""
MOST_SUMS = 20


class HeldState(StrEnum):
    """`HELD` waits for people; `ASKED`: one wants it released. `RETRIED` and `RELEASED` are read again by
    the next run, which holds the file anew or brings it into the books (`IMPORTED`)."""

    HELD = "held"
    ASKED = "release_asked"
    RETRIED = "retried"
    RELEASED = "released"
    IMPORTED = "imported"
    REJECTED = "rejected"


WAITING = frozenset({HeldState.HELD, HeldState.ASKED})
READ_AGAIN = frozenset({HeldState.RETRIED, HeldState.RELEASED})
DONE = frozenset({HeldState.IMPORTED, HeldState.REJECTED})


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is stable, `message` one sentence that may quote the file."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FileSum:
    """What one part of the file comes to; `account` as the file writes it, `debits` below zero."""

    account: str
    lines: int
    credits: Money
    debits: Money
    opening: Money | None = None
    closing: Money | None = None


@dataclass(frozen=True, slots=True)
class HeldFile:
    """`digest` (SHA-256) is the file, `name` what the bank called it, `key` where it lies in the bucket.

    Who asked for its release saw `alike` lines that look like others in the books, and says `why` they are
    other money; of a rejected file `why` is that. `is_moved`: a file that is done has left `key`.
    """

    digest: str
    name: str
    key: str
    held_at: datetime
    reasons: tuple[Reason, ...]
    format: str = ""
    sums: tuple[FileSum, ...] = ()
    state: HeldState = HeldState.HELD
    alike: int = 0
    why: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    released_by: str = ""
    released_at: datetime | None = None
    retried_by: str = ""
    rejected_by: str = ""
    rejected_at: datetime | None = None
    is_moved: bool = False
    revision: int = 1

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))

    @property
    def may_be_overruled(self) -> bool:
        """Every reason may be a false alarm."""
        return bool(self.reasons) and OVERRULED.issuperset(self.codes)

    @property
    def overruled(self) -> frozenset[str]:
        """The reasons that the import passes over."""
        is_released = self.state in (HeldState.RELEASED, HeldState.IMPORTED) and self.released_by
        return frozenset(self.codes) & OVERRULED if is_released else frozenset()

    @property
    def is_queued(self) -> bool:
        """Somebody, or the next run, has to do something about it."""
        return not (self.state in DONE and self.is_moved)

    @property
    def text(self) -> str:
        return "; ".join(reason.message for reason in self.reasons)

    def moved(self) -> HeldFile:
        return replace(self, is_moved=True, revision=self.revision + 1)

    def imported(self) -> HeldFile:
        return replace(self, state=HeldState.IMPORTED, is_moved=False, revision=self.revision + 1)

    def begun(self) -> HeldFile:
        """The same bytes came again and are right by now: lines of it come into the books, so that nobody
        rejects it any more."""
        return replace(self.held_again(()), state=HeldState.RETRIED, reasons=self.reasons)

    def held_again(self, reasons: Iterable[Reason]) -> HeldFile:
        """The same object where nothing is new; else whoever looks decides afresh."""
        found = tuple(reasons)
        if self.state in WAITING and found == self.reasons:
            return self
        return replace(
            HeldFile(self.digest, self.name, self.key, self.held_at, found, self.format, self.sums),
            revision=self.revision + 1,
        )


def retried(file: HeldFile, by: str, key: str) -> HeldFile:
    """The next run reads it, where it lies at `key`, as if it had just come; a rejected one too, for people
    err. Raises InvalidInput where it is decided otherwise."""
    if file.state is not HeldState.REJECTED:
        _must_wait(file, "read again")
    fresh = file.held_again(())
    return replace(fresh, key=key, state=HeldState.RETRIED, reasons=file.reasons, retried_by=by)


def asked(file: HeldFile, by: str, why: str, alike: int, at: datetime) -> HeldFile:
    """The first pair of eyes. Raises InvalidInput, NotAllowed where a reason may never be overruled."""
    _check_overruled(file)
    if file.state is HeldState.ASKED:
        raise InvalidInput(
            f"the release of this file was asked for by {file.asked_by} already; release it, or reject it",
            field="digest",
        )
    _must_wait(file, "released")
    return replace(
        file,
        state=HeldState.ASKED,
        asked_by=by,
        asked_at=at,
        why=why,
        alike=alike,
        revision=file.revision + 1,
    )


def released(file: HeldFile, by: str, alike: int, at: datetime) -> HeldFile:
    """The second pair of eyes. Raises NotAllowed for who asked, InvalidInput where nobody has."""
    if file.state is not HeldState.ASKED:
        raise InvalidInput(
            f"the file is {file.state.value}; only one whose release was asked for can be released",
            field="digest",
        )
    _check_overruled(file)
    if by == file.asked_by:
        raise NotAllowed(
            "by must be somebody else than who asked for the release; ask a colleague", field="by"
        )
    if alike != file.alike:
        raise InvalidInput(
            f"alike must be {file.alike}, what was asked for; look at the file again", field="alike"
        )
    return replace(
        file, state=HeldState.RELEASED, released_by=by, released_at=at, revision=file.revision + 1
    )


def rejected(file: HeldFile, by: str, why: str, at: datetime) -> HeldFile:
    """Put aside, also when the bank delivers it again, until it is retried. Raises InvalidInput."""
    _must_wait(file, "rejected")
    return replace(
        file,
        state=HeldState.REJECTED,
        rejected_by=by,
        rejected_at=at,
        why=why,
        revision=file.revision + 1,
    )


def _must_wait(file: HeldFile, done: str) -> None:
    if file.state not in WAITING:
        raise InvalidInput(
            f"the file is {file.state.value}; only one that is held can be {done}", field="digest"
        )


def _check_overruled(file: HeldFile) -> None:
    never = [code for code in file.codes if code not in OVERRULED]
    if never:
        raise NotAllowed(
            f"nobody may overrule {', '.join(never)}: ask the bank for a right file, or retry it once the "
            "cause is mended",
            field="digest",
        )
