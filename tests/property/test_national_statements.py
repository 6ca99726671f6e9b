"""MT, TITO and KTL files made at random: read back to the cent, held for a wrong figure, no crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.errors import FormatRefused
from sovinto.formats.statement.ktl import is_ktl, ktl_parts
from sovinto.formats.statement.model import HOLDING, Problem, StatementEntry
from sovinto.formats.statement.mt import is_mt940, is_mt942, mt940_parts, mt942_parts
from sovinto.formats.statement.own_account import names_account
from sovinto.formats.statement.parts import Part
from sovinto.formats.statement.tito import is_tito, tito_parts

from tests.support.power import examples
from tests.unit.formats.statement.finnish_files import (
    batch_header,
    batch_sums,
    closing,
    extra,
    file,
    header,
    payment,
    row,
)

Reader = Callable[[BytesIO], Iterator[Part]]
READERS: tuple[Reader, ...] = (mt940_parts, mt942_parts, tito_parts, ktl_parts)
TELLERS = (is_mt940, is_mt942, is_tito, is_ktl)

DAY = date(2026, 1, 5)
CENTS = st.integers(1, 10**9)
SIGNED = st.integers(-(10**9), 10**9).filter(bool)
# The seven-bit Finnish letters may not stand for themselves, so the words keep to letters and digits.
WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789", min_size=1, max_size=30).map(str.strip)
TEXTS = WORDS.map(lambda words: " ".join(words.split()))


def read(reader: Reader, content: bytes) -> list[Part] | None:
    try:
        return list(reader(BytesIO(content)))
    except FormatRefused as refusal:
        assert refusal.message
        return None


def entries(parts: list[Part] | None) -> list[StatementEntry]:
    return [part for part in parts or [] if isinstance(part, StatementEntry)]


def is_held(parts: list[Part] | None) -> bool:
    return parts is None or any(isinstance(part, Problem) and part.code in HOLDING for part in parts)


def swift(cents: int) -> str:
    return f"{abs(cents) // 100},{abs(cents) % 100:02d}"


def balance(cents: int) -> str:
    return f"{'D' if cents < 0 else 'C'}260105EUR{swift(cents)}"


def mt940(opening: int, bookings: list[tuple[int, str, int]], error: int = 0) -> bytes:
    lines = [":20:S", ":25:FI2112345600000785", ":28C:1/1", f":60F:{balance(opening)}"]
    for cents, text, days in bookings:
        value_on = DAY + timedelta(days)
        lines.append(
            f":61:{value_on:%y%m%d}0105{'D' if cents < 0 else 'C'}{swift(cents)}NTRFNONREF//B{days}"
        )
        lines.append(f":86:{text}")
    total = opening + sum(cents for cents, _, _ in bookings)
    return "\r\n".join([*lines, f":62F:{balance(total + error)}", "-", ""]).encode()


BOOKINGS = st.lists(st.tuples(SIGNED, TEXTS, st.integers(-150, 150)), max_size=8)


@given(st.integers(-(10**9), 10**9), BOOKINGS)
def test_mt940_is_read_back(opening: int, bookings: list[tuple[int, str, int]]) -> None:
    content = mt940(opening, bookings)
    parts = read(mt940_parts, content)

    assert is_mt940(content[:1024])
    assert not is_held(parts)
    assert [entry.amount.minor for entry in entries(parts)] == [cents for cents, _, _ in bookings]
    assert [entry.value_on for entry in entries(parts)] == [DAY + timedelta(days) for *_, days in bookings]
    assert {entry.booked_on for entry in entries(parts)} <= {DAY}
    assert len({entry.entry_key for entry in entries(parts)}) == len(bookings)


@given(st.integers(-(10**9), 10**9), BOOKINGS, SIGNED)
def test_a_wrong_mt940_balance_is_always_seen(
    opening: int, bookings: list[tuple[int, str, int]], error: int
) -> None:
    assert is_held(read(mt940_parts, mt940(opening, bookings, error)))


@given(st.lists(st.tuples(SIGNED, TEXTS, st.integers(1, 10**19)), max_size=8), st.integers(-5, 5))
def test_tito_is_read_back(rows: list[tuple[int, str, int]], error: int) -> None:
    records = [
        row(cents, number=place, archive=f"A{place}", name=name, reference=str(reference))
        for place, (cents, name, reference) in enumerate(rows)
    ]
    total = 10_000 + sum(cents for cents, *_ in rows)
    content = file(header(), *records, closing(total + error))
    parts = read(tito_parts, content)

    assert is_tito(content[:1024])
    assert is_held(parts) is bool(error)
    assert [entry.amount.minor for entry in entries(parts)] == [cents for cents, *_ in rows]
    assert [entry.reference for entry in entries(parts)] == [str(reference) for *_, reference in rows]
    assert [entry.counterparty or "" for entry in entries(parts)] == [name for _, name, _ in rows]


@given(st.lists(CENTS, min_size=1, max_size=8), st.integers(-5, 5))
def test_items_of_tito_come_to_their_entry(items: list[int], error: int) -> None:
    total = sum(items) + error
    records = [row(item, level="1", number=place) for place, item in enumerate(items)]
    parts = read(tito_parts, file(header(), row(max(total, 1)), *records, closing(10_000 + max(total, 1))))

    assert is_held(parts) is (max(total, 1) != sum(items))
    assert [entry.amount.minor for entry in entries(parts)] == [max(total, 1)]
    assert len(entries(parts)[0].transactions) == len(items)


@given(st.lists(st.tuples(CENTS, st.booleans()), min_size=1, max_size=8), st.integers(-5, 5))
def test_ktl_is_read_back(rows: list[tuple[int, bool]], error: int) -> None:
    records = [payment(cents, correction="1" if is_back else "0") for cents, is_back in rows]
    paid = [cents for cents, is_back in rows if not is_back]
    back = [cents for cents, is_back in rows if is_back]
    sums = batch_sums((len(paid), max(sum(paid) + error, 0)), (len(back), sum(back)))
    content = file(batch_header(), *records, sums)
    parts = read(ktl_parts, content)

    assert is_ktl(content[:200])
    assert is_held(parts) is (max(sum(paid) + error, 0) != sum(paid))
    assert [entry.amount.minor for entry in entries(parts)] == [
        -cents if is_back else cents for cents, is_back in rows
    ]


SAMPLES = (
    mt940(100, [(5, "166?00X?20EREF+1?21SVWZ+abc?32NAME", 0), (-7, "/EREF/1//REMI/USTD//x/", 3)]),
    b":20:R\n:25:X\n:28C:1\n:34F:EUR0,\n:13D:2601051200+0200\n:61:260105C1,NTRF\n:90D:0EUR0,\n:90C:1EUR1,\n-\n",
    b"{1:F01A}{2:I940AN}{4:\n:20:S\n:25:X/EUR\n:NS:22A\n:60M:C260105EUR0,\n:61:260105RD1,S\n:NS:01a\n-}{5:}",
    file(header(), row(500), row(500, level="1"), extra("05", "+" + "0" * 18 + " USD"), closing(10_500)),
    file(batch_header(), payment(5), payment(5, kind="5", result="4"), batch_sums((1, 5), rejected=(1, 5))),
)
TOKENS = (
    b":61:",
    b":20:",
    b":86:",
    b"-}",
    b"{4:",
    b"T10188",
    b"T00",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"9",
    b"-",
)


@given(st.binary(max_size=400), st.sampled_from(SAMPLES))
def test_arbitrary_bytes_never_crash(content: bytes, sample: bytes) -> None:
    for reader in READERS:
        read(reader, content)
        read(reader, sample[:60] + content)
    assert all(tells(content) in {True, False} for tells in TELLERS)


@settings(max_examples=examples(400))
@given(st.data())
def test_damaged_files_are_refused_or_read_but_never_crash(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    at, cut = data.draw(st.integers(0, len(sample))), data.draw(st.integers(0, 40))
    token = data.draw(st.sampled_from(TOKENS) | st.binary(max_size=4))

    for reader in READERS:
        read(reader, sample[:at] + token + sample[at + cut :])


@settings(max_examples=examples(200))
@given(st.data())
def test_lines_in_the_wrong_place_never_crash(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(SAMPLES)).splitlines(keepends=True)
    lines = data.draw(st.permutations(lines))

    for reader in READERS:
        parts = read(reader, b"".join(lines))
        assert parts is None or all(part is not None for part in parts)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_may_be_asked_about(stated: str, iban: str) -> None:
    assert names_account(stated, iban) in {True, False}


def test_entries_come_while_the_file_is_still_being_read() -> None:
    class Made(BytesIO):
        """Makes the file while it is read, one entry at a time."""

        made = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.made += 1
            if self.made == 1:
                return b":20:S\n:25:X\n:28C:1\n:60F:C260105EUR0,\n"
            return f":61:260105C1,NTRFNONREF//B{self.made}\n:86:x\n".encode() if self.made < 5_000 else b""

    source, count = Made(), 0
    for part in mt940_parts(source):
        if isinstance(part, StatementEntry):
            count += 1
            assert source.made <= count + 3

    assert count == 4_998
