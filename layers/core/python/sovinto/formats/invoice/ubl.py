"""Peppol BIS Billing 3.0: UBL 2.1 Invoice and CreditNote.

Sources: EN 16931-1; Peppol BIS Billing 3.0 (OpenPeppol); UBL 2.1 (OASIS). Order of elements as in the
UBL schemas. Both rule sets are run over what this writes in tests/unit/formats/test_ubl_invoice.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from lxml import etree

from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine, VatTotal
from sovinto.domain.money import Money
from sovinto.domain.vat_treatment import VatCategory, VatTreatment
from sovinto.formats.invoice.ubl_names import NAMESPACES, add
from sovinto.formats.invoice.ubl_parties import add_parties
from sovinto.formats.invoice.ubl_payment import add_payment
from sovinto.formats.invoice.xml_parts import plain, required, to_bytes

_RULES = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_NO_WORDS: Mapping[str, str] = MappingProxyType({})


def write_ubl(invoice: FeeInvoice, words: Mapping[str, str] = _NO_WORDS) -> bytes:
    """The document as UTF-8 XML, the same bytes for the same arguments.

    `words` translates the texts of lines ("setup_fee"); other texts stand as they are. Raises
    InvalidInput for a party without electronic address, name or address.
    """
    kind = "CreditNote" if invoice.is_credit_note else "Invoice"
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
    names = cast("Mapping[str, str]", {None: namespace, **NAMESPACES})
    root = etree.Element(f"{{{namespace}}}{kind}", nsmap=names)
    _head(root, invoice, kind)
    add_parties(root, invoice)
    add_payment(root, invoice)
    _taxes(root, invoice)
    _sums(root, invoice)
    for at, line in enumerate(invoice.lines, start=1):
        _line(add(root, f"cac:{kind}Line"), at, line, kind, words)
    return to_bytes(root, "UTF-8")


def _head(root: etree._Element, invoice: FeeInvoice, kind: str) -> None:
    add(root, "cbc:CustomizationID", _RULES)
    add(root, "cbc:ProfileID", _PROCESS)
    add(root, "cbc:ID", str(invoice.number))
    add(root, "cbc:IssueDate", invoice.invoiced_on.isoformat())
    if kind == "Invoice":
        add(root, "cbc:DueDate", invoice.due_on.isoformat())
    add(root, f"cbc:{kind}TypeCode", "381" if invoice.is_credit_note else "380")
    note = plain(invoice.note)
    if note:
        add(root, "cbc:Note", note)
    add(root, "cbc:DocumentCurrencyCode", invoice.currency)
    # Peppol wants a buyer or an order reference of every invoice: our own name for the client is one.
    add(root, "cbc:BuyerReference", plain(invoice.buyer_reference) or str(invoice.client_id))
    period = add(root, "cac:InvoicePeriod")
    add(period, "cbc:StartDate", invoice.period_from.isoformat())
    add(period, "cbc:EndDate", invoice.period_to.isoformat())
    order = plain(invoice.order_reference)
    if order:
        add(root, "cac:OrderReference/cbc:ID", order)
    if invoice.credits is not None:
        taken_back = add(root, "cac:BillingReference/cac:InvoiceDocumentReference")
        add(taken_back, "cbc:ID", str(invoice.credits.number))
        add(taken_back, "cbc:IssueDate", invoice.credits.invoiced_on.isoformat())


def _taxes(root: etree._Element, invoice: FeeInvoice) -> None:
    taxes = add(root, "cac:TaxTotal")
    _amount(taxes, "cbc:TaxAmount", invoice.vat)
    for one in invoice.vat_totals:
        _subtotal(add(taxes, "cac:TaxSubtotal"), one)


def _subtotal(parent: etree._Element, one: VatTotal) -> None:
    _amount(parent, "cbc:TaxableAmount", one.net)
    _amount(parent, "cbc:TaxAmount", one.tax)
    category = add(parent, "cac:TaxCategory")
    _category(category, one.treatment)
    if one.treatment.reason_code:
        add(category, "cbc:TaxExemptionReasonCode", one.treatment.reason_code)
    if one.treatment.reason:
        add(category, "cbc:TaxExemptionReason", plain(one.treatment.reason))
    add(category, "cac:TaxScheme/cbc:ID", "VAT")


def _category(element: etree._Element, treatment: VatTreatment) -> None:
    add(element, "cbc:ID", treatment.category.value)
    if treatment.category is not VatCategory.OUT_OF_SCOPE:
        add(element, "cbc:Percent", treatment.percent)


def _sums(root: etree._Element, invoice: FeeInvoice) -> None:
    sums = add(root, "cac:LegalMonetaryTotal")
    _amount(sums, "cbc:LineExtensionAmount", invoice.net)
    _amount(sums, "cbc:TaxExclusiveAmount", invoice.net)
    _amount(sums, "cbc:TaxInclusiveAmount", invoice.gross)
    _amount(sums, "cbc:PayableAmount", invoice.gross)


def _line(
    element: etree._Element, at: int, line: FeeInvoiceLine, kind: str, words: Mapping[str, str]
) -> None:
    add(element, "cbc:ID", str(at))
    quantity = "cbc:CreditedQuantity" if kind == "CreditNote" else "cbc:InvoicedQuantity"
    add(element, quantity, str(line.quantity), unitCode=line.unit)
    _amount(element, "cbc:LineExtensionAmount", line.net)
    item = add(element, "cac:Item")
    add(item, "cbc:Name", required(words.get(line.text, line.text), "lines.text"))
    category = add(item, "cac:ClassifiedTaxCategory")
    _category(category, line.vat)
    add(category, "cac:TaxScheme/cbc:ID", "VAT")
    _amount(element, "cac:Price/cbc:PriceAmount", line.unit_price)


def _amount(parent: etree._Element, path: str, amount: Money) -> None:
    add(parent, path, amount.decimal(), currencyID=amount.currency)
