from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree
from sovinto.domain.money import Money
from sovinto.formats.pain001 import Transfer, write_pain001
from sovinto.formats.sepa_text import to_sepa_id
from sovinto.formats.statement import read_statement

from infra.local.bank import BankAccount, RefusedByBank, read_transfers

SCHEMA = Path(__file__).parents[4] / "../shared/validators/iso20022/camt.053.001.02.xsd"
IBAN = "FI7944052020036082"
MONDAY, TUESDAY = date(2026, 2, 2), date(2026, 2, 3)


def busy_account() -> BankAccount:
    account = BankAccount(iban=IBAN, owner="Sovinto Perintä Oy", opening_minor=50_000)
    account.credit(MONDAY, 13_147, "1232", "Maija Meikäläinen")
    account.credit(MONDAY, 100, payer="Åke & Co <x>", text="lasku 5", end_to_end_id="E1")
    account.debit(TUESDAY, 13_147, "1232", "Maija Meikäläinen", is_reversal=True)
    return account


def remittance(account: str = IBAN, minor: int = 13_000) -> bytes:
    return write_pain001(
        message_id="run_1",
        created_at=datetime(2026, 2, 2, 12, tzinfo=UTC),
        debtor_name="Sovinto Perintä Oy",
        debtor_iban=account,
        debtor_bic="",
        execution_on=TUESDAY,
        transfers=[
            Transfer("rem_1", Money(minor, "EUR"), "Client Oy", "FI2112345600000785", "", "Tilitys")
        ],
    )


def test_statements_chain_from_day_to_day() -> None:
    account = busy_account()

    monday, tuesday = (read_statement(account.statement(on)) for on in (MONDAY, TUESDAY))

    assert monday.problems == tuesday.problems == ()
    assert monday.statements[0].closing == tuesday.statements[0].opening == Money(63_247, "EUR")
    assert tuesday.statements[0].closing == Money(50_100, "EUR")


def test_the_reader_sees_what_was_booked() -> None:
    first, second = read_statement(busy_account().statement(MONDAY)).statements[0].entries

    assert (first.reference, first.counterparty) == ("1232", "Maija Meikäläinen")
    assert first.end_to_end_id is None
    assert (second.reference, second.text, second.end_to_end_id) == (None, "lasku 5", "E1")
    assert second.counterparty == "Åke & Co <x>"
    assert first.bank_reference != second.bank_reference


def test_a_quiet_day_has_a_statement() -> None:
    file = read_statement(busy_account().statement(date(2026, 2, 4)))

    assert file.problems == ()
    assert file.statements[0].entries == ()


def test_is_valid_against_the_schema() -> None:
    if not SCHEMA.exists():
        pytest.skip("the shared ISO 20022 schemas are not on this machine")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))

    for on in (MONDAY, TUESDAY, date(2026, 2, 4)):
        schema.assertValid(etree.fromstring(busy_account().statement(on)))


def test_executes_our_own_payment_file() -> None:
    account = busy_account()

    paid = account.execute(remittance(), TUESDAY)

    assert [(item.amount_minor, item.creditor_iban) for item in paid] == [(13_000, "FI2112345600000785")]
    entry = read_statement(account.statement(TUESDAY)).statements[0].entries[-1]
    assert (entry.amount, entry.counterparty) == (Money(-13_000, "EUR"), "Client Oy")
    assert entry.end_to_end_id == to_sepa_id("rem_1")


def test_the_bank_executes_a_file_once() -> None:
    account = busy_account()
    account.execute(remittance(), TUESDAY)

    with pytest.raises(RefusedByBank, match="before"):
        account.execute(remittance(), TUESDAY)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"<a/>", "pain.001"),
        (b"not xml", "well-formed"),
        (remittance("FI2112345600000785"), "not this one"),
        (remittance(minor=99_999_999), "balance"),
        (remittance().replace(b"<NbOfTxs>1<", b"<NbOfTxs>2<"), "NbOfTxs"),
        (remittance().replace(b">130.00</InstdAmt", b">130.01</InstdAmt"), "CtrlSum"),
        (remittance().replace(b">130.00</InstdAmt", b">130.005</InstdAmt"), "whole cents"),
    ],
)
def test_the_bank_refuses_bad_files(file: bytes, says: str) -> None:
    account = busy_account()

    with pytest.raises(RefusedByBank, match=says):
        account.execute(file, TUESDAY)
    assert account.balance_minor(TUESDAY) == 50_100


def test_reads_the_orders_of_a_file() -> None:
    transfer = read_transfers(remittance())[0]

    assert (transfer.message_id, transfer.debtor_iban, transfer.execution_on) == ("run-1", IBAN, TUESDAY)
