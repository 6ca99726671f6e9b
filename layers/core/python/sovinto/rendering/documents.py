"""Documents for the client as PDF: the fee invoice and the statement of a remittance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sovinto.domain.debtor import Address
from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine, VatTotal
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.domain.remittance import Remittance, RemittanceLine
from sovinto.rendering.amounts import date_text, grouped, money_text, percent_text, reference_text
from sovinto.rendering.letter_facts import address_lines, contact_facts
from sovinto.rendering.templates import entry_for, texts
from sovinto.rendering.typesetting import typeset


def render_fee_invoice(invoice: FeeInvoice) -> bytes:
    """The invoice or credit note with what VAT law asks for (FI 1501/1993 209 e §; EU 2006/112 art. 226):
    both parties with their VAT numbers, a sequential number, dates, period, net, rate and its basis, VAT
    and gross; for a credit note the invoice it takes back. Raises InvalidInput for an unknown language.
    """
    language = invoice.language
    entry_for("document", "fee_invoice", language)
    words = _words("fee_invoice", language)
    kind = "credit" if invoice.is_credit_note else "invoice"
    data = {
        **_sheet(words, language, invoice.invoiced_on, invoice.seller.contact, invoice.buyer.contact),
        "title": words[f"{kind}_title"].format(number=invoice.number),
        "intro": words[f"{kind}_intro"],
        "facts": _invoice_facts(invoice, words, language),
        "lines": [_invoice_line(line, words, language) for line in invoice.lines],
        **_sums({"net": invoice.net, "gross": invoice.gross}, language),
        "gross_name": words["credited" if invoice.is_credit_note else "gross"],
        "vats": [_vat(one, words, language) for one in invoice.vat_totals],
        "vat_rule": "; ".join(_grounds(invoice)),
        "note": invoice.note,
        "payment": [] if invoice.is_credit_note else _payment(invoice, words, language),
    }
    return typeset("fee_invoice", data)


def worded(invoice: FeeInvoice) -> FeeInvoice:
    """The same with each line in the words of the invoice's language. Raises InvalidInput for a language
    without texts."""
    words = _words("fee_invoice", invoice.language)
    lines = (
        replace(line, text=_line_text(line, words, invoice.language), facts=()) for line in invoice.lines
    )
    return replace(invoice, lines=tuple(lines))


def _line_text(line: FeeInvoiceLine, words: dict[str, str], language: str) -> str:
    if line.text not in words:
        return line.text
    facts = {name: _fact(name, value, language) for name, value in line.facts}
    return words[line.text].format(**facts)


def _fact(name: str, value: str, language: str) -> str:
    if name == "percent":
        return " / ".join(percent_text(one, language) for one in value.split(" / "))
    decimal, _, currency = value.partition(" ")
    return money_text(Money.parse(decimal, currency), language)


def _invoice_line(line: FeeInvoiceLine, words: dict[str, str], language: str) -> dict[str, str]:
    return {
        "text": _line_text(line, words, language),
        "quantity": str(line.quantity),
        "unit_price": money_text(line.unit_price, language),
        "net": money_text(line.net, language),
    }


def _invoice_facts(invoice: FeeInvoice, words: dict[str, str], language: str) -> list[tuple[str, str]]:
    """Beside the address; what is not known or not asked for is left out."""
    kind = "credit" if invoice.is_credit_note else "invoice"
    facts = [
        (words[f"{kind}_number"], str(invoice.number)),
        (words[f"{kind}_on"], date_text(invoice.invoiced_on, language)),
    ]
    if invoice.credits is None:
        facts.append((words["pay_by"], date_text(invoice.due_on, language)))
    else:
        before = f"{invoice.credits.number}, {date_text(invoice.credits.invoiced_on, language)}"
        facts.append((words["credits"], before))
    facts += [
        (words["period"], _period(invoice.period_from, invoice.period_to, language)),
        (words["client"], f"{invoice.buyer.contact.name}, {invoice.buyer.contact.registration_id}"),
        (words["client_vat_id"], invoice.buyer.vat_id),
        (words["seller_vat_id"], invoice.seller.vat_id),
        (words["buyer_reference"], invoice.buyer_reference),
        (words["order_reference"], invoice.order_reference),
    ]
    return [(name, value) for name, value in facts if value]


def _vat(one: VatTotal, words: dict[str, str], language: str) -> list[str]:
    rate = percent_text(one.treatment.percent, language)
    return [words["vat"].format(percent=rate), money_text(one.tax, language)]


def _grounds(invoice: FeeInvoice) -> list[str]:
    """Why the tax is what it is: the mention that the law asks for, else the statute."""
    grounds = (one.treatment.reason or one.treatment.statute for one in invoice.vat_totals)
    return list(dict.fromkeys(grounds))


def _payment(invoice: FeeInvoice, words: dict[str, str], language: str) -> list[tuple[str, str]]:
    return [
        (words["payee"], invoice.seller.contact.name),
        (words["iban"], grouped(invoice.payment_iban)),
        (words["bic"], invoice.payment_bic),
        (words["reference"], reference_text(invoice.payment_reference)),
        (words["pay_by"], date_text(invoice.due_on, language)),
        (words["gross"], money_text(invoice.gross, language)),
    ]


def render_remittance(remittance: Remittance) -> bytes:
    """The statement that comes with one bank transfer to the client: every payment of every case.

    Raises InvalidInput for a language without texts.
    """
    language = remittance.language
    entry_for("document", "remittance", language)
    words = _words("remittance", language)
    lines = [
        {
            "reference": line.client_reference,
            "case": line.case_id,
            "on": date_text(line.received_on, language),
            "split": _split(line, words, language),
            **_sums({"collected": line.collected, "retained": line.retained, "net": line.net}, language),
        }
        for line in remittance.lines
    ]
    sums = {"collected": remittance.collected, "retained": remittance.retained, "net": remittance.net}
    data = {
        **_sheet(words, language, remittance.made_on, remittance.agency, remittance.client),
        "title": words["title"],
        "intro": words["intro"].format(net=money_text(remittance.net, language)),
        "facts": [
            (words["made_on"], date_text(remittance.made_on, language)),
            (words["client"], f"{remittance.client.name}, {remittance.client.registration_id}"),
            (words["paid_to"], f"{grouped(remittance.iban)} {remittance.bic}"),
            (words["end_to_end"], remittance.remittance_id),
        ],
        "lines": lines,
        "count": words["count_one" if len(lines) == 1 else "count"].format(count=len(lines)),
        **_sums(sums, language),
    }
    return typeset("remittance", data)


def _split(line: RemittanceLine, words: dict[str, str], language: str) -> str:
    """What the law's order made of the payment; for money that went back, that it did."""
    if line.is_carried:
        return words["carried"]
    if line.net.minor < 0 or line.collected.minor < 0:
        return words["taken_back"]
    classes = texts("letters", language)["classes"]
    currency = line.collected.currency
    return " · ".join(
        f"{classes[name]} {money_text(Money(minor, currency), language)}" for name, minor in line.parts
    )


def _words(document: str, language: str) -> dict[str, str]:
    strings = texts("letters", language)
    return {**strings["labels"], **strings["documents"], **strings[document]}


def _sheet(
    words: dict[str, str], language: str, written: date, agency: Contact, client: Contact
) -> dict[str, Any]:
    """What `layout.typ` needs of every document."""
    return {
        "language": language,
        "labels": dict(words),
        "written": {"year": written.year, "month": written.month, "day": written.day},
        "agency": contact_facts(agency),
        "recipient": [client.name, *_address(client.address, agency, language)],
    }


def _address(address: Address, agency: Contact, language: str) -> list[str]:
    return address_lines(address, agency.address.country, language)


def _period(first: date, last: date, language: str) -> str:
    return f"{date_text(first, language)}–{date_text(last, language)}"


def _sums(amounts: dict[str, Money], language: str) -> dict[str, str]:
    return {name: money_text(amount, language) for name, amount in amounts.items()}
