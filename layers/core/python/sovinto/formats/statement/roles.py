"""What a bank file means for the books: money itself, the parts of a sum, or news that comes again."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """`RECORD`: a statement of record, each line is money on the account. `DETAILS`: itemises a sum that is
    one line of such a statement. `INTERIM`: shows what a later statement will tell."""

    RECORD = "record"
    DETAILS = "details"
    INTERIM = "interim"


_ROLES = {
    "camt053": Role.RECORD,
    "mt940": Role.RECORD,
    "tito": Role.RECORD,
    "camt054": Role.DETAILS,
    "ktl": Role.DETAILS,
    "bgmax": Role.DETAILS,
    "nets-ocr": Role.DETAILS,
    "ch-v11-isr": Role.DETAILS,
    "camt052": Role.INTERIM,
    "mt942": Role.INTERIM,
}


def role_of(format_name: str) -> Role | None:
    """None for a sheet: only the account's owner knows whether it is complete."""
    return _ROLES.get(format_name)
