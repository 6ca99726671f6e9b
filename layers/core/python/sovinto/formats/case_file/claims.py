"""The claim of a row: invoice, dates, principal and its currency."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from sovinto.domain.case import Claim
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.case_file.debtors import identifier
from sovinto.formats.case_file.row_reader import RowReader, spoken
from sovinto.formats.case_file.styles import Styles
from sovinto.formats.case_file.table import text_of
from sovinto.formats.text_dates import read_date
from sovinto.formats.text_numbers import AmountText, currency_codes, read_amount

_EARLIEST_SERIAL, _LATEST_SERIAL = 20_000, 80_000
"""Day numbers of a sheet that can be a date of business: 1954 to 2119."""


def read_claim(
    reader: RowReader, styles: Styles, *, reference: str, default_currency: str, is_1904: bool
) -> Claim | None:
    """The claim, or None with the reasons left in the reader."""
    currency = _currency(reader, default_currency)
    principal = _principal(reader, styles, currency)
    due_on = _day(reader, "due_date", styles, is_1904)
    invoiced_on = _day(reader, "invoice_date", styles, is_1904)
    if due_on is None and not reader.is_refused("due_date"):
        reader.refuse("due_date", "The due date is missing; write it as 31.12.2025 or 2025-12-31.")
    if principal is None or due_on is None:
        return None
    return Claim(
        invoice_number=identifier(reader, "invoice_number")
        if reader.has_column("invoice_number")
        else reference,
        due_on=due_on,
        principal=principal,
        invoiced_on=invoiced_on,
        text=reader.text("text"),
    )


def _currency(reader: RowReader, default: str) -> str:
    found = reader.text("currency")
    if not found:
        return default
    codes = currency_codes(found)
    code = next(iter(codes)) if len(codes) == 1 else ""
    if not re.fullmatch(r"[A-Z]{3}", code):
        reader.refuse("currency", "The currency must be a three-letter code such as EUR; correct it.")
        return default
    return code


def _principal(reader: RowReader, styles: Styles, currency: str) -> Money | None:
    value = reader.value("principal")
    if isinstance(value, date):
        reader.refuse("principal", "The principal is a date; format the cell as a number and correct it.")
        return None
    if isinstance(value, Decimal):
        return _money(reader, text_of(value), currency)
    if not value:
        reader.required("principal")
        return None
    amount = read_amount(value)
    if amount is None:
        reader.refuse(
            "principal", "The principal must be an amount such as 1234,50 or 1234.50; correct it."
        )
        return None
    return _settled(reader, amount, styles.decimal_mark, currency)


def _settled(reader: RowReader, amount: AmountText, mark: str | None, currency: str) -> Money | None:
    plain = amount.plain(mark)
    if plain is None:
        reader.refuse(
            "principal",
            f"The principal may mean {amount.by_comma} or {amount.by_point}, and the rest of the column "
            "does not tell which; write it with two decimals.",
        )
        return None
    if amount.currencies is not None and currency not in amount.currencies:
        reader.refuse(
            "principal",
            f"The principal has another currency sign than its currency {currency}; correct one of them.",
        )
        return None
    return _money(reader, plain, currency)


def _money(reader: RowReader, plain: str, currency: str) -> Money | None:
    whole, _, decimals = plain.partition(".")
    significant = decimals.rstrip("0")
    try:
        return Money.parse(f"{whole}.{significant}" if significant else whole, currency)
    except InvalidInput:
        reader.refuse(
            "principal",
            f"The principal must have no more decimals than {currency} has, and at most thirteen digits; "
            "round it.",
        )
        return None


def _day(reader: RowReader, field: str, styles: Styles, is_1904: bool) -> date | None:
    value = reader.value(field)
    if value == "" or isinstance(value, date):
        return value if isinstance(value, date) else None
    if isinstance(value, Decimal):
        if _EARLIEST_SERIAL <= value <= _LATEST_SERIAL:
            return (date(1904, 1, 1) if is_1904 else date(1899, 12, 30)) + timedelta(days=int(value))
        value = text_of(value)
    found = read_date(value)
    if found is None:
        reader.refuse(
            field,
            f"The {spoken(field)} must be a day such as 31.12.2025 or 2025-12-31, with a four-digit year; "
            "correct it.",
        )
        return None
    day = found.day(styles.order_of(field))
    if day is None:
        reader.refuse(
            field,
            f"The {spoken(field)} may mean {found.day_first} or {found.month_first}, and the rest of the "
            "column does not tell which; write it as 2025-12-31.",
        )
    return day
