from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.errors import InvalidInput
from sovinto.rendering.code128 import _WIDTHS, barcode_svg, module_widths, symbol_values

FINNISH_V4 = "479440520200360820048831500000000868516259619897100612"


def read_back(widths: tuple[int, ...]) -> str:
    """What a reader makes of the bars: start and check symbols verified, digits returned."""
    body = [widths[at : at + 6] for at in range(0, len(widths) - 7, 6)]
    table = {tuple(int(width) for width in row): value for value, row in enumerate(_WIDTHS)}
    start, *data, check = [table[symbol] for symbol in body]
    assert start == 105
    assert widths[-7:] == (2, 3, 3, 1, 1, 1, 2)
    assert check == (start + sum(place * value for place, value in enumerate(data, 1))) % 103
    return "".join(f"{value:02d}" for value in data)


def test_every_symbol_is_eleven_modules_and_its_own() -> None:
    assert len(_WIDTHS) == len(set(_WIDTHS)) == 106
    assert all(sum(int(width) for width in row) == 11 for row in _WIDTHS)
    # Bars of a symbol come to an even number of modules (ISO/IEC 15417, 4.2).
    assert all(sum(int(width) for width in row[::2]) % 2 == 0 for row in _WIDTHS)


def test_the_check_symbol_of_a_known_code() -> None:
    # Worked by hand: 105 + 1x12 + 2x34 + 3x56 = 353, modulo 103 is 44.
    assert symbol_values("123456") == (105, 12, 34, 56, 44)


def test_the_finnish_bank_barcode_reads_back() -> None:
    widths = module_widths(FINNISH_V4)
    assert read_back(widths) == FINNISH_V4
    assert sum(widths) == 11 * 29 + 13


@given(st.lists(st.integers(0, 99), min_size=1, max_size=40))
def test_any_pairs_of_digits_read_back(pairs: list[int]) -> None:
    digits = "".join(f"{pair:02d}" for pair in pairs)
    assert read_back(module_widths(digits)) == digits


@pytest.mark.parametrize("text", ["123", "12a4", "١٢"])
def test_what_set_c_cannot_write_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="even number of digits"):
        symbol_values(text)


def test_the_svg_draws_bars_only() -> None:
    assert barcode_svg("1234").count("<rect") == 4 * 3 + 4
