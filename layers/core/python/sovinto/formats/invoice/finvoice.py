"""Finvoice 3.0, the e-invoice of Finnish banks.

Source: Finance Finland, Finvoice 3.0 implementation guidelines and schema of 2020-11-30. Decimal
comma, dates CCYYMMDD, negative amounts on a credit note; encoded ISO-8859-15 as the banks ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from lxml import etree

from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine, VatTotal
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.invoice.finvoice_names import add, add_amount, add_date, percent
from sovinto.formats.invoice.finvoice_parties import add_parties
from sovinto.formats.invoice.finvoice_payment import add_epi
from sovinto.formats.invoice.xml_parts import plain, required, to_bytes

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Route:
    """Between whom the banks or operators carry it: e-invoice addresses (OVT or IBAN) and the BIC or OVT
    of each side's intermediator."""

    sender: str
    sender_intermediator: str
    recipient: str
    recipient_intermediator: str
    message_id: str
    sent_at: datetime


def write_finvoice(
    invoice: FeeInvoice, route: Route | None = None, words: Mapping[str, str] = _NO_WORDS
) -> bytes:
    """The document, the same bytes for the same arguments; in euros only.

    `words` translates the texts of lines ("setup_fee"). Raises InvalidInput for another currency, no
    name of a party, or a payment account or reference that a bank would not take.
    """
    if invoice.currency != "EUR":
        raise InvalidInput("Finvoice is paid in euros; send another currency as UBL", field="currency")
    root = etree.Element("Finvoice", Version="3.0")
    if route is not None:
        _transmission(add(root, "MessageTransmissionDetails"), route)
    add_parties(root, invoice)
    _details(add(root, "InvoiceDetails"), invoice)
    sign = -1 if invoice.is_credit_note else 1
    for at, line in enumerate(invoice.lines, start=1):
        _row(add(root, "InvoiceRow"), at, line, sign, words)
    add_epi(add(root, "EpiDetails"), invoice, _signed(invoice.gross, sign))
    return to_bytes(root, "ISO-8859-15")


def _transmission(element: etree._Element, route: Route) -> None:
    add(element, "MessageSenderDetails/FromIdentifier", route.sender)
    add(element[0], "FromIntermediator", route.sender_intermediator)
    add(element, "MessageReceiverDetails/ToIdentifier", route.recipient)
    add(element[1], "ToIntermediator", route.recipient_intermediator)
    add(element, "MessageDetails/MessageIdentifier", route.message_id)
    add(element[2], "MessageTimeStamp", route.sent_at.isoformat(timespec="seconds"))
    add(element[2], "SpecificationIdentifier", "EN16931")


def _details(element: etree._Element, invoice: FeeInvoice) -> None:
    sign = -1 if invoice.is_credit_note else 1
    add(element, "InvoiceTypeCode", "INV02" if invoice.is_credit_note else "INV01")
    add(element, "InvoiceTypeCodeUN", "381" if invoice.is_credit_note else "380")
    add(element, "InvoiceTypeText", "HYVITYSLASKU" if invoice.is_credit_note else "LASKU")
    add(element, "OriginCode", "Original")
    add(element, "InvoiceNumber", str(invoice.number))
    add_date(element, "InvoiceDate", invoice.invoiced_on)
    if invoice.credits is not None:
        add(element, "OriginalInvoiceNumber", str(invoice.credits.number))
        add_date(element, "OriginalInvoiceDate", invoice.credits.invoiced_on)
    add_date(element, "InvoicingPeriodStartDate", invoice.period_from)
    add_date(element, "InvoicingPeriodEndDate", invoice.period_to)
    order = plain(invoice.order_reference, 70)
    if order:
        add(element, "OrderIdentifier", order)
    reference = plain(invoice.buyer_reference, 70) or str(invoice.client_id)[:70]
    add(element, "BuyerReferenceIdentifier", reference)
    add_amount(element, "InvoiceTotalVatExcludedAmount", _signed(invoice.net, sign))
    add_amount(element, "InvoiceTotalVatAmount", _signed(invoice.vat, sign))
    add_amount(element, "InvoiceTotalVatIncludedAmount", _signed(invoice.gross, sign))
    for one in invoice.vat_totals:
        _vat(add(element, "VatSpecificationDetails"), one, sign)
    note = plain(invoice.note, 512)
    if note:
        add(element, "InvoiceFreeText", note)
    _terms(add(element, "PaymentTermsDetails"), invoice.due_on)


def _terms(element: etree._Element, due_on: date) -> None:
    add(element, "PaymentTermsFreeText", f"{due_on.day}.{due_on.month}.{due_on.year}")
    add_date(element, "InvoiceDueDate", due_on)


def _vat(element: etree._Element, one: VatTotal, sign: int) -> None:
    add_amount(element, "VatBaseAmount", _signed(one.net, sign))
    add(element, "VatRatePercent", percent(one.treatment.percent))
    add(element, "VatCode", one.treatment.category.value)
    add_amount(element, "VatRateAmount", _signed(one.tax, sign))
    text = plain(one.treatment.reason)
    for at in range(0, min(len(text), 210), 70):
        add(element, "VatFreeText", text[at : at + 70])
    if one.treatment.reason_code:
        add(element, "VatExemptionReasonCode", one.treatment.reason_code)


def _row(
    element: etree._Element, at: int, line: FeeInvoiceLine, sign: int, words: Mapping[str, str]
) -> None:
    text = required(words.get(line.text, line.text), "lines.text")
    add(element, "ArticleName", text[:100].rstrip())
    if len(text) > 100:
        add(element, "ArticleDescription", text[:512].rstrip())
    quantity = add(element, "InvoicedQuantity", str(sign * line.quantity))
    quantity.set("QuantityUnitCode", "kpl" if line.unit == "C62" else line.unit)
    quantity.set("QuantityUnitCodeUN", line.unit)
    add_amount(element, "UnitPriceAmount", line.unit_price)
    add(element, "RowPositionIdentifier", str(at))
    net, tax = _signed(line.net, sign), _signed(line.vat.of(line.net), sign)
    add(element, "RowVatRatePercent", percent(line.vat.percent))
    add(element, "RowVatCode", line.vat.category.value)
    add_amount(element, "RowVatAmount", tax)
    add_amount(element, "RowVatExcludedAmount", net)
    add_amount(element, "RowAmount", net + tax)


def _signed(amount: Money, sign: int) -> Money:
    return amount if sign > 0 else -amount
