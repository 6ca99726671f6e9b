from __future__ import annotations

import pytest
from sovinto.formats.statement import StatementFile, read_statement, to_json

from tests.unit.formats.statement.camt_documents import (
    balance,
    details,
    document,
    entry,
    statement,
    transaction,
)


def codes(file: StatementFile) -> list[str]:
    return [problem.code for problem in file.problems]


def summary(count: str = "2", credit: str = "15.00", debit: str = "5.00", net: str = "10.00") -> str:
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries><TtlNetNtryAmt>{net}</TtlNetNtryAmt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd></TtlNtries><TtlCdtNtries><Sum>{credit}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><Sum>{debit}</Sum></TtlDbtNtries></TxsSummry>"
    )


def test_a_broken_chain_holds_the_file() -> None:
    file = read_statement(document(statement(entry(), closing="110.01")))

    assert file.is_held
    assert codes(file) == ["balance_chain"]
    assert "110.01" in file.problems[0].message
    assert file.problems[0].where == "S1"


def test_the_previous_closing_balance_opens_a_statement_too() -> None:
    balances = balance("PRCD", "100.00") + balance("ITBD", "1.00") + balance("CLBD", "110.00")

    file = read_statement(document(statement(entry(), balances=balances)))

    assert file.problems == ()


def test_an_overdrawn_account_chains() -> None:
    balances = balance("OPBD", "15.00", credit=False) + balance("CLBD", "5.00", credit=False)

    assert read_statement(document(statement(entry(), balances=balances))).problems == ()


def test_a_missing_balance_is_said_but_does_not_hold() -> None:
    file = read_statement(document(statement(entry(), balances=balance("CLBD", "110.00"))))

    assert codes(file) == ["balance_missing"]
    assert not file.is_held


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({}, None),
        ({"count": "3"}, "control_count"),
        ({"credit": "15.01"}, "control_sum"),
        ({"debit": "15.00"}, "control_sum"),
        ({"net": "10.10"}, "control_sum"),
        ({"net": "ten"}, "amount_invalid"),
    ],
)
def test_the_banks_summary_must_agree(figures: dict[str, str], code: str | None) -> None:
    entries = (entry("15.00"), entry("5.00", credit=False))

    file = read_statement(document(statement(*entries, summary=summary(**figures))))

    assert codes(file) == ([code] if code else [])
    assert file.is_held is bool(code)


def test_a_summary_may_leave_pending_entries_out() -> None:
    pending = entry("99.00", status="<Sts>PDNG</Sts>")
    entries = (entry("15.00"), entry("5.00", credit=False), pending)

    assert read_statement(document(statement(*entries, summary=summary()))).problems == ()


@pytest.mark.parametrize(
    ("batch", "parts", "code"),
    [
        ("<Btch><NbOfTxs>3</NbOfTxs></Btch>", ("7.00", "3.00"), "batch_count"),
        ("", ("7.00", "2.99"), "transaction_sum"),
        ('<Btch><TtlAmt Ccy="EUR">11.00</TtlAmt></Btch>', (), "batch_sum"),
    ],
)
def test_a_batch_must_agree_with_itself(batch: str, parts: tuple[str, ...], code: str) -> None:
    inside = details(*(transaction(part) for part in parts), batch=batch)

    file = read_statement(document(statement(entry(details=inside))))

    assert codes(file) == [code]
    assert file.is_held
    assert file.problems[0].where == "S1/entry 1"


def test_a_lone_transaction_may_state_what_was_sent_before_charges() -> None:
    file = read_statement(document(statement(entry(details=details(transaction("12.00"))))))

    assert codes(file) == ["transaction_amount"]
    assert not file.is_held
    assert file.statements[0].entries[0].payments[0].amount == file.statements[0].entries[0].amount


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (entry("10.005"), "amount_precision"),
        (entry("10,00"), "amount_invalid"),
        (entry("-10.00"), "amount_invalid"),
        (entry("1e3"), "amount_invalid"),
        (entry("١٠.00"), "amount_invalid"),
        (entry(""), "amount_invalid"),
        (entry(currency="EURO"), "currency_invalid"),
        (entry(status=""), "status_missing"),
        (entry(dates=""), "date_missing"),
        (entry(dates="<BookgDt><Dt>2026-02-30</Dt></BookgDt>"), "date_invalid"),
        (entry(dates="<BookgDt><Dt>02.02.2026</Dt></BookgDt>"), "date_invalid"),
        (entry().replace("CRDT", "PLUS"), "direction_invalid"),
        (entry().replace("<CdtDbtInd>CRDT</CdtDbtInd>", ""), "direction_invalid"),
        (entry().replace('<Amt Ccy="EUR">10.00</Amt>', ""), "amount_invalid"),
        (entry(currency="SEK"), "entry_currency"),
        (entry(details=details(transaction("1.001"))), "amount_precision"),
    ],
)
def test_an_entry_that_cannot_be_believed_holds_the_file(bad: str, code: str) -> None:
    file = read_statement(document(statement(entry(), bad, closing="120.00")))

    assert code in codes(file)
    assert file.is_held


def test_balances_in_another_currency_hold_the_file() -> None:
    balances = balance("OPBD", "100.00") + balance("CLBD", "110.00", currency="SEK")

    assert codes(read_statement(document(statement(entry(), balances=balances)))) == ["balance_currency"]


def test_an_account_without_number_holds_the_file() -> None:
    assert codes(read_statement(document(statement(entry(), account="<Ccy>EUR</Ccy>")))) == [
        "account_missing"
    ]


def test_a_file_without_statements_is_held() -> None:
    file = read_statement(document())

    assert codes(file) == ["no_statement"]
    assert file.is_held


def test_problems_of_one_statement_do_not_hide_in_the_next() -> None:
    file = read_statement(
        document(statement(entry(), closing="1.00"), statement(statement_id="S2", closing="100.00"))
    )

    assert [problem.where for problem in file.problems] == ["S1"]
    assert [len(item.entries) for item in file.statements] == [1, 0]


def test_as_json() -> None:
    shape = to_json(read_statement(document(statement(entry(), closing="110.01"))))

    assert list(shape) == ["format", "statements", "totals", "problems"]
    assert shape["totals"] == {"entries": 1, "transactions": 0, "credits": "10.00", "debits": "0.00"}
    assert shape["statements"][0] | {"entries": []} == {
        "account": "FI7944052020036082",
        "currency": "EUR",
        "opening": "100.00",
        "closing": "110.01",
        "entries": [],
    }
    assert shape["statements"][0]["entries"] == [
        {
            "booked_on": "2026-02-02",
            "value_on": "2026-02-03",
            "amount": "10.00",
            "currency": "EUR",
            "status": "BOOK",
            "reversal": False,
            "reference": None,
            "references": [],
            "end_to_end_id": None,
            "counterparty": None,
            "text": None,
            "bank_reference": "A1",
            "transactions": [],
        }
    ]
    assert set(shape["problems"][0]) == {"code", "message", "where"}
