"""What holds in every country for every amount and every day that its pack knows."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from hypothesis import assume, given
from hypothesis import strategies as st
from sovinto.countries import countries, load_pack
from sovinto.domain.claim_class import Balance
from sovinto.domain.debt import Debt, debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.allocation import allocate, order
from sovinto.domain.law.fees import FeeFacts
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import Compounding, FeeKind
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import InterestTermsRow, WaitRow
from sovinto.domain.law.waits import SentLetter, earliest_on
from sovinto.domain.money import Money, total
from sovinto.errors import LawMissing

SERVED = [(country, kind) for country in countries() for kind in sorted(load_pack(country).ladders)]
served = st.sampled_from(SERVED)
days = st.dates(date(2024, 12, 1), date(2026, 12, 31))
minors = st.one_of(
    st.integers(1, 100_000_00), st.sampled_from([500_00, 500_01, 1_000_00, 1_000_01, 10_000_00])
)


@cache
def pack_of(country: str) -> Pack:
    return load_pack(country)


def debt(pack: Pack, facts: FeeFacts, due_on: date, on: date) -> Debt:
    """The debt, where the pack knows the law of those days: another test asks what happens where not."""
    try:
        return debt_on(pack, facts, due_on=due_on, on=on)
    except LawMissing:
        assume(False)
        raise


@given(served, minors, st.booleans(), st.lists(days, min_size=3, max_size=3).map(sorted))
def test_a_later_day_never_owes_less_and_fees_keep_within_the_cap(
    whom: tuple[str, DebtorType], minor: int, is_vat_deductible: bool, three: list[date]
) -> None:
    pack, (due_on, sooner, later) = pack_of(whom[0]), three
    facts = FeeFacts(whom[1], Money(minor, pack.currency), is_vat_deductible=is_vat_deductible)
    debts = [debt(pack, facts, due_on, on) for on in (sooner, later)]
    assert facts.principal <= debts[0].total <= debts[1].total
    for found in debts:
        assert found.cap is None or found.fee_total <= found.cap
        assert total((fee.amount for fee in found.fees), pack.currency) == found.fee_total
        assert all(fee.amount.minor >= 0 and fee.on <= found.on for fee in found.fees)


@given(served, minors, st.lists(days, min_size=2, max_size=2).map(sorted))
def test_every_fee_stands_on_a_cited_rule_of_its_country(
    whom: tuple[str, DebtorType], minor: int, two: list[date]
) -> None:
    pack, (due_on, on) = pack_of(whom[0]), two
    found = debt(pack, FeeFacts(whom[1], Money(minor, pack.currency)), due_on, on)
    known = {row.citation.rule_id for row in pack.rows}
    for fee in found.fees:
        assert fee.decision.explanation.rule_id in known
        assert {rule.rule_id for rule in fee.rules} <= known
    assert set(found.unconfirmed) <= known
    kinds = [fee.kind for fee in found.fees if fee.kind is not FeeKind.REMINDER_FEE]
    assert len(kinds) == len(set(kinds))


@given(served, days, st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_no_letter_leaves_a_day_early(whom: tuple[str, DebtorType], due_on: date, late: list[int]) -> None:
    pack, sent = pack_of(whom[0]), list[SentLetter]()
    for kind, extra in zip(pack.ladder(whom[1]), late, strict=False):
        try:
            found = earliest_on(pack, kind=kind, debtor_type=whom[1], due_on=due_on, sent=sent)
        except LawMissing:
            return
        (row,) = [row for row in pack.of(WaitRow) if row.citation is found.rules[0]]
        assert row.citation.covers(found.on)
        assert (found.on - due_on).days >= row.calendar_days
        behind = [letter.on for letter in sent if letter.kind in row.after]
        assert all((found.on - on).days >= row.calendar_days for on in behind)
        sent.append(SentLetter(kind, found.on + timedelta(days=extra)))


def interest(
    pack: Pack, kind: DebtorType, history: list[tuple[date, Money]], until: date
) -> InterestResult:
    due_on = history[0][0]
    try:
        return accrue(pack, debtor_type=kind, due_on=due_on, principal_history=history, until=until)
    except LawMissing:
        assume(False)
        raise


@given(served, minors, st.lists(days, min_size=3, max_size=3, unique=True).map(sorted))
def test_interest_adds_up_over_any_split(
    whom: tuple[str, DebtorType], minor: int, three: list[date]
) -> None:
    pack, (due_on, middle, until) = pack_of(whom[0]), three
    base = Money(minor, pack.currency)
    nothing = Money.zero(pack.currency)
    whole = interest(pack, whom[1], [(due_on, base)], until)
    first = interest(pack, whom[1], [(due_on, base)], middle)
    tail = interest(pack, whom[1], [(due_on, nothing), (middle + timedelta(days=1), base)], until)
    if all(row.compounding is Compounding.SIMPLE for row in pack.of(InterestTermsRow)):
        assert whole.exact == first.exact + tail.exact
    else:
        # The interest of the first part bears interest itself once its year is full.
        assert whole.exact >= first.exact + tail.exact
    assert sum(segment.days for segment in whole.segments) in (0, (until - due_on).days)


@given(served, st.integers(1, 10**6), st.tuples(*[st.integers(0, 10**5)] * 4))
def test_a_payment_follows_the_order_of_the_country(
    whom: tuple[str, DebtorType], minor: int, owed: tuple[int, int, int, int]
) -> None:
    pack = pack_of(whom[0])
    balance = Balance(*(Money(part, pack.currency) for part in owed))
    wanted = order(pack, whom[1], date(2026, 6, 1))
    found = allocate(Money(minor, pack.currency), balance, wanted)
    assert total((part for _, part in found.parts), pack.currency) + found.over == Money(
        minor, pack.currency
    )
    filled = [claim_class for claim_class, _ in found.parts]
    assert filled == [claim_class for claim_class in wanted if claim_class in filled]
    for claim_class in wanted[: wanted.index(filled[-1])] if filled else ():
        assert dict(found.parts).get(claim_class, Money.zero(pack.currency)) == balance.of(claim_class)
