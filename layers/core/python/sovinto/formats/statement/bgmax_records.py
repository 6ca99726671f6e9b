"""The payment records of a BgMax file (TK20 to TK29), one payment at a time.

Source: Bankgirot, Bankgiro Inbetalningar, Technical manual (November 2019), layout of the BgMax file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sovinto.formats.statement.fixed_lines import number_in

PAYMENT, DEDUCTION = "20", "21"
EXTRA, EXTRA_DEDUCTION = "22", "23"
# Right by the payee's agreement on OCR references. No other code is believed: what a bank checks for it is
# not known to us for certain.
_RIGHT = "2"


@dataclass(frozen=True, slots=True)
class ExtraReference:
    """TK22, or TK23 when it lessens the payment; `minor` is 0 where the payer gave no amount."""

    kind: str
    reference: str
    minor: int | None

    @property
    def signed(self) -> int:
        minor = self.minor or 0
        return -minor if self.kind == EXTRA_DEDUCTION else minor


@dataclass(slots=True)
class BgMaxPayment:
    """One payment (TK20) or deduction (TK21) with the records that follow it.

    `minor` is öre or cents without sign, None where the field is no number. `sender` is the payer's
    bankgiro number, None when unknown. `deduction_code` says whether a deduction was used up.
    """

    kind: str
    line: int
    sender: str | None
    reference: str | None
    minor: int | None
    reference_code: str
    channel: str
    serial: str
    image: str
    deduction_code: str | None
    extras: list[ExtraReference] = field(default_factory=list)
    info: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    organisation_number: str | None = None

    @property
    def signed(self) -> int:
        minor = self.minor or 0
        return -minor if self.kind == DEDUCTION else minor

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference once. One field may hold several, with blanks in between."""
        named = [*(self.reference or "").split(), *(extra.reference for extra in self.extras)]
        return tuple(dict.fromkeys(reference for reference in named if reference))

    @property
    def is_checked(self) -> bool:
        """Bankgirot found the one reference of the payment right (reference code of TK20)."""
        is_one = len(self.references) == 1 and not self.extras
        return is_one and self.kind == PAYMENT and self.reference_code == _RIGHT

    @property
    def is_whole(self) -> bool:
        """False where an amount is no number."""
        return self.minor is not None and all(extra.minor is not None for extra in self.extras)

    def shares(self) -> tuple[ExtraReference, ...]:
        """The payer's split, believed only where each part has an amount and all come to the payment."""
        names_all = {extra.reference for extra in self.extras} == set(self.references)
        adds_up = sum(extra.signed for extra in self.extras) == self.signed
        return tuple(self.extras) if names_all and adds_up and all(e.minor for e in self.extras) else ()


def begun(text: str, line: int) -> BgMaxPayment:
    """A payment from its TK20 or TK21."""
    kind = text[:2]
    return BgMaxPayment(
        kind=kind,
        line=line,
        sender=text[2:12].strip().lstrip("0") or None,
        reference=text[12:37].strip() or None,
        minor=number_in(text[37:55]),
        reference_code=text[55:56].strip(),
        channel=text[56:57].strip(),
        serial=text[57:69].strip(),
        image=text[69:70].strip(),
        deduction_code=text[70:71].strip() if kind == DEDUCTION else None,
    )


def added(payment: BgMaxPayment, text: str) -> bool:
    """Takes one of TK22 to TK29 into its payment; False for any other record."""
    reader = _READERS.get(text[:2])
    if reader is None:
        return False
    reader(payment, text)
    return True


def _extra(payment: BgMaxPayment, text: str) -> None:
    amount = text[37:55]
    minor = number_in(amount) if amount.strip() else 0
    payment.extras.append(ExtraReference(text[:2], text[12:37].strip(), minor))


def _info(payment: BgMaxPayment, text: str) -> None:
    payment.info.append(" ".join(text[2:52].split()))


def _name(payment: BgMaxPayment, text: str) -> None:
    payment.names += [name for part in (text[2:37], text[37:72]) if (name := " ".join(part.split()))]


def _organisation(payment: BgMaxPayment, text: str) -> None:
    payment.organisation_number = text[2:14].strip() or None


def _ignored(_payment: BgMaxPayment, _text: str) -> None:
    """Addresses (TK27, TK28) say nothing about whose debt is paid, so they are not kept."""


_READERS: dict[str, Callable[[BgMaxPayment, str], None]] = {
    EXTRA: _extra,
    EXTRA_DEDUCTION: _extra,
    "25": _info,
    "26": _name,
    "27": _ignored,
    "28": _ignored,
    "29": _organisation,
}
