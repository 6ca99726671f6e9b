"""Each account is on one side of one equation; what has none is a break."""

from __future__ import annotations

import re

import pytest
from sovinto.domain import accounts
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.ledger import debtor_account
from sovinto.domain.proof import KINDS, Sums, differences, equation_breaks, kind_of, raw_breaks
from sovinto.ids import CaseId, ClientId

CASE, CLIENT = CaseId("case_000001"), ClientId("cli_demo")
CHART = [
    *(value for name, value in vars(accounts).items() if name.isupper() and isinstance(value, str)),
    *(debtor_account(CASE, claim_class) for claim_class in ClaimClass),
    accounts.psp("sandbox"),
    "psp:sandbox:reserve",
    accounts.refunds(CASE),
    accounts.client_claims(CLIENT),
    accounts.client_payable(CLIENT),
    accounts.client_invoiced(CLIENT),
]


@pytest.mark.parametrize("account", CHART)
def test_every_account_of_the_chart_has_exactly_one_side(account: str) -> None:
    assert len([kind for kind, _, pattern in KINDS if re.fullmatch(pattern, account)]) == 1


def test_an_account_that_no_equation_knows_is_none() -> None:
    assert kind_of("our:pocket") is None
    assert kind_of("bank:Other Account") is None


def test_the_equations_are_per_currency() -> None:
    even = {"EUR": {"bank": 100, "payable": -80, "vat": -20, "debtor": 5, "claims": -5}}
    assert list(equation_breaks(even)) == []
    mixed = {"EUR": {"bank": 100}, "SEK": {"payable": -100}}
    assert [found.where for found in equation_breaks(mixed)] == ["EUR", "SEK"]
    crossed = {"EUR": {"bank": 100, "claims": -100}}
    assert len(list(equation_breaks(crossed))) == 2


def test_the_stored_text_is_added_up_by_itself() -> None:
    body = '{"entry_id":"ent_1","lines":[{"account":"a","amount":{"minor":5,"currency":"EUR"}}]}'
    assert [found.where for found in raw_breaks(body, "x")] == ["ent_1"]
    assert [found.where for found in raw_breaks("{", "CASE#1 ENTRY#2")] == ["CASE#1 ENTRY#2"]


def test_a_difference_names_account_and_sum() -> None:
    (found,) = differences("payable", {("a", "EUR"): 500}, {("a", "EUR"): 450}, "the rows")
    assert found.where == "a"
    assert found.message == "the ledger says 5.00 EUR, the rows say 4.50: 0.50 apart"


def test_sums_are_shown_by_kind() -> None:
    sums = Sums({("client:a:payable", "EUR"): -5, ("client:b:payable", "EUR"): -6, ("odd", "EUR"): 1})
    assert sums.by_kind() == {"EUR": {"payable": -11, "odd": 1}}
