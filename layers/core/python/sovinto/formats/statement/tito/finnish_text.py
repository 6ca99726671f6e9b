"""Lines of the Finnish bank formats: letters may be in seven bits (ISO 646-FI), where "[" is "Ä"."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.formats.statement.fixed_lines import ByteSource, Line, text_lines
from sovinto.formats.statement.western_letters import western_letters

_SEVEN_BITS = str.maketrans("[\\]^{|}~", "ÄÖÅÜäöåü")


def finnish_lines(stream: ByteSource) -> Iterator[Line]:
    """The lines that are not blank, letters restored.

    Once a line has a letter beyond ASCII, the file is not in seven bits and its brackets are brackets.
    Raises FormatRefused as `text_lines` does.
    """
    is_seven_bit = True
    for line in text_lines(stream):
        is_seven_bit = is_seven_bit and line.text.isascii()
        text = line.text.translate(_SEVEN_BITS) if is_seven_bit else western_letters(line.text)
        yield Line(line.number, text)


def words(text: str) -> str | None:
    """Blanks collapsed; None for nothing."""
    return " ".join(text.split()) or None


def reference_in(text: str) -> str | None:
    """A reference number without the zeros that fill its field up; None when the field is empty."""
    return text.strip().lstrip("0") or None
