from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement.ktl import REJECTED, is_ktl, ktl_parts
from sovinto.formats.statement.model import HOLDING, Problem, StatementEntry
from sovinto.formats.statement.parts import Begun, Ended, Part

from tests.unit.formats.statement import published_national as published
from tests.unit.formats.statement.finnish_files import batch_header, batch_sums, file, payment
from tests.unit.formats.statement.published_national import Compared

ROWS = published.rows("ktl")


def read(*records: str) -> list[Part]:
    return list(ktl_parts(BytesIO(file(*records))))


def entries(parts: list[Part]) -> list[StatementEntry]:
    return [part for part in parts if isinstance(part, StatementEntry)]


def codes(parts: list[Part]) -> list[str]:
    return [part.code for part in parts if isinstance(part, Problem)]


def compare_row(seen: Compared, account: str, entry: StatementEntry, theirs: dict[str, Any]) -> None:
    where = theirs["reference"]
    is_done = theirs["result"] in {"0", " ", ""}
    seen.same(account, theirs["account"], f"{where} account")
    seen.same(published.compact(entry.booked_on), theirs["booking"], f"{where} booking date")
    seen.same(published.compact(entry.value_on), theirs["payment"], f"{where} payment date")
    seen.same(entry.bank_reference, " ".join(theirs["archive"].split()), f"{where} archive id")
    seen.same(entry.reference, theirs["reference"], f"{where} reference")
    seen.same(entry.counterparty, theirs["payer"].strip(), f"{where} payer")
    seen.same(entry.amount.currency, theirs["currency"], f"{where} currency")
    seen.same(entry.amount.decimal(), theirs["amount"], f"{where} amount")
    seen.same(entry.is_reversal, theirs["correction"], f"{where} correction")
    seen.same(entry.is_postable, is_done, f"{where} booked")
    reason = entry.transactions[0].return_reason
    seen.same(reason, None if is_done else theirs["result"], f"{where} result")


@pytest.mark.skipif(not ROWS, reason=published.ABSENT)
@pytest.mark.parametrize("published_file", ROWS, ids=published.name)
def test_every_published_figure(published_file: dict[str, Any]) -> None:
    seen, expected = Compared(), published_file["expected"]
    parts = published.parts_of(published_file)
    found = entries(parts)
    booked = [entry for entry in found if entry.is_postable]
    rejected = [entry for entry in found if entry.status == REJECTED]
    begun = [part for part in parts if isinstance(part, Begun)]
    seen.same(begun[0].statement_id, expected["header"]["created"].replace(" ", ""), "created")
    seen.same(len(found), expected["entries"], "entries")
    seen.same(published.total_of(booked, 1), expected["credit_sum"], "credits")
    seen.same(published.total_of(booked, -1), expected["correction_sum"], "corrections")
    seen.same(len(rejected), expected["rejected_direct_debits"], "rejected")
    seen.same(published.total_of(rejected, 1), expected["rejected_sum"], "rejected sum")
    seen.same([entry.reference for entry in found], expected["references"], "references")
    for entry, theirs in zip(found, expected["rows"], strict=True):
        compare_row(seen, begun[0].account, entry, theirs)
    for check in expected["control_checks"]:
        seen.same(published.is_held(parts), not check["ok"], "held")
        seen.same(len(booked), check["computed"]["count"], "count of record 9")
        seen.same(published.total_of(booked, 1), check["file"]["sum"], "sum of record 9")
        seen.same(len(rejected), check["file"]["failed_count"], "failed count of record 9")
    print(f"{seen.count} values of {published_file['file']} compared")
    assert seen.count >= 150


def test_a_clean_file() -> None:
    parts = read(batch_header(), payment(5_000), payment(700, kind="5"), batch_sums((2, 5_700)))

    assert codes(parts) == []
    assert [type(part) for part in parts] == [Begun, StatementEntry, StatementEntry, Ended]
    assert is_ktl(file(batch_header(), payment(5_000)))


def test_a_correction_takes_money_back() -> None:
    parts = read(
        batch_header(), payment(5_000), payment(5_000, correction="1"), batch_sums((1, 5_000), (1, 5_000))
    )

    assert codes(parts) == []
    assert [(item.amount.decimal(), item.is_reversal) for item in entries(parts)] == [
        ("50.00", False),
        ("-50.00", True),
    ]


def test_a_rejected_direct_debit_is_told_but_is_no_money() -> None:
    parts = read(
        batch_header(),
        payment(5_000, kind="5", result="2"),
        batch_sums((0, 0), rejected=(1, 5_000)),
    )

    assert codes(parts) == []
    assert not entries(parts)[0].is_postable
    assert entries(parts)[0].transactions[0].return_reason == "2"


def test_each_account_has_its_statement() -> None:
    parts = read(
        batch_header(),
        payment(1),
        payment(2, account="12345600000999"),
        batch_sums((2, 3)),
        batch_header(),
        payment(4),
        batch_sums((1, 4)),
    )

    assert codes(parts) == []
    assert [part.account for part in parts if isinstance(part, Begun)] == [
        "12345600000785",
        "12345600000999",
        "12345600000785",
    ]


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        (batch_sums((2, 5_000)), ["control_count"]),
        (batch_sums((1, 5_001)), ["control_sum"]),
        (batch_sums((1, 5_000), (1, 1)), ["control_count", "control_sum"]),
        (batch_sums((1, 5_000), (0, 0), (0, 1)), ["control_sum"]),
    ],
)
def test_wrong_sums_hold_the_file(sums: str, expected: list[str]) -> None:
    assert codes(read(batch_header(), payment(5_000), sums)) == expected
    assert set(expected) <= HOLDING


def test_a_file_cut_short_is_held() -> None:
    assert codes(read(batch_header(), payment(5_000))) == ["control_count"]
    assert codes(read(batch_header())) == ["control_count"]


def test_short_sums_of_older_files() -> None:
    assert codes(read(batch_header(), payment(5_000), batch_sums((1, 5_000))[:35])) == []


@pytest.mark.parametrize(
    ("at", "wrong", "code"),
    [
        (77, "X", "amount_invalid"),
        (75, "0", "currency_invalid"),
        (87, "2", "direction_invalid"),
        (17, "9", "date_invalid"),
    ],
)
def test_a_row_that_cannot_be_read_holds_the_file(at: int, wrong: str, code: str) -> None:
    text = payment(5_000)

    assert code in codes(read(batch_header(), text[:at] + wrong + text[at + 1 :], batch_sums((1, 5_000))))


def test_a_short_row_is_held() -> None:
    assert "amount_invalid" in codes(read(batch_header(), payment(5_000)[:60], batch_sums((1, 5_000))))


def test_seven_bit_letters_and_leading_zeros() -> None:
    entry = entries(read(batch_header(), payment(1, payer="V[IN\\ ]KE", reference="1232")))[0]

    assert (entry.counterparty, entry.reference) == ("VÄINÖ ÅKE", "1232")


@pytest.mark.parametrize(("row", "is_checked"), [
    (payment(1, reference="1232"), True),
    (payment(1, reference=""), False),
    (payment(1, reference="1232", kind="5"), False),
])  # fmt: skip
def test_a_reference_payment_is_one_that_the_banks_checked(row: str, is_checked: bool) -> None:
    (entry,) = entries(read(batch_header(), row))
    assert entry.transactions[0].is_checked is is_checked


def test_payments_that_look_alike_have_keys_of_their_own() -> None:
    first, second = entries(read(batch_header(), payment(1), payment(1), batch_sums((2, 2))))

    assert first.entry_key != second.entry_key


@pytest.mark.parametrize(
    "content",
    [
        file(payment(1)),
        file(batch_header(), "7" + payment(1)[1:]),
        file(batch_header(), batch_header()),
        file(batch_header(), payment(1), "9 no digits"),
    ],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(FormatRefused):
        list(ktl_parts(BytesIO(content)))
    assert not is_ktl(b"<Document>")
