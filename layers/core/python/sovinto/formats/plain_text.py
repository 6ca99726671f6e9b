"""Text as people type and programs export it, made plain: one normal form, nothing invisible."""

from __future__ import annotations

import unicodedata

_SHOWN = 40


def clean(text: str) -> str:
    """NFC text on one line, without control or invisible characters, blanks folded and trimmed."""
    if not (text.isascii() and text.isprintable()):
        spaced = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
        text = "".join(sign for sign in spaced if not unicodedata.category(sign).startswith("C"))
    return " ".join(text.split())


def shortened(text: str, longest: int = _SHOWN) -> str:
    """At most `longest` characters, with an ellipsis where something was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def bare(text: str) -> str:
    """Lower-case letters and digits only, without accents: the form in which words are compared."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    return "".join(sign for sign in folded if sign.isalnum())
