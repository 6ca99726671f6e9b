"""`sovinto intake FILE`: what we read in a case file, before it goes anywhere."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from sovinto.adapters.system import real_now
from sovinto.cli.asked import pack_asked
from sovinto.countries import load_calendar
from sovinto.domain.law.coverage import rates_known_from
from sovinto.errors import InvalidInput
from sovinto.formats.case_file import CaseFile, DuplicateRow, RefusedRow, check_case_file, read_case_file

MAX_BYTES = 2 * 1024**3


def add_to(commands: Any) -> None:
    intake = commands.add_parser(
        "intake", help="check a case file: which rows would become cases, which not"
    )
    intake.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
    intake.add_argument("--country", default="FI", help="where the debtors are, ISO 3166 (default FI)")
    intake.add_argument("--on", type=_day, help="the day it is sent, YYYY-MM-DD (default today)")
    intake.add_argument("--json", action="store_true", help="for machines")
    intake.set_defaults(run=run_intake)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-01-31") from wrong


def _existing(path: Path) -> Path:
    """Raises InvalidInput where there is nothing to read."""
    if not path.is_file():
        raise InvalidInput(f"FILE {path} is not there or not a file; check the name", field="file")
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(f"FILE {path} is larger than {MAX_BYTES} bytes; split it", field="file")
    return path


def run_intake(options: argparse.Namespace) -> int:
    """0 also with refused rows: the good ones proceed. Raises FormatRefused for the whole file."""
    path = _existing(options.file)
    pack = pack_asked(options.country)
    on = options.on or load_calendar(pack.country).local_date(real_now())
    case_file = check_case_file(
        read_case_file(
            path.read_bytes(),
            file_name=path.name,
            default_country=pack.country,
            default_currency=pack.currency,
            default_language=pack.languages[0],
        ),
        today=on,
        country=pack.country,
        currency=pack.currency,
        languages=pack.languages,
        debtor_types=frozenset(pack.ladders),
        rates_from=rates_known_from(pack),
    )
    report = _intake_json(case_file)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return 0
    print(f"{report['rows']} rows: {report['accepted']} good, {report['refused']} refused, "
          f"{report['duplicates']} duplicates")  # fmt: skip
    for problem in report["problems"]:
        print(problem)
    for row in report["report"]:
        for problem in row["problems"]:
            column = f"{problem['column']}: " if problem["column"] else ""
            print(f"row {row['row']}: {column}{problem['reason']}")
    return 0


def _intake_json(case_file: CaseFile) -> dict[str, Any]:
    return {
        "encoding": case_file.encoding,
        "delimiter": case_file.delimiter,
        "rows": len(case_file.rows),
        "accepted": len(case_file.accepted),
        "refused": len(case_file.refused),
        "duplicates": len(case_file.duplicates),
        "problems": list(case_file.problems),
        "report": [_row_json(row) for row in case_file.rows],
    }


def _row_json(row: Any) -> dict[str, Any]:
    match row:
        case RefusedRow():
            problems = [{"column": p.column, "value": p.value, "reason": p.reason} for p in row.problems]
            return _row(row.row_number, "refused", row.client_reference, problems)
        case DuplicateRow():
            why = {"column": "", "value": "", "reason": f"the same as row {row.first_row_number}"}
            return _row(row.row_number, "duplicate", row.client_reference, [why])
        case _:
            return _row(row.row_number, "accepted", row.placement.client_reference, [])


def _row(
    number: int, outcome: str, reference: str | None, problems: list[dict[str, str]]
) -> dict[str, Any]:
    return {"row": number, "outcome": outcome, "reference": reference or "", "problems": problems}
