"""Numbered subfields: "166?00...?20..." (German DFÜ agreement, Triodos ">", Poland "~") and :NS:.

Source: Deutsche Kreditwirtschaft, DFÜ-Abkommen annex 3, chapter 8 (MT940); Multicash :NS: fields.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sovinto.formats.statement.mt.details import Details, creditor_references, provided, tidy

_SHAPE = re.compile(r"\s*([0-9]{3})([?>~^<|@])[0-9]{2}")
_SEPA_WORD = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
_NS_LINE = re.compile(r"([0-9]{2})(.*)")
# A subfield of this length is full: the next one may go on in the middle of a word.
_FULL_FIELD = 27
_PURPOSE = (*range(20, 30), *range(60, 64))
_NAMES = (32, 33)
_ACCOUNTS = (38, 31)
# Transaction codes of returned direct debits and credit transfers: only then is field 34 a return reason.
_RETURNS = {"108", "109", "159", "183", "184"}


def numbered_details(lines: Sequence[str]) -> Details | None:
    """None when the text is not written in this manner."""
    text = "".join(lines)
    shape = _SHAPE.match(text)
    if shape is None:
        return None
    fields = _fields(text[shape.end(1) :], shape[2])
    purpose = _run_together([fields.get(number, "") for number in _PURPOSE])
    words = _sepa_words(purpose)
    remittance = tidy(words.get("SVWZ")) or tidy(words.get(""))
    return Details(
        text=remittance or tidy(fields.get(0)),
        name=tidy(_run_together([fields.get(number, "") for number in _NAMES])) or tidy(words.get("ABWA")),
        account=next((found for number in _ACCOUNTS if (found := tidy(fields.get(number)))), None)
        or tidy(words.get("IBAN")),
        references=creditor_references(remittance),
        end_to_end_id=provided(words.get("EREF")),
        return_reason=tidy(fields.get(34)) if shape[1] in _RETURNS else None,
    )


def ns_details(lines: Sequence[str]) -> Details:
    """:NS: 01 to 14 purpose, 15 and 16 name, 17 booking text, 33 bank code, 34 account."""
    fields: dict[int, str] = {}
    for line in lines:
        match = _NS_LINE.fullmatch(line.strip())
        if match:
            fields.setdefault(int(match[1]), match[2])
    purpose = " ".join(fields.get(number, "") for number in (*range(1, 15), 17))
    name = "".join(fields.get(number, "") for number in (15, 16))
    return Details(text=tidy(purpose), name=tidy(name), account=tidy(fields.get(34)))


def _fields(text: str, mark: str) -> dict[int, str]:
    pieces = re.split(rf"{re.escape(mark)}([0-9]{{2}})", text)
    fields: dict[int, str] = {}
    for number, content in zip(pieces[1::2], pieces[2::2], strict=True):
        fields[int(number)] = fields.get(int(number), "") + content
    # What closes the last subfield in some files is no part of it.
    return {number: content.removesuffix(mark) for number, content in fields.items()}


def _run_together(pieces: Sequence[str]) -> str:
    text = ""
    for piece in pieces:
        if piece:
            text += piece if len(piece) >= _FULL_FIELD else f"{piece} "
    return text


def _sepa_words(purpose: str) -> dict[str, str]:
    """Contents by code word; what comes before the first one is filed under none."""
    pieces = _SEPA_WORD.split(purpose)
    words = {"": pieces[0]}
    for word, content in zip(pieces[1::2], pieces[2::2], strict=True):
        words.setdefault(word, content)
    return words
