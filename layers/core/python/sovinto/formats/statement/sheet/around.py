"""What stands around the entries of a sheet: the account, the currency, balances and totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sovinto.formats.case_file.table import SourceRow, Value, text_of
from sovinto.formats.plain_text import bare
from sovinto.formats.statement.sheet.days import orders_of
from sovinto.formats.statement.sheet.figures import marks_of, unwrapped
from sovinto.formats.statement.sheet.layout import Layout
from sovinto.formats.statement.sheet.profile import CURRENCIES, Profile

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_OWN_NUMBER = re.compile(r"[0-9]{8,24}")


@dataclass(slots=True)
class Around:
    """`figures` are labelled amounts: (what, row, cells); what is opening, closing or total."""

    account: str = ""
    currency: str = ""
    figures: list[tuple[str, SourceRow]] = field(default_factory=list)


def read_around(rows: Iterable[SourceRow], layout: Layout) -> Around:
    """Everything but the entries themselves; rows that say nothing we know are left alone."""
    rows = list(rows)
    head = [row for row in rows if layout.header is None or row.number < layout.header.number]
    pairs = [pair for row in head for pair in _pairs(row)]
    return Around(
        account=_account(pairs, layout.profile),
        currency=_currency(pairs, layout.profile),
        figures=[(kind, row) for row in rows if (kind := label_of(row, layout.profile))],
    )


def label_of(row: SourceRow, profile: Profile) -> str | None:
    """What kind of balance or total the row states, if it says so and has a number."""
    if not any(marks_of(cell) for cell in row.cells if cell != ""):
        return None
    names = {bare(cell) for cell in row.cells if isinstance(cell, str)} - {""}
    return next(
        (kind for kind in ("opening", "closing", "total") if names & profile.labels.get(kind, frozenset())),
        None,
    )


def last_figure(row: SourceRow) -> Value:
    """The last number in the row."""
    return next(cell for cell in reversed(row.cells) if cell != "" and marks_of(cell))


def _pairs(row: SourceRow) -> Iterator[tuple[str, str]]:
    """Label and value, in one cell with a colon between them or in two cells side by side."""
    texts = [text_of(unwrapped(cell)) for cell in row.cells]
    for place, text in enumerate(texts):
        label, colon, value = text.partition(":")
        if colon and value.strip():
            yield bare(label), value.strip()
        else:
            yield bare(text), (texts[place + 1] if place + 1 < len(texts) else "").strip().removeprefix("=")


def _account(pairs: list[tuple[str, str]], profile: Profile) -> str:
    names = profile.labels.get("account", frozenset())
    labelled = [compact for label, value in pairs if label in names and (compact := _number(value))]
    others = [compact for _, value in pairs if (compact := _number(value))]
    shaped = [compact for compact in others if _IBAN.fullmatch(compact)]
    return next(iter([*labelled, *shaped, *others]), "")


def _number(value: str) -> str:
    """The value without blanks where it can be an account number: not a day, not an amount."""
    compact = re.sub(r"[\s-]", "", value)
    is_account = _IBAN.fullmatch(compact) or (_OWN_NUMBER.fullmatch(compact) and not orders_of(value))
    return compact if is_account else ""


def _currency(pairs: list[tuple[str, str]], profile: Profile) -> str:
    names = profile.labels.get("currency", frozenset())
    labelled = [value for label, value in pairs if label in names and value in CURRENCIES]
    return next(iter([*labelled, *(value for _, value in pairs if value in CURRENCIES)]), "")
