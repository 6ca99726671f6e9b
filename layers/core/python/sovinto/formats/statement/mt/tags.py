"""The fields of an MT file one after the other: SWIFT blocks fall away, further lines stay with theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sovinto.errors import FormatRefused
from sovinto.formats.statement.fixed_lines import ByteSource, Line, text_lines
from sovinto.formats.statement.western_letters import western_letters

# SWIFT allows six lines; banks that write outside the network use a few more.
MOST_LINES_IN_TAG = 60
END, END_OF_FILE = "end", "end of file"

_NAMES = "13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65F?|86|90[CD]|NS"
_TAG = re.compile(rf"\s*:({_NAMES}):(.*)")
_BLOCK = re.compile(r"-\}|\{[1-5S]:")
_TEXT_BLOCK = "{4:"


@dataclass(frozen=True, slots=True)
class Tag:
    """`name` without colons ("61"), END of a message or END_OF_FILE; `lines` as written.

    `number` is that of the first line.
    """

    name: str
    lines: tuple[str, ...]
    number: int

    @property
    def text(self) -> str:
        """The first line, blanks around it dropped."""
        return self.lines[0].strip() if self.lines else ""


def tags(stream: ByteSource) -> Iterator[Tag]:
    """Raises FormatRefused for a field with more lines than any bank writes, or a file that is no text."""
    name, lines, number = "", [""], 0
    for line in text_lines(stream):
        bare, is_end = _unwrapped(line)
        found = _TAG.fullmatch(bare)
        if (found or is_end) and name:
            yield Tag(name, tuple(lines), number)
            name = ""
        if is_end:
            yield Tag(END, (), line.number)
        if found:
            name, lines, number = found[1], [found[2]], line.number
        elif name:
            lines.append(bare)
            if len(lines) > MOST_LINES_IN_TAG:
                raise FormatRefused(
                    f"field :{name}: in line {number} goes on for over {MOST_LINES_IN_TAG} lines; "
                    "send the file as the bank delivered it"
                )
    if name:
        yield Tag(name, tuple(lines), number)
    yield Tag(END_OF_FILE, (), number)


def _unwrapped(line: Line) -> tuple[str, bool]:
    """The line without SWIFT blocks and control characters, and whether a message ends in it."""
    text = western_letters(line.text)
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    if text.strip() == "-":
        return "", True
    if _BLOCK.match(text):
        _, _, rest = text.partition(_TEXT_BLOCK)
        if _TEXT_BLOCK in rest:
            raise FormatRefused(
                f"line {line.number} holds more than one SWIFT message; send the file with its line ends"
            )
        return rest, True
    return text, False
