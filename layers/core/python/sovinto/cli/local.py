"""`sovinto up`, `demo`, `clock` and `client`: the cloud on this machine."""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.domain.client import Client
from sovinto.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from infra.local.running import Running

_SPAN = re.compile(r"(\d{1,4})(d|h|m)")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def add_to(commands: Any) -> None:
    up = commands.add_parser("up", help="run the whole of it here until Ctrl-C")
    up.add_argument("--country", default="fi")
    up.add_argument("--port", type=int, default=8080)
    up.add_argument("--json", action="store_true", help="print its addresses and names as one line of JSON")
    up.set_defaults(run=run_up)
    demo = commands.add_parser("demo", help="200 overdue invoices, five months, one report")
    demo.add_argument("--cases", type=Path, help="a case file of your own")
    demo.add_argument("--port", type=int, default=8080)
    demo.add_argument("--json", action="store_true", help="print report.json instead of words")
    demo.set_defaults(run=run_demo)
    clock = commands.add_parser("clock", help="show or move the test clock of the running local cloud")
    moves = clock.add_subparsers(dest="move", required=True)
    for name, about in (
        ("show", "print virtual now"),
        ("advance", "14d, 6h, 30m"),
        ("set", "a date or time"),
    ):
        move = moves.add_parser(name, help=about)
        if name != "show":
            move.add_argument("value", metavar="SPAN" if name == "advance" else "WHEN")
        move.add_argument("--json", action="store_true")
        move.set_defaults(run=run_clock)
    client = commands.add_parser("client", help="register a client with the running local cloud")
    actions = client.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="from a JSON file")
    add.add_argument("file", type=Path, metavar="FILE")
    add.add_argument("--json", action="store_true", help="for machines")
    add.set_defaults(run=run_client)


def _find_local_cloud() -> None:
    """The local cloud lives in the repository, beside this package. Raises NotFound elsewhere."""
    root = Path(__file__).resolve().parents[5]
    if not (root / "infra" / "local").is_dir():
        raise NotFound("the local cloud is part of the repository; run this in a checkout")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))


def run_up(options: argparse.Namespace) -> int:
    _find_local_cloud()
    from infra.local.up import run

    return run(options.country, options.port, as_json=options.json)


def run_demo(options: argparse.Namespace) -> int:
    _find_local_cloud()
    from infra.local.demo import run

    return run(options.cases, port=options.port, as_json=options.json)


def running_cloud() -> Running:
    """Where the local cloud of this machine is. Raises NotFound where none runs."""
    _find_local_cloud()
    from infra.local.running import NotRunning, load

    try:
        return load()
    except NotRunning as absent:
        raise NotFound(str(absent)) from absent


def virtual_now(running: Running) -> datetime:
    """What the clock of the local cloud shows; aware UTC."""
    from infra.local import virtual_time

    return virtual_time.now(running)


def run_clock(options: argparse.Namespace) -> int:
    """Moving forward lives through every day; backward is refused, for the books only grow."""
    from infra.local import virtual_time

    running = running_cloud()
    if options.move != "show":
        before = virtual_time.now(running)
        to = before + _span(options.value) if options.move == "advance" else _moment(options.value)
        if to < before:
            raise InvalidInput(f"WHEN must be after {before:%Y-%m-%d %H:%M}; the clock only goes forward")
        virtual_time.advance(running, to, lambda day: print(f"{day:%Y-%m-%d}", file=sys.stderr))
    current = virtual_time.now(running)
    print(json.dumps({"now": current.isoformat()}) if options.json else f"{current:%Y-%m-%d %H:%M} UTC")
    return 0


def _span(text: str) -> timedelta:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise InvalidInput(f"SPAN {text!r} must be a number with d, h or m, for instance 14d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(f"WHEN {text!r} must be a date such as 2026-03-01") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def run_client(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise InvalidInput(f"FILE {options.file} is not there; check the name", field="file")
    try:
        client = decode(Client, options.file.read_text("utf-8"))
    except (ValueError, TypeError, KeyError) as wrong:
        raise InvalidInput(
            f"FILE {options.file} does not describe a client: {wrong}", field="file"
        ) from wrong
    running = running_cloud()
    TableClients(DynamoTable(running.client("dynamodb"), running.table_name)).save(client)
    print(json.dumps({"client_id": client.client_id}) if options.json else client.client_id)
    return 0
