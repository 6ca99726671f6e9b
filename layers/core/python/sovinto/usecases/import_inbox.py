"""The bank bucket: inbox/ holds what the bank delivered, processed/ and held/ what became of it."""

from __future__ import annotations

from sovinto.domain.agency import Agency
from sovinto.errors import FormatRefused, NotFound
from sovinto.formats.statement import read_statement
from sovinto.ports import Cases, Clock, Files
from sovinto.usecases.import_statement import ImportReport, import_statement

INBOX = "inbox/"
MAX_FILES = 50


def import_inbox(*, bank: Files, agency: Agency, cases: Cases, clock: Clock) -> dict[str, int]:
    """Counts over all files of one run. A file is moved only after every line of it is in the books."""
    totals = {"files": 0, "held": 0, "matched": 0, "repeated": 0, "suspense": 0, "transfers": 0}
    for key in bank.keys(INBOX)[:MAX_FILES]:
        try:
            report = _one(key, bank, agency, cases, clock)
        except NotFound:
            # A twin run has moved the file: its lines are in the books by their guards.
            continue
        totals["files"] += 1
        totals["held"] += bool(report.held)
        for name in ("matched", "repeated", "suspense", "transfers"):
            totals[name] += getattr(report, name)
    return totals


def _one(key: str, bank: Files, agency: Agency, cases: Cases, clock: Clock) -> ImportReport:
    try:
        report = import_statement(read_statement(bank.read(key)), agency=agency, cases=cases, clock=clock)
    except FormatRefused as refusal:
        report = ImportReport(held=refusal.message)
    name = key.removeprefix(INBOX)
    if report.held:
        bank.write(f"held/{name}.reason.txt", report.held.encode(), "text/plain")
    bank.move(key, f"{'held' if report.held else 'processed'}/{name}")
    return report
