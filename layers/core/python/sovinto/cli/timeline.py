"""`sovinto timeline preview`: what will happen to a case if nobody reacts, day by day, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.adapters.system import real_now
from sovinto.cli import asked, policy_diff
from sovinto.cli.files import MAX_BYTES
from sovinto.cli.local import running_cloud, virtual_now
from sovinto.cli.timeline_words import json_lines, table_lines
from sovinto.countries import load_calendar
from sovinto.domain.facts import MORNING
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.law.model import Pack
from sovinto.domain.preview import Preview
from sovinto.errors import InvalidInput
from sovinto.formats.case_file import CaseFile, check_case_file, read_case_file
from sovinto.ids import CaseId
from sovinto.usecases.preview_case import preview_case, preview_placement
from sovinto.usecases.preview_people import PREVIEW_SENDER, preview_client

MOST_DAYS = 3660


def add_to(commands: Any) -> None:
    timeline = commands.add_parser("timeline", help="what will happen to a case, and how policies differ")
    actions = timeline.add_subparsers(dest="action", required=True, metavar="ACTION")
    preview = actions.add_parser("preview", help="day by day, if nobody reacts")
    preview.add_argument(
        "subject",
        metavar="CASE-OR-FILE",
        help="the id of a case of the running local cloud, or a case file (CSV or XLSX)",
    )
    preview.add_argument("--country", default="FI", help="where the file's debtors are (default FI)")
    preview.add_argument("--days", type=int, default=180, help="how far to look (default 180)")
    preview.add_argument("--on", help="the day it begins, YYYY-MM-DD (default now)")
    preview.add_argument("--segment", default="", help="the client's segment, for policies of its own")
    preview.add_argument(
        "--creditor-vat-deductible",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="for a file: whether the creditor deducts VAT, which some laws add to costs (default yes)",
    )
    preview.set_defaults(run=run_preview)
    preview.add_argument("--json", action="store_true", help="JSON lines for machines")
    policy_diff.add_to(actions)


def run_preview(options: argparse.Namespace) -> int:
    """Raises InvalidInput, NotFound for a case nobody knows, FormatRefused for a file."""
    if not 1 <= options.days <= MOST_DAYS:
        raise InvalidInput(
            f"--days must be 1 to {MOST_DAYS}, not {options.days}; give a number between", field="days"
        )
    found = _of_file(options) if Path(options.subject).is_file() else _of_case(options)
    lines = json_lines if options.json else table_lines
    for place, (name, preview, calendar) in enumerate(found):
        if place and not options.json:
            print()
        print("\n".join(lines(name, preview, calendar)))
    return 0


Found = Iterator[tuple[str, Preview, Calendar]]


def _of_file(options: argparse.Namespace) -> Found:
    """Every row that would become a case, by its reference; the others are for `sovinto intake`."""
    pack = asked.pack_asked(options.country)
    calendar = load_calendar(pack.country)
    at = real_now() if options.on is None else _morning(asked.day_asked(options.on, "--on"), calendar)
    client = preview_client(
        pack, segment=options.segment, is_vat_deductible=options.creditor_vat_deductible
    )
    accepted = _case_file(Path(options.subject), pack, calendar.local_date(at)).accepted
    if not accepted:
        raise InvalidInput(
            f"FILE {options.subject} has no row that would become a case; `sovinto intake` says why",
            field="file",
        )
    for row in accepted:
        name = row.placement.client_reference
        found = preview_placement(
            row.placement,
            name=str(row.row_number),
            client=client,
            sender=PREVIEW_SENDER,
            at=at,
            days=options.days,
        )
        yield name, found, calendar


def _case_file(path: Path, pack: Pack, today: date) -> CaseFile:
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(f"FILE {path} is larger than {MAX_BYTES} bytes; split it", field="file")
    case_file = read_case_file(
        path.read_bytes(),
        file_name=path.name,
        default_country=pack.country,
        default_currency=pack.currency,
        default_language=pack.languages[0],
    )
    return check_case_file(
        case_file,
        today=today,
        country=pack.country,
        currency=pack.currency,
        languages=pack.languages,
        debtor_types=frozenset(pack.ladders),
    )


def _of_case(options: argparse.Namespace) -> Found:
    """A case of the local cloud from its own now on, or from the morning of a later day."""
    if not options.subject.startswith("case_"):
        raise InvalidInput(
            f"CASE-OR-FILE {options.subject!r} is neither a file nor the id of a case, which begins with "
            "case_; check the name",
            field="subject",
        )
    running = running_cloud()
    now = virtual_now(running)
    table = DynamoTable(running.client("dynamodb"), running.table_name)
    cases = TableCases(table)
    case = cases.load(CaseId(options.subject))
    calendar = load_calendar(case.country)
    at = now if options.on is None else _morning(asked.day_asked(options.on, "--on"), calendar)
    if calendar.local_date(at) < calendar.local_date(now):
        raise InvalidInput(
            f"--on {options.on} is before the cloud's own day {calendar.local_date(now)}; what happened "
            "until then is in the case; give that day or a later one",
            field="on",
        )
    found = preview_case(
        case.case_id,
        client=TableClients(table).load(case.client_id),
        sender=PREVIEW_SENDER,
        cases=cases,
        at=max(at, now),
        days=options.days,
    )
    yield case.case_id, found, calendar


def _morning(on: date, calendar: Calendar) -> datetime:
    return datetime.combine(on, MORNING, tzinfo=calendar.zone).astimezone(UTC)
