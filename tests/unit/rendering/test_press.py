from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.errors import InvalidInput
from sovinto.ports import Press
from sovinto.rendering.press import SovintoPress

from tests.unit.rendering.facts import fee_invoice, letter, remittance
from tests.unit.rendering.reading import pdf_text

FACTS = {
    "debtor_name": "Aino",
    "client_name": "Hammashoitola Hymy Oy",
    "creditor": "Hammashoitola Hymy Oy",
    "case_reference": "S1",
    "case_id": "case_1",
    "reference": "2025-09-30",
    "total": "1104.47 EUR",
    "amount": "50.00 EUR",
    "balance": "0.00 EUR",
    "pay_by": "2025-10-14",
    "due_on": "2025-10-14",
    "object_by": "2025-10-14",
    "received_on": "2025-10-01",
    "page_url": "https://sivut.sovinto.example/d/x",
    "phone": "+358 9 000 0000",
    "agency": "Sovinto Oy",
    "next_step": "send_reminder",
}


@pytest.fixture
def press() -> Press:
    return SovintoPress()


def test_plain_facts_become_the_words_of_the_reader(press: Press) -> None:
    words = press.words("email", "demand", "fi", FACTS)
    assert words.subject == "Kirje asiasta S1"
    assert "1\u00a0104,47\u00a0€" in words.text
    assert "14.10.2025" in words.text


def test_a_reference_that_looks_like_a_date_stays(press: Press) -> None:
    words = press.words("email", "case_receipt", "sv", FACTS)
    assert "2025-09-30" in words.text
    assert "Betalningspåminnelse" in words.text


def test_an_sms_has_no_subject(press: Press) -> None:
    words = press.words("sms", "instalment_sms", "en", FACTS)
    assert words.subject == ""
    assert "€50.00, is due on 14 Oct 2025" in words.text


def test_a_posted_letter_has_its_title_only(press: Press) -> None:
    words = press.words("post", "demand", "sv", FACTS)
    assert (words.subject, words.text) == ("Betalningskrav", "")


def test_a_call_task_tells_how_to_call(press: Press) -> None:
    words = press.words("call", "call_task", "en", FACTS)
    assert words.subject == "Call: case S1"
    assert "Tell nobody else about the debt" in words.text


def test_a_language_without_texts_gets_english(press: Press) -> None:
    assert press.words("email", "payment_received", "de", FACTS).subject.startswith("Thank you")
    assert "Payment demand" in pdf_text(press.letter(replace(letter(), language="de")))
    assert "Invoice 17" in pdf_text(press.fee_invoice(replace(fee_invoice(), language="no")))
    assert "Remittance" in pdf_text(press.remittance(remittance()))


def test_what_cannot_be_read_is_refused(press: Press) -> None:
    with pytest.raises(InvalidInput, match="pay_by 'soon' is not a date"):
        press.words("email", "demand", "fi", FACTS | {"pay_by": "soon"})
    with pytest.raises(InvalidInput, match="lacks total"):
        press.words("email", "demand", "fi", {k: v for k, v in FACTS.items() if k != "total"})
    with pytest.raises(InvalidInput, match="is no pigeon"):
        press.words("pigeon", "demand", "fi", FACTS)
