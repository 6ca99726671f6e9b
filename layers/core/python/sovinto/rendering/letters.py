"""Letters to debtors as PDF."""

from __future__ import annotations

from sovinto.domain.letter import Letter
from sovinto.rendering.letter_facts import letter_facts
from sovinto.rendering.typesetting import typeset


def render_letter(letter: Letter) -> bytes:
    """The letter as a tagged, archivable A4 PDF; the same letter always gives the same bytes.

    Raises InvalidInput for an unknown template or language, or lines that do not add up to the total
    (FI 513/1999 5 a §: a demand itemises what it asks for).
    """
    return typeset("letter", letter_facts(letter))
