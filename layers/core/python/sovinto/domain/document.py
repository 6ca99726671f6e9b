"""A document that a client can list and download."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.ids import ClientId


@dataclass(frozen=True, slots=True)
class Document:
    """`kind`: fee_invoice, credit_note, the same with _ubl or _finvoice for e-invoices,
    remittance_statement; `file_key` is its place in the document bucket."""

    document_id: str
    client_id: ClientId
    kind: str
    title: str
    made_on: date
    amount: Money
    file_key: str
    content_type: str = "application/pdf"

    @property
    def file_name(self) -> str:
        """As it is called on the reader's own disk."""
        ending = "xml" if self.content_type == "application/xml" else "pdf"
        return f"{self.kind}-{self.made_on.isoformat()}.{ending}"
