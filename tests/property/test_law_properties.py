"""What holds for every amount and every day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sovinto.countries import load_pack
from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.allocation import allocate
from sovinto.domain.law.fees import ChargedFee, FeeFacts, cap_for, fee_for, lump_sum_for
from sovinto.domain.law.interest import accrue
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.law.waits import SentLetter, earliest_on
from sovinto.domain.money import Money, total

PACK = load_pack("FI")
KINDS = (
    FeeKind.LUMP_SUM,
    FeeKind.REMINDER_FEE,
    FeeKind.DEMAND_FEE,
    FeeKind.SECOND_DEMAND_FEE,
    FeeKind.PLAN_FEE,
)
debtor_types = st.sampled_from(DebtorType)
days = st.dates(date(2022, 6, 1), date(2026, 12, 31))
amounts = st.integers(0, 50_000_00).map(lambda minor: Money(minor, "EUR"))
some = st.integers(1, 50_000_00).map(lambda minor: Money(minor, "EUR"))


@given(
    debtor_types, some, days, st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 12)), max_size=12)
)
def test_fees_never_exceed_the_cap_or_their_count(
    debtor_type: DebtorType, principal: Money, on: date, wishes: list[tuple[FeeKind, int]]
) -> None:
    charged: list[ChargedFee] = []
    for kind, instalments in wishes:
        decision = fee_for(
            PACK,
            FeeFacts(debtor_type, principal, instalments=instalments),
            kind=kind,
            on=on,
            charged=charged,
        )
        assert decision.amount.minor >= 0
        assert decision.amount or decision.reason
        if decision.amount:
            charged.append(ChargedFee(kind, on, decision.amount))
    cap = cap_for(PACK, FeeFacts(debtor_type, principal), on=on)
    assert cap is not None
    assert total((fee.amount for fee in charged), "EUR") <= cap.amount
    kinds = [fee.kind for fee in charged]
    assert kinds.count(FeeKind.DEMAND_FEE) <= 1
    assert kinds.count(FeeKind.PLAN_FEE) <= 2


LADDER = (FeeKind.REMINDER_FEE, FeeKind.DEMAND_FEE, FeeKind.SECOND_DEMAND_FEE)


@given(some, days, st.integers(0, 3))
def test_lump_sum_and_fees_come_to_the_larger_of_the_two(principal: Money, on: date, place: int) -> None:
    """Whenever the lump sum is charged, all in all the debtor owes the same."""
    charged: list[ChargedFee] = []
    order: list[FeeKind] = list(LADDER)
    order.insert(place, FeeKind.LUMP_SUM)
    for kind in order:
        decision = fee_for(
            PACK, FeeFacts(DebtorType.BUSINESS, principal), kind=kind, on=on, charged=charged
        )
        charged.append(ChargedFee(kind, on, decision.amount))
    plain: list[ChargedFee] = []
    for kind in LADDER:
        fee = fee_for(PACK, FeeFacts(DebtorType.BUSINESS, principal), kind=kind, on=on, charged=plain)
        plain.append(ChargedFee(kind, on, fee.amount))
    left = lump_sum_for(
        PACK, FeeFacts(DebtorType.BUSINESS, principal), due_on=None, on=on, charged=plain
    ).amount
    owed = total((fee.amount for fee in plain), "EUR") + left
    assert total((fee.amount for fee in charged), "EUR") == owed


@given(debtor_types, days, st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_no_letter_is_a_day_early(debtor_type: DebtorType, due_on: date, late: list[int]) -> None:
    least = {DebtorType.CONSUMER: 15, DebtorType.BUSINESS: 10}[debtor_type]
    sent: list[SentLetter] = []
    before = due_on
    for kind, extra in zip(PACK.ladder(debtor_type), late, strict=True):
        found = earliest_on(PACK, kind=kind, debtor_type=debtor_type, due_on=due_on, sent=sent).on
        assert (found - before).days == least
        before = found + timedelta(days=extra)
        sent.append(SentLetter(kind, before))


@given(debtor_types, days, st.integers(-3, 3))
def test_a_fee_is_earned_from_the_first_lawful_day_only(
    debtor_type: DebtorType, due_on: date, shift: int
) -> None:
    first = earliest_on(PACK, kind=LetterKind.REMINDER, debtor_type=debtor_type, due_on=due_on, sent=())
    decision = fee_for(
        PACK,
        FeeFacts(debtor_type, Money(10000, "EUR")),
        kind=FeeKind.REMINDER_FEE,
        on=first.on + timedelta(days=shift),
        charged=(),
        due_on=due_on,
    )
    assert bool(decision.amount) is (shift >= 0)


@given(debtor_types, some, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_interest_adds_up_over_any_split(debtor_type: DebtorType, base: Money, three: list[date]) -> None:
    due_on, middle, until = three
    whole = accrue(
        PACK, debtor_type=debtor_type, due_on=due_on, principal_history=[(due_on, base)], until=until
    )
    first = accrue(
        PACK, debtor_type=debtor_type, due_on=due_on, principal_history=[(due_on, base)], until=middle
    )
    second = accrue(
        PACK, debtor_type=debtor_type, due_on=middle, principal_history=[(due_on, base)], until=until
    )
    assert whole.exact == first.exact + second.exact
    segments = len(whole.segments) + len(first.segments) + len(second.segments)
    assert 2 * abs((whole.total - first.total - second.total).minor) <= segments
    assert sum(segment.days for segment in whole.segments) == (until - due_on).days


@given(debtor_types, some, some, st.lists(days, min_size=3, max_size=3, unique=True).map(sorted))
def test_interest_adds_up_over_the_principal(
    debtor_type: DebtorType, one: Money, other: Money, three: list[date]
) -> None:
    due_on, paid_on, until = three
    after = paid_on + timedelta(days=1)
    both = accrue(
        PACK,
        debtor_type=debtor_type,
        due_on=due_on,
        principal_history=[(due_on, one + other), (after, one)],
        until=until,
    )
    kept = accrue(
        PACK, debtor_type=debtor_type, due_on=due_on, principal_history=[(due_on, one)], until=until
    )
    paid = accrue(
        PACK, debtor_type=debtor_type, due_on=due_on, principal_history=[(due_on, other)], until=paid_on
    )
    assert both.exact == kept.exact + paid.exact


@given(debtor_types, some, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_a_later_day_never_owes_less(debtor_type: DebtorType, principal: Money, three: list[date]) -> None:
    due_on, sooner, later = three
    debts = [
        debt_on(PACK, FeeFacts(debtor_type, principal), due_on=due_on, on=on) for on in (sooner, later)
    ]
    assert debts[0].total <= debts[1].total
    assert principal <= debts[0].total


@given(some, st.tuples(amounts, amounts, amounts, amounts), st.permutations(list(ClaimClass)))
def test_allocation_loses_nothing_and_keeps_the_order(
    amount: Money, owed: tuple[Money, Money, Money, Money], order: list[ClaimClass]
) -> None:
    balance = Balance(*owed)
    found = allocate(amount, balance, order)
    assert total((part for _, part in found.parts), "EUR") + found.over == amount
    given_to = dict(found.parts)
    assert list(given_to) == [claim_class for claim_class in order if claim_class in given_to]
    assert all(Money.zero("EUR") < part <= balance.of(name) for name, part in found.parts)
    for claim_class in order[: order.index(found.parts[-1][0])] if found.parts else []:
        assert given_to.get(claim_class, Money.zero("EUR")) == balance.of(claim_class)
    assert found.over.minor == max(0, amount.minor - balance.total.minor)
