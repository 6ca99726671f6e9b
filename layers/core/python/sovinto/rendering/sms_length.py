"""How many segments a text message takes (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

MAX_SEGMENTS = 2

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
# Typesetting characters that would turn the whole message into 70-character segments.
_TYPEWRITER = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "…": "...",
    }
)


def typewritten(text: str) -> str:
    """The same text without typesetting characters that GSM-7 lacks (hard spaces, dashes, quotes)."""
    return text.translate(_TYPEWRITER)


def segments(text: str) -> int:
    """Segments the text takes: 160 septets (153 when joined) in GSM-7, else 70 (67) UTF-16 units."""
    characters = set(text)
    if characters <= _BASIC | _EXTENSION:
        units = sum(2 if character in _EXTENSION else 1 for character in text)
        return _parts(units, 160, 153)
    return _parts(len(text.encode("utf-16-be")) // 2, 70, 67)


def _parts(units: int, single: int, joined: int) -> int:
    return 1 if units <= single else -(-units // joined)
