"""What a check by the bank may change in matching, over generated lines and cases: little, and only so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.domain.matching import Candidate, Candidates, Exact, Line, match, name_key
from sovinto.domain.money import Money
from sovinto.ids import CaseId

NAMES = ("Tiina Hämäläinen", "Timo Hämäläinen", "Åsa Lindström", "Kari Nordmann", "Koskinen Rakennus Oy")
PAYERS = (*NAMES, "HÄMÄLÄINEN T", "HÄMÄLÄINEN", "LINDSTRÖM Å", "NORDMANN KAR", "KOSKINEN RAK", "")
REFERENCES = ("1000", "2000", "3000")
ACCOUNTS = ("", "acc_1", "acc_2")
minors = st.sampled_from((1_000, 2_500, 4_000, 5_000, 7_500, 10_000))
sums = st.lists(minors.map(lambda minor: Money(minor, "EUR")), max_size=2).map(tuple)


@st.composite
def candidate(draw: st.DrawFn, number: int) -> Candidate:
    person = draw(st.integers(0, 2))
    is_open = draw(st.booleans())
    owed = Money(draw(minors) if is_open else 0, "EUR")
    return Candidate(
        case_id=CaseId(f"case_{number}"),
        reference=REFERENCES[number],
        owed=owed,
        asked=tuple(sum_ for sum_ in draw(sums) if sum_ <= owed),
        names=(name_key(NAMES[person]),),
        person=f"per_{person}",
        accounts=tuple(filter(None, [draw(st.sampled_from(ACCOUNTS))])),
        is_open=is_open,
        ever_asked=draw(sums),
        paid=draw(sums),
    )


books = st.integers(1, 3).flatmap(lambda count: st.tuples(*(candidate(number) for number in range(count))))
lines = st.builds(
    Line,
    amount=minors.map(lambda minor: Money(minor, "EUR")),
    references=st.sampled_from(REFERENCES).map(lambda one: (one,)),
    mentioned=st.sampled_from(((), ("2000",))),
    payer=st.sampled_from(PAYERS),
    account=st.sampled_from(ACCOUNTS),
)


@settings(max_examples=400)
@given(lines, books, st.booleans())
def test_a_check_adds_postings_of_one_kind_and_changes_no_other(
    line: Line, book: tuple[Candidate, ...], is_complete: bool
) -> None:
    seen = Candidates(book, is_complete)
    plain, checked = match(line, seen), match(replace(line, is_checked=True), seen)
    if isinstance(plain, Exact) or not isinstance(checked, Exact):
        assert checked == plain
        return
    ((case_id, amount),) = checked.shares
    (case,) = [case for case in book if case.case_id == case_id]
    assert checked.rule == "reference_checked_by_bank"
    assert (case.reference,) == line.references
    assert case.is_open
    assert amount == line.amount <= case.owed
    assert (amount in case.paid and not line.payer_key) or line.account, "something else says so too"


@settings(max_examples=400)
@given(lines, books)
def test_no_check_outweighs_the_sum_of_another_case_of_the_payer(
    line: Line, book: tuple[Candidate, ...]
) -> None:
    found = match(replace(line, is_checked=True), Candidates(book))
    if isinstance(found, Exact) and found.rule == "reference_checked_by_bank":
        (named,) = [case for case in book if case.case_id == found.shares[0][0]]
        others = [case for case in book if case != named and case.person == named.person]
        assert not any(line.amount in other.sums for other in others)


@settings(max_examples=400)
@given(lines, books, st.booleans())
def test_whatever_is_posted_loses_no_cent(
    line: Line, book: tuple[Candidate, ...], is_checked: bool
) -> None:
    found = match(replace(line, is_checked=is_checked, near=("3000",)), Candidates(book))
    if isinstance(found, Exact):
        assert sum(amount.minor for _, amount in found.shares) == line.amount.minor
        assert len({case_id for case_id, _ in found.shares}) == len(found.shares)
