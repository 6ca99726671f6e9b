"""`sovinto case import-financials`: a file of companies' figures, row by row to the desk."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sovinto.cli.desk import ask
from sovinto.cli.files import MAX_BYTES
from sovinto.cli.local import running_cloud
from sovinto.domain.company import CompanyFigures
from sovinto.errors import InvalidInput
from sovinto.formats.company_file import FiguresRow, read_company_file


def add_to(actions: Any) -> None:
    parser = actions.add_parser(
        "import-financials", help="record a file of companies' figures in every open case against them"
    )
    parser.add_argument("file", metavar="FILE", help="CSV or XLSX: registration id, as of, source, ...")
    parser.add_argument("--by", required=True, help="the id of the collector who does it")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each row")
    parser.set_defaults(run=run_import)


def run_import(options: argparse.Namespace) -> int:
    """A line for each row; 1 where a row was not recorded. Raises InvalidInput, FormatRefused."""
    path = Path(options.file)
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise InvalidInput(
            f"FILE {path} must be a file of at most {MAX_BYTES} bytes; check the name", field="file"
        )
    running = running_cloud()
    country = running.prefix.split("-")[1].upper()
    rows = read_company_file(path.read_bytes(), file_name=path.name, default_country=country)
    failed = 0
    for row in rows:
        is_recorded, said = _recorded(running, row, options.by)
        failed += not is_recorded
        told = {"row": row.number, "is_recorded": is_recorded, "message": said}
        print(json.dumps(told, ensure_ascii=False) if options.json else f"row {row.number}: {said}")
    return 1 if failed else 0


def _recorded(running: Any, row: FiguresRow, by: str) -> tuple[bool, str]:
    if row.figures is None:
        return False, row.problem
    try:
        answer = ask(running, {"action": "import_financials", "by": by, **_request(row.figures)})
    except InvalidInput as refusal:
        return False, refusal.message
    return not answer["imported"]["refused"], answer["imported"]["message"]


def _request(figures: CompanyFigures) -> dict[str, Any]:
    given = asdict(figures) | {"as_of": figures.as_of.isoformat()}
    return {name: value for name, value in given.items() if value not in (None, "")}
