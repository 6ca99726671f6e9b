from __future__ import annotations

from datetime import date

import pytest
from sovinto.domain.money import Money
from sovinto.formats.statement import StatementEntry, StatementFile, read_statement

from tests.unit.formats.statement.camt_documents import (
    details,
    document,
    entry,
    reference,
    statement,
    transaction,
)


def one_of(file: StatementFile) -> StatementEntry:
    assert file.problems == ()
    return file.statements[0].entries[0]


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


@pytest.mark.parametrize("version", [f"{number:02d}" for number in range(2, 15)])
def test_reads_every_version(version: str) -> None:
    file = read_statement(document(statement(entry()), version=version))

    assert file.format == "camt053"
    assert not file.is_held
    assert one_of(file).amount == euros("10.00")


def test_statement_head() -> None:
    read = read_statement(document(statement(entry()))).statements[0]

    assert (read.statement_id, read.account, read.currency) == ("S1", "FI7944052020036082", "EUR")
    assert (read.opening, read.closing) == (euros("100.00"), euros("110.00"))
    assert read.created_on == date(2026, 2, 2)


def test_a_payment_with_reference() -> None:
    inner = (
        "<Refs><AcctSvcrRef>T1</AcctSvcrRef><EndToEndId>E2E</EndToEndId></Refs>"
        "<RltdPties><Dbtr><Nm>Maija  Meikäläinen</Nm></Dbtr>"
        "<DbtrAcct><Id><IBAN>FI2112345600000785</IBAN></Id></DbtrAcct></RltdPties>" + reference("12 34561")
    )

    read = one_of(read_statement(document(statement(entry(details=details(transaction("10.00", inner)))))))

    assert (read.booked_on, read.value_on) == (date(2026, 2, 2), date(2026, 2, 3))
    assert (read.reference, read.end_to_end_id, read.bank_reference) == ("12 34561", "E2E", "A1")
    assert read.counterparty == "Maija Meikäläinen"
    assert read.transactions[0].counterparty_account == "FI2112345600000785"
    assert read.transactions[0].bank_reference == "T1"
    assert read.payments == read.transactions


def test_parties_of_later_versions_and_the_one_acted_for() -> None:
    later = "<RltdPties><Dbtr><Pty><Nm>New Form</Nm></Pty></Dbtr></RltdPties>"
    ultimate = "<RltdPties><UltmtDbtr><Nm>Behind</Nm></UltmtDbtr><Cdtr><Nm>Us</Nm></Cdtr></RltdPties>"

    for inner, name in ((later, "New Form"), (ultimate, "Behind")):
        read = one_of(read_statement(document(statement(entry(details=details(transaction("", inner)))))))
        assert read.counterparty == name


def test_money_out_goes_to_the_creditor() -> None:
    parties = "<RltdPties><Dbtr><Nm>Us</Nm></Dbtr><Cdtr><Nm>Client</Nm></Cdtr></RltdPties>"
    out = entry(credit=False, details=details(transaction("", parties)))

    read = one_of(read_statement(document(statement(out, closing="90.00"))))

    assert read.amount == euros("-10.00")
    assert read.counterparty == "Client"


def test_a_reversal_keeps_its_direction_and_the_first_roles() -> None:
    parties = "<RltdPties><Dbtr><Nm>Payer</Nm></Dbtr></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    back = entry(credit=False, head="<RvslInd>true</RvslInd>", details=details(transaction("", parties)))

    read = one_of(read_statement(document(statement(back, closing="90.00"))))

    assert (read.is_reversal, read.amount, read.counterparty) == (True, euros("-10.00"), "Payer")
    assert read.transactions[0].return_reason == "AC04"


@pytest.mark.parametrize("absent", ["NOTPROVIDED", "notprovided", " NOTPROVIDED "])
def test_an_end_to_end_id_that_says_nothing_is_none(absent: str) -> None:
    refs = f"<Refs><EndToEndId>{absent}</EndToEndId></Refs>"

    read = one_of(read_statement(document(statement(entry(details=details(transaction("", refs)))))))

    assert read.end_to_end_id is None


def test_a_batch_is_split_into_its_payments() -> None:
    batch = '<Btch><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="EUR">10.00</TtlAmt></Btch>'
    parts = (transaction("7.00", reference("1232")), transaction("3.00", reference("1009")))

    read = one_of(read_statement(document(statement(entry(details=details(*parts, batch=batch))))))

    assert read.reference is None
    assert read.references == ("1232", "1009")
    assert [(part.amount, part.reference) for part in read.payments] == [
        (euros("7.00"), "1232"),
        (euros("3.00"), "1009"),
    ]
    assert len({part.key for part in read.payments}) == 2


def test_a_batch_without_details_is_one_payment() -> None:
    batch = "<Btch><NbOfTxs>20</NbOfTxs></Btch>"

    read = one_of(read_statement(document(statement(entry(details=details(batch=batch))))))

    assert [part.amount for part in read.payments] == [euros("10.00")]
    assert read.payments[0].key == read.entry_key


def test_foreign_money_is_posted_as_it_was_booked() -> None:
    inner = '<Amt Ccy="NOK">120.00</Amt>'

    read = one_of(read_statement(document(statement(entry(details=details(transaction("", inner)))))))

    assert read.payments[0].amount == euros("10.00")
    assert read.payments[0].original == Money(12000, "NOK")


def test_a_zero_part_does_not_hide_the_others() -> None:
    parts = (transaction("10.00"), transaction("0.00"))

    read = one_of(read_statement(document(statement(entry(details=details(*parts))))))

    assert [part.amount for part in read.payments] == [euros("10.00"), euros("0")]


def test_texts_are_joined_and_comments_do_not_break_them() -> None:
    inner = "<RmtInf><Ustrd>lasku 1<!-- x -->23</Ustrd><Ustrd> kiitos\n </Ustrd></RmtInf>"

    read = one_of(read_statement(document(statement(entry(details=details(transaction("", inner)))))))

    assert read.text == "lasku 123 kiitos"


@pytest.mark.parametrize(
    ("status", "word", "closing"),
    [
        ("<Sts>PDNG</Sts>", "PDNG", "100.00"),
        ("<Sts><Cd>INFO</Cd></Sts>", "INFO", "100.00"),
        ("<Sts><Cd>BOOK</Cd></Sts>", "BOOK", "110.00"),
    ],
)
def test_only_booked_entries_move_the_balance(status: str, word: str, closing: str) -> None:
    file = read_statement(document(statement(entry(status=status), closing=closing)))

    assert not file.is_held
    assert one_of(file).status == word
    assert one_of(file).is_postable is (word == "BOOK")


def test_day_and_time_are_the_banks_own() -> None:
    dates = (
        "<BookgDt><DtTm>2026-02-02T00:30:00.000+02:00</DtTm></BookgDt><ValDt><Dt>2026-02-03Z</Dt></ValDt>"
    )

    read = one_of(read_statement(document(statement(entry(dates=dates)))))

    assert (read.booked_on, read.value_on) == (date(2026, 2, 2), date(2026, 2, 3))


def test_zeros_after_the_cents_are_harmless() -> None:
    read = one_of(read_statement(document(statement(entry("10.000"), closing="110.00000"))))

    assert read.amount == euros("10.00")


def test_keys_are_stable_and_tell_twins_apart() -> None:
    twins = statement(entry(tail=""), entry(tail=""), closing="120.00")

    first, second = (read_statement(document(twins)).statements[0].entries for _ in range(2))
    other_day = read_statement(document(twins.replace("<Id>S1</Id>", "<Id>S2</Id>"))).statements[0].entries

    assert [item.entry_key for item in first] == [item.entry_key for item in second]
    assert len({item.entry_key for item in (*first, *other_day)}) == 4


def test_the_banks_reference_outlives_a_new_statement_number() -> None:
    keys = {
        read_statement(document(statement(entry(), statement_id=number))).statements[0].entries[0].entry_key
        for number in ("S1", "S1-copy")
    }

    assert len(keys) == 1


def test_reports_and_notifications_need_no_balances() -> None:
    for kind in ("052", "054"):
        file = read_statement(document(statement(entry(), balances=""), kind=kind))
        assert (file.format, file.problems) == (f"camt{kind}", ())
