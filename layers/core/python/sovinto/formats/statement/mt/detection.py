"""Is this file an MT940 or MT942? Told by its first fields; a kilobyte of the file is enough."""

from __future__ import annotations

import re

_BEGINNING = re.compile(rb"(?:^|[\r\n]|\{4:)[ \t]*:20:[^\r\n]*[\r\n]+(?::21:[^\r\n]*[\r\n]+)?[ \t]*:25P?:")
_INTERIM = re.compile(rb"\{2:[IO]942|[\r\n]:(?:13D?|34F|90[CD]):")
_OPENING = re.compile(rb"[\r\n]:60[FM]:")
# What banks put in front: SWIFT blocks, their BIC, the message number. More than this is another file.
_LONGEST_PREAMBLE = 300


def is_mt940(head: bytes) -> bool:
    """`head` is how the file begins, some 1,000 bytes of it."""
    return _is_mt(head) and not is_mt942(head)


def is_mt942(head: bytes) -> bool:
    """An interim report has a floor limit or its own time and no opening balance."""
    return _is_mt(head) and bool(_INTERIM.search(head)) and not _OPENING.search(head)


def _is_mt(head: bytes) -> bool:
    found = _BEGINNING.search(head)
    return found is not None and found.start() <= _LONGEST_PREAMBLE
