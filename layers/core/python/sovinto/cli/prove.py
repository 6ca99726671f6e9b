"""`sovinto prove`: the books of the running local cloud recomputed from raw entries and bank files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableBook, TableClients
from sovinto.adapters.dynamo.orders import TableOrders
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.adapters.s3_files import S3Files
from sovinto.cli.local import running_cloud, virtual_now
from sovinto.domain.money import Money
from sovinto.usecases.book_pass import Sources
from sovinto.usecases.prove_books import Proof, prove_books


def add_to(commands: Any) -> None:
    prove = commands.add_parser(
        "prove", help="recompute the books of the running local cloud; 1 when broken"
    )
    prove.add_argument("--as-of", type=_day, metavar="DATE", help="sum up to this day (default all)")
    prove.add_argument("--json", action="store_true", help="for machines")
    prove.set_defaults(run=run_prove)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-01-31") from wrong


@dataclass(frozen=True, slots=True)
class _At:
    """The local cloud's clock, as it stood when we began."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def run_prove(options: argparse.Namespace) -> int:
    """1 where something does not hold. Raises NotFound where no local cloud runs."""
    running = running_cloud()
    table = DynamoTable(running.client("dynamodb"), running.table_name)
    sources = Sources(
        TableBook(table),
        TableCases(table),
        TableClients(table),
        S3Files(running.client("s3"), running.outputs["BankBucket"]),
        running.prefix.split("-")[1].upper(),
        TableOrders(table),
    )
    proof = prove_books(sources, clock=_At(virtual_now(running)), as_of=options.as_of)
    print(as_json(proof) if options.json else "\n".join(lines(proof)))
    return 0 if proof.holds else 1


def as_json(proof: Proof) -> str:
    return json.dumps({"holds": proof.holds, **asdict(proof)}, default=_text, ensure_ascii=False, indent=2)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def lines(proof: Proof) -> Iterator[str]:
    """The proof for people: sums first, then what does not hold, then what nobody could check."""
    upto = f"up to {proof.as_of}" if proof.as_of else "up to now"
    yield f"{proof.entries} entries, {proof.sealed_days} sealed days, {proof.bank_lines} bank lines, {upto}"
    for currency, sums in proof.sums.items():
        yield currency
        for kind, minor in sums.items():
            yield f"  {kind:12}{Money(minor, currency).decimal():>16}"
    for currency, ours in proof.ours.items():
        due, moved = (Money(ours[name], currency).decimal() for name in ("due", "moved"))
        yield f"ours on the collection account: {due} {currency}, moved to our own: {moved}"
    for broken in proof.breaks:
        at = f" ({broken.posted_at:%Y-%m-%d %H:%M})" if broken.posted_at else ""
        yield f"BROKEN {broken.check}: {broken.where}{at}: {broken.message}"
    for file in proof.released:
        codes = ", ".join(file.codes)
        yield f"released: {file.name}: {codes}: {file.asked_by} and {file.released_by}: {file.why}"
    for missing in proof.unchecked:
        yield f"not checked: {missing.check}: {missing.reason}"
    yield "the books hold" if proof.holds else f"the books are broken: {len(proof.breaks)} findings"
