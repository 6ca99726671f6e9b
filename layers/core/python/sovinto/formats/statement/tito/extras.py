"""T11, what the bank adds to an entry: messages, the amount abroad, SEPA details."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference
from sovinto.formats.statement.fixed_lines import number_in
from sovinto.formats.statement.tito.finnish_text import reference_in, words

_COUNT, _CURRENCY, _SEPA = "01", "05", "11"
_NO_ID = {"", "NOTPROVIDED"}


@dataclass(slots=True)
class Extras:
    """All T11 records of one row together."""

    texts: list[str]
    count: int | None = None
    original: Money | None = None
    reference: str | None = None
    account: str | None = None
    name: str | None = None
    end_to_end_id: str | None = None
    archive: str | None = None

    def read(self, text: str) -> None:
        """One T11 record; its kind stands in columns 7 and 8."""
        kind, content = text[6:8], text[8:]
        if kind == _COUNT:
            self.count = number_in(content[:8])
        elif kind == _CURRENCY:
            self._read_currency(content)
        elif kind == _SEPA:
            self._read_sepa(content)
        elif found := words(content):
            self.texts.append(found)

    def _read_currency(self, content: str) -> None:
        """Sign, 18 digits of cents, blank, currency, blank, rate."""
        minor = number_in(content[1:19])
        try:
            self.original = Money(minor, content[20:23]) if minor is not None else None
        except InvalidInput:
            self.original = None
        if self.original and content[:1] == "-":
            self.original = -self.original

    def _read_sepa(self, content: str) -> None:
        """Payer's reference, account, BIC (35 each), names of payee and payer (70 each), ids (35 each).

        The first is a creditor reference where the payer used one, and else the end-to-end id.
        """
        given = content[0:35].strip()
        if _is_reference(given):
            self.reference = reference_in(given)
        elif given.upper() not in _NO_ID:
            self.end_to_end_id = given
        self.account = words(content[35:70])
        self.name = words(content[175:245])
        if found := words(content[245:280]):
            self.texts.append(found)
        self.archive = words(content[280:315])


def _is_reference(text: str) -> bool:
    return any(payment_reference.check(text, scheme) for scheme in ("rf", "fi_731"))
