"""A reference that the bank checked: what little else is enough beside it, and what never is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.matching import Candidate, Line, name_key

from tests.unit.domain.test_matching import OTHER, STRANGER, case, eur, exact, unsure

RULE = "reference_checked_by_bank"
LONG = case(names=(name_key("Tiina Maria Hämäläinen"),), owed=eur(13_150))
CHECKED = Line(eur(4_321), references=("1000a",), is_checked=True)


@pytest.mark.parametrize("payer", ["HÄMÄLÄINEN T", "HAMALAINEN T", "T HÄMÄLÄINEN", "HAEMAELAINEN TI"])
def test_as_much_of_the_name_as_the_record_has_room_for(payer: str) -> None:
    assert exact(replace(CHECKED, payer=payer), LONG) == (RULE, {"case_a": 4_321})


@pytest.mark.parametrize(
    "payer",
    ["", "HÄMÄLÄINEN", "HÄMÄLÄINEN J", "LAINE T", "HÄMÄLÄ T", "OUTOLA OLLI", "HÄMÄLÄINEN TT", "TIINA HÄ"],
)
def test_less_of_the_name_waits(payer: str) -> None:
    """Alone a surname is a family's, and a first letter stands for a name only where there is no room."""
    unsure(replace(CHECKED, payer=payer), LONG)


def test_the_same_sum_as_an_earlier_payment() -> None:
    in_series = replace(LONG, paid=(eur(9_000), eur(4_321)))
    assert exact(CHECKED, in_series)[0] == RULE
    unsure(replace(CHECKED, amount=eur(4_322)), in_series)


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
        (replace(CHECKED, payer="HÄMÄLÄINEN T", is_checked=False), LONG),
        (replace(CHECKED, payer="HÄMÄLÄINEN T", amount=eur(13_151)), LONG),
        (replace(CHECKED, payer="HÄMÄLÄINEN T"), replace(LONG, is_open=False, owed=eur(0))),
        (replace(CHECKED, payer="HÄMÄLÄINEN T", references=(), mentioned=("1000a",)), LONG),
    ],
    ids=["not checked", "more than is owed", "closed", "free text"],
)
def test_never_beside_anything_less(line: Line, named: Candidate) -> None:
    unsure(line, named)


def test_a_check_says_nothing_of_a_letter_of_another_case() -> None:
    """A copied reference is right to every bank: the sum of the debtor's other case is believed instead."""
    other = replace(OTHER, names=LONG.names)
    unsure(replace(CHECKED, payer="HÄMÄLÄINEN T", amount=eur(4_990)), LONG, other)
    payer_s_own = replace(STRANGER, accounts=("acc_1",))
    series = replace(LONG, paid=(eur(4_321),))
    unsure(replace(CHECKED, account="acc_1"), series, payer_s_own)


def test_the_sum_that_was_asked_for_stays_the_stronger_rule() -> None:
    assert exact(replace(CHECKED, amount=eur(13_147)), LONG)[0] == "reference_and_sum"
    assert exact(replace(CHECKED, payer="Hämäläinen Tiina"), LONG)[0] == "reference"
