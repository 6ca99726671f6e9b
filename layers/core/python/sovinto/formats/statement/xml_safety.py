"""Reading XML from strangers: no DTD, no entities, no network, bounded size, depth and fan-out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from sovinto.errors import FormatRefused

MOST_BYTES = 256 * 1024 * 1024
MOST_DEPTH = 40
# Elements held in memory at a time: the reader forgets each record, so only a hostile file gets here.
MOST_HELD = 200_000


class BoundedStream:
    """A stream that refuses to deliver more than `most` bytes; blank space before the XML is dropped."""

    def __init__(self, stream: BinaryIO, most: int = MOST_BYTES) -> None:
        self._stream = stream
        self._most = most
        self._taken = 0
        self._ahead = b""

    def peek(self, size: int = 64) -> bytes:
        """The first bytes that are not blank, without taking them; at least `size` unless it ends."""
        while len(self._ahead) < size and (chunk := self._take(size)):
            self._ahead = (self._ahead + chunk).lstrip(b" \t\r\n")
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises FormatRefused past the limit."""
        ahead, self._ahead = self._ahead, b""
        return ahead or self._take(size)

    def _take(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._taken += len(chunk)
        if self._taken > self._most:
            raise FormatRefused(f"file is over {self._most} bytes; ask the bank for smaller files")
        return chunk


class XmlReader:
    """Start and end of every element in order; whoever has used an element lets it go with `forget`.

    Raises FormatRefused for anything but well-formed, harmless XML.
    """

    def __init__(self, stream: BoundedStream) -> None:
        self._stream = stream
        self._held = 0

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        try:
            yield from self._guarded()
        except etree.LxmlError as error:
            raise FormatRefused(f"file is not well-formed XML: {_first_line(error)}") from error
        except (LookupError, UnicodeError) as error:
            raise FormatRefused("file is XML in an unknown encoding; send it as UTF-8") from error

    def forget(self, element: etree._Element) -> None:
        """Free an element that has been read, and all before it under the same parent."""
        self._held -= _weight(element) - 1
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            self._held -= _weight(parent[0])
            del parent[0]

    def _guarded(self) -> Iterator[tuple[str, etree._Element]]:
        depth = 0
        for event, element in _parser(self._stream):
            if event == "start":
                depth += 1
                self._held += 1
                self._refuse_if_hostile(element, depth)
            else:
                depth -= 1
            yield event, element

    def _refuse_if_hostile(self, element: etree._Element, depth: int) -> None:
        if depth == 1 and element.getroottree().docinfo.internalDTD is not None:
            raise FormatRefused("file carries a DOCTYPE; bank files have none, so it is refused")
        if depth > MOST_DEPTH or self._held > MOST_HELD:
            raise FormatRefused(
                f"file nests or repeats elements beyond reason near <{local_name(element)}>"
            )


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The namespace of the tag, empty when it has none."""
    return element.tag.rpartition("}")[0][1:]


def _parser(stream: BoundedStream) -> Iterator[tuple[str, etree._Element]]:
    events: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return events


def _weight(element: etree._Element) -> int:
    return sum(1 for _ in element.iter())


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0][:200] if lines else "it ends too early"
