"""camt.052, .053 and .054 (ISO 20022 bank to customer cash management, versions 02 to 14).

Reads as a stream: each entry becomes a dataclass as soon as it ends and its XML is let go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from sovinto.errors import FormatRefused
from sovinto.formats.statement.draft import StatementDraft
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Part
from sovinto.formats.statement.xml_safety import BoundedStream, XmlRecords, XmlRoot, local_name, read_root

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.(05[234])\.001\.(0[2-9]|1[0-4])")
_WRAPPERS = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def open_camt(stream: BoundedStream) -> tuple[str, Iterator[Part]]:
    """The format (camt052, camt053 or camt054) and the parts.

    Raises FormatRefused for what is not a camt message or not safe XML, also while the parts are read.
    """
    root = read_root(stream)
    message = _message(root)
    return f"camt{message}", _Walk(stream, root.namespace, message).parts()


@dataclass(frozen=True, slots=True)
class _Tags:
    wrapper: str
    statement: str
    entry: str
    group: str
    detail: str


class _Walk:
    """Knows which statement we are in, and lets each record go once it is read."""

    def __init__(self, stream: BoundedStream, namespace: str, message: str) -> None:
        names = (*_WRAPPERS[message], "Ntry", "NtryDtls", "TxDtls")
        self._tags = _Tags(*(f"{{{namespace}}}{name}" for name in names))
        self._namespace = namespace
        self._is_final = message == "053"
        tags = self._tags
        self._records = XmlRecords(stream, (tags.detail, tags.group, tags.entry, tags.statement))
        self._current: etree._Element | None = None
        self._draft = StatementDraft(namespace, self._is_final)
        self._has_statement = False

    def parts(self) -> Iterator[Part]:
        tags = self._tags
        for element in self._records:
            tag = element.tag
            if tag == tags.detail:
                self._detail(element)
            elif tag == tags.group:
                self._group(element)
            elif tag == tags.entry:
                yield from self._entry(element)
            else:
                yield from self._end(element)
        if not self._has_statement:
            yield Problem("no_statement", "file has no statement in it; ask the bank to send it again", "")

    def _detail(self, detail: etree._Element) -> None:
        if _is_in(detail, self._tags.group):
            self._draft.detail(detail)
            self._records.empty(detail)

    def _group(self, group: etree._Element) -> None:
        if _is_in(group, self._tags.entry):
            self._draft.group(group)
        else:
            self._draft.drop()

    def _entry(self, entry: etree._Element) -> Iterator[Part]:
        statement = entry.getparent()
        if statement is None or not self._is_current(statement):
            self._draft.drop()
            return
        if statement[0] is not entry:
            yield from self._heads(statement, entry)
        yield from self._draft.entry(entry)
        self._records.forget(entry)

    def _is_current(self, statement: etree._Element) -> bool:
        if statement is self._current:
            return True
        if statement.tag != self._tags.statement or not _is_in(statement, self._tags.wrapper):
            return False
        self._current = statement
        return True

    def _end(self, statement: etree._Element) -> Iterator[Part]:
        if not _is_in(statement, self._tags.wrapper):
            return
        yield from self._heads(statement, None)
        yield from self._draft.end()
        self._records.forget(statement)
        self._draft = StatementDraft(self._namespace, self._is_final)
        self._current, self._has_statement = None, True

    def _heads(self, statement: etree._Element, until: etree._Element | None) -> Iterator[Part]:
        """What stands between the entries; the entries themselves are empty by now."""
        for child in statement:
            if child is until:
                return
            if child.tag != self._tags.entry and child.tag.startswith(f"{{{self._namespace}}}"):
                yield from self._draft.head(local_name(child), child)


def _is_in(element: etree._Element, tag: str) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == tag


def _message(root: XmlRoot) -> str:
    match = _NAMESPACE.fullmatch(root.namespace)
    if root.name != "Document" or match is None:
        if root.name == "Envelope":
            raise FormatRefused("file is the bank's web service reply (SOAP); send the bank file inside it")
        found = root.namespace or root.name
        raise FormatRefused(
            f"file is XML of the kind {found[:80]!r}, not a bank statement; send camt.053 version 02 to 14"
        )
    wrapper = _WRAPPERS[match[1]][0]
    if root.child not in (None, wrapper):
        raise FormatRefused(f"file holds <{root.child}> where {wrapper} belongs")
    return match[1]
