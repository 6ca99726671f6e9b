"""In which form a letter is lawful: on paper, or electronically with the debtor's consent."""

from __future__ import annotations

from datetime import date

from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.law.rows import FormRow


def lawful_channels(
    pack: Pack, *, kind: LetterKind, debtor_type: DebtorType, has_electronic_consent: bool, on: date
) -> tuple[frozenset[Channel], Explanation]:
    """The channels by which `kind` may go on that day. Raises LawMissing when no rule covers it."""
    row = in_force(
        pack,
        FormRow,
        debtor_type=debtor_type,
        on=on,
        what=f"the form of a {kind.value}",
        where=lambda row: kind in row.letters,
    )
    more = row.channels_with_consent if has_electronic_consent else frozenset()
    why = explain(
        row.citation, "channels by form and consent", has_electronic_consent=has_electronic_consent
    )
    return row.channels | more, why
