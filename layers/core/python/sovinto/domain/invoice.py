"""Our invoice to the client (fee invoice) or the credit note that takes one back: what both the PDF
and the e-invoice formats are made from. Amounts of a credit note are positive too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.letter import Contact
from sovinto.domain.money import Money, total
from sovinto.domain.vat_treatment import VatCategory, VatTreatment
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An electronic address: `scheme` is of the EAS code list, such as "0216" (Finnish OVT)."""

    scheme: str
    id: str


@dataclass(frozen=True, slots=True)
class Party:
    """`vat_id` begins with its country and is empty for none; without `endpoint` the formats derive one
    from the registration or VAT number where the country has a rule."""

    contact: Contact
    vat_id: str = ""
    endpoint: Endpoint | None = None

    @property
    def country(self) -> str:
        return self.contact.address.country


@dataclass(frozen=True, slots=True)
class FeeInvoiceLine:
    """`text` is a word such as "setup_fee" (translated by whoever writes the document, with `facts` as
    (name, value) put into it) or free text; `unit` is of UN/ECE Recommendation 20 (C62 is one piece);
    `unit_price` is before VAT."""

    text: str
    quantity: int
    unit_price: Money
    vat: VatTreatment
    unit: str = "C62"
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def net(self) -> Money:
        return Money(self.quantity * self.unit_price.minor, self.unit_price.currency)


@dataclass(frozen=True, slots=True)
class VatTotal:
    """The tax of all lines of one category and rate, rounded once (EN 16931, BR-CO-17)."""

    treatment: VatTreatment
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Preceding:
    """The invoice that a credit note takes back."""

    number: int
    invoiced_on: date


@dataclass(frozen=True, slots=True)
class FeeInvoice:
    """`number` is sequential without gaps; a `credits` makes it a credit note.

    `language` is the one the client reads. `buyer_reference` and `order_reference` are what the client
    asked for; `note` is one free text. Raises InvalidInput for lines that do not make an invoice.
    """

    number: int
    client_id: ClientId
    invoiced_on: date
    due_on: date
    period_from: date
    period_to: date
    seller: Party
    buyer: Party
    lines: tuple[FeeInvoiceLine, ...]
    payment_iban: str
    payment_bic: str
    payment_reference: str
    language: str = "en"
    buyer_reference: str = ""
    order_reference: str = ""
    credits: Preceding | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise InvalidInput("lines are empty; an invoice needs at least one", field="lines")
        if any(line.quantity < 1 or line.unit_price.minor < 0 for line in self.lines):
            raise InvalidInput(
                "lines need a quantity of 1 or more and a price of 0 or more; take money back with a "
                "credit note",
                field="lines",
            )
        if self.due_on < self.invoiced_on or self.period_to < self.period_from:
            raise InvalidInput("due_on or period_to lies before its beginning; swap them", field="due_on")
        scopes = {line.vat.category is VatCategory.OUT_OF_SCOPE for line in self.lines}
        if len(scopes) > 1:
            # EN 16931, BR-O-11 to BR-O-14.
            raise InvalidInput(
                "lines outside the scope of VAT cannot share an invoice with others; make two",
                field="lines",
            )

    @property
    def is_credit_note(self) -> bool:
        return self.credits is not None

    @property
    def currency(self) -> str:
        return self.lines[0].unit_price.currency

    @property
    def vat_totals(self) -> tuple[VatTotal, ...]:
        """One for each category and rate, in the order of the lines."""
        groups: dict[tuple[VatCategory, str], list[FeeInvoiceLine]] = {}
        for line in self.lines:
            groups.setdefault((line.vat.category, line.vat.percent), []).append(line)
        sums = [
            (lines[0].vat, total((line.net for line in lines), self.currency)) for lines in groups.values()
        ]
        return tuple(VatTotal(treatment, net, treatment.of(net)) for treatment, net in sums)

    @property
    def net(self) -> Money:
        return total((line.net for line in self.lines), self.currency)

    @property
    def vat(self) -> Money:
        return total((one.tax for one in self.vat_totals), self.currency)

    @property
    def gross(self) -> Money:
        return self.net + self.vat
