"""Bytes to text: which kind of file it is, and in which encoding. By content; a name proves nothing."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.table import LARGEST_FILE

_KNOWN_ENDINGS = {"", ".csv", ".txt", ".tsv", ".xlsx"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SIGNATURES = (
    (
        b"\xd0\xcf\x11\xe0",
        "is an old Excel workbook (.xls) or has a password; save it as .xlsx without a password",
    ),
    (b"%PDF", "is a PDF document; export the cases as CSV or .xlsx"),
    (b"{", "is JSON; export the cases as CSV or .xlsx"),
    (b"<", "is a web page or XML, perhaps named .xls; save it as CSV or .xlsx"),
    (b"\x1f\x8b", "is compressed; unpack it and send the CSV or .xlsx file inside"),
)


def is_workbook(data: bytes) -> bool:
    """True for anything in a ZIP container, which XLSX is."""
    return data[:4] == b"PK\x03\x04"


def check_kind(data: bytes, file_name: str) -> None:
    """Raises FormatRefused for files that cannot be a case file: too big, empty, another kind."""
    if len(data) > LARGEST_FILE:
        raise FormatRefused(
            f"{_called(file_name)} is larger than {LARGEST_FILE // 1024 // 1024} MB; split it up."
        )
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise FormatRefused(f"{_called(file_name)} is empty; export the cases again.")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, sentence in _SIGNATURES:
        if start.startswith(signature):
            raise FormatRefused(f"{_called(file_name)} {sentence}.")
    ending = PurePath(file_name).suffix.lower()
    if ending not in _KNOWN_ENDINGS:
        raise FormatRefused(
            f"{_called(file_name)} is of an unknown type; send a .csv, .txt, .tsv or .xlsx file."
        )


def decode(data: bytes, file_name: str) -> tuple[str, str]:
    """(text, encoding). UTF-8 and UTF-16 are certain; Windows-1252 (and Latin-1 in it) is what is left.

    Raises FormatRefused for bytes that no text in these encodings has.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(file_name) from error
    if "\x00" in text:
        raise _not_text(file_name)
    return text, encoding


def _encoding(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    head = data[:2000]
    # Text in our languages is mostly ASCII, so UTF-16 without a mark shows as every second byte zero.
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _called(file_name: str) -> str:
    return (
        f"The file {file_name!r}" if file_name.isprintable() and 0 < len(file_name) <= 100 else "The file"
    )


def _not_text(file_name: str) -> FormatRefused:
    return FormatRefused(
        f"{_called(file_name)} is not text in UTF-8, UTF-16 or Windows-1252; save it as 'CSV UTF-8'."
    )
