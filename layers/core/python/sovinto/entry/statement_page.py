"""The client's page of its statement of account: a month, each line opened down to the bank's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from sovinto.domain.document import Document
from sovinto.domain.explanation import Explanation
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.entry.http import redirect
from sovinto.entry.paper_routes import document_link
from sovinto.entry.statement import Shelf, asked_after, told_after
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId
from sovinto.ports import Clock, Files
from sovinto.usecases.client_statement import ClientStatement, Held
from sovinto.usecases.statement_line import Matched, StatementLine

PATH = "/client/statement"
LINES = 50
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_ORDER = "in this order: "
Model = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """What one request needs; `clock` is the stage's."""

    shelf: Shelf
    clock: Clock
    files: Callable[[], Files]

    @property
    def today(self) -> date:
        return self.shelf.calendar.local_date(self.clock.now())


def add_to(
    app: APIGatewayHttpResolver,
    door: Callable[[], Door],
    signed_in: Callable[[], ClientId],
    show: Callable[[str, Model], Response[str]],
) -> None:
    """`show` renders a page by name."""

    @app.get(PATH)
    def choose() -> Response[str]:
        """The form without scripts comes here; the month has an address of its own."""
        signed_in()
        query = app.current_event.query_string_parameters or {}
        month = query.get("month") or f"{door().today:%Y-%m}"
        check_month(month)
        language = query.get("lang", "")
        return redirect(f"{PATH}/{month}" + (f"?lang={language}" if language in ("fi", "sv", "en") else ""))

    @app.get(f"{PATH}/<month>")
    def show_month(month: str) -> Response[str]:
        client_id, opened = signed_in(), door()
        name, _, ending = month.partition(".")
        first, last = month_days(name)
        if ending == "csv":
            return opened.shelf.csv(client_id, first, last)
        check_month(month)
        after = asked_after(app.current_event.query_string_parameters or {})
        found = opened.shelf.read(client_id, first, last, after=after, most=LINES)
        clients = opened.shelf.clients
        documents, invoices = clients.documents(client_id), clients.invoices(client_id)
        return show("client_statement", page_model(found, documents, invoices, opened.today))

    @app.get("/client/documents/<document_id>")
    def fetch(document_id: str) -> Response[str]:
        client_id, opened = signed_in(), door()
        return document_link(client_id, document_id, opened.shelf.clients, opened.files)


def check_month(month: str) -> None:
    """Raises InvalidInput."""
    if not _MONTH.fullmatch(month):
        raise InvalidInput("month must be a month such as 2026-01; choose one", field="month")


def month_days(month: str) -> tuple[date, date]:
    """First and last day. Raises InvalidInput."""
    check_month(month)
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def page_model(
    found: ClientStatement, documents: Sequence[Document], invoices: Sequence[IssuedInvoice], today: date
) -> Model:
    """Of page `client_statement`, but for what the request knows; papers are all of the client's."""
    month = f"{found.first:%Y-%m}"
    began = min((one.made_on for one in documents), default=today)
    began = min(began, found.since or today, found.first)
    owned = {one.document_id for one in documents}
    numbers = {one.document_id: one for one in invoices}
    return {
        "month": month,
        "months": [_month_of(day) for day in _months(max(today, found.first), began)],
        "first": found.first,
        "last": found.last,
        "is_running": found.first <= today <= found.last,
        "accounts": [account_row(held) for held in found.accounts],
        "lines": [line_row(line, owned) for line in found.lines],
        "next_page": f"{PATH}/{month}?after={told_after(found)}" if found.after else "",
        "csv": f"{PATH}/{month}.csv",
        "papers": [
            paper_row(one, numbers.get(one.document_id))
            for one in sorted(documents, key=_made_on)
            if found.first <= one.made_on <= found.last
        ],
    }


def _made_on(document: Document) -> tuple[date, str, str]:
    return document.made_on, document.title, document.kind


def _months(newest: date, oldest: date) -> Iterator[date]:
    """The first days of all months between, newest first."""
    day = newest.replace(day=1)
    while day >= oldest.replace(day=1):
        yield day
        day = (day - timedelta(days=1)).replace(day=1)


def _month_of(day: date) -> Model:
    return {"value": f"{day:%Y-%m}", "name": f"m{day.month}", "year": day.year}


def account_row(held: Held) -> Model:
    names = ("opening", "came_in", "went_out", "closing")
    return {name: getattr(held, name) for name in names}


def line_row(line: StatementLine, owned: set[str]) -> Model:
    """`document_url` is empty where there is no document to open."""
    return {
        "kind": line.kind,
        "on": line.on,
        "value_on": line.value_on,
        "amount": line.amount,
        "case_id": line.case_id,
        "reference": line.client_reference,
        "debtor_name": line.debtor_name,
        "way": "bank" if line.way == "bank" else "card" if line.way else "",
        "received": line.received,
        "surplus": line.surplus,
        "parts": line.parts,
        "order": _order(line.rule),
        "rule": line.rule,
        "matched": None if line.matched is None else matched_row(line.matched),
        "bank_line": line.bank_line,
        "document_url": f"/client/documents/{line.document_id}" if line.document_id in owned else "",
        "voucher": line.voucher,
    }


def _order(rule: Explanation | None) -> list[str]:
    """The classes of the debt as the law puts them; empty where the rule says something else."""
    if rule is None or not rule.formula.startswith(_ORDER):
        return []
    return rule.formula.removeprefix(_ORDER).split(", then ")


def matched_row(matched: Matched) -> Model:
    return {"rule": matched.rule, "because": matched.because, "facts": matched.facts}


def paper_row(document: Document, issued: IssuedInvoice | None) -> Model:
    """`left` and `due_on` of an invoice that is not paid yet, else None."""
    is_open = issued is not None and issued.is_unpaid
    return {
        "kind": document.kind,
        "number": document.title,
        "made_on": document.made_on,
        "amount": document.amount,
        "url": f"/client/documents/{document.document_id}",
        "is_invoice": issued is not None and not issued.invoice.is_credit_note,
        "left": issued.left if issued is not None and is_open else None,
        "due_on": issued.invoice.due_on if issued is not None and is_open else None,
    }
