"""A file of which lines are posted lies where no other takes its name, until all of it is in the books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from sovinto.ports import Files, Opened
from sovinto.usecases.hold_file import IMPORTING, INBOX, place_of

_DIGEST = 13
"""A dash and the signs of the digest that `place_of` puts behind the bank's name."""


@dataclass(slots=True)
class InHand:
    """The file that a run is reading, wherever it lies."""

    file: Opened
    digest: str
    bank: Files

    def kept(self) -> BinaryIO:
        """Out of the inbox, where the bank may overwrite it at any time; then from its beginning.

        The bytes are those of the first reading: of that version, whatever came since. Raises NotFound.
        """
        version = self.file.version
        if self.file.key.startswith(INBOX):
            to = place_of(IMPORTING, self.file.key, self.digest)
            self.bank.move(self.file, to)
            self.file, version = self.bank.open(to), ""
        again = self.bank.open(self.file.key, version)
        return cast("BinaryIO", again)


def begun_before(bank: Files) -> tuple[str, ...]:
    """Files that an earlier run did not finish."""
    return bank.keys(IMPORTING)


def delivered(bank: Files) -> Iterator[tuple[str, bool]]:
    """The inbox, and whether each may be read: not while one of its name is in the books by half.

    Only what is whole there tells whether the later one is the same money.
    """
    names = {_name(key) for key in bank.keys(IMPORTING)}
    for key in bank.keys(INBOX):
        yield key, key.removeprefix(INBOX) not in names


def _name(key: str) -> str:
    """What the bank called it."""
    path = PurePosixPath(key.removeprefix(IMPORTING))
    return str(path.with_name(f"{path.stem[:-_DIGEST]}{path.suffix}"))
