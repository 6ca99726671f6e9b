"""The bank files that can be read, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sovinto.formats.statement.bgmax import bgmax_parts, is_bgmax
from sovinto.formats.statement.camt import open_camt
from sovinto.formats.statement.ch_v11 import is_v11, v11_parts
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.ktl import is_ktl, ktl_parts
from sovinto.formats.statement.mt import is_mt940, is_mt942, mt940_parts, mt942_parts
from sovinto.formats.statement.ocr_giro import is_ocr_giro, ocr_giro_parts
from sovinto.formats.statement.parts import Part
from sovinto.formats.statement.sheet.reader import format_of, is_sheet, sheet_parts
from sovinto.formats.statement.tito import is_tito, tito_parts
from sovinto.formats.statement.xml_safety import BoundedStream

# Enough for every format to know itself.
HEAD_BYTES = 4096
# How an XML file begins in UTF-8 or UTF-16, with and without byte order mark.
_XML_BEGINNINGS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<", b"<\x00", b"\x00<")


@dataclass(frozen=True, slots=True)
class StatementFormat:
    """`knows` looks at the first bytes; `open` gives the exact format name and the parts."""

    label: str
    knows: Callable[[bytes], bool]
    open: Callable[[BoundedStream], tuple[str, Iterator[Part]]]


def _is_xml(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(_XML_BEGINNINGS)


def _open_xml(stream: BoundedStream) -> tuple[str, Iterator[Part]]:
    stream.skip_blank()
    return open_camt(stream)


def _open_sheet(stream: BoundedStream) -> tuple[str, Iterator[Part]]:
    return format_of(stream.peek(HEAD_BYTES)), sheet_parts(stream)


def _named(
    name: str, parts: Callable[[ByteSource], Iterator[Part]]
) -> Callable[[BoundedStream], tuple[str, Iterator[Part]]]:
    return lambda stream: (name, parts(stream))


# A sheet is asked for last: much text has a delimiter in its lines.
FORMATS = (
    StatementFormat("camt.052, camt.053 or camt.054 (version 02 to 14)", _is_xml, _open_xml),
    StatementFormat("MT942", is_mt942, _named("mt942", mt942_parts)),
    StatementFormat("MT940", is_mt940, _named("mt940", mt940_parts)),
    StatementFormat("TITO", is_tito, _named("tito", tito_parts)),
    StatementFormat("KTL", is_ktl, _named("ktl", ktl_parts)),
    StatementFormat("BgMax", is_bgmax, _named("bgmax", bgmax_parts)),
    StatementFormat("OCR giro", is_ocr_giro, _named("nets-ocr", ocr_giro_parts)),
    StatementFormat("ISR (V11)", is_v11, _named("ch-v11-isr", v11_parts)),
    StatementFormat("CSV or XLSX of a known profile", is_sheet, _open_sheet),
)
