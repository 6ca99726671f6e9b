"""Code 128 set C (ISO/IEC 15417): the Finnish bank barcode of 54 digits as bars."""

from __future__ import annotations

from sovinto.errors import InvalidInput

_START_C = 105
_STOP = "2331112"
# Widths of bar, space, bar, ... of each symbol value 0..105 (ISO/IEC 15417, table 1).
_WIDTHS = """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
    122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
    322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
    112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
    331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
    112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
    124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
    411311 113141 114131 311141 411131 211412 211214 211232
""".split()  # noqa: SIM905 - a table to read, not a list of 106 strings


def symbol_values(digits: str) -> tuple[int, ...]:
    """Start C, the digits in pairs, and the modulo 103 check. Raises InvalidInput unless the text is
    an even number of ASCII digits."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) % 2:
        raise InvalidInput("barcode must be an even number of digits; Code 128 set C writes them in pairs")
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    check = (_START_C + sum(place * value for place, value in enumerate(pairs, start=1))) % 103
    return (_START_C, *pairs, check)


def module_widths(digits: str) -> tuple[int, ...]:
    """Widths in modules, bar and space by turns, from the first bar to the last of the stop symbol."""
    symbols = "".join(_WIDTHS[value] for value in symbol_values(digits))
    return tuple(int(width) for width in symbols + _STOP)


def barcode_svg(digits: str, height: int = 60) -> str:
    """The bars as SVG, one unit per module and no quiet zone (the layout leaves ten modules)."""
    at = 0
    bars = []
    for index, width in enumerate(module_widths(digits)):
        if index % 2 == 0:
            bars.append(f'<rect x="{at}" y="0" width="{width}" height="{height}"/>')
        at += width
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at} {height}">{"".join(bars)}</svg>'
