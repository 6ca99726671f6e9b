"""A reference that the bank checked: what little else is enough beside it, and what never is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.matching import Candidate, Line, name_key

from tests.unit.domain.test_matching import OTHER, STRANGER, case, eur, exact, unsure

RULE = "reference_checked_by_bank"
LONG = case(names=(name_key("Tiina Maria Hämäläinen"),), owed=eur(13_150))
SERIES = replace(LONG, paid=(eur(4_321),))
CHECKED = Line(eur(4_321), references=("1000a",), is_checked=True)


@pytest.mark.parametrize("payer", ["HÄMÄLÄI TII", "TII HÄMÄLÄINEN", "HAEMAELAINEN TIINA"])
def test_three_letters_of_each_name_are_a_name_in_any_record(payer: str) -> None:
    assert exact(replace(CHECKED, payer=payer), LONG) == ("reference", {"case_a": 4_321})


@pytest.mark.parametrize(
    "payer",
    [
        "",
        "HÄMÄLÄINEN",
        "HÄMÄLÄINEN T",
        "HÄMÄLÄINEN TI",
        "HÄMÄLÄINEN J",
        "LAINE T",
        "OUTOLA OLLI",
        "TIINA HÄ",
    ],
)
def test_less_of_the_name_waits(payer: str) -> None:
    """A surname and a first letter are a family's as well, whatever room the record has."""
    unsure(replace(CHECKED, payer=payer), LONG)


@pytest.mark.parametrize(
    ("payer", "owed_by", "other"),
    [
        ("HAMALAINEN M", "Maija Hämäläinen", "Matti Hämäläinen"),
        ("Andersson A", "Anna Andersson", "Anders Andersson"),
        ("KIINTEISTO O", "Kiinteistö Oy Omena", "Kiinteistö Oy Kirsikka"),
    ],
)
@pytest.mark.parametrize("amount", [4_321, 4_990])
def test_a_letter_that_was_mixed_up_in_the_house(payer: str, owed_by: str, other: str, amount: int) -> None:
    """The second sum is what the other one owes, whose case nothing on the line leads to."""
    named = replace(LONG, names=(name_key(owed_by),))
    line = replace(CHECKED, payer=payer, amount=eur(amount))
    unsure(line, named)
    theirs = replace(STRANGER, names=(name_key(other),), owed=eur(4_990), asked=(eur(4_990),))
    unsure(line, named, theirs)


def test_the_same_sum_as_an_earlier_payment() -> None:
    in_series = replace(LONG, paid=(eur(9_000), eur(4_321)))
    assert exact(CHECKED, in_series)[0] == RULE
    unsure(replace(CHECKED, amount=eur(4_322)), in_series)


@pytest.mark.parametrize("payer", ["ESIMERKKI OSKARI", "HÄMÄLÄINEN M", "HÄMÄLÄINEN T", "HÄMÄLÄINEN"])
def test_the_same_sum_from_somebody_who_is_named_is_no_series(payer: str) -> None:
    """Another person may pay as much by a letter that was mixed up; the debtor's own name is told whole."""
    unsure(replace(CHECKED, payer=payer), SERIES)
    assert exact(replace(CHECKED, payer="TIINA HÄMÄLÄINEN"), SERIES)[0] == "reference"


def test_an_account_that_paid_another_case_of_the_debtor() -> None:
    line = replace(CHECKED, account="acc_1")
    paid = replace(OTHER, is_open=False, owed=eur(0), accounts=("acc_1",))
    assert exact(line, case(), paid)[0] == RULE
    unsure(line, case(), paid, replace(STRANGER, accounts=("acc_1",), is_open=False, owed=eur(0)))
    unsure(line, case(), replace(STRANGER, accounts=("acc_1",), is_open=False, owed=eur(0)))
    unsure(line, case(person=""), replace(paid, person=""))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (replace(CHECKED, is_checked=False), SERIES),
        (replace(CHECKED, amount=eur(13_151)), replace(SERIES, paid=(eur(13_151),))),
        (CHECKED, replace(SERIES, is_open=False, owed=eur(0))),
        (replace(CHECKED, references=(), mentioned=("1000a",)), SERIES),
    ],
    ids=["not checked", "more than is owed", "closed", "free text"],
)
def test_never_beside_anything_less(line: Line, named: Candidate) -> None:
    unsure(line, named)


def test_a_check_says_nothing_of_a_letter_of_another_case() -> None:
    """A copied reference is right to every bank: the sum of the debtor's other case is believed instead."""
    other = replace(OTHER, names=LONG.names)
    unsure(replace(CHECKED, amount=eur(4_990)), replace(LONG, paid=(eur(4_990),)), other)
    payer_s_own = replace(STRANGER, accounts=("acc_1",))
    unsure(replace(CHECKED, account="acc_1"), SERIES, payer_s_own)


def test_the_sum_that_was_asked_for_stays_the_stronger_rule() -> None:
    assert exact(replace(CHECKED, amount=eur(13_147)), LONG)[0] == "reference_and_sum"
    assert exact(replace(CHECKED, payer="Hämäläinen Tiina"), LONG)[0] == "reference"
