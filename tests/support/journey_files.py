"""What banks deliver beside camt.053, for accounts of ours that the example agency does not have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

from openpyxl import Workbook

from tests.unit.formats.statement import finnish_files as finnish

NATIONAL, SWIFT, SHEETS = "FI0340000010000015", "FI2012345600000900", "FI6866010010000018"
ACCOUNTS = json.dumps(
    [{"iban": NATIONAL}, {"iban": SWIFT}, {"iban": SHEETS, "sheets": "record", "currency": "EUR"}]
)
"""As the agency's setting has them."""
COLUMNS = ("Date", "Amount", "Currency", "Reference", "Name")

Paid = tuple[int, str]
"""Minor units and reference; a sum of other payments has none."""


def tito(day: date, *rows: Paid) -> bytes:
    """A statement of record of Finnish banks."""
    total = sum(minor for minor, _ in rows)
    told = [
        finnish.row(minor, reference=reference, number=place, archive=f"T{place}")
        for place, (minor, reference) in enumerate(rows, start=1)
    ]
    return _at_home(day, finnish.file(finnish.header(10_000), *told, finnish.closing(10_000 + total)))


def ktl(day: date, *rows: tuple[int, str, str]) -> bytes:
    """Reference payments of Finnish banks: minor units, reference, payer."""
    told = [
        finnish.payment(minor, reference=reference, payer=f"{payer:12.12}", archive=f"K{place:015d}")
        for place, (minor, reference, payer) in enumerate(rows, start=1)
    ]
    sums = finnish.batch_sums((len(rows), sum(minor for minor, *_ in rows)))
    whole = finnish.file(finnish.batch_header(), *told, sums).replace(b"260105260104", b"260105260105")
    return _at_home(day, whole)


def _at_home(day: date, data: bytes) -> bytes:
    """The builders have one account and one day."""
    for old, new in (
        (f"FI21{finnish.ACCOUNT}", NATIONAL),
        (finnish.ACCOUNT, NATIONAL[4:]),
        ("260105", f"{day:%y%m%d}"),
        ("260106", f"{day + timedelta(days=1):%y%m%d}"),
        ("260102", f"{day - timedelta(days=1):%y%m%d}"),
    ):
        data = data.replace(old.encode(), new.encode())
    return data


def mt940(day: date, *rows: Paid) -> bytes:
    """A statement of record; the bank's own names of its movements are M1, M2 and so on."""
    closing = 100_000 + sum(minor for minor, _ in rows)
    told = [part for place, row in enumerate(rows, start=1) for part in _movement(day, place, *row)]
    balances = (f"C{day:%y%m%d}EUR{_swift(100_000)}", f"C{day:%y%m%d}EUR{_swift(closing)}")
    return _message(
        ":20:STMT1", f":25:{SWIFT}", ":28C:1/1", f":60F:{balances[0]}", *told, f":62F:{balances[1]}"
    )


def mt942(day: date, *rows: Paid) -> bytes:
    """What the bank has seen of the day so far."""
    told = [part for place, row in enumerate(rows, start=1) for part in _movement(day, place, *row)]
    total = _swift(sum(minor for minor, _ in rows))
    head = (":20:INTERIM1", f":25:{SWIFT}", ":28C:1/1", ":34F:EUR0,", f":13D:{day:%y%m%d}1200+0200")
    return _message(*head, *told, ":90D:0EUR0,", f":90C:{len(rows)}EUR{total}")


def _movement(day: date, place: int, minor: int, reference: str) -> tuple[str, str]:
    told = f":86:/REMI/{reference}" if reference else ":86:"
    return f":61:{day:%y%m%d}{day:%m%d}C{_swift(minor)}NTRFNONREF//M{place}", told


def _message(*fields: str) -> bytes:
    return "\r\n".join((*fields, "-", "")).encode()


def _swift(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"


def csv(day: date, *rows: tuple[int, str, str]) -> bytes:
    """The bank's download: minor units, reference, payer."""
    return "\n".join(";".join(map(str, cells)) for cells in (COLUMNS, *_cells(day, rows))).encode() + b"\n"


def xlsx(day: date, *rows: tuple[int, str, str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (COLUMNS, *_cells(day, rows)):
        sheet.append(cells)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _cells(day: date, rows: Sequence[tuple[int, str, str]]) -> list[tuple[str, ...]]:
    return [
        (day.isoformat(), f"{minor // 100}.{minor % 100:02d}", "EUR", reference, payer)
        for minor, reference, payer in rows
    ]
