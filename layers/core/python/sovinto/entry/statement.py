"""A client's statement of account for programs: what is asked for, JSON, and CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aws_lambda_powertools.event_handler import Response

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.document import Document
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money
from sovinto.entry.http import download, reply
from sovinto.entry.intake import document_json
from sovinto.errors import InvalidInput
from sovinto.formats.statement_of_account import Sheet, as_csv
from sovinto.ids import ClientId
from sovinto.ports import Book, Cases, Clients
from sovinto.usecases.client_statement import NO_AFTER, ClientStatement, Held, client_statement
from sovinto.usecases.statement_line import Matched, StatementLine

PAGE_SIZE = 100
MOST_ROWS = 1000
"""Of one CSV file: more would take a request too long."""
_DAY = re.compile(r"2\d{3}-\d\d-\d\d")
_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ~[01]~\w{1,100}")
FORMATS = ("json", "csv")
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a client's statement is read from."""

    book: Book
    cases: Cases
    clients: Clients
    calendar: Calendar

    @classmethod
    def of(cls, agency: Agency, book: Book, cases: Cases, clients: Clients) -> Shelf:
        """Days are those where the agency is."""
        return cls(book, cases, clients, load_calendar(agency.contact.address.country))

    def read(
        self, client_id: ClientId, first: date, last: date, *, after: str = "", most: int
    ) -> ClientStatement:
        """Raises InvalidInput."""
        return client_statement(
            self.clients.load(client_id),
            first,
            last,
            book=self.book,
            cases=self.cases,
            calendar=self.calendar,
            after=after,
            most=most,
        )

    def csv(self, client_id: ClientId, first: date, last: date) -> Response[str]:
        """All lines at once. Raises InvalidInput where they are more than MOST_ROWS."""
        found = self.read(client_id, first, last, most=MOST_ROWS)
        if found.after:
            raise InvalidInput(
                f"a CSV has at most {MOST_ROWS} lines; ask for a shorter period, or for JSON page by page",
                field="to",
            )
        name = f"statement-{first.isoformat()}-{last.isoformat()}.csv"
        return download(as_csv(sheet_of(found)), CSV, name)


def statement_answer(
    client_id: ClientId, query: Mapping[str, str], accepted: str, shelf: Shelf
) -> Response[str]:
    """Of `GET /v1/statement`. Raises InvalidInput that names the parameter."""
    first, last = asked_days(query)
    if is_csv(query, accepted):
        return shelf.csv(client_id, first, last)
    found = shelf.read(client_id, first, last, after=asked_after(query), most=PAGE_SIZE)
    papers = shelf.clients.documents(client_id), shelf.clients.invoices(client_id)
    return reply(200, statement_json(found, *papers))


def asked_days(query: Mapping[str, str]) -> tuple[date, date]:
    """`from` and `to`. Raises InvalidInput that names the one that is no day."""
    first, last = (_day(query.get(name, ""), name) for name in ("from", "to"))
    return first, last


def _day(text: str, field: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as wrong:
        told = f"{field} must be a day such as 2026-01-31; give both days"
        raise InvalidInput(told, field=field) from wrong


def is_csv(query: Mapping[str, str], accepted: str) -> bool:
    """`format` wins over the header Accept. Raises InvalidInput for a format that is none."""
    wanted = query.get("format", "")
    if wanted and wanted not in FORMATS:
        raise InvalidInput(f"format must be one of {', '.join(FORMATS)}", field="format")
    if wanted:
        return wanted == "csv"
    kinds = [part.partition(";")[0].strip().lower() for part in accepted.split(",")]
    return "text/csv" in kinds and "application/json" not in kinds


def asked_after(query: Mapping[str, str]) -> str:
    """Where the page begins. Raises InvalidInput for what no page ended with."""
    after = query.get("after", "")
    if after and not _KEY.fullmatch(after):
        raise InvalidInput(NO_AFTER, field="after")
    return after.replace("~", "#")


def told_after(statement: ClientStatement) -> str:
    """As it may stand in an address as it is."""
    return statement.after.replace("#", "~")


def statement_json(
    statement: ClientStatement, documents: Iterable[Document], invoices: Iterable[IssuedInvoice]
) -> dict[str, Any]:
    """`documents` and `invoices` are all of the client's: those of the period are told."""
    return {
        "client_name": statement.client_name,
        "from": statement.first.isoformat(),
        "to": statement.last.isoformat(),
        "accounts": [_account_json(held) for held in statement.accounts],
        "lines": [_line_json(line) for line in statement.lines],
        "documents": [
            document_json(one) for one in documents if statement.first <= one.made_on <= statement.last
        ],
        "invoices": [_invoice_json(one) for one in invoices_of(statement, invoices)],
        "after": told_after(statement) or None,
    }


def invoices_of(statement: ClientStatement, invoices: Iterable[IssuedInvoice]) -> list[IssuedInvoice]:
    """Invoices and credit notes that are dated in the period."""
    return [one for one in invoices if statement.first <= one.invoice.invoiced_on <= statement.last]


def _account_json(held: Held) -> dict[str, Any]:
    return {
        "currency": held.currency,
        "opening_minor": held.opening.minor,
        "came_in_minor": held.came_in.minor,
        "went_out_minor": held.went_out.minor,
        "closing_minor": held.closing.minor,
    }


def _line_json(line: StatementLine) -> dict[str, Any]:
    return {
        "on": line.on.isoformat(),
        "value_on": line.value_on.isoformat(),
        "kind": line.kind,
        **_amount("amount_minor", line.amount),
        "case_id": line.case_id or None,
        "client_reference": line.client_reference or None,
        "debtor_name": line.debtor_name or None,
        "payment": line.payment,
        "way": line.way or None,
        "received_minor": line.received.minor,
        "surplus_minor": line.surplus.minor,
        "parts": [{"name": name, "amount_minor": amount.minor} for name, amount in line.parts],
        "rule": None
        if line.rule is None
        else {"rule_id": line.rule.rule_id, "statute": line.rule.statute, "formula": line.rule.formula},
        "matched": None if line.matched is None else _matched_json(line.matched),
        "bank_line": line.bank_line or None,
        "document_id": line.document_id or None,
        "voucher": line.voucher,
    }


def _matched_json(matched: Matched) -> dict[str, Any]:
    facts = [{"name": name, "value": value} for name, value in matched.facts]
    return {"rule": matched.rule, "because": matched.because, "facts": facts}


def _invoice_json(issued: IssuedInvoice) -> dict[str, Any]:
    invoice = issued.invoice
    return {
        "number": issued.number,
        "document_id": issued.document_id,
        "is_credit_note": invoice.is_credit_note,
        "invoiced_on": invoice.invoiced_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "currency": invoice.currency,
        "gross_minor": invoice.gross.minor,
        "paid_minor": issued.paid.minor,
        "credited_minor": issued.credited.minor,
        "left_minor": issued.left.minor,
    }


def _amount(name: str, amount: Money) -> dict[str, Any]:
    return {name: amount.minor, "currency": amount.currency}


def sheet_of(statement: ClientStatement) -> Sheet:
    """The statement in words, a row for each line."""
    return Sheet(
        f"Statement of account, {statement.client_name}, {statement.first} to {statement.last}",
        ", ".join(_text(held.opening) for held in statement.accounts),
        ", ".join(_text(held.closing) for held in statement.accounts),
        tuple(tuple(_cells(line)) for line in statement.lines),
    )


def _cells(line: StatementLine) -> Iterator[str]:
    yield line.on.isoformat()
    yield line.value_on.isoformat()
    yield line.kind
    yield line.amount.decimal()
    yield line.amount.currency
    yield line.case_id
    yield line.client_reference
    yield line.debtor_name
    yield line.payment
    yield line.way
    yield ", ".join(f"{name} {amount.decimal()}" for name, amount in line.parts)
    yield f"{line.rule.rule_id}: {line.rule.formula} ({line.rule.statute})" if line.rule else ""
    yield f"{line.matched.rule}: {line.matched.because}" if line.matched else ""
    yield line.bank_line
    yield line.voucher


def _text(amount: Money) -> str:
    return f"{amount.decimal()} {amount.currency}"
