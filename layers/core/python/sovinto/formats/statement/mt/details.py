"""Field 86, what the bank says about an entry: free text by the standard, structured by the banks."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.formats import payment_reference

# A line at least this long was cut by the width of the field, perhaps in the middle of a word.
_FULL_LINE = 60


@dataclass(frozen=True, slots=True)
class Details:
    """What could be told apart; `references` are structured ones only."""

    text: str | None = None
    name: str | None = None
    account: str | None = None
    references: tuple[str, ...] = ()
    end_to_end_id: str | None = None
    bank_reference: str | None = None
    return_reason: str | None = None


def joined(lines: tuple[str, ...]) -> str:
    """One text: full lines run on, short ones were ended on purpose."""
    text = ""
    for line in lines:
        text += line if len(line) >= _FULL_LINE else f"{line} "
    return text.strip()


def tidy(text: str | None) -> str | None:
    """Blanks collapsed; None for nothing."""
    return " ".join((text or "").split()) or None


def provided(text: str | None) -> str | None:
    """None where the payer gave no end-to-end id (EPC implementation guidelines)."""
    found = tidy(text)
    return None if found is None or found.upper() in {"NOTPROVIDED", "NONREF"} else found


def creditor_references(text: str | None) -> tuple[str, ...]:
    """A text that is an RF creditor reference (ISO 11649) and nothing else."""
    checked = payment_reference.check(text or "", "rf")
    return (checked.text,) if checked else ()
