"""What the import writes about a held file, and where the file lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from sovinto.domain.event import Event
from sovinto.domain.held_file import DONE, WAITING, HeldFile, HeldState, Reason
from sovinto.formats.statement.roles import Role, role_of
from sovinto.ids import EventId, derived
from sovinto.ports import Cases, Change, Files, Opened
from sovinto.usecases.bank_line import Books
from sovinto.usecases.check_statement import Checked
from sovinto.usecases.retry import with_fresh_read

INBOX, IMPORTING, HELD = "inbox/", "importing/", "held/"
PROCESSED, SHOWN, REJECTED = "processed", "shown", "rejected"


def place_of(folder: str, key: str, digest: str) -> str:
    """The digest keeps apart what a bank delivers under one name on two days."""
    for place in (INBOX, IMPORTING, HELD, f"{REJECTED}/"):
        key = key.removeprefix(place)
    name = PurePosixPath(key)
    stem = name.stem.removesuffix(f"-{digest[:12]}")
    return str(folder / name.with_name(f"{stem}-{digest[:12]}{name.suffix}"))


def lies_at(file: HeldFile) -> str:
    """A rejected file has left the key of its row."""
    is_aside = file.state is HeldState.REJECTED and file.is_moved
    return place_of(REJECTED, file.key, file.digest) if is_aside else file.key


def reason_of(key: str) -> str:
    """Where the reason stands for whoever looks into the bucket."""
    return f"{key}.reason.txt"


def is_there(key: str, bank: Files) -> bool:
    """By listing: who may not list a folder cannot tell absence from refused access."""
    return key in bank.keys(key)


def held_event(file: HeldFile, kind: str, now: datetime, **data: str) -> Event:
    """Codes and ids only: what the bank wrote, and what people wrote, stays on the item."""
    return Event(
        event_id=EventId(derived("evt", "bank_file", file.digest, str(file.revision))),
        type=kind,
        version=1,
        occurred_at=now,
        subject_kind="bank_file",
        subject_id=file.digest,
        client_id="",
        data=(("codes", ",".join(file.codes)), *data.items()),
    )


def hold(file: Opened, checked: Checked, reasons: Sequence[Reason], bank: Files, books: Books) -> None:
    """The row first, then the file: a run that dies in between finds the file and does the rest again."""

    def once() -> HeldFile:
        known = books.cases.held_file(checked.digest)
        held = _again(known, reasons) if known else _new(file.key, checked, reasons, books)
        if held is not known:
            event = held_event(held, "bank_file.held", books.clock.now(), format=held.format or "unknown")
            books.cases.commit(Change(held_files=(held,), events=(event,)))
        return held

    held = with_fresh_read(once)
    bank.write(reason_of(held.key), held.text.encode(), "text/plain")
    if file.key != held.key:
        bank.move(file, held.key)


def _again(known: HeldFile, reasons: Sequence[Reason]) -> HeldFile:
    """What was rejected, and is read again, lies with the others once more."""
    held = known.held_again(reasons)
    return held if held is known else replace(held, key=place_of(HELD, known.key, known.digest))


def _new(key: str, checked: Checked, reasons: Sequence[Reason], books: Books) -> HeldFile:
    return HeldFile(
        digest=checked.digest,
        name=key.removeprefix(INBOX).removeprefix(IMPORTING),
        key=place_of(HELD, key, checked.digest),
        held_at=books.clock.now(),
        reasons=tuple(reasons),
        format=checked.format,
        sums=tuple(checked.parts),
    )


def brought_in(digest: str, cases: Cases) -> bool:
    """Every line of it is in the books; True where it had been held before.

    A person who rejected it at the same moment came too late.
    """

    def changed(file: HeldFile) -> HeldFile | None:
        return None if file.state is HeldState.IMPORTED else file.imported()

    return _store(digest, changed, cases) is not None


def begin(digest: str, cases: Cases) -> bool:
    """Before the first line of it: what waits for people waits no more. False where people rejected it."""

    def changed(file: HeldFile) -> HeldFile | None:
        return file.begun() if file.state in WAITING else None

    file = _store(digest, changed, cases)
    return file is None or file.state is not HeldState.REJECTED


def clear_away(digest: str, bank: Files, cases: Cases) -> None:
    """What is done leaves `held/`: first the file, then the list, so that a run that dies does it again."""
    file = cases.held_file(digest)
    if file is None or file.state not in DONE or file.is_moved:
        return
    folder = _folder(file)
    to = place_of(folder, file.key, digest)
    # What lies under processed/ is read by the proof, so that the reason goes to what is only news.
    beside = reason_of(to if folder == REJECTED else place_of(SHOWN, file.key, digest))
    for key, place in ((file.key, to), (reason_of(file.key), beside)):
        if is_there(key, bank):
            bank.move(bank.open(key), place)
    _store(digest, _as_moved, cases)


def _as_moved(file: HeldFile) -> HeldFile | None:
    """Nothing where a person wants a rejected one read again by now."""
    return None if file.is_moved or file.state not in DONE else file.moved()


def _folder(file: HeldFile) -> str:
    if file.state is HeldState.REJECTED:
        return REJECTED
    return SHOWN if role_of(file.format) is Role.INTERIM else PROCESSED


def _store(digest: str, changed: Callable[[HeldFile], HeldFile | None], cases: Cases) -> HeldFile | None:
    """The row as it was read; None where there is none."""

    def once() -> HeldFile | None:
        file = cases.held_file(digest)
        newer = changed(file) if file is not None else None
        if newer is not None:
            cases.commit(Change(held_files=(newer,)))
        return file

    return with_fresh_read(once)
