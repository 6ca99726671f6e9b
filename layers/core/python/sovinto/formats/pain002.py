"""pain.002: what the bank says became of a payment file, from version 03 to 14.

Source: ISO 20022 pain.002.001.03 to .14 (customer payment status report); the Swiss variant
(pain.002.001.03.ch.02, SIX) is read alike.
"""

from __future__ import annotations

import re
from io import BytesIO

from lxml import etree

from sovinto.errors import FormatRefused
from sovinto.formats.pain002_model import (
    Outcome,
    PaymentReport,
    Reason,
    StatusReport,
    TransactionReport,
)
from sovinto.formats.pain002_reasons import sentence
from sovinto.formats.statement.xml_safety import BoundedStream, XmlRecords, local_name, read_root

__all__ = ["Outcome", "PaymentReport", "Reason", "StatusReport", "TransactionReport", "read_pain002"]

_MOST_BYTES = 64 * 1024**2
_NAMESPACE = re.compile(r"pain\.002\.001\.(0[3-9]|1[0-4])(?![0-9])")
_ROOTS = ("CstmrPmtStsRpt",)
_TAGS = ("{*}GrpHdr", "{*}OrgnlGrpInfAndSts", "{*}TxInfAndSts", "{*}OrgnlPmtInfAndSts")


def read_pain002(data: bytes) -> StatusReport:
    """The report. Raises FormatRefused for anything but a harmless, well-formed pain.002 that names the
    message it answers."""
    stream = BoundedStream(BytesIO(data), _MOST_BYTES)
    stream.skip_blank()
    root = read_root(stream)
    version = _NAMESPACE.search(root.namespace)
    if version is None or root.child not in _ROOTS:
        raise FormatRefused("file is not a payment status report; send pain.002.001.03 to .14")
    return _Report(version[0]).read(XmlRecords(stream, _TAGS))


class _Report:
    """Gathers the parts as they end; what has been read is let go."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._message_id = ""
        self._original = ""
        self._status: str | None = None
        self._reasons: tuple[Reason, ...] = ()
        self._payments: list[PaymentReport] = []
        self._transactions: list[TransactionReport] = []

    def read(self, records: XmlRecords) -> StatusReport:
        for element in records:
            name = local_name(element)
            if name == "TxInfAndSts":
                self._transactions.append(_transaction(element))
            elif name == "OrgnlPmtInfAndSts":
                self._payment(element)
            elif name == "GrpHdr":
                self._message_id = _text(element, "MsgId") or ""
            else:
                self._group(element)
            records.empty(element)
        if not self._original:
            raise FormatRefused("file names no OrgnlMsgId; without it no payment file of ours is answered")
        return StatusReport(
            version=self._version,
            message_id=self._message_id,
            original_message_id=self._original,
            status=self._status,
            reasons=self._reasons,
            payments=tuple(self._payments),
        )

    def _group(self, element: etree._Element) -> None:
        self._original = _text(element, "OrgnlMsgId") or ""
        self._status = _text(element, "GrpSts")
        self._reasons = _reasons(element)

    def _payment(self, element: etree._Element) -> None:
        self._payments.append(
            PaymentReport(
                payment_id=_text(element, "OrgnlPmtInfId") or "",
                status=_text(element, "PmtInfSts"),
                reasons=_reasons(element),
                transactions=tuple(self._transactions),
            )
        )
        self._transactions = []


def _transaction(element: etree._Element) -> TransactionReport:
    return TransactionReport(
        end_to_end_id=_text(element, "OrgnlEndToEndId"),
        instruction_id=_text(element, "OrgnlInstrId"),
        status=_text(element, "TxSts"),
        reasons=_reasons(element),
    )


def _reasons(element: etree._Element) -> tuple[Reason, ...]:
    return tuple(_reason(info) for info in element.iterfind("{*}StsRsnInf"))


def _reason(info: etree._Element) -> Reason:
    code = _text(info, "Rsn/Cd") or _text(info, "Rsn/Prtry") or ""
    # One text cut into pieces of 105 letters: joined as it was cut.
    said = "".join(piece.text or "" for piece in info.iterfind("{*}AddtlInf"))
    words = " ".join(said.split())
    return Reason(code, sentence(code, words), words)


def _text(element: etree._Element, path: str) -> str | None:
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return (element.findtext(steps) or "").strip() or None
