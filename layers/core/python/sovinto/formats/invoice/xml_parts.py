"""Small pieces for writing invoice XML: child elements in order, and text that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

from lxml import etree

from sovinto.errors import InvalidInput

# What XML 1.0 section 2.2 leaves out, and the separators that no reader expects in a name.
_FORBIDDEN = re.compile("[^\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

Add = Callable[..., etree._Element]


def plain(text: str, most: int = 0) -> str:
    """One line without control characters, at most `most` long where that is given."""
    line = " ".join(_FORBIDDEN.sub(" ", text).split())
    return line[:most].rstrip() if most else line


def required(text: str, field: str) -> str:
    """Raises InvalidInput where nothing is left of it."""
    line = plain(text)
    if not line:
        raise InvalidInput(f"{field} is empty; an e-invoice must carry it", field=field)
    return line


def adder(namespaces: dict[str, str]) -> Add:
    """A function (parent, "cac:Party/cbc:Name", text, **attributes) that adds a chain of children."""

    def add(
        parent: etree._Element, path: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        for step in path.split("/"):
            prefix, _, name = step.rpartition(":")
            parent = etree.SubElement(parent, f"{{{namespaces[prefix]}}}{name}" if prefix else name)
        parent.text = text
        for name, value in attributes.items():
            parent.set(name, value)
        return parent

    return add


def to_bytes(root: etree._Element, encoding: str) -> bytes:
    """The document with its declaration; letters outside the encoding as character references."""
    out = BytesIO()
    etree.ElementTree(root).write(out, encoding=encoding, xml_declaration=True, pretty_print=True)
    return out.getvalue()
