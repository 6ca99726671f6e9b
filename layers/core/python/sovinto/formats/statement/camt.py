"""camt.052, .053 and .054 (ISO 20022 bank to customer cash management, versions 02 to 14).

Reads as a stream: each entry becomes a dataclass as soon as it ends and its XML is let go.
"""

from __future__ import annotations

import re

from lxml import etree

from sovinto.errors import FormatRefused
from sovinto.formats.statement.controls import control_doubts
from sovinto.formats.statement.draft import StatementDraft
from sovinto.formats.statement.model import Problem, Statement, StatementFile
from sovinto.formats.statement.xml_safety import BoundedStream, XmlReader, local_name, namespace

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.(05[234])\.001\.(0[2-9]|1[0-4])")
_WRAPPERS = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}

# Document / wrapper / statement / Ntry / NtryDtls / TxDtls: what lies deeper is read with its record.
_DEEPEST = 6


def read_camt(stream: BoundedStream) -> StatementFile:
    """Raises FormatRefused for what is not a camt message or not safe XML."""
    reader = XmlReader(stream)
    walk = _Walk(reader)
    for event, element in reader:
        if event == "start":
            walk.enter(element)
        else:
            walk.leave(element)
    if not walk.statements:
        walk.problems.append(
            Problem("no_statement", "file has no statement in it; ask the bank to send it again", "")
        )
    return StatementFile(f"camt{walk.message}", tuple(walk.statements), tuple(walk.problems))


class _Walk:
    """Knows where in the message we are, and lets each record go once it is read."""

    def __init__(self, reader: XmlReader) -> None:
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self.message = ""
        self._reader = reader
        self._path: list[str] = []
        self._depth = 0
        self._draft = StatementDraft()

    def enter(self, element: etree._Element) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            return
        self._path.append(local_name(element))
        if self._depth == 1:
            self.message = _message(element)
        elif self._depth == 2 and self._path[1] != _WRAPPERS[self.message][0]:
            raise FormatRefused(f"file holds <{self._path[1]}> where {_WRAPPERS[self.message][0]} belongs")
        elif self._depth == 3:
            self._draft = StatementDraft()

    def leave(self, element: etree._Element) -> None:
        depth = self._depth
        self._depth -= 1
        if depth > _DEEPEST:
            return
        name = self._path.pop()
        if depth > 2:
            self._use(depth, name, element)

    def _use(self, depth: int, name: str, element: etree._Element) -> None:
        statement = _WRAPPERS[self.message][1]
        if depth == 3 and name == statement:
            self._close()
        elif depth == 4 and self._path[2] == statement:
            self._draft.read(name, element)
        elif depth == 5 and self._path[2:] == [statement, "Ntry"] and name == "NtryDtls":
            self._draft.close_group()
        elif depth == 6 and self._path[2:] == [statement, "Ntry", "NtryDtls"]:
            self._draft.read_inside_entry(name, element)
        if depth in {3, 4} or (depth == 6 and name == "TxDtls"):
            self._reader.forget(element)

    def _close(self) -> None:
        draft = self._draft
        statement = draft.finished()
        for doubt in control_doubts(statement, draft.summary, is_final=self.message == "053"):
            draft.note(doubt)
        self.statements.append(statement)
        self.problems += draft.problems


def _message(root: etree._Element) -> str:
    match = _NAMESPACE.fullmatch(namespace(root))
    if local_name(root) != "Document" or match is None:
        found = namespace(root) or local_name(root)
        raise FormatRefused(
            f"file is XML of the kind {found[:80]!r}, not a bank statement; send camt.053 version 02 to 14"
        )
    return match[1]
