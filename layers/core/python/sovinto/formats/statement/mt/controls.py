"""Running figures of one MT message, and whether the bank's own balances and sums agree with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.model import StatementEntry
from sovinto.formats.statement.mt.amounts import ControlSum


@dataclass(slots=True)
class Tally:
    """Counts and sums of minor units by direction ("C", "D"), with and without what is only expected."""

    booked: dict[str, tuple[int, int]] = field(default_factory=lambda: {"C": (0, 0), "D": (0, 0)})
    all: dict[str, tuple[int, int]] = field(default_factory=lambda: {"C": (0, 0), "D": (0, 0)})

    def add(self, entry: StatementEntry) -> None:
        side = "D" if entry.amount.minor < 0 else "C"
        for figures in (self.all, self.booked) if entry.is_postable else (self.all,):
            count, minor = figures[side]
            figures[side] = count + 1, minor + abs(entry.amount.minor)

    @property
    def net(self) -> int:
        """What the booked entries do to the balance, in minor units."""
        return self.booked["C"][1] - self.booked["D"][1]


def chain_doubts(opening: Money, closing: Money, tally: Tally) -> Iterator[Doubt]:
    """Opening balance and booked entries must come to the closing balance."""
    if opening.currency != closing.currency:
        message = f"opening balance is in {opening.currency}, but the closing balance in {closing.currency}"
        yield Doubt("balance_currency", message)
    elif opening.minor + tally.net != closing.minor:
        booked = Money(tally.net, opening.currency)
        yield Doubt(
            "balance_chain",
            f"opening {opening.decimal()} and booked entries {booked.decimal()} come to "
            f"{(opening + booked).decimal()}, but the closing balance is {closing.decimal()}",
        )


def sum_doubts(name: str, stated: ControlSum, tally: Tally, currency: str) -> Iterator[Doubt]:
    """Field 90C or 90D. Banks differ on counting expected entries in, so both readings are good."""
    side = name[-1]
    readings = (tally.all[side], tally.booked[side])
    if stated.amount.currency != currency:
        yield Doubt(
            "control_sum", f"field :{name}: is in {stated.amount.currency} on an account in {currency}"
        )
    elif (stated.count, stated.amount.minor) in readings:
        return
    elif stated.count not in {count for count, _ in readings}:
        message = f"field :{name}: counts {stated.count} entries, but {readings[0][0]} are given"
        yield Doubt("control_count", message)
    else:
        found = Money(readings[0][1], currency).decimal()
        message = f"field :{name}: comes to {stated.amount.decimal()}, but the entries to {found}"
        yield Doubt("control_sum", message)
