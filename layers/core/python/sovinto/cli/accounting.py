"""`sovinto invoices`, `export` and `statement-of-account`: our books for clients and accountants, as they
stand in the running local cloud."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableBook, TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.bootstrap import read_agency
from sovinto.cli.asked import day_asked
from sovinto.cli.local import running_cloud, virtual_now
from sovinto.countries import load_calendar, load_pack
from sovinto.countries.charts import load_chart
from sovinto.domain.agency import Agency
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.entry.statement import sheet_of
from sovinto.errors import InvalidInput
from sovinto.formats.journal_csv import write_journal_csv
from sovinto.formats.sie4 import write_sie4
from sovinto.formats.statement_of_account import as_csv, as_html, as_json
from sovinto.ids import ClientId
from sovinto.usecases.client_statement import client_statement
from sovinto.usecases.export_books import Books, Period, journal, sie_head, vouchers


def add_to(commands: Any) -> None:
    invoices = commands.add_parser(
        "invoices", help="our invoices to clients: what is unpaid, or one client's"
    )
    invoices.add_argument("--client", metavar="ID", help="all of this client (default: unpaid ones of all)")
    invoices.add_argument("--credit", type=int, metavar="NUMBER", help="take back this invoice of --client")
    invoices.add_argument("--reason", help="with --credit: why; the client reads it")
    invoices.add_argument("--json", action="store_true", help="for machines")
    invoices.set_defaults(run=run_invoices)
    export = commands.add_parser("export", help="the ledger for an accountant, on standard output")
    export.add_argument("format", choices=("sie", "csv"), help="SIE type 4E, or a journal")
    _period(export)
    export.add_argument(
        "--year-from", metavar="DATE", help="first day of the year of accounts (default 1 Jan)"
    )
    export.add_argument(
        "--year-to", metavar="DATE", help="last day of the year of accounts (default twelve months)"
    )
    export.add_argument("--currency", help="entries of this currency (default the country's)")
    export.set_defaults(run=run_export)
    statement = commands.add_parser(
        "statement-of-account", help="what we held for a client: each movement down to the bank's line"
    )
    statement.add_argument("client", metavar="CLIENT", help="the client's id")
    _period(statement)
    statement.add_argument("--format", choices=("json", "csv", "html"), default="csv", help="default csv")
    statement.set_defaults(run=run_statement_of_account)


def _period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="DATE", required=True, help="first day of posting")
    parser.add_argument("--to", dest="last", metavar="DATE", required=True, help="last day of posting")


def _table() -> tuple[DynamoTable, Any]:
    running = running_cloud()
    return DynamoTable(running.client("dynamodb"), running.table_name), running


def running_agency(running: Any) -> Agency:
    """Who we are on the running local cloud."""
    from infra.settings import agency_of

    return read_agency(json.dumps(agency_of(running.prefix.split("-")[1])))


def run_invoices(options: argparse.Namespace) -> int:
    table, running = _table()
    clients = TableClients(table)
    if options.credit is not None:
        return _credit(options, running)
    found = clients.invoices(ClientId(options.client)) if options.client else clients.unpaid_invoices()
    rows = [invoice_row(one) for one in found]
    print(json.dumps(rows, indent=2) if options.json else "\n".join(map(_invoice_line, rows)) or "none")
    return 0


def _credit(options: argparse.Namespace, running: Any) -> int:
    """All that is left of one invoice; said again, it is the same note. Raises InvalidInput."""
    if not options.client or not options.reason:
        raise InvalidInput("--credit needs --client and --reason; give both", field="credit")
    answer = running.invoke(
        "pay_clients",
        {
            "action": "credit_invoice",
            "client_id": options.client,
            "number": options.credit,
            "reason": options.reason,
            "request": f"cli-{options.credit}",
        },
    )
    if answer["outcome"] == "refused":
        raise InvalidInput(answer["message"], field=answer["field"])
    told = f"credit note {answer['number']} over {answer['gross']} {answer['currency']}"
    print(json.dumps(answer) if options.json else told)
    return 0


def invoice_row(issued: IssuedInvoice) -> dict[str, Any]:
    """One invoice or credit note, for people and machines."""
    invoice = issued.invoice
    return {
        "number": issued.number,
        "kind": "credit_note" if invoice.is_credit_note else "invoice",
        "client_id": invoice.client_id,
        "invoiced_on": invoice.invoiced_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "gross": invoice.gross.decimal(),
        "credited": issued.credited.decimal(),
        "paid": issued.paid.decimal(),
        "left": issued.left.decimal(),
        "currency": invoice.currency,
        "reference": invoice.payment_reference,
        "reminders": issued.reminders,
        "credits": invoice.credits.number if invoice.credits else None,
    }


def _invoice_line(row: dict[str, Any]) -> str:
    return (
        f"{row['number']:>6}  {row['kind']:<11}  {row['client_id']}  "
        f"{row['invoiced_on']}  due {row['due_on']}  "
        f"{row['gross']:>10} {row['currency']}  left {row['left']}  reminders {row['reminders']}"
    )


def run_export(options: argparse.Namespace) -> int:
    """Raises InvalidInput for days out of order or an account that the chart lacks."""
    table, running = _table()
    agency = running_agency(running)
    country = agency.contact.address.country
    first, last = day_asked(options.first, "--from"), day_asked(options.last, "--to")
    year_from = day_asked(options.year_from, "--year-from") if options.year_from else date(first.year, 1, 1)
    year_to = day_asked(options.year_to, "--year-to") if options.year_to else None
    books = Books(
        TableBook(table),
        load_chart(country),
        load_calendar(country),
        options.currency or load_pack(country).currency,
    )
    period = Period(year_from, first, last, year_to)
    if options.format == "csv":
        for piece in write_journal_csv(journal(books, period)):
            sys.stdout.write(piece)
        return 0
    head = sie_head(books, period, agency, virtual_now(running))
    for line in write_sie4(head, vouchers(books, period)):
        sys.stdout.buffer.write(line)
    return 0


def run_statement_of_account(options: argparse.Namespace) -> int:
    """Raises NotFound for a client that is not there."""
    table, running = _table()
    country = running_agency(running).contact.address.country
    client = TableClients(table).load(ClientId(options.client))
    found = client_statement(
        client,
        day_asked(options.first, "--from"),
        day_asked(options.last, "--to"),
        book=TableBook(table),
        cases=TableCases(table),
        calendar=load_calendar(country),
    )
    sheet = sheet_of(found)
    if options.format == "json":
        print(json.dumps(as_json(sheet), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(as_csv(sheet) if options.format == "csv" else as_html(sheet))
    return 0
