"""Reading XML from strangers: no DTD, no entities, no network, bounded size, depth and fan-out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from sovinto.errors import FormatRefused

# A million entries with all that a bank can say of each are about a gigabyte.
MOST_BYTES = 4 * 1024**3
# What may come between one record and the next: it is in memory at once, as a tree some thirty times
# its size. Depth is bounded by libxml2 (256), and so are names and attributes.
MOST_HELD_BYTES = 2 * 1024**2
# Within this a root element must begin.
_MOST_PROLOG = 64 * 1024
_BITE = 1024
_BLANK = b" \t\r\n"


class BoundedStream:
    """A stream that refuses to deliver more than `most` bytes."""

    def __init__(self, stream: BinaryIO, most: int = MOST_BYTES) -> None:
        self._stream = stream
        self._most = most
        self._taken = 0
        self._ahead = b""

    def peek(self, size: int = 64) -> bytes:
        """The first bytes, without taking them; at least `size` unless it ends."""
        while len(self._ahead) < size and (chunk := self._take(size)):
            self._ahead += chunk
        return self._ahead

    def skip_blank(self) -> None:
        """Drop blank space at the beginning: XML allows none before its declaration."""
        while (ahead := self.peek(_BITE)) and ahead[:1] in _BLANK_BYTES:
            self._ahead = ahead.lstrip(_BLANK)

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises FormatRefused past the limit."""
        if not self._ahead:
            return self._take(size)
        end = len(self._ahead) if size < 0 else size
        ahead, self._ahead = self._ahead[:end], self._ahead[end:]
        return ahead + self._take(-1) if size < 0 else ahead

    def _take(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._taken += len(chunk)
        if self._taken > self._most:
            raise FormatRefused(f"file is over {self._most} bytes; ask the bank for smaller files")
        return chunk


_BLANK_BYTES = frozenset(_BLANK[at : at + 1] for at in range(len(_BLANK)))


@dataclass(frozen=True, slots=True)
class XmlRoot:
    """What kind of document it is: the root element, and the local name of its first child."""

    namespace: str
    name: str
    child: str | None


def read_root(stream: BoundedStream) -> XmlRoot:
    """Looks at the beginning without taking it. Raises FormatRefused for what is not harmless XML."""
    head = stream.peek(_MOST_PROLOG)
    parser = etree.XMLPullParser(events=("start",), **_harmless())
    names: list[etree._Element] = []
    try:
        for at in range(0, len(head), _BITE):
            parser.feed(head[at : at + _BITE])
            names += _begun(parser)
            if len(names) > 1:
                break
        if not names:
            parser.close()
    except (etree.LxmlError, LookupError, UnicodeError) as error:
        # What follows the root is judged when it is read.
        names += _begun(parser)
        if not names:
            raise _refusal(error) from error
    if not names:
        raise FormatRefused("file is XML without an element near its beginning; send camt.053 (XML)")
    root = names[0]
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormatRefused("file carries a DOCTYPE; bank files have none, so it is refused")
    child = local_name(names[1]) if len(names) > 1 else None
    return XmlRoot(root.tag.rpartition("}")[0][1:], local_name(root), child)


class XmlRecords:
    """The elements of the given tags, each when it ends; whoever has used one lets it go.

    Raises FormatRefused for anything but well-formed, harmless XML, and where too much comes between
    one `empty` or `forget` and the next. Look at the root with `read_root` first.
    """

    def __init__(self, stream: BoundedStream, tags: Sequence[str]) -> None:
        self._stream = stream
        self._tags = tags
        self._held = 0

    def __iter__(self) -> Iterator[etree._Element]:
        parser = etree.iterparse(self, events=("end",), tag=self._tags, **_harmless())
        try:
            for _, element in parser:
                yield element
        except (etree.LxmlError, LookupError, UnicodeError) as error:
            raise _refusal(error) from error

    def read(self, size: int = -1) -> bytes:
        """For the parser."""
        if self._held > MOST_HELD_BYTES:
            raise FormatRefused("file nests or repeats elements beyond reason; ask the bank for it again")
        chunk = self._stream.read(size)
        self._held += len(chunk)
        return chunk

    def empty(self, element: etree._Element) -> None:
        """Free what is in an element that has been read."""
        self._held = 0
        # The stubs do not know the argument.
        element.clear(keep_tail=True)  # type: ignore[call-arg]

    def forget(self, element: etree._Element) -> None:
        """Free what is in an element that has been read, and all that stands before it."""
        self.empty(element)
        parent = element.getparent()
        # The element itself stays until the next one: the parser may still be writing its tail.
        while parent is not None and parent[0] is not element:
            del parent[0]


def _begun(parser: etree.XMLPullParser) -> list[etree._Element]:
    return [found for _, found in parser.read_events() if isinstance(found, etree._Element)]


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def _harmless() -> dict[str, Any]:
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "attribute_defaults": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def _refusal(error: Exception) -> FormatRefused:
    if isinstance(error, (LookupError, UnicodeError)):
        return FormatRefused("file is XML in an unknown encoding; send it as UTF-8")
    lines = str(error).splitlines()
    if lines and "xcessive depth" in lines[0]:
        return FormatRefused("file nests elements beyond reason; ask the bank for it again")
    return FormatRefused(f"file is not well-formed XML: {lines[0][:200] if lines else 'it ends too early'}")
