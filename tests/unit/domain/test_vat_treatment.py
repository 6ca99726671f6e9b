from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.countries import countries, load_pack
from sovinto.domain.money import Money
from sovinto.domain.vat_treatment import EU_STATES, VatCategory, VatTreatment, domestic, treat
from sovinto.errors import InvalidInput, LawMissing
from sovinto.formats.vat_number import checked_vat_id

ON = date(2026, 2, 2)


def treated(
    seller: str, buyer: str, *, is_business: bool = True, has_vat_id: bool = True, language: str = "en"
) -> VatTreatment:
    return treat(
        seller=load_pack(seller),
        buyer_country=buyer,
        is_business=is_business,
        has_vat_id=has_vat_id,
        on=ON,
        language=language,
    )


@pytest.mark.parametrize(
    ("seller", "buyer", "is_business", "has_vat_id", "category", "percent", "statute"),
    [
        ("FI", "FI", True, True, "S", "25.5", "1501/1993"),
        ("FI", "FI", True, False, "S", "25.5", "1501/1993"),
        ("SE", "SE", True, True, "S", "25", ""),
        ("FI", "SE", True, True, "AE", "0", "art. 44 and 196"),
        ("FI", "SE", True, False, "S", "25.5", "282/2011 art. 18"),
        ("FI", "SE", False, False, "S", "25.5", "art. 45"),
        ("FI", "NO", True, False, "O", "0", "art. 44"),
        ("SE", "GB", True, True, "O", "0", "art. 44"),
        ("DE", "CH", True, True, "O", "0", "art. 44"),
        ("FI", "NO", False, False, "S", "25.5", "art. 45"),
        ("NO", "NO", True, True, "S", "25", ""),
        ("NO", "FI", True, True, "G", "0", "§ 6-22"),
        ("NO", "SE", False, False, "S", "25", ""),
        ("GB", "FI", True, True, "O", "0", "s. 7A"),
        ("CH", "DE", True, True, "O", "0", "641.20 art. 8"),
        ("CH", "LI", True, True, "S", "8.1", "641.20"),
        ("IS", "NO", True, True, "G", "0", "50/1988"),
        ("FR", "MC", True, True, "S", "20", ""),
        ("FI", "MC", True, True, "AE", "0", "art. 44 and 196"),
        ("FI", "MC", True, False, "S", "25.5", "282/2011 art. 18"),
        ("GB", "MC", True, True, "O", "0", "s. 7A"),
        ("GB", "IM", True, False, "S", "20", ""),
        ("FI", "IM", True, True, "O", "0", "art. 44"),
    ],
)
def test_the_pair_of_countries_decides(
    seller: str,
    buyer: str,
    is_business: bool,
    has_vat_id: bool,
    category: str,
    percent: str,
    statute: str,
) -> None:
    found = treated(seller, buyer, is_business=is_business, has_vat_id=has_vat_id)

    assert (found.category.value, found.percent) == (category, percent)
    assert statute in found.statute


@pytest.mark.parametrize("seller", countries())
def test_every_pack_has_an_answer_for_every_country(seller: str) -> None:
    for buyer in countries():
        found = treated(seller, buyer)
        is_charged = found.category is VatCategory.STANDARD
        assert is_charged == (Fraction(found.percent) > 0)
        assert bool(found.reason) == (not is_charged)
        assert found.statute


def test_reverse_charge_only_inside_the_union() -> None:
    for seller in countries():
        for buyer in countries():
            is_shifted = treated(seller, buyer).category is VatCategory.REVERSE_CHARGE
            assert is_shifted == (seller != buyer and {seller, buyer} <= EU_STATES)


@pytest.mark.parametrize(
    ("language", "mention"),
    [
        ("fi", "Käännetty verovelvollisuus / Reverse charge"),
        ("sv", "Omvänd betalningsskyldighet / Reverse charge"),
        ("de", "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge"),
        ("xx", "Reverse charge"),
    ],
)
def test_reverse_charge_is_said_in_the_language_of_the_client(language: str, mention: str) -> None:
    found = treated("FI", "SE", language=language)

    assert found.reason == f"{mention}, Directive 2006/112/EC art. 44 and 196"
    assert found.reason_code == "VATEX-EU-AE"


def test_a_day_without_a_rate_is_no_guess() -> None:
    with pytest.raises(LawMissing):
        domestic(load_pack("FI"), date(1990, 1, 1))


@given(minor=st.integers(0, 10**12), percent=st.sampled_from(("25.5", "24", "8.1", "0", "20")))
def test_tax_is_rounded_half_up_once(minor: int, percent: str) -> None:
    category = VatCategory.ZERO if percent == "0" else VatCategory.STANDARD
    tax = VatTreatment(category, percent, "x").of(Money(minor, "EUR"))

    assert abs(tax.minor - minor * Fraction(percent) / 100) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("category", "percent", "reason", "says"),
    [
        (VatCategory.STANDARD, "0", "", "percent"),
        (VatCategory.REVERSE_CHARGE, "25.5", "Reverse charge", "percent"),
        (VatCategory.EXEMPT, "0", "", "needs a reason"),
        (VatCategory.ZERO, "0", "why", "no reason"),
        (VatCategory.STANDARD, "24", "why", "no reason"),
    ],
)
def test_a_treatment_does_not_contradict_itself(
    category: VatCategory, percent: str, reason: str, says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        VatTreatment(category, percent, "x", reason)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("FI 2112345-6", "FI", "FI21123456"),
        ("SE556036079301", "SE", "SE556036079301"),
        ("de 136 695 976", "DE", "DE136695976"),
        ("EL094259216", "GR", "EL094259216"),
        ("NO 995 525 828 MVA", "NO", "NO995525828MVA"),
        ("GB 980 7806 84", "GB", "GB980780684"),
        ("CHE-107.787.577 MWST", "CH", "CHE107787577"),
        ("FR 53 000004605", "MC", "FR53000004605"),
        ("GB 980 7806 84", "IM", "GB980780684"),
        (" ", "FI", ""),
    ],
)
def test_vat_numbers_are_checked(text: str, country: str, number: str) -> None:
    assert checked_vat_id(text, country) == number


@pytest.mark.parametrize(
    ("text", "country"),
    [("FI21123457", "FI"), ("FI21123456", "SE"), ("NO995525829MVA", "NO"), ("x", "US"), ("CHE1", "CH")],
)
def test_wrong_vat_numbers_are_refused(text: str, country: str) -> None:
    with pytest.raises(InvalidInput, match="vat_id"):
        checked_vat_id(text, country)
