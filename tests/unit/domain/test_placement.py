"""Every rule of a placement, one breach at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.domain.case import Claim
from sovinto.domain.debtor import Address, Debtor, DebtorType
from sovinto.domain.money import Money
from sovinto.domain.placement import Placement, check_placement
from sovinto.domain.placement_rules import is_personal_code

TODAY = date(2026, 1, 5)
ADDRESS = Address("Koekuja 1", "00100", "Helsinki", "FI")
CONSUMER = Debtor(
    "Aino Mäkelä", DebtorType.CONSUMER, "fi", ADDRESS, "aino@asiakas.example", "+358400000012"
)
BUSINESS = replace(CONSUMER, debtor_type=DebtorType.BUSINESS, registration_id="9000007-0")
CLAIM = Claim("L1", date(2025, 8, 31), Money(12050, "EUR"), date(2025, 8, 17), "Kuukausimaksu")


def placed(debtor: Debtor = CONSUMER, claim: Claim = CLAIM, reference: str = "R1", currency: str = "EUR"):
    placement = Placement(reference, debtor, (claim,), currency)
    return check_placement(placement, today=TODAY, country="FI", currency="EUR")


def fields(**parts) -> list[str]:
    return [problem.field for problem in placed(**parts)]


@pytest.mark.parametrize("debtor", [CONSUMER, BUSINESS], ids=["consumer", "business"])
def test_a_good_placement_has_no_problem(debtor):
    assert placed(debtor) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal": Money(0, "EUR")}, "principal"),
        ({"principal": Money(-1, "EUR")}, "principal"),
        ({"principal": Money(1_000_000_000, "EUR")}, "principal"),
        ({"due_on": TODAY}, "due_date"),
        ({"due_on": date(2006, 1, 4), "invoiced_on": None}, "due_date"),
        ({"invoiced_on": date(2025, 9, 1)}, "invoice_date"),
        ({"invoice_number": ""}, "invoice_number"),
        ({"invoice_number": "L" * 65}, "invoice_number"),
        ({"text": "x" * 501}, "text"),
    ],
)
def test_a_bad_claim(changes, field):
    assert fields(claim=replace(CLAIM, **changes)) == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"principal": Money(1, "EUR")},
        {"principal": Money(999_999_999, "EUR")},
        {"due_on": date(2026, 1, 4)},
        {"due_on": date(2006, 1, 5), "invoiced_on": None},
        {"invoiced_on": date(2025, 8, 31)},
        {"invoiced_on": None, "text": ""},
    ],
)
def test_the_edges_of_a_good_claim(changes):
    assert fields(claim=replace(CLAIM, **changes)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "---"}, "name"),
        ({"name": "x" * 141}, "name"),
        ({"name": "Aino MÃ¤kelÃ¤"}, "name"),
        ({"name": "Aino M„kel„"}, "name"),
        ({"name": "Aino M\ufffdkel\ufffd"}, "name"),
        ({"registration_id": "9000007-0"}, "registration_id"),
        ({"language": "de"}, "language"),
        ({"address": None, "email": None}, "street"),
        ({"address": replace(ADDRESS, postal_code="100")}, "postal_code"),
        ({"address": replace(ADDRESS, street="")}, "street"),
        ({"address": replace(ADDRESS, city="")}, "city"),
        ({"address": replace(ADDRESS, country="Finland")}, "country"),
        ({"email": "aino"}, "email"),
        ({"email": "a@b.example; c@d.example"}, "email"),
        ({"email": "a..b@c.example"}, "email"),
        ({"phone": "040 000 0012"}, "phone"),
        ({"email": None, "has_electronic_consent": True}, "electronic_consent"),
    ],
)
def test_a_bad_debtor(changes, field):
    assert fields(debtor=replace(CONSUMER, **changes)) == [field]


@pytest.mark.parametrize("changes", [{"address": None}, {"email": None}, {"phone": None}])
def test_one_way_to_write_is_enough(changes):
    assert fields(debtor=replace(CONSUMER, **changes)) == []


@pytest.mark.parametrize(
    "name", ["Ö", "S. Å Oy", "Maj-Britt O’Neill", '"Kauppa" & Poika Oy', "3 Veljestä Ky"]
)
def test_unusual_names_are_names(name):
    assert fields(debtor=replace(CONSUMER, name=name)) == []


@pytest.mark.parametrize(
    ("country", "registration_id", "is_good"),
    [
        ("FI", "9000007-0", True), ("FI", "9000007-1", False), ("SE", "556016-0680", True),
        ("SE", "556016-0681", False), ("NO", "988 077 917", True), ("NO", "988 077 918", False),
        ("DK", "13585628", True), ("EE", "12345678", True), ("GB", "anything", True),
    ],
)  # fmt: skip
def test_registration_ids_are_checked_where_they_can_be(country, registration_id, is_good):
    postal_codes = {"SE": "111 22", "NO": "0155", "DK": "1000", "GB": "SW1A 1AA"}
    address = replace(ADDRESS, country=country, postal_code=postal_codes.get(country, "00100"))
    found = fields(debtor=replace(BUSINESS, address=address, registration_id=registration_id))
    assert found == ([] if is_good else ["registration_id"])


@pytest.mark.parametrize("reference", ["", " ", "x" * 65, "a\nb", "131052-308T"])
def test_a_bad_reference(reference):
    assert fields(reference=reference) == ["reference"]


def test_a_personal_code_is_known_by_its_country():
    assert is_personal_code("131052-308T", "FI")
    assert not is_personal_code("131052-308T", "SE")


def test_another_currency_is_refused():
    assert fields(currency="SEK") == ["currency"]


def test_only_debtors_the_country_has_rules_for():
    given = {"today": TODAY, "country": "FI", "currency": "EUR", "debtor_types": {DebtorType.BUSINESS}}
    (problem,) = check_placement(Placement("R1", CONSUMER, (CLAIM,), "EUR"), **given)
    assert problem.field == "debtor_type"
    assert problem.message.startswith("The debtor type must be business in FI, not consumer;")
    assert check_placement(Placement("R1", BUSINESS, (CLAIM,), "EUR"), **given) == ()


def test_a_language_of_the_country_is_no_problem():
    given = {"today": TODAY, "country": "FI", "currency": "EUR", "languages": ("et", "fi")}
    estonian = replace(CONSUMER, language="et")
    assert check_placement(Placement("R1", estonian, (CLAIM,), "EUR"), **given) == ()
    (problem,) = check_placement(
        Placement("R1", replace(CONSUMER, language="de"), (CLAIM,), "EUR"), **given
    )
    assert "one of fi, sv, en, et;" in problem.message


def test_no_claims_is_a_problem():
    placement = Placement("R1", CONSUMER, (), "EUR")
    assert [p.field for p in check_placement(placement, today=TODAY, country="FI", currency="EUR")] == [
        "principal"
    ]


def test_twenty_years_before_a_leap_day():
    claim = replace(CLAIM, due_on=date(2008, 2, 28), invoiced_on=None)
    placement = Placement("R1", CONSUMER, (claim,), "EUR")
    assert check_placement(placement, today=date(2028, 2, 29), country="FI", currency="EUR") == ()


def test_all_problems_come_at_once_each_one_sentence():
    bad = Debtor("", DebtorType.CONSUMER, "xx", None, None, "1", "x", True)
    found = placed(bad, replace(CLAIM, principal=Money(0, "EUR"), due_on=TODAY), "", "SEK")
    assert len(found) == 10
    for problem in found:
        assert problem.message[0].isupper()
        assert problem.message.endswith(".")
        assert problem.message.count(". ") == 0
