"""The debt at a date for 100,000 cases, beside a bare loop that multiplies and rounds (the floor)."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.countries import countries, load_pack
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.debts.table import DebtTable, debt_table
from sovinto.domain.law.fees import FeeFacts
from sovinto.domain.law.interest import accrue
from sovinto.domain.law.model import Pack
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

ON = date(2026, 9, 30)
CASES = 100_000
PEER_CASES = 2_000
# Upper ends of what a principal is drawn from, in major units: from a parking ticket to a building.
BANDS = (50, 100, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 200_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Cases as (kind, due date, principal in minor units), in no order; a kind is a pack and a debtor."""

    kinds: dict[str, tuple[Pack, DebtorType]]
    cases: list[tuple[str, date, int]]


def portfolio(only: str | None = None) -> Portfolio:
    """Every debtor that a pack serves and has the law for, due on any day of the last two years."""
    packs = [load_pack(country) for country in countries() if only in (None, country)]
    served = {f"{pack.country} {each.value}": (pack, each) for pack in packs for each in pack.ladders}
    kinds = {name: kind for name, kind in served.items() if is_covered(*kind)}
    dice, names = random.Random(7), list(kinds)
    cases = []
    for _ in range(CASES):
        name, due_on = dice.choice(names), ON - timedelta(days=dice.randint(1, 730))
        cases.append((name, due_on, dice.randint(1_00, dice.choice(BANDS) * 100)))
    return Portfolio(kinds, cases)


def is_covered(pack: Pack, debtor_type: DebtorType) -> bool:
    """Whether the pack knows the law of all two years."""
    facts = FeeFacts(debtor_type, Money(100_00, pack.currency))
    try:
        for days in (1, 730):
            debt_on(pack, facts, due_on=ON - timedelta(days=days), on=ON)
    except LawMissing:
        return False
    return True


def seconds(*works: Callable[[], object]) -> list[float]:
    """The best of five rounds of each, turn by turn, so that a busy machine tells less of itself."""
    best = [float("inf")] * len(works)
    for _ in range(5):
        for at, work in enumerate(works):
            begun = time.perf_counter()
            work()
            best[at] = min(best[at], time.perf_counter() - begun)
    return best


def segments_of(found: Portfolio) -> list[tuple[int, list[int]]]:
    """For each case its principal and as many weights as its interest has segments, at least two."""
    counts: dict[tuple[str, date], int] = {}
    for name, due_on, _ in found.cases:
        if (name, due_on) not in counts:
            pack, debtor_type = found.kinds[name]
            history = ((due_on, Money(100_00, pack.currency)),)
            result = accrue(
                pack, debtor_type=debtor_type, due_on=due_on, principal_history=history, until=ON
            )
            counts[name, due_on] = min(max(len(result.segments), 2), 5)
    return [
        (principal, [95 * (1 + (ON - due_on).days % 184)] * counts[name, due_on])
        for name, due_on, principal in found.cases
    ]


def floor(cases: list[tuple[int, list[int]]]) -> int:
    """Interest and nothing else: what no engine can do without."""
    every = 0
    for principal, weights in cases:
        for weight in weights:
            every += (principal * weight * 2 + 365_000) // 730_000
    return every


def lean(found: Portfolio) -> int:
    """All cases, the tables made anew."""
    tables: dict[str, DebtTable] = {}
    every = 0
    for name, due_on, principal in found.cases:
        table = tables.get(name)
        if table is None:
            pack, debtor_type = found.kinds[name]
            table = tables[name] = debt_table(pack, debtor_type=debtor_type, on=ON)
        interest, fees = table.owed(due_on, principal)
        every += interest + fees
    return every


def explained(found: Portfolio, count: int) -> int:
    every = 0
    for name, due_on, principal in found.cases[:count]:
        pack, debtor_type = found.kinds[name]
        debt = debt_on(pack, FeeFacts(debtor_type, Money(principal, pack.currency)), due_on=due_on, on=ON)
        every += debt.interest.total.minor + debt.fee_total.minor
    return every


def tell(name: str, found: Portfolio) -> float:
    """One line of figures; the ratio to the floor."""
    work = segments_of(found)
    bare_time, lean_time, peer_time = seconds(
        lambda: floor(work), lambda: lean(found), lambda: explained(found, PEER_CASES)
    )
    bare, engine, peer = CASES / bare_time, CASES / lean_time, PEER_CASES / peer_time
    print(
        f"{name}: table {engine:,.0f} cases/s = {engine / bare:.3f} of the floor ({bare:,.0f}/s), "
        f"{engine / peer:,.0f} x debt_on ({peer:,.0f}/s)"
    )
    return engine / bare


def test_debt_at_a_date_for_many_cases() -> None:
    found = portfolio()
    segments = Counter(len(weights) for _, weights in segments_of(found))
    print(f"\n{CASES:,} cases of {len(found.kinds)} kinds of debtor, segments {dict(segments)}")
    assert lean(Portfolio(found.kinds, found.cases[:PEER_CASES])) == explained(found, PEER_CASES)
    assert tell("mixed", found) > 0
    for country in ("FI", "DE", "NL"):
        assert tell(country, portfolio(country)) > 0
