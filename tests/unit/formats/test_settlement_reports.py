"""Settlement reports of payment providers: every line explained, and the whole explained to zero."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.settlement.adyen import is_adyen, read_adyen
from sovinto.formats.settlement.model import LineKind, SettlementReport
from sovinto.formats.settlement.parts import adyen_parts, open_table, paypal_parts, report_parts
from sovinto.formats.settlement.paypal import is_paypal_activity, is_paypal_statement, read_paypal
from sovinto.formats.statement.parts import Begun

from tests.unit.formats.statement.published_files import (
    ABSENT,
    FOLDER,
    codes,
    decimal,
    entries,
    head,
    name,
    rows,
)

ADYEN = [row for row in rows("adyen-settlement-details") if row["expected"]]
PAYPAL = rows("paypal-activity", "paypal-statement")
published = pytest.mark.skipif(not ADYEN, reason=ABSENT)


def problems(report: SettlementReport) -> list[str]:
    return [problem.code for problem in report.problems]


@published
@pytest.mark.parametrize("row", ADYEN, ids=name)
def test_published_adyen_report(row: dict[str, Any]) -> None:
    report, expected = read_adyen((FOLDER / row["file"]).open("rb")), row["expected"]
    nets = [line.net.minor for line in report.lines]
    grosses = [line.gross.minor for line in report.lines if line.gross]
    fees = [fee for line in report.lines for fee in line.fees]
    by_type: dict[str, list[int]] = defaultdict(list)
    for line in report.lines:
        by_type[line.word].append(line.net.minor)

    assert is_adyen(head(row))
    assert (report.format, report.currencies(), problems(report)) == (row["format"], ("USD",), [])
    assert len(report.lines) == expected["entries"]
    assert decimal(sum(net for net in nets if net > 0)) == expected["net_credit"]
    assert decimal(-sum(net for net in nets if net < 0)) == expected["net_debit"]
    assert report.net("USD").decimal() == expected["net"]
    assert decimal(sum(gross for gross in grosses if gross > 0)) == expected["gross_credit"]
    assert decimal(-sum(gross for gross in grosses if gross < 0)) == expected["gross_debit"]
    for kind in ("commission", "markup", "scheme_fees", "interchange"):
        assert decimal(-sum(fee.amount.minor for fee in fees if fee.name == kind)) == expected[kind]
    assert {
        word: {"n": len(found), "net": decimal(sum(found))} for word, found in by_type.items()
    } == expected["by_type"]


@published
def test_published_adyen_workbook_is_explained_to_zero() -> None:
    parts = list(adyen_parts((FOLDER / "psp/adyen_adyen_test_credit_fees.xlsx").open("rb")))
    found = entries(parts)
    assert codes(parts) == []
    assert (len(found), sum(entry.amount.minor for entry in found)) == (40, 0)
    refund, paid = found[:2]
    assert [item.amount.decimal() for item in refund.transactions if item.amount] == ["-6.00", "-0.20"]
    assert [item.amount.decimal() for item in paid.transactions if item.amount] == ["59.00", "-0.50"]
    assert (paid.reference, paid.bank_reference) == ("5000000020", "4714647874709213")
    foreign = [item.original.decimal() for e in found for item in e.transactions if item.original]
    assert foreign == ["2198.00"]
    assert all(
        sum(item.amount.minor for item in entry.transactions if item.amount) == entry.amount.minor
        for entry in found
    )


@published
def test_published_adyen_workbook_with_a_damaged_header_is_refused() -> None:
    with pytest.raises(FormatRefused, match="lacks Merchant Account, Merchant Reference, Psp Reference; "):
        read_adyen((FOLDER / "psp/adyen_adyen_test_invalid.xls").open("rb"))


@published
@pytest.mark.parametrize("row", PAYPAL, ids=name)
def test_published_paypal_reports(row: dict[str, Any]) -> None:
    report, expected = read_paypal((FOLDER / row["file"]).open("rb")), row["expected"]
    assert (report.format, problems(report)) == (row["format"], [])
    assert is_paypal_activity(head(row)) == (row["format"] == "paypal-activity")
    assert is_paypal_statement(head(row)) == (row["format"] == "paypal-statement")
    assert len(report.lines) == expected["entries"]
    assert set(report.currencies()) == expected["by_currency"].keys()
    for currency, theirs in expected["by_currency"].items():
        own = [line for line in report.lines if line.net.currency == currency]
        assert len(own) == theirs["n"]
        assert decimal(sum(line.gross.minor for line in own if line.gross)) == theirs["gross"]
        assert decimal(sum(line.fee.minor for line in own)) == theirs["fee"]
        assert report.net(currency).decimal() == theirs["net"]
        assert theirs["ok"]
    parts = list(report_parts(report))
    assert len(entries(parts)) == expected["entries"]
    assert sum(isinstance(part, Begun) for part in parts) == len(expected["by_currency"])


@published
def test_paypal_days_are_read_in_the_order_that_fits_all() -> None:
    activity = read_paypal((FOLDER / "psp/paypal_activity_en.csv").open("rb"))
    statement = read_paypal((FOLDER / "psp/paypal_statement_en.csv").open("rb"))
    assert activity.lines[1].happened_on == date(2016, 2, 12)
    assert statement.lines[0].happened_on == date(2018, 9, 4)
    pending = [line for line in activity.lines if not line.is_final]
    assert {line.kind for line in pending} == {LineKind.PAYOUT}
    assert {entry.status for entry in entries(list(report_parts(activity)))} == {"BOOK", "PDNG"}


ADYEN_HEADER = (
    "Company Account,Merchant Account,Psp Reference,Merchant Reference,Creation Date,Type,"
    "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,"
    "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),"
    "Interchange (NC),Batch Number\n"
)
PAID = "C,M,P1,R1,2026-03-02 10:00:00,Settled,X,EUR,,100.00,1,EUR,,98.50,1.00,,0.30,0.20,7\n"
BACK = "C,M,P2,R1,2026-03-03 10:00:00,Chargeback,X,EUR,100.00,,1,EUR,107.50,,7.50,,,,7\n"
PAYOUT = "C,M,,,2026-03-04 10:00:00,MerchantPayout,Batch 7,,,,,EUR,{},{},,,,,7\n"


def adyen(*lines: str) -> SettlementReport:
    return read_adyen(BytesIO((ADYEN_HEADER + "".join(lines)).encode()))


def test_a_batch_comes_to_nothing_with_its_payout() -> None:
    report = adyen(PAID, PAYOUT.format("98.50", ""))
    assert problems(report) == []
    assert [line.kind for line in report.lines] == [LineKind.PAYMENT, LineKind.PAYOUT]
    assert (report.lines[0].fee.decimal(), report.lines[0].batch) == ("-1.50", "7")


def test_a_chargeback_names_its_payment_and_its_fee() -> None:
    report = adyen(PAID, BACK, PAYOUT.format("", "9.00"))
    assert problems(report) == []
    assert report.lines[1].kind is LineKind.CHARGEBACK
    assert (report.lines[1].our_reference, report.lines[1].fee.decimal()) == ("R1", "-7.50")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((PAID, PAYOUT.format("98.49", "")), "control_sum"),
        ((PAID.replace("98.50", "98.60"), PAYOUT.format("98.60", "")), "control_sum"),
        ((PAID.replace("98.50", "98.5X"),), "amount_invalid"),
        ((PAID.replace("2026-03-02", "2026-02-30"),), "date_invalid"),
        ((PAID.replace("EUR,,100.00,1,", "GBP,,100.00,x,"),), "amount_invalid"),
        ((PAID.replace(",EUR,,98.50", ",eur,,98.50"),), "amount_invalid"),
        ((), "no_statement"),
    ],
)
def test_an_adyen_report_that_does_not_add_up_is_held(lines: tuple[str, ...], code: str) -> None:
    report = adyen(*lines)
    assert code in problems(report)
    assert report.is_held


def test_conversion_may_round_by_a_cent_but_not_by_two() -> None:
    converted = PAID.replace("EUR,,100.00,1,", "GBP,,87.00,1.14949,")
    assert problems(adyen(converted, PAYOUT.format("98.50", ""))) == []
    assert adyen(converted.replace("98.50", "98.53"), PAYOUT.format("98.53", "")).is_held


def test_a_batch_that_is_not_paid_out_is_no_contradiction() -> None:
    report = adyen(PAID)
    assert (problems(report), report.is_held) == (["batch_open"], False)


PAYPAL_HEADER = "Date,Time,Description,Currency,Gross,Fee,Net,Balance,Transaction ID,Name,Invoice ID\n"


def paypal(*lines: str) -> SettlementReport:
    return read_paypal(BytesIO((PAYPAL_HEADER + "".join(lines)).encode()))


FIRST = "13/3/2026,10:00,Express Checkout Payment,EUR,10.00,-0.50,9.50,19.50,T1,Anna,R1\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("14/3/2026,10:00,Payment Refund,EUR,-10.00,0.50,-9.49,10.01,T2,Anna,R1\n", "control_sum"),
        ("14/3/2026,10:00,Payment Refund,EUR,-10.00,0.50,-9.50,10.01,T2,Anna,R1\n", "balance_chain"),
        ("14/3/2026,10:00,Payment Refund,EUR,-10.00,0.50,x,10.00,T2,Anna,R1\n", "amount_invalid"),
        ('14/3/2026,10:00,Payment Refund,EUR,"-10,00",0.50,-9.50,10.00,T2,Anna,R1\n', "amount_invalid"),
        ("3/14/2026,10:00,Payment Refund,EUR,-10.00,0.50,-9.50,10.00,T2,Anna,R1\n", "date_invalid"),
    ],
)
def test_a_paypal_report_that_does_not_add_up_is_held(line: str, code: str) -> None:
    report = paypal(FIRST, line)
    assert code in problems(report)
    assert report.is_held


def test_a_paypal_payment_opens_to_gross_and_fee() -> None:
    refund = "14/3/2026,10:00,Payment Refund,EUR,-10.00,0.50,-9.50,10.00,T2,Anna,R1\n"
    data = (PAYPAL_HEADER + FIRST + refund).encode()
    first, second = entries(list(paypal_parts(BytesIO(data))))
    assert [(t.amount.decimal(), t.references) for t in first.transactions if t.amount] == [
        ("10.00", ("R1",)),
        ("-0.50", ()),
    ]
    assert (first.counterparty, second.amount.decimal()) == ("Anna", "-9.50")
    report = paypal(FIRST, refund)
    assert [line.kind for line in report.lines] == [LineKind.PAYMENT, LineKind.REFUND]
    ((opening, closing),) = report.balances
    assert (opening.decimal(), closing.decimal()) == ("10.00", "10.00")


TABLES = rows(
    "adyen-settlement-details", "paypal-activity", "paypal-statement", "bank-csv-sheet", "postfinance-csv"
)


@published
@pytest.mark.parametrize("row", TABLES, ids=name)
def test_any_published_table_is_known_by_content(row: dict[str, Any]) -> None:
    stream = (FOLDER / row["file"]).open("rb")
    if "invalid" in row["file"]:
        with pytest.raises(FormatRefused, match="Adyen settlement details report lacks"):
            open_table(stream)
    elif "no_header" in row["file"]:
        with pytest.raises(FormatRefused, match="no header row that is known"):
            open_table(stream)
    else:
        found, parts = open_table(stream)
        assert found == row["format"]
        assert any(isinstance(part, Begun) for part in parts)
