"""What is read out of a bank line's words, and what is not guessed."""

from __future__ import annotations

import pytest
from sovinto.domain.matching import Line
from sovinto.domain.money import Money
from sovinto.formats import payment_reference
from sovinto.formats.payment_words import invoice_key, invoice_words, near, read_line

BASE = "123456789012"


def read(*references: str, text: str = "", country: str = "FI") -> Line:
    return read_line(
        Money(100, "EUR"),
        references=references,
        text=text,
        payer="Tiina",
        account="FI21 1234",
        country=country,
    )


@pytest.mark.parametrize(
    ("country", "scheme", "base"),
    [
        ("FI", "fi_731", BASE),
        ("SE", "se_ocr", BASE),
        ("NO", "no_kid_mod10", BASE),
        ("NO", "no_kid_mod11", BASE),
        ("DK", "dk_fik_71", BASE),
        ("EE", "ee_731", BASE),
        ("NL", "nl_16", "123456789012345"),
    ],
)
def test_a_reference_is_found_however_it_is_written(country: str, scheme: str, base: str) -> None:
    text = payment_reference.make(base, scheme)
    key = payment_reference.normalise(text)
    wrapped = payment_reference.make(text, "rf")
    for written in (text, payment_reference.printed(text), f"viite {text}, kiitos", wrapped):
        assert key in read(text=written, country=country).mentioned, written
    assert read(f" 000{text}" if scheme != "nl_16" else text, country=country).references == (key,)
    slip = text[:6] + str((int(text[6]) + 1) % 10) + text[7:]
    assert key in read(slip, country=country).near


def test_several_references_in_one_text() -> None:
    one, two = (payment_reference.make(base, "fi_731") for base in (BASE, "987654321098"))
    assert set(read(text=f"viitteet {one} ja {two}").mentioned) == {one, two}


def test_every_slip_of_the_pen() -> None:
    text = payment_reference.make(BASE, "fi_731")
    slips = (text[1:], text[:5] + text[4:], text[:3] + text[4] + text[3] + text[5:], text[:-1])
    for slip in slips:
        assert text in near(slip, ("fi_731",)), slip
    rf = payment_reference.make(text, "rf")
    assert text in near("RF99" + rf[4:], ("fi_731", "rf"))


def test_numbers_that_are_no_references() -> None:
    found = read(text="maksettu 12.11.2026 puh 0401234567 summa 131,47")
    assert found.mentioned == ()
    assert near("12345", ("fi_731",)) == ()
    assert near("ABCDEFGHIJ", ("fi_731", "rf")) == ()


def test_our_case_number_and_invoice_numbers() -> None:
    found = read(text="case_0abc9 lasku INV 2025-17")
    assert found.case_ids == ("case_0abc9",)
    assert invoice_key("INV 2025-17") in found.words
    assert invoice_words("kiitos paljon") == ()
    assert invoice_key("00-123/a") == "123A"


def test_of_the_account_only_a_digest_is_kept() -> None:
    assert "1234" not in read().account
    assert (
        read().account
        == read_line(
            Money(1, "EUR"), references=(), text="", payer="", account="fi211234", country="FI"
        ).account
    )
