"""BgMax against Bankgirot's own example and against files written after its manual."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement.bgmax import bgmax_parts, is_bgmax
from sovinto.formats.statement.bgmax_deposit import Deposit
from sovinto.formats.statement.bgmax_records import BgMaxPayment, added, begun
from sovinto.formats.statement.fixed_lines import text_lines
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Begun, Part

from tests.unit.formats.statement.published_files import (
    ABSENT,
    FOLDER,
    Trickle,
    codes,
    decimal,
    entries,
    head,
    is_held,
    lines,
    name,
    rows,
    side,
)

PUBLISHED = rows("bgmax")


@pytest.mark.parametrize(
    ("code", "is_right"),
    [("0", False), ("1", False), ("2", True), ("3", False), ("4", False), ("5", False), (" ", False)],
)
def test_what_bankgirot_checked_is_told_by_its_code(code: str, is_right: bool) -> None:
    text = f"20{'':10}{'65599':>25}{50_000:018d}{code}1{'':12}0"
    assert begun(text, 1).is_checked is is_right
    assert not begun("21" + text[2:], 1).is_checked


def test_of_several_references_none_is_the_checked_one() -> None:
    text = f"20{'':10}{'65599 65581':>25}{50_000:018d}21{'':12}0"
    assert not begun(text, 1).is_checked
    one = begun(text.replace("65599 65581", "      65599"), 1)
    assert added(one, f"22{'':10}{'65581':>25}{10_000:018d}21{'':12}0")
    assert not one.is_checked


def parts_of(row: dict[str, Any]) -> list[Part]:
    with (FOLDER / row["file"]).open("rb") as stream:
        return list(bgmax_parts(stream))


def records_of(row: dict[str, Any]) -> list[BgMaxPayment]:
    deposit = Deposit("", "SEK", 1)
    with (FOLDER / row["file"]).open("rb") as stream:
        for line in text_lines(stream):
            if line.text[:2] not in {"01", "05", "15", "70"}:
                deposit.keep(line)
    return [found for found in deposit.payments() if not isinstance(found, Problem)]


def as_expected(payment: BgMaxPayment) -> dict[str, Any]:
    """A payment in the words of expected.json, which leaves out what is empty."""
    found: dict[str, Any] = {
        "type": "deduction" if payment.kind == "21" else "payment",
        "sender_bg": payment.sender,
        "reference": payment.reference,
        "amount": decimal(payment.minor or 0),
        "ref_code": payment.reference_code,
        "channel": payment.channel,
        "serial": payment.serial,
        "image": payment.image,
        "deduction_code": payment.deduction_code,
        "name": " ".join(payment.names),
        "orgnr": payment.organisation_number,
        "info": payment.info,
        "extra_refs": [
            {"ref": extra.reference, "amount": decimal(extra.minor or 0), "kind": extra.kind}
            for extra in payment.extras
        ],
    }
    always = {"type", "sender_bg", "reference", "amount", "ref_code", "channel", "serial", "image"}
    return {key: value for key, value in found.items() if value or key in always}


def mended(payment: dict[str, Any]) -> dict[str, Any]:
    """An editor put tabs into one published line; cut at its bytes, two fields would run together."""
    extras = payment.get("extra_refs", [])
    for extra in extras:
        if extra["ref"] == "6579650000000000":
            extra |= {"ref": "657965", "amount": "0.00"}
    return payment


@pytest.mark.skipif(not PUBLISHED, reason=ABSENT)
@pytest.mark.parametrize("row", PUBLISHED, ids=name)
def test_published_payments_are_read_to_the_last_field(row: dict[str, Any]) -> None:
    assert is_bgmax(head(row))
    expected = [mended(dict(payment)) for payment in row["expected"]["payments"]]
    assert [as_expected(payment) for payment in records_of(row)] == expected


@pytest.mark.skipif(not PUBLISHED, reason=ABSENT)
@pytest.mark.parametrize("row", PUBLISHED, ids=name)
def test_published_files_add_up(row: dict[str, Any]) -> None:
    parts, expected = parts_of(row), row["expected"]
    found = entries(parts)

    assert codes(parts) == []
    assert len(found) == expected["entries"]
    assert len(side(found, 1)) == expected["credit_entries"]
    assert len(side(found, -1)) == expected["debit_entries"]
    assert decimal(sum(side(found, 1))) == expected["credit_sum"]
    assert decimal(sum(side(found, -1))) == expected["debit_sum"]
    assert sum(isinstance(part, Begun) for part in parts) == expected["deposits"]
    for entry, reference in zip(found, expected["references"], strict=True):
        assert set((reference or "").split()) <= set(entry.references)
        assert bool(reference) == bool(entry.references)


@pytest.mark.skipif(not PUBLISHED, reason=ABSENT)
@pytest.mark.parametrize("row", PUBLISHED, ids=name)
def test_published_deposits_have_their_day_and_sum(row: dict[str, Any]) -> None:
    checks = [check for check in row["expected"]["control_checks"] if check["check"] == "TK15 deposit"]
    deposits: list[list[int]] = []
    days: list[set[date | None]] = []
    for part in parts_of(row):
        if isinstance(part, Begun):
            assert (part.account, part.currency) == ("9912346", "SEK")
            deposits.append([])
            days.append(set())
        for entry in entries([part]):
            deposits[-1].append(entry.amount.minor)
            days[-1].add(entry.booked_on)
    assert [decimal(sum(amounts)) for amounts in deposits] == [check["file_amount"] for check in checks]
    assert [len(amounts) for amounts in deposits] == [check["file_count"] for check in checks]
    assert [{day.strftime("%Y%m%d") for day in found if day} for found in days] == [
        {check["date"]} for check in checks
    ]


OPEN = "01BGMAX               0120260302173035010331P"
BEGIN = "050009912346          SEK"
FINAL = "70{:08d}{:08d}{:08d}{:08d}"


def payment(
    reference: str, minor: int, kind: str = "20", sender: str = "0003783511", tail: str = ""
) -> str:
    return f"{kind}{sender}{reference:>25}{minor:018d}22000000000010{tail or '0'}"


def closing(minor: int, count: int, day: str = "20260302", currency: str = "SEK") -> str:
    return f"15{'58410000010098232':0>35}{day}00007{minor:018d}{currency}{count:08d} "


def read(*texts: str) -> list[Part]:
    return list(bgmax_parts(BytesIO(lines(*texts))))


def test_a_deduction_is_money_out_with_a_reference_of_its_own() -> None:
    parts = read(
        OPEN,
        BEGIN,
        payment("655969", 100_000),
        payment("89853", 40_000, kind="21", tail="02"),
        closing(60_000, 2),
        FINAL.format(1, 1, 0, 1),
    )
    paid, deducted = entries(parts)
    assert (paid.amount.minor, deducted.amount.minor) == (100_000, -40_000)
    assert (deducted.reference, deducted.is_reversal) == ("89853", False)
    assert paid.booked_on == paid.value_on == date(2026, 3, 2)
    assert not is_held(parts)


def test_the_payers_own_split_is_kept_where_it_comes_to_the_payment() -> None:
    parts = read(
        OPEN,
        BEGIN,
        payment("", 90_000),
        payment("111", 100_000, kind="22"),
        payment("222", 10_000, kind="23"),
        closing(90_000, 1),
        FINAL.format(1, 0, 2, 1),
    )
    (entry,) = entries(parts)
    shares = [(item.reference, item.amount.minor) for item in entry.transactions if item.amount]
    assert shares == [("111", 100_000), ("222", -10_000)]
    assert (entry.reference, entry.references) == (None, ("111", "222"))
    assert codes(parts) == []


@pytest.mark.parametrize("minor", [0, 50_000])
def test_a_split_without_or_with_other_amounts_is_no_split(minor: int) -> None:
    parts = read(
        OPEN,
        BEGIN,
        payment("111", 90_000),
        payment("222", minor, kind="22"),
        closing(90_000, 1),
        FINAL.format(1, 0, 1, 1),
    )
    (entry,) = entries(parts)
    assert entry.references == ("111", "222")
    assert [item.amount for item in entry.transactions] == [entry.amount]


def test_further_names_and_texts_belong_to_their_payment() -> None:
    parts = read(
        OPEN,
        BEGIN,
        payment("111", 100),
        "25Faktura 12",
        "25och faktura 13",
        f"26{'Anna Åkesson':35}{'c/o Öberg':35}",
        "27Storgatan 2                        12345",
        "28Storåker",
        "29005500001234",
        payment("222", 200, sender="0000000000"),
        closing(300, 2),
        FINAL.format(2, 0, 0, 1),
    )
    first, second = entries(parts)
    assert first.counterparty == "Anna Åkesson c/o Öberg"
    assert first.text == "Faktura 12 och faktura 13"
    assert first.transactions[0].counterparty_account == "3783511"
    assert (second.counterparty, second.text, second.transactions[0].counterparty_account) == (None,) * 3


def test_plusgiro_and_euro() -> None:
    parts = read(
        OPEN,
        f"05{'0':0>10}{'000123456':>10}EUR",
        payment("111", 100),
        closing(100, 1, currency="EUR"),
        FINAL.format(1, 0, 0, 1),
    )
    begun = next(part for part in parts if isinstance(part, Begun))
    assert (begun.account, begun.currency, begun.created_on) == ("123456", "EUR", date(2026, 3, 2))
    assert codes(parts) == []


GOOD = (OPEN, BEGIN, payment("111", 100), closing(100, 1), FINAL.format(1, 0, 0, 1))


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({3: closing(101, 1)}, "control_sum", "TK15 states 1.01, but the payments come to 1.00"),
        ({3: closing(100, 2)}, "control_count", "TK15 states 2 payments, but 1 follow"),
        ({4: FINAL.format(2, 0, 0, 1)}, "control_count", "states 2 payments, but 1"),
        ({4: FINAL.format(1, 1, 0, 1)}, "control_count", "states 1 deductions, but 0"),
        ({4: FINAL.format(1, 0, 3, 1)}, "control_count", "states 3 extra references, but 0"),
        ({4: FINAL.format(1, 0, 0, 2)}, "control_count", "states 2 deposits, but 1"),
        ({4: None}, "control_count", "was cut off"),
        ({3: None}, "control_count", "TK15.* is missing"),
        ({1: None}, "control_count", "outside any deposit"),
        ({3: closing(100, 1, day="20260231")}, "date_invalid", "'20260231' is not the day"),
        ({3: closing(100, 1, currency="EUR")}, "entry_currency", "began in SEK and closes in EUR"),
        ({1: "050000000000          SEK"}, "account_missing", "names no bankgiro"),
        ({1: "050009912346          USD"}, "currency_invalid", "'USD' is not SEK or EUR"),
        ({2: payment("111", 100).replace("000100", "0001X0")}, "amount_invalid", "not a number"),
    ],
)
def test_what_contradicts_itself_is_held(change: dict[int, str | None], code: str, words: str) -> None:
    texts = [change.get(at, text) for at, text in enumerate(GOOD)]
    parts = read(*(text for text in texts if text is not None))
    found = [part for part in parts if isinstance(part, Problem) and part.code == code]
    assert is_held(parts)
    assert any(re.search(words, problem.message) for problem in found), found


def test_the_good_file_is_good_and_keys_are_the_same_each_time() -> None:
    once, again = read(*GOOD), list(bgmax_parts(Trickle(lines(*GOOD))))
    assert codes(once) == []
    assert once == again


def test_look_alikes_are_told_apart() -> None:
    twice = (OPEN, BEGIN, payment("1", 5), payment("1", 5), closing(10, 2), FINAL.format(2, 0, 0, 1))
    assert len({entry.entry_key for entry in entries(read(*twice))}) == 2


def test_a_record_from_the_future_is_passed_over_with_a_note() -> None:
    parts = read(OPEN, BEGIN, payment("1", 5), "24 new", closing(5, 1), FINAL.format(1, 0, 0, 1))
    assert codes(parts) == ["record_unknown"]
    assert not is_held(parts)


def test_a_day_without_payments_is_no_contradiction() -> None:
    parts = read(OPEN, FINAL.format(0, 0, 0, 0))
    assert (codes(parts), is_held(parts)) == (["nothing_paid"], False)


def test_something_after_the_end_is_held() -> None:
    assert is_held(read(*GOOD, GOOD[2]))


def test_a_test_file_is_refused() -> None:
    with pytest.raises(FormatRefused, match="test file of Bankgirot"):
        read(OPEN[:-1] + "T", *GOOD[1:])


def test_lines_without_end_are_refused() -> None:
    with pytest.raises(FormatRefused, match="line 2 is longer than 1000"):
        list(bgmax_parts(BytesIO(OPEN.encode() + b"\n" + b"2" * 5_000_000)))


def test_binary_data_is_refused() -> None:
    with pytest.raises(FormatRefused, match="line 1 holds binary data"):
        list(bgmax_parts(BytesIO(b"01BGMAX\x00\n")))


@pytest.mark.parametrize("data", [b"", b"01BGAUT", b"NY000010", b"<xml/>"])
def test_other_formats_are_not_bgmax(data: bytes) -> None:
    assert not is_bgmax(data)
