"""SIE type 4E: vouchers and balances for accounting programs, written line by line.

Source: SIE-Gruppen, "SIE filformat, utgåva 4B/4C" (4E is the export with transactions): labels in their
order, texts in quotation marks with \\" inside, code page 437, amounts with a point, CR LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class SieRow:
    """A debit is positive."""

    account: str
    amount: Money
    text: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """`number` counts from 1 in its series and year."""

    number: int
    on: date
    text: str
    rows: tuple[SieRow, ...]
    series: str = "A"


@dataclass(frozen=True, slots=True)
class SieHead:
    """`opening` and `closing` are balances, `results` the year's sums of result accounts, in minor units
    by account number; `accounts` are (number, name)."""

    company: str
    registration_id: str
    currency: str
    made_on: date
    year_from: date
    year_to: date
    accounts: tuple[tuple[str, str], ...]
    opening: Mapping[str, int]
    closing: Mapping[str, int]
    results: Mapping[str, int]


def write_sie4(head: SieHead, vouchers: Iterable[Voucher]) -> Iterator[bytes]:
    """The file in pieces. Raises ValueError for a voucher that does not add up to zero."""
    for line in _head(head):
        yield _encoded(line)
    for voucher in vouchers:
        if sum(row.amount.minor for row in voucher.rows) != 0:
            raise ValueError(f"voucher {voucher.series}{voucher.number} does not add up to zero")
        for line in _voucher(voucher):
            yield _encoded(line)


def _head(head: SieHead) -> Iterator[str]:
    yield "#FLAGGA 0"
    yield '#PROGRAM "Sovinto" "1"'
    yield "#FORMAT PC8"
    yield f"#GEN {_day(head.made_on)}"
    yield "#SIETYP 4"
    yield f"#ORGNR {_text(head.registration_id)}"
    yield f"#FNAMN {_text(head.company)}"
    yield f"#RAR 0 {_day(head.year_from)} {_day(head.year_to)}"
    if head.currency != "SEK":
        yield f"#VALUTA {head.currency}"
    for number, name in head.accounts:
        yield f"#KONTO {number} {_text(name)}"
    for label, sums in (("#IB", head.opening), ("#UB", head.closing), ("#RES", head.results)):
        for number, minor in sorted(sums.items()):
            yield f"{label} 0 {number} {Money(minor, head.currency).decimal()}"


def _voucher(voucher: Voucher) -> Iterator[str]:
    yield f"#VER {_text(voucher.series)} {voucher.number} {_day(voucher.on)} {_text(voucher.text)}"
    yield "{"
    for row in voucher.rows:
        yield f"   #TRANS {row.account} {{}} {row.amount.decimal()} {_day(voucher.on)} {_text(row.text)}"
    yield "}"


def _text(value: str) -> str:
    """Letters that the code page lacks are written as a question mark."""
    plain = _CONTROL.sub(" ", value).replace("\\", "/").replace('"', '\\"')
    return f'"{plain}"'


def _day(on: date) -> str:
    return f"{on:%Y%m%d}"


def _encoded(line: str) -> bytes:
    return f"{line}\r\n".encode("cp437", errors="replace")
