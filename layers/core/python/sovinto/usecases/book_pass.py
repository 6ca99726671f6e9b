"""One pass over the whole book, as it lies in the table: what each entry and each day shows by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sovinto.countries import load_calendar
from sovinto.domain.chain import Chain, digest_of
from sovinto.domain.day_seal import MARGIN, DaySeal, from_text
from sovinto.domain.ledger import Entry
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.proof import Break, Sums, entry_breaks, raw_breaks
from sovinto.domain.stored_entry import StoredEntry
from sovinto.ids import CaseId, ClientId
from sovinto.ports import Cases, Clients, Files, Orders
from sovinto.usecases.prove_bank import Postings
from sovinto.usecases.prove_carried import CarriedRows
from sovinto.usecases.prove_rows import Retained
from sovinto.usecases.seal_days import BEGINNING, SEAL, days

LONGEST_TRANSACTION = MARGIN


class StoredBook(Protocol):
    """The ledger by day of posting (UTC), as it lies in the table."""

    def stored(self, day: str) -> Iterator[StoredEntry]: ...
    def suspense(self) -> tuple[UnallocatedPayment, ...]: ...
    def carried_rows(self, client_id: ClientId, upto: datetime) -> Sequence[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that is read; `bank` None where the bank's files are out of reach."""

    book: StoredBook
    cases: Cases
    clients: Clients
    bank: Files | None
    country: str
    orders: Orders
    beginning: date = BEGINNING


@dataclass(slots=True)
class Read:
    """One pass over the whole book, folded day by day: memory grows with accounts, not with entries."""

    sums: Sums = field(default_factory=Sums)
    all_sums: Sums = field(default_factory=Sums)
    chains: dict[CaseId, Chain] = field(default_factory=dict)
    postings: Postings = field(default_factory=Postings)
    carried: CarriedRows = field(default_factory=CarriedRows)
    retained: Retained = field(default_factory=Retained)
    below: dict[str, Entry] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    entries: int = 0
    loose_unsealed: int = 0
    first_sealed: datetime | None = None
    sealed_days: int = 0
    last_day: int = 0


def read_book(sources: Sources, now: datetime, as_of: date | None) -> Read:
    read = Read(carried=CarriedRows.read(sources.book, sources.clients, now))
    local_day = load_calendar(sources.country).local_date
    before: DaySeal | None = None
    late: Break | None = None
    for day in days(sources.beginning, now):
        stored = list(sources.book.stored(day.isoformat()))
        read.last_day = len(stored)
        found = _day(stored, read, lambda entry: as_of is None or local_day(entry.posted_at) <= as_of)
        seal = _seal(sources.cases, day, read)
        if seal is not None:
            if late is not None:
                read.breaks.append(late)
            late = None
            read.sealed_days += 1
            read.breaks += _seal_breaks(seal, before, found)
            before = seal
        elif late is None and (found or before):
            late = Break("seal", day.isoformat(), "the day has no seal, but a later day has one")
    return read


def _day(
    stored: Iterable[StoredEntry], read: Read, counts: Callable[[Entry], bool]
) -> dict[str, tuple[str, Entry | None]]:
    """Entry id -> what must be its digest, and the entry."""
    found: dict[str, tuple[str, Entry | None]] = {}
    for item in stored:
        read.entries += 1
        read.breaks += raw_breaks(item.body, item.where)
        entry = item.entry
        if item.problem:
            at = entry.posted_at if entry else None
            name = entry.entry_id if entry else item.where
            read.breaks.append(
                Break("stored", name, f"of what is stored at {item.where}: {item.problem}", at)
            )
        if entry is None:
            found[item.where] = ("", None)
            continue
        found[entry.entry_id] = (digest_of(entry), entry)
        _one(entry, read, is_counted=counts(entry))
    return found


def _one(entry: Entry, read: Read, *, is_counted: bool) -> None:
    read.breaks += entry_breaks(entry)
    read.all_sums.add(entry)
    read.postings.add(entry)
    read.carried.add(entry)
    if is_counted:
        read.sums.add(entry)
        read.retained.add(entry)
        _note_refunds(entry, read)
    if entry.case_id is not None:
        read.chains.setdefault(entry.case_id, Chain()).add(entry)
    elif not entry.digest:
        read.loose_unsealed += 1
        if read.first_sealed and entry.posted_at > read.first_sealed + LONGEST_TRANSACTION:
            what = "the entry has no digest although others had one long before: it was put in"
            read.breaks.append(Break("digest", entry.entry_id, what, entry.posted_at))
    elif digest_of(entry) != entry.digest:
        what = "the entry is not as it was when it was sealed"
        read.breaks.append(Break("digest", entry.entry_id, what, entry.posted_at))
    if entry.digest and read.first_sealed is None:
        read.first_sealed = entry.posted_at


def _note_refunds(entry: Entry, read: Read) -> None:
    """Which entry took a refund below zero, as long as it stays there."""
    for line in entry.lines:
        if line.account.startswith("refunds:"):
            if read.sums.of(line.account, line.amount.currency) > 0:
                read.below.setdefault(line.account, entry)
            else:
                read.below.pop(line.account, None)


def _seal(cases: Cases, day: date, read: Read) -> DaySeal | None:
    text = cases.guard(SEAL, day.isoformat())
    if text is None:
        return None
    try:
        return from_text(text)
    except (ValueError, KeyError, TypeError):
        read.breaks.append(Break("seal", day.isoformat(), "what is stored as the day's seal is none"))
        return None


def _seal_breaks(
    seal: DaySeal, before: DaySeal | None, found: dict[str, tuple[str, Entry | None]]
) -> Iterator[Break]:
    day = seal.day.isoformat()
    if seal.before != (before.digest if before else ""):
        yield Break("seal", day, "the day's seal does not follow the seal of the day before")
    entries = {entry_id: digest for entry_id, (digest, _) in found.items()}
    if seal.differs(entries):
        entry_id, what = seal.first_other(entries)
        entry = found.get(entry_id, ("", None))[1]
        text = f"{'the entry ' if entry_id else ''}{what} (sealed day {day})"
        yield Break("seal", entry_id or day, text, entry.posted_at if entry else None)
