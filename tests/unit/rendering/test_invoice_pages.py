"""The invoice and the credit note as people read them: numbers of both parties, titles, lines in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.domain.invoice import FeeInvoice, Preceding
from sovinto.rendering.documents import render_fee_invoice, worded

from tests.unit.rendering.facts import fee_invoice
from tests.unit.rendering.reading import pdf_text

FACTS = (
    ("percent", "20 / 12.5"),
    ("collected", "1234.50 EUR"),
    ("commission", "200.00 EUR"),
    ("borne", "30.00 EUR"),
)


def invoice(text: str = "commission_rest", **given: object) -> FeeInvoice:
    plain = fee_invoice()
    line = replace(plain.lines[0], text=text, quantity=1, facts=FACTS)
    seller, buyer = replace(plain.seller, vat_id="FI12345671"), replace(plain.buyer, vat_id="FI23456713")
    return replace(plain, lines=(line,), seller=seller, buyer=buyer, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Lasku 17"), ("sv", "Faktura 17"), ("en", "Invoice 17")]
)
def test_both_vat_numbers_are_on_it(language: str, title: str) -> None:
    text = pdf_text(render_fee_invoice(invoice(language=language, buyer_reference="PO-7")))
    assert title in text and "FI12345671" in text and "FI23456713" in text and "PO-7" in text


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Hyvityslasku 17"), ("sv", "Kreditfaktura 17"), ("en", "Credit note 17")]
)
def test_a_credit_note_says_what_it_takes_back_and_asks_for_nothing(language: str, title: str) -> None:
    note = invoice(
        "commission_back",
        language=language,
        credits=Preceding(12, date(2025, 8, 31)),
        note="Counted <twice> #1",
    )
    text = pdf_text(render_fee_invoice(note))
    assert title in text and "12, 31" in text and "Counted <twice> #1" in text
    assert "FI79 4405" not in text


def test_lines_are_in_words_with_their_amounts() -> None:
    (line,) = worded(invoice(language="en")).lines
    assert (
        line.text == "Commission 20% / 12.5% on €1,234.50 collected: €200.00, of which debtors paid €30.00"
    )
    assert line.facts == ()
    assert worded(invoice("legal_fee")).lines[0].text == "Legal fee, case handed over"
    assert worded(invoice("Own {words}")).lines[0].text == "Own {words}"
