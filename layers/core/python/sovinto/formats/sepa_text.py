"""The SEPA character set (EPC217-08): what every bank in the area passes on unchanged."""

from __future__ import annotations

import re
import unicodedata

from sovinto.errors import InvalidInput

_ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+")
# Letters that Unicode does not take apart, and signs with a usual plain spelling.
_SPELLED = str.maketrans(
    {
        **{"ß": "ss", "ẞ": "SS", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o"},
        **{"Þ": "TH", "þ": "th", "Ð": "D", "ð": "d", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l", "ı": "i"},
        **{"&": "+", "_": "-", "’": "'", "‘": "'", "“": "'", "”": "'", '"': "'", "–": "-", "—": "-"},
        **{"€": "EUR", "@": "(at)", ";": ",", "\u00a0": " ", "[": "(", "]": ")", "{": "(", "}": ")"},
    }
)


def to_sepa_text(text: str, *, most: int) -> str:
    """Plain letters for accented ones, a full stop for the rest, blanks collapsed, at most `most` long.

    Neither a slash at an end nor two in a row survive: banks read those as delimiters (EPC217-08, 1.4).
    """
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED)).translate(_SPELLED)
    plain = "".join(letter for letter in spelled if not unicodedata.combining(letter))
    allowed = "".join(letter if _ALLOWED.fullmatch(letter) else _substitute(letter) for letter in plain)
    single = re.sub(r"/{2,}", "/", " ".join(allowed.split()))
    return single.strip("/ ")[:most].rstrip("/ ")


def to_sepa_id(own_id: str) -> str:
    """Our own id as banks carry it: our underscores are not in the set and travel as hyphens.

    Compare what a statement brings back with this. Raises InvalidInput for any other id that would not
    come back unchanged, or is over 35 characters.
    """
    text = own_id.replace("_", "-")
    if not 1 <= len(text) <= 35 or not _IDENTIFIER.fullmatch(text) or text != to_sepa_text(text, most=35):
        raise InvalidInput(
            f"id {own_id!r} does not fit a bank file: use 1 to 35 of A-Z a-z 0-9 / - ? : ( ) . , ' + "
            "without a slash at an end or two in a row"
        )
    return text


def _substitute(letter: str) -> str:
    return " " if letter.isspace() else "."
