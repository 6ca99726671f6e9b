"""Statements that people rejected: nothing of them is in the books, which may be a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sovinto.domain.held_file import HeldState
from sovinto.domain.proof import Unchecked
from sovinto.formats.statement.roles import Role, role_of
from sovinto.ports import Cases, Files

REJECTED_FILES = "rejected/"


def put_aside(bank: Files, cases: Cases) -> Iterator[Unchecked]:
    """What one person rejected may be money all the same."""
    for name in bank.keys(REJECTED_FILES):
        if name.endswith(".reason.txt"):
            continue
        digest = sha256(bank.read(name)).hexdigest()
        file = cases.held_file(digest)
        if file is None or file.state is not HeldState.REJECTED:
            continue
        if file.format and role_of(file.format) in (Role.RECORD, None):
            reason = (
                f"{name} ({digest}) was rejected by {file.rejected_by}: nothing was posted from it; "
                "retry it if that was wrong"
            )
            yield Unchecked("bank", reason)
