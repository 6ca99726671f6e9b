"""The bank bucket: inbox/ holds what the bank delivered, processed/ and held/ what became of it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePosixPath

from sovinto.domain.agency import Agency
from sovinto.errors import FormatRefused, NotFound
from sovinto.formats.statement import read_statement
from sovinto.ports import Cases, Clock, Fetched, Files
from sovinto.usecases.import_statement import ImportReport, import_statement
from sovinto.usecases.partly import Failures

INBOX = "inbox/"
MAX_FILES = 50
COUNTED = ("matched", "repeated", "suspense", "transfers", "ignored")


def import_inbox(*, bank: Files, agency: Agency, cases: Cases, clock: Clock) -> dict[str, int]:
    """Counts over all files of one run. A file is moved only after every line of it is in the books.

    A file that fails stays in the inbox and stops no other. Raises PartlyFailed at the end.
    """
    totals = dict.fromkeys(("files", "held", "failed", *COUNTED), 0)
    failures = Failures()
    for key in bank.keys(INBOX)[:MAX_FILES]:
        with failures.kept():
            _one(key, totals, bank, agency, cases, clock)
    totals["failed"] = len(failures.causes)
    failures.raise_any(totals)
    return totals


def _one(key: str, totals: dict[str, int], bank: Files, agency: Agency, cases: Cases, clock: Clock) -> None:
    try:
        file = bank.fetch(key)
    except NotFound:
        # A twin run has moved the file: its lines are in the books by their guards.
        return
    report = _posted(file, agency, cases, clock)
    if report.held:
        bank.write(f"{_place('held', file)}.reason.txt", report.held.encode(), "text/plain")
    bank.move(file, _place("held" if report.held else "processed", file))
    totals["files"] += 1
    totals["held"] += bool(report.held)
    for name in COUNTED:
        totals[name] += getattr(report, name)


def _posted(file: Fetched, agency: Agency, cases: Cases, clock: Clock) -> ImportReport:
    try:
        return import_statement(read_statement(file.data), agency=agency, cases=cases, clock=clock)
    except FormatRefused as refusal:
        return ImportReport(held=refusal.message)


def _place(folder: str, file: Fetched) -> str:
    """The digest keeps apart what a bank delivers under one name on two days."""
    name = PurePosixPath(file.key.removeprefix(INBOX))
    digest = sha256(file.data).hexdigest()[:12]
    return str(folder / name.with_name(f"{name.stem}-{digest}{name.suffix}"))
