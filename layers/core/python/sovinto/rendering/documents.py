"""Documents for the client as PDF: the fee invoice and the statement of a remittance."""

from __future__ import annotations

from datetime import date
from typing import Any

from sovinto.domain.debtor import Address
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.domain.remittance import Remittance
from sovinto.rendering.amounts import date_text, grouped, money_text, percent_text, reference_text
from sovinto.rendering.letter_facts import address_lines, contact_facts
from sovinto.rendering.templates import entry_for, texts
from sovinto.rendering.typesetting import typeset


def render_fee_invoice(invoice: FeeInvoice) -> bytes:
    """The invoice with what VAT law asks for (FI 1501/1993 209 e §; EU 2006/112 art. 226): both
    parties, a sequential number, dates, period, net, rate and its basis, VAT and gross. Raises
    InvalidInput for a language without texts."""
    language = invoice.language
    entry_for("document", "fee_invoice", language)
    words = _words("fee_invoice", language)
    facts = [
        (words["number"], str(invoice.number)),
        (words["invoiced_on"], date_text(invoice.invoiced_on, language)),
        (words["pay_by"], date_text(invoice.due_on, language)),
        (words["period"], _period(invoice.period_from, invoice.period_to, language)),
        (words["client"], f"{invoice.client.name}, {invoice.client.registration_id}"),
    ]
    lines = [
        {
            "text": words.get(line.text, line.text),
            "quantity": str(line.quantity),
            "unit_price": money_text(line.unit_price, language),
            "net": money_text(line.net, language),
        }
        for line in invoice.lines
    ]
    data = {
        **_sheet(words, language, invoice.invoiced_on, invoice.agency, invoice.client),
        "title": words["title"].format(number=invoice.number),
        "intro": words["intro"],
        "facts": facts,
        "lines": lines,
        **_sums({"net": invoice.net, "vat": invoice.vat, "gross": invoice.gross}, language),
        "vat_rule": invoice.vat_rule,
        "payment": _payment(invoice, words, language),
    }
    data["labels"]["vat"] = words["vat"].format(percent=percent_text(invoice.vat_percent, language))
    return typeset("fee_invoice", data)


def _payment(invoice: FeeInvoice, words: dict[str, str], language: str) -> list[tuple[str, str]]:
    return [
        (words["payee"], invoice.agency.name),
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
        "count": words["count"].format(count=len(lines)),
        **_sums(sums, language),
    }
    return typeset("remittance", data)


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
