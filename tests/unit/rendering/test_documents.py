from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.errors import InvalidInput
from sovinto.rendering.documents import render_fee_invoice, render_remittance

from tests.unit.rendering.facts import fee_invoice, remittance
from tests.unit.rendering.reading import pdf, pdf_text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_fee_invoice_shows_what_vat_law_asks(language: str) -> None:
    text = pdf_text(render_fee_invoice(replace(fee_invoice(), language=language)))
    assert "2345671-3" in text and "1234567-1" in text
    assert "17" in text and "182" in text
    for amount in ("891,80", "227,41", "119,21", "25,5"):
        assert amount.replace(",", "." if language == "en" else ",") in text
    assert "1501/1993 84 §" in text
    assert "FI79 4405 2020 0360 82" in text


def test_the_setup_fee_is_named_in_the_language_of_the_client() -> None:
    invoice = fee_invoice()
    line = replace(invoice.lines[0], text="setup_fee")
    text = pdf_text(render_fee_invoice(replace(invoice, lines=(line,), language="fi")))
    assert "Aloitusmaksu, hyväksytty toimeksianto" in text


def test_the_remittance_lists_every_payment_over_pages() -> None:
    data = render_remittance(remittance(100))
    text = pdf_text(data)
    assert len(pdf(data).pages) >= 3
    assert all(f"case_{number:026d}" in text for number in range(100))
    assert "€8,547.00" in text and "100 payments" in text
    assert "FI21 1234 5600 0007 85" in text


def test_one_payment_is_one_and_the_id_of_the_transfer_stays_whole() -> None:
    made = replace(remittance(1), remittance_id="rem-d1a29f74e3f94aeae3651257d9")
    text = pdf_text(render_remittance(made))
    assert "One payment" in text and "rem-d1a29f74e3f94aeae3651257d9" in text


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InvalidInput, match="language 'de'"):
        render_remittance(replace(remittance(), language="de"))
