"""Numbers and dates: what the column decides, and what stays in doubt and is refused."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.formats.text_dates import read_date
from sovinto.formats.text_numbers import read_amount

AMOUNTS = {
    "120,50": "120.50", "120.50": "120.50", "1 234,50": "1234.50", "1\u00a0234,50": "1234.50",
    "1\u202f234": "1234", "1.234,50": "1234.50", "1,234.50": "1234.50", "1'234.50": "1234.50",
    "1.234.567": "1234567", "1,234,567": "1234567", "12345": "12345", "12 €": "12", "€ 12,5": "12.5",
    "EUR 12,50": "12.50", "12,50 EUR": "12.50", "100 kr": "100", "100,-": "100", "1 000:-": "1000",
    "-45,00": "-45.00", "45,00-": "-45.00", "(45.00)": "-45.00", "−45,00": "-45.00", "€-45,00": "-45.00",
    "0,125": "0.125", "0.125": "0.125", "1 234,567": "1234.567", "1234.567": "1234.567",
}  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), AMOUNTS.items())
def test_certain_amounts_need_no_column(text, plain):
    amount = read_amount(text)
    assert amount is not None
    assert amount.plain(None) == plain


@pytest.mark.parametrize(
    "text", ["", "abc", "12 50", "1.23.456", "1,2,3", "--5", "(5", "5)", "12%", "1e5", "=1+1"]
)
def test_what_is_no_amount(text):
    assert read_amount(text) is None


def test_an_ambiguous_amount_follows_the_column():
    amount = read_amount("1.234")
    assert amount is not None
    assert (amount.plain(None), amount.plain(","), amount.plain(".")) == (None, "1234", "1.234")


DATES = {
    "31.12.2025": (2025, 12, 31), "1.2.2025": (2025, 2, 1), "01. 02. 2025": (2025, 2, 1),
    "2025-12-31": (2025, 12, 31), "2025/12/31": (2025, 12, 31), "20251231": (2025, 12, 31),
    "31/12/2025": (2025, 12, 31), "12/31/2025": (2025, 12, 31), "5/5/2025": (2025, 5, 5),
    "31-12-2025": (2025, 12, 31), "2025-12-31T00:00:00": (2025, 12, 31), "31.12.2025 0.00": (2025, 12, 31),
}  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DATES.items())
def test_certain_dates_need_no_column(text, day):
    found = read_date(text)
    assert found is not None
    assert found.day(None) == date(*day)


@pytest.mark.parametrize(
    "text",
    ["", "31.9.2025", "31/31/2025", "31.12.25", "2025-13-01", "2025-12-31T22:00:00Z", "soon", "0000-01-01"],
)
def test_what_is_no_date(text):
    assert read_date(text) is None


def rows(header, good, column, values):
    place = header.index(column)
    return [
        header,
        *([f"R{n}", *good[1:place], value, *good[place + 1 :]] for n, value in enumerate(values)),
    ]


@pytest.mark.parametrize(
    ("others", "minor"),
    [(["12,50"], 123400), (["1.234.567"], 123400), (["12.50"], None), (["12,50", "12.50"], None)],
)
def test_the_column_decides_an_ambiguous_amount(read, header, good, others, minor):
    row = read(rows(header, good, "Principal", ["1.234", *others])).rows[0]
    if minor is None:
        assert row.problems[0].column == "Principal"
        assert row.problems[0].value == "1.234"
    else:
        assert row.placement.claims[0].principal.minor == minor


@pytest.mark.parametrize(
    ("others", "day"),
    [
        (["31/12/2024"], date(2025, 4, 3)),
        (["12/31/2024"], date(2025, 3, 4)),
        ([], None),
        (["31.12.2024", "2025-01-02"], None),
        (["31/12/2024", "12/31/2024"], None),
    ],
)
def test_the_column_decides_an_ambiguous_date(read, header, good, others, day):
    row = read(rows(header, good, "Due date", ["03/04/2025", *others])).rows[0]
    if day is None:
        assert "may mean 2025-04-03 or 2025-03-04" in row.problems[0].reason
    else:
        assert row.placement.claims[0].due_on == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12,345", "may mean 12.345 or 12345"),
        ("1234.567", "no more decimals than EUR has"),
        ("12345678901234", "at most thirteen digits"),
        ("12 USD", "another currency sign than its currency EUR"),
        ("12 kr", "another currency sign"),
        ("twelve", "must be an amount such as"),
        ("", "The principal is missing; fill it in."),
    ],
)
def test_refused_amounts(one_row, text, words):
    problem = one_row(Principal=text).problems[0]
    assert (problem.column, problem.value) == ("Principal", text)
    assert words in problem.reason
