from __future__ import annotations

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats import payment_reference
from sovinto.formats.sepa_text import to_sepa_id, to_sepa_text
from sovinto.formats.statement import StatementEntry, StatementFile, read_statement, to_json

from infra.local.bank import BankAccount
from tests.support.power import examples
from tests.unit.formats.statement.camt_documents import (
    balance,
    details,
    document,
    entry,
    reference,
    statement,
    transaction,
)
from tests.unit.formats.statement.camt_versions import VERSIONS, payment

DAYS = (date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 5))
# What XML 1.0 can hold: no control characters, surrogates or unassigned code points.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)
REFERENCES = st.integers(100, 10**19 - 1).map(lambda number: payment_reference.make(str(number), "fi_731"))
BOOKINGS = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.integers(-(10**11), 10**11).filter(bool),
        st.none() | REFERENCES,
        WORDS,
        WORDS,
        st.booleans(),
    ),
    max_size=12,
)
TOKENS = [
    b"<",
    b">",
    b"</Ntry>",
    b"<Ntry>",
    b"\x00",
    b"&#0;",
    b"&x;",
    b"]]>",
    b"BOOK",
    b"999",
    b"-",
    b"\xff",
    b"Stmt",
]
SAMPLE = document(
    statement(
        entry("10.00", details=details(transaction("7.00", reference("1232")), transaction("3.00"))),
        entry("5.00", credit=False),
        closing="105.00",
        summary="<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>15.00</Sum></TtlNtries></TxsSummry>",
    )
)


def read_or_refused(content: bytes) -> StatementFile | None:
    try:
        return read_statement(content)
    except FormatRefused as refusal:
        assert refusal.message
        return None


@given(st.integers(-(10**11), 10**11), BOOKINGS)
def test_what_the_bank_writes_is_what_we_read(opening: int, bookings: list[tuple[object, ...]]) -> None:
    account = BankAccount(iban="FI7944052020036082", owner="Sovinto", opening_minor=opening)
    for on, minor, number, name, text, is_reversal in sorted(bookings, key=lambda row: str(row[0])):
        book = account.credit if minor > 0 else account.debit  # type: ignore[operator]
        book(on, abs(minor), number, name, text=text, is_reversal=is_reversal)  # type: ignore[arg-type]

    seen: list[StatementEntry] = []
    closing = Money(opening, "EUR")
    for on in DAYS:
        file = read_statement(account.statement(on))
        assert file.problems == ()
        assert file.statements[0].opening == closing
        closing = file.statements[0].closing or closing
        seen += file.statements[0].entries

    assert closing.minor == account.balance_minor(DAYS[-1])
    assert [item.amount.minor for item in seen] == [item.amount_minor for item in account.bookings]
    for ours, theirs in zip(seen, account.bookings, strict=True):
        assert ours.reference == theirs.reference
        assert ours.is_reversal == theirs.is_reversal
        assert (ours.counterparty or "") == " ".join(theirs.counterparty.split())
        assert (ours.text or "") == " ".join(theirs.text.split())
    assert len({item.entry_key for item in seen}) == len(seen)


@given(st.binary(max_size=300))
@example(b"")
@example(b"<")
@example(b"\xff\xfe<\x00")
def test_arbitrary_bytes_are_refused_in_a_sentence(content: bytes) -> None:
    assert read_or_refused(content) is None
    assert read_or_refused(b"<" + content) is None


@settings(max_examples=examples(300))
@given(st.integers(0, len(SAMPLE)), st.integers(0, 40), st.sampled_from(TOKENS) | st.binary(max_size=4))
def test_damaged_files_are_refused_or_read_but_never_crash(at: int, cut: int, token: bytes) -> None:
    file = read_or_refused(SAMPLE[:at] + token + SAMPLE[at + cut :])

    if file is not None:
        assert to_json(file)["format"] == file.format


@settings(max_examples=examples(300))
@given(st.data())
def test_elements_in_the_wrong_place_never_crash(data: st.DataObject) -> None:
    parts = SAMPLE.decode().replace("><", ">\n<").split("\n")
    source, target = (data.draw(st.integers(1, len(parts) - 2)) for _ in range(2))
    parts.insert(target, parts.pop(source))

    read_or_refused("".join(parts).encode())


@given(st.sampled_from(VERSIONS), st.integers(1, 10**11), WORDS, WORDS, REFERENCES)
def test_the_same_content_is_the_same_entry_in_any_version(
    version: str, minor: int, payer: str, text: str, number: str
) -> None:
    amount = Money(minor, "EUR").decimal()

    first, other = (
        read_statement(payment(each, amount=amount, payer=payer, text=text, number=number))
        for each in (VERSIONS[0], version)
    )

    assert first == other
    assert first.problems == ()


@given(st.integers(1, 10**11), st.integers(-(10**11), 10**11))
def test_a_wrong_closing_balance_is_always_seen(amount: int, error: int) -> None:
    closing = Money(10_000 + amount + error, "EUR")
    both = balance("OPBD", "100.00") + balance(
        "CLBD", closing.decimal().lstrip("-"), credit=closing.minor >= 0
    )

    file = read_statement(document(statement(entry(Money(amount, "EUR").decimal()), balances=both)))

    assert file.is_held is bool(error)


@given(REFERENCES, st.data())
def test_one_wrong_digit_is_always_seen(number: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[at]]))
    rf = payment_reference.make(number, "rf")

    assert payment_reference.check(number, "fi_731") is not None
    assert payment_reference.check(number[:at] + wrong + number[at + 1 :], "fi_731") is None
    assert payment_reference.check(rf[: at + 4] + wrong + rf[at + 5 :], "rf") is None


@given(REFERENCES, st.integers(0, 20), st.booleans())
def test_all_written_forms_have_one_key(number: str, zeros: int, is_rf: bool) -> None:
    written = payment_reference.make(number, "rf") if is_rf else number.rjust(zeros, "0")

    assert payment_reference.normalise(payment_reference.printed(written)) == number
    assert payment_reference.normalise(written.lower()) == number


@given(st.sampled_from(payment_reference.schemes()), st.text(max_size=30))
def test_any_text_can_be_checked(scheme: str, text: str) -> None:
    checked = payment_reference.check(text, scheme)

    payment_reference.normalise(text)
    payment_reference.printed(text)
    if checked is not None:
        assert payment_reference.check(checked.printed, scheme) == checked


@given(st.text(max_size=200), st.integers(1, 140))
def test_sepa_text_is_plain_short_and_settled(text: str, most: int) -> None:
    plain = to_sepa_text(text, most=most)

    assert len(plain) <= most
    assert plain.isascii()
    assert to_sepa_text(plain, most=most) == plain
    if 0 < len(plain) <= 35:
        assert to_sepa_id(plain) == plain
