"""The same payment in a detail file and in a statement: recognised by its name, and posted once.

Each time a payment is told, by either kind of file, it takes the next place in the series of its names.
The payments at one place of the two series are the same money, in whichever order they are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sovinto.errors import Conflict, StaleVersion
from sovinto.formats.statement.roles import Role
from sovinto.ids import CaseId, PaymentId, derived
from sovinto.ports import Cases, Guard
from sovinto.usecases.bank_line import BankLine
from sovinto.usecases.guard_series import length_of

HAS_TOLD = "TOLD"
CALLED = "CALLED"
BATCH_USED = "DETAILS_USED"
LUMP, LINES = "lump", "lines"
_SCOPES = {Role.RECORD: "TOLD#record", Role.DETAILS: "TOLD#details"}
_MARKS = "&"
_OTHER = {Role.RECORD: Role.DETAILS, Role.DETAILS: Role.RECORD}


class PlaceTaken(Conflict):
    """Another payment has this name already: the next place is the line's."""

    code = "place_taken"


@dataclass(frozen=True, slots=True)
class Telling:
    """`guards` are the line's places; `unless` those of the other kind that must still be empty."""

    guards: tuple[Guard, ...] = ()
    unless: tuple[tuple[str, str], ...] = ()
    is_known: bool = False

    def posted_to(self, case_id: CaseId) -> Telling:
        """The places tell where the money went, so that its return finds it."""
        guards = (
            replace(guard, payload=guard.payload.replace("||", f"|{case_id}|")) for guard in self.guards
        )
        return replace(self, guards=tuple(guards))


@dataclass(frozen=True, slots=True)
class Called:
    """An earlier payment by a name; `case_id` is empty where no rule posted it."""

    payment_id: PaymentId
    case_id: CaseId
    is_by_bank: bool


def has_told(account: str, role: Role) -> tuple[str, str]:
    """The row that says that a file of this kind was posted for that account."""
    return HAS_TOLD, f"{account}#{role.value}"


def other_has_told(line: BankLine) -> tuple[str, str]:
    """The row that says that the other kind of file was posted for the line's account."""
    return has_told(line.account, _OTHER[line.role])


def told_elsewhere(line: BankLine, cases: Cases) -> tuple[tuple[str, str], ...]:
    """Rows that say, at the first place of each name, that the other kind of file told of the money."""
    if cases.guard(*other_has_told(line)) is None:
        return ()
    return tuple((_SCOPES[_OTHER[line.role]], f"{name}#0") for name in _names(line))


def telling_of(line: BankLine, cases: Cases, *, is_first: bool) -> Telling:
    """`is_known`: the other kind of file has told of this money before.

    With `is_first` the first place of each series is taken to be free, which spares a read: most names
    come once, and where one is taken the transaction says so (PlaceTaken).
    """
    other = _OTHER[line.role]
    absent = other_has_told(line)
    is_alone = cases.guard(*absent) is None
    told = f"{line.payment.payment_id}||{line.batch}{_MARKS}{','.join(_marks(line))}"
    guards, unless, is_known = [], [absent] if is_alone else [], False
    for name in _names(line):
        place = f"{name}#{0 if is_first else length_of(_SCOPES[line.role], name, cases)}"
        guards.append(Guard(_SCOPES[line.role], place, told, clash=PlaceTaken))
        if is_alone:
            continue
        told_before = cases.guard(_SCOPES[other], place)
        if told_before is None:
            unless.append((_SCOPES[other], place))
            continue
        batch, _, marks = told_before.rpartition("|")[2].partition(_MARKS)
        if _contradicts(line, marks):
            continue
        use = use_of(batch, LINES, cases)
        is_known = is_known or use is not None
        guards += use or ()
    if line.end_to_end_id:
        called = _called(line)
        place = f"{called}#{0 if is_first else length_of(CALLED, called, cases)}"
        guards.append(Guard(CALLED, place, told, clash=PlaceTaken))
    if line.bank_reference:
        # When the money goes back, the day it came is not known.
        called = _by_bank(line)
        place = f"{called}#{0 if is_first else length_of(CALLED, called, cases)}"
        guards.append(Guard(CALLED, place, told, clash=PlaceTaken))
    # Two names may lead to one batch.
    return Telling(tuple(dict.fromkeys(guards)), () if is_known else tuple(unless), is_known)


def use_of(batch: str, how: str, cases: Cases) -> tuple[Guard, ...] | None:
    """What to store with the use of a detail file's batch: as its sum, or line by line, never as both.

    None where it was used in the other way: then it is not this money.
    """
    used = cases.guard(BATCH_USED, batch) if batch else how
    if used is None:
        return (Guard(BATCH_USED, batch, how, clash=StaleVersion),)
    return () if used == how else None


def with_places(action: Callable[[bool], None]) -> None:
    """Run `action(is_first)`, and once more with places looked up where a name was taken."""
    try:
        action(True)
    except PlaceTaken:
        action(False)


def payments_called(line: BankLine, cases: Cases, most: int = 10) -> Iterator[Called]:
    """What the line may take back by the names it carries, the newest first."""
    series = [(_called(line, is_undone=True), False)] if line.end_to_end_id else []
    if line.bank_reference:
        series.append((_by_bank(line, is_undone=True), True))
    for name, is_by_bank in series:
        end = length_of(CALLED, name, cases)
        for place in range(end - 1, max(end - 1 - most, -1), -1):
            payment_id, case_id, _ = (cases.guard(CALLED, f"{name}#{place}") or "||").split("|")
            yield Called(PaymentId(payment_id), CaseId(case_id), is_by_bank=is_by_bank)


def debits_left(line: BankLine, cases: Cases) -> int:
    """How often statements told the debit that this credit may give back, less its returns before it."""
    return _told(_called(line, is_undone=True), cases) - _told(_called(line), cases)


def _told(called: str, cases: Cases) -> int:
    """A detail file's telling has a batch: it is the same money as the statement's."""
    rows = [
        cases.guard(CALLED, f"{called}#{place}") or "" for place in range(length_of(CALLED, called, cases))
    ]
    return sum(row.partition(_MARKS)[0].endswith("|") for row in rows)


def _names(line: BankLine) -> Iterator[str]:
    """Payers and banks may use a name again on another day, so the day belongs to each."""
    day = line.booked_on.isoformat()
    if line.owners:
        yield _name(line, "reference", day, *sorted(line.owners))
    if line.end_to_end_id:
        yield _name(line, "end to end", day, line.end_to_end_id)
    if line.bank_reference:
        yield _name(line, "bank", day, line.bank_reference)


def _marks(line: BankLine) -> tuple[str, str]:
    """What the payer called the payment: its references and its end-to-end id, as digests."""
    references = derived("tld", *sorted(line.owners)) if line.owners else ""
    return references, derived("tld", line.end_to_end_id) if line.end_to_end_id else ""


def _contradicts(line: BankLine, marks: str) -> bool:
    """Both tellings say what the payer called it, and in nothing the same: it is other money."""
    both = [
        (own, other) for own, other in zip(_marks(line), marks.split(","), strict=False) if own and other
    ]
    return bool(both) and all(own != other for own, other in both)


def _called(line: BankLine, *, is_undone: bool = False) -> str:
    return _name(line, "end to end", line.end_to_end_id, is_undone=is_undone)


def _by_bank(line: BankLine, *, is_undone: bool = False) -> str:
    return _name(line, "bank", line.bank_reference, is_undone=is_undone)


def _name(line: BankLine, *words: str, is_undone: bool = False) -> str:
    minor = -line.amount.minor if is_undone else line.amount.minor
    return derived("tld", line.account, line.amount.currency, str(minor), *words)


def names_of(line: BankLine) -> tuple[str, ...]:
    return tuple(_names(line))


def told_rows(line: BankLine, own: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    """By name of the line, the row that is there where its kind of files told of another line by it; `own`
    counts the names of its file."""
    return {name: (_SCOPES[line.role], f"{name}#{own.get(name, 0)}") for name in _names(line)}


def has_one_name(line: BankLine, told: Sequence[str]) -> bool:
    """Where the bank gives each booking a name of its own, that one counts alone."""
    if not line.bank_reference:
        return bool(told)
    return _name(line, "bank", line.booked_on.isoformat(), line.bank_reference) in told
