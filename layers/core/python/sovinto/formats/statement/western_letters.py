"""Windows-1252 where a file was taken for Latin-1."""

from __future__ import annotations


def western_letters(text: str) -> str:
    """Bytes 80 to 9F are letters and signs ("€", "š") in Windows-1252, and nothing at all in Latin-1."""
    if text.isascii() or not any("\x80" <= character <= "\x9f" for character in text):
        return text
    try:
        return text.encode("latin-1").decode("cp1252")
    except UnicodeError:
        return text
