from __future__ import annotations

import pytest
from sovinto.formats.statement import read_statement
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.seen import Seen
from sovinto.ids import derived

from tests.unit.formats.statement.camt_versions import VERSIONS, payment


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("is_timed", [False, True])
def test_every_version_says_the_same(version: str, is_timed: bool) -> None:
    first = read_statement(payment("02", amount="10.00", text="lasku", number="1232"))

    read = read_statement(payment(version, amount="10.00", text="lasku", number="1232", is_timed=is_timed))

    assert read == first
    assert read.problems == ()
    entry = read.statements[0].entries[0]
    assert (entry.reference, entry.counterparty, entry.end_to_end_id) == ("1232", "Maija", "E1")
    assert entry.transactions[0].counterparty_account == "FI2112345600000785"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_held_when_its_net_is_wrong(version: str) -> None:
    wrong = payment(version, amount="10.00").replace(b">10.00</TtlNetNtryAmt>", b">9.00</TtlNetNtryAmt>")
    wrong = wrong.replace(b"<TtlNetNtry><Amt>10.00", b"<TtlNetNtry><Amt>9.00")

    assert [problem.code for problem in read_statement(wrong).problems] == ["control_sum"]


def test_a_bank_can_be_the_payer_since_version_08() -> None:
    bank = payment("08", amount="10.00").replace(
        b"<Pty><Nm>Maija</Nm></Pty>", b"<Agt><FinInstnId><Nm>Pankki</Nm></FinInstnId></Agt>"
    )

    assert read_statement(bank).statements[0].entries[0].counterparty == "Pankki"


def test_what_another_namespace_adds_is_not_read() -> None:
    extra = b'<SplmtryData><x:Ntry xmlns:x="urn:bank"><x:Amt>1</x:Amt></x:Ntry></SplmtryData></Stmt>'

    read = read_statement(payment("13", amount="10.00").replace(b"</Stmt>", extra))

    assert read == read_statement(payment("13", amount="10.00"))


def test_counts_are_exact_beyond_what_memory_holds() -> None:
    seen = Seen(most=10)

    counts = [seen.count((str(number % 37),)) for number in range(37 * 3)]

    assert counts == [1] * 37 + [2] * 37 + [3] * 37


def test_keys_are_those_of_former_files() -> None:
    keys = EntryKeys(account="FI79", statement_id="S1")

    found = [keys.next(None, ("BOOK", "10.00")) for _ in range(2)]

    assert found == [derived("stm", "FI79", "statement S1", "BOOK", "10.00", str(at)) for at in (1, 2)]
