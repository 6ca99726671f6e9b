"""Sums that the books have in parts: itemised by a statement, or told line by line by a detail file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set

from sovinto.formats.statement.roles import Role
from sovinto.usecases.bank_line import Books
from sovinto.usecases.guard_series import in_hundreds
from sovinto.usecases.lump_sums import BATCH, ITEMISED
from sovinto.usecases.told_twice import BATCH_USED, LINES, has_told


def sums_in_parts(
    lumps: Mapping[str, str], role: Role, own: Set[str], books: Books, goes_on: Callable[[], None]
) -> dict[str, int]:
    """How many sums of each `lump_key` (with its account) are there, but for entries of the file itself.

    A statement itemised them; or a detail file told them, and they wait for no sum of a statement any more.
    `goes_on` is asked before each request.
    """
    scopes = [BATCH]
    if role is Role.RECORD:
        # Without detail files there is nothing to read of them.
        told = books.cases.guards([has_told(account, Role.DETAILS) for account in set(lumps.values())])
        scopes = [ITEMISED, *([BATCH] if any(payload is not None for payload in told) else [])]
    found: dict[str, int] = {}
    rows = [(scope, lump) for scope in scopes for lump in lumps]
    place = 0
    while rows:
        more: list[tuple[str, str]] = []
        for some in in_hundreds(rows):
            goes_on()
            payloads = books.cases.guards([(scope, f"{lump}#{place}") for scope, lump in some])
            for (scope, lump), payload in zip(some, payloads, strict=True):
                if payload is not None:
                    more.append((scope, lump))
                    is_other = _is_in_parts(scope, payload, role, own, books)
                    found[lump] = found.get(lump, 0) + is_other
        rows, place = more, place + 1
    return found


def _is_in_parts(scope: str, payload: str, role: Role, own: Set[str], books: Books) -> bool:
    if scope == ITEMISED:
        return payload.partition("|")[0] not in own
    # A batch's own sum clears it: only where its parts were told one by one is the sum other money.
    parts = payload.split("|")
    batch_id = parts[-2] if parts[-1].isdecimal() else parts[-1]
    return role is Role.DETAILS or books.cases.guard(BATCH_USED, batch_id) == LINES
