"""The messages of an MT file one after the other, and the chain of their balances."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.errors import FormatRefused
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.mt.message import Message
from sovinto.formats.statement.mt.tags import END, END_OF_FILE, tags
from sovinto.formats.statement.parts import Ended, Part


def mt940_parts(stream: ByteSource) -> Iterator[Part]:
    """Every message of a customer statement file, read as a stream.

    Raises FormatRefused for what is no MT file, or has lines or fields longer than any bank writes.
    """
    return _parts(stream, is_final=True)


def mt942_parts(stream: ByteSource) -> Iterator[Part]:
    """Every interim report: it has no balances, its sums 90C and 90D are checked instead.

    Raises FormatRefused as `mt940_parts` does.
    """
    return _parts(stream, is_final=False)


def _parts(stream: ByteSource, is_final: bool) -> Iterator[Part]:
    message: Message | None = None
    chain = _Chain()
    for tag in tags(stream):
        if message and tag.name in {"20", END, END_OF_FILE}:
            message.is_cut = tag.name == END_OF_FILE and message.is_in_entry
            yield from chain.checked(message)
            message = None
        if tag.name == "20":
            message = Message(" ".join(tag.text.split()), is_final)
        elif message:
            yield from message.read(tag)
        elif tag.name == "61":
            raise FormatRefused(
                f"field :61: in line {tag.number} belongs to no statement; :20: must come first"
            )
    if not chain.messages:
        yield Problem("no_statement", "file has no statement in it; ask the bank to send it again", "")


class _Chain:
    """A statement of several pages: each opens with what the page before it closed with (60M after 62M)."""

    def __init__(self) -> None:
        self.messages = 0
        self._before: tuple[Message, Ended] | None = None

    def checked(self, message: Message) -> Iterator[Part]:
        """The end of a message, with what does not fit to the one before."""
        for part in message.finish():
            if isinstance(part, Ended):
                yield from self._gap(message, part)
                self._before = message, part
            yield part
        self.messages += 1

    def _gap(self, message: Message, ended: Ended) -> Iterator[Problem]:
        if self._before is None or self._before[0].account != message.account:
            return
        last, opening = self._before[1].closing, ended.opening
        if last is None or opening is None or last == opening:
            return
        # Between whole statements one may have been left out; between pages of one nothing may.
        is_broken = message.is_page and self._before[0].is_continued
        yield Problem(
            "balance_chain" if is_broken else "balance_gap",
            f"opens with {opening.decimal()}, but the one before closed with {last.decimal()}; "
            "a statement or page is missing in between",
            message.statement_id,
        )
