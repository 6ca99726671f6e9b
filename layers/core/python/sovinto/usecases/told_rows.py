"""The rows that say which days and statements were told, read in few requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.money import Money
from sovinto.ids import derived
from sovinto.ports import Cases
from sovinto.usecases.guard_series import several_guards

BANK_DAY = "BANK_DAY"
BANK_CHAIN = "BANK_CHAIN"
BANK_MOVES = "BANK_MOVES"
VALUE, GUESS = "value", "guess"
"""What is noted of a day of value: of a line that has a booking day too, or of one that has no other."""
NEAR = timedelta(days=10)
"""So far apart may be what two formats give as the last day of one statement: booking, or value."""
Chain = tuple[str, date, Money, Money]
"""A statement by account, last day, opening and closing balance."""


def day_key(account: str, currency: str, role: str, on: date) -> str:
    return f"{account}#{currency}#{role}#{on.isoformat()}"


def chain_key(account: str, on: date, opening: Money, closing: Money) -> str:
    money = (str(balance.minor) for balance in (opening, closing))
    return derived("chn", account, opening.currency, on.isoformat(), *money)


def moves_key(chain: Chain) -> str:
    account, on, opening, _ = chain
    return f"{account}#{opening.currency}#{on.isoformat()}"


def move_of(chain: Chain, lines: str) -> str:
    return f"{chain[2].minor}|{chain[3].minor}|{lines}"


def near_days(on: date) -> list[date]:
    return [on + timedelta(apart) for apart in range(-NEAR.days, NEAR.days + 1) if apart]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as they were read at once; any other is read when it is asked for."""

    cases: Cases
    known: dict[tuple[str, str], str | None]

    @classmethod
    def ahead(
        cls,
        days: Iterable[tuple[str, str, date]],
        values: Collection[tuple[str, str, date, str]],
        chains: Iterable[Chain],
        role: str,
        cases: Cases,
    ) -> Rows:
        """With all that these days, days of value and statements are compared with."""
        wanted: list[tuple[str, str]] = []
        for day in days:
            account, currency, on = day
            key = day_key(account, currency, role, on)
            wanted += [(BANK_DAY, key), (BANK_DAY, f"{key}#1")]
            near = [day_key(account, currency, role, day) for day in near_days(on)]
            wanted += [(BANK_DAY, f"{key}#{GUESS}") for key in near]
            if (account, currency, on, GUESS) in values:
                wanted += [(BANK_DAY, key) for key in near]
        for account, currency, on, _ in values:
            key = day_key(account, currency, role, on)
            wanted += [(BANK_DAY, f"{key}#{kind}") for kind in (VALUE, GUESS)]
        for chain in chains:
            account, on, opening, closing = chain
            wanted += [(BANK_CHAIN, chain_key(account, day, opening, closing)) for day in near_days(on)]
            wanted += [
                (BANK_CHAIN, chain_key(account, on, *ends))
                for ends in ((opening, closing), (closing, opening))
            ]
            wanted += [(BANK_MOVES, f"{moves_key(chain)}#{place}") for place in range(2)]
        wanted = list(dict.fromkeys(wanted))
        return cls(cases, dict(zip(wanted, several_guards(wanted, cases), strict=True)))

    def guard(self, scope: str, key: str) -> str | None:
        if (scope, key) in self.known:
            return self.known[scope, key]
        return self.cases.guard(scope, key)

    def formats(self, key: str) -> list[str]:
        """In which formats a day was told: the first, and behind it those that were released."""
        noted: list[str] = []
        while name := self.guard(BANK_DAY, f"{key}#{len(noted)}" if noted else key):
            noted.append(name)
        return noted

    def series(self, scope: str, key: str) -> list[str]:
        """What is noted at `<key>#0`, `<key>#1` and so on."""
        noted: list[str] = []
        while payload := self.guard(scope, f"{key}#{len(noted)}"):
            noted.append(payload)
        return noted
