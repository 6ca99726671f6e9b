"""What people ask about our invoices to clients: a credit note."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sovinto.domain.money import Money
from sovinto.entry.bodies import Strict, Text, read_body
from sovinto.errors import SovintoError
from sovinto.ids import ClientId
from sovinto.usecases.credit_client_invoice import credit_client_invoice
from sovinto.usecases.issue_invoice import Invoicing


class CreditedLine(Strict):
    """`line` counts from 1; the amount is without VAT."""

    line: Annotated[int, Field(ge=1)]
    net_minor: Annotated[int, Field(gt=0)]


class CreditInvoice(Strict):
    """No `lines` takes back all that is left. `request` is a key of the asker: repeated, one note."""

    action: Literal["credit_invoice"]
    client_id: Text
    number: Annotated[int, Field(ge=1)]
    reason: Text
    request: Text
    lines: list[CreditedLine] | None = None


def credit_asked(body: str, means: Invoicing) -> dict[str, Any]:
    """The note, or why not: in the words of the refusal."""
    try:
        wish = read_body(CreditInvoice, body)
        client_id = ClientId(wish.client_id)
        currency = means.clients.load(client_id).currency
        lines = None
        if wish.lines is not None:
            lines = [(one.line - 1, Money(one.net_minor, currency)) for one in wish.lines]
        note = credit_client_invoice(
            client_id, wish.number, reason=wish.reason, request=wish.request, means=means, lines=lines
        )
    except SovintoError as refusal:
        return {"outcome": "refused", "message": refusal.message, "field": refusal.field}
    return {
        "outcome": "done",
        "number": note.number,
        "credits": wish.number,
        "gross": note.gross.decimal(),
        "currency": note.currency,
    }
