"""Finds out what a bank file is, by its content, and reads it."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from sovinto.errors import FormatRefused
from sovinto.formats.statement.camt import read_camt
from sovinto.formats.statement.model import StatementFile
from sovinto.formats.statement.xml_safety import BoundedStream

# How an XML file begins in UTF-8 or UTF-16, with and without byte order mark.
_XML_BEGINNINGS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<", b"<\x00", b"\x00<")
_REFUSAL = "file is not a bank statement that can be read here; send ISO 20022 camt.053 (XML)"


def read_statement(source: bytes | BinaryIO) -> StatementFile:
    """What the bank delivered, with everything doubtful in `problems`; never partly believed.

    Raises FormatRefused for another format, broken or unsafe XML, or a file that is too large.
    """
    stream = BoundedStream(BytesIO(source) if isinstance(source, bytes) else source)
    if not stream.peek().startswith(_XML_BEGINNINGS):
        raise FormatRefused(_REFUSAL)
    return read_camt(stream)
