"""The rules of matching, one by one: what is exact, what is only suggested, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.explanation import Explanation
from sovinto.domain.matching import (
    Candidate,
    Candidates,
    Exact,
    Line,
    Posted,
    Suggestion,
    Unsure,
    explain,
    is_plain,
    match,
    name_key,
    undoes,
    with_owner,
)
from sovinto.domain.money import Money
from sovinto.ids import CaseId, PaymentId


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def case(name: str = "a", **changes: object) -> Candidate:
    """Owes 131.50, and a letter asked for 131.47."""
    made = Candidate(
        case_id=CaseId(f"case_{name}"),
        reference=f"1000{name}",
        owed=eur(13_150),
        asked=(eur(13_147),),
        names=(name_key("Tiina Testinen"),),
        person="per_1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


OTHER = case("b", owed=eur(5_000), asked=(eur(4_990),))
STRANGER = case("c", names=(name_key("Olli Outola"),), person="per_2", owed=eur(7_700), asked=(eur(7_690),))


def exact(line: Line, *cases: Candidate, is_complete: bool = True) -> tuple[str, dict[str, int]]:
    found = match(line, Candidates(cases, is_complete))
    assert isinstance(found, Exact), found
    assert sum(amount.minor for _, amount in found.shares) == line.amount.minor
    assert found.explanation
    return found.rule, {case_id: amount.minor for case_id, amount in found.shares}


def unsure(line: Line, *cases: Candidate, is_complete: bool = True) -> Unsure:
    found = match(line, Candidates(cases, is_complete))
    assert isinstance(found, Unsure), found
    assert found.reason
    return found


@pytest.mark.parametrize("minor", [13_147, 13_150, 2_000, 20_000])
def test_a_reference_names_the_case_whatever_part_is_paid(minor: int) -> None:
    line = Line(eur(minor), references=("1000a",), payer="Tiina Testinen")
    assert exact(line, case())[1] == {"case_a": minor}


def test_a_reference_in_the_text_counts_as_well() -> None:
    assert exact(Line(eur(13_147), mentioned=("1000a",)), case())[0] == "reference_and_sum"
    line = Line(eur(100), case_ids=(CaseId("case_a"),), payer="Tiina Testinen")
    assert exact(line, case())[0] == "reference"


@pytest.mark.parametrize(
    "facts",
    [
        {"payer": "TESTINEN TIINA"},
        {"payer": "Testinen, Tiin"},
        {"payer": "Tiina ja Matti Testinen"},
        {"account": "acc_1"},
        {"amount": eur(10_000)},
    ],
)
def test_a_part_under_a_reference_needs_one_more_fact(facts: dict[str, object]) -> None:
    """The payer's name, an account that paid before, or a sum that was asked for once."""
    line = replace(Line(eur(4_321), references=("1000a",), payer="Joku Muu"), **facts)  # type: ignore[arg-type]
    mine = case(accounts=("acc_1",), ever_asked=(eur(10_000),))
    assert exact(line, mine) == ("reference", {"case_a": line.amount.minor})


@pytest.mark.parametrize("payer", ["Joku Muu", "Matti Testinen", "Testinen", ""])
@pytest.mark.parametrize("minor", [4_321, 20_000])
def test_a_stranger_s_odd_sum_waits_with_the_named_case_first(payer: str, minor: int) -> None:
    line = Line(eur(minor), references=("1000a",), payer=payer, account="acc_9")
    found = unsure(line, case(accounts=("acc_1",)), STRANGER)
    assert found.suggestions[0].case_id == "case_a"
    assert found.suggestions[0].reasons[0] == "the reference names this case"
    assert "neither payer, account nor sum" in found.reason


def test_an_account_that_pays_for_many_people_says_nothing() -> None:
    accountant = Line(eur(4_321), references=("1000a",), payer="Tilitoimisto Oy", account="acc_1")
    mine, theirs = case(accounts=("acc_1",)), replace(STRANGER, accounts=("acc_1",))
    unsure(accountant, mine, theirs)


def test_the_same_sum_in_the_payer_s_own_case() -> None:
    line = Line(eur(13_147), references=("1000a",), payer="Olli Outola")
    assert exact(line, case(), STRANGER)[0] == "reference_and_sum"
    same = replace(STRANGER, asked=(eur(13_147),))
    assert "the same sum in another" in unsure(line, case(), same).reason


def test_the_sum_of_an_earlier_letter_that_another_case_of_the_debtor_asks_for() -> None:
    """Both reference and sum say the old letter, and the debtor's other case asks for the same today."""
    line = Line(eur(13_147), references=("1000a",), payer="Tiina Testinen")
    older = case(owed=eur(14_550), asked=(eur(13_147), eur(14_547)), outdated=(eur(13_147),))
    other = case("b")
    assert "earlier letter" in unsure(line, older, other).reason
    assert not is_plain(line, Candidates((older,)))
    assert exact(line, older)[0] == "reference_and_sum"
    assert exact(line, older, OTHER)[0] == "reference_and_sum"
    assert exact(replace(line, amount=eur(14_547)), older, case("b", owed=eur(14_547)))[1] == {
        "case_a": 14_547
    }


def test_a_part_that_is_also_the_sum_of_two_cases() -> None:
    line = Line(eur(13_147 + 90), references=("1000a",), payer="Tiina Testinen")
    mine = case(owed=eur(14_000), asked=(eur(13_147), eur(14_000)))
    unsure(line, mine, case("b", owed=eur(90), asked=()))
    assert exact(line, mine)[0] == "reference"


def test_what_a_posting_went_by_is_told_without_names() -> None:
    line = Line(eur(13_147), references=("1000a",), payer="Tiina Testinen")
    found = match(line, Candidates((case(),)))
    assert isinstance(found, Exact)
    pairs = (
        ("reference", "1000a"),
        ("payer", "has the name of one who owes it"),
        ("asked", "131.47 EUR"),
    )
    assert found.evidence == pairs
    why = explain(found, PaymentId("pay_1"))
    assert (why.rule_id, why.inputs) == ("matching.reference_and_sum", (("payment_id", "pay_1"), *pairs))
    used = Explanation("order", "law", "fees first", (("on", "2026-01-08"),))
    both = with_owner(used, why)
    assert both is not None
    assert both.inputs[:2] == (("on", "2026-01-08"), ("matched_by", "matching.reference_and_sum"))
    assert with_owner(None, why) == why


def test_a_closed_case_takes_money_that_names_it() -> None:
    paid = case(is_open=False, owed=eur(0))
    assert exact(Line(eur(13_147), references=("1000a",)), paid)[1] == {"case_a": 13_147}


def test_a_reference_beside_another_case_s_sum_is_not_believed() -> None:
    told = Line(eur(4_990), references=("1000a",), payer="Testinen Tiina")
    assert "another case" in unsure(told, case(), OTHER).reason
    stranger = Line(eur(7_690), references=("1000a",), payer="Olli Outola")
    assert "another case" in unsure(stranger, case(), STRANGER).reason
    part = Line(eur(1_000), references=("1000a",), payer="Olli Outola")
    assert "owes another" in unsure(part, case(), STRANGER).reason


def test_a_reference_beside_one_that_we_do_not_know() -> None:
    line = Line(eur(9_000), references=("1000a", "77"))
    assert "do not know" in unsure(line, case()).reason
    assert exact(replace(line, amount=eur(13_147)), case())[1] == {"case_a": 13_147}


def test_several_references_share_the_sum_in_the_only_way() -> None:
    line = Line(eur(13_147 + 5_000), references=("1000a",), mentioned=("1000b",))
    assert exact(line, case(), OTHER) == ("references", {"case_a": 13_147, "case_b": 5_000})
    assert unsure(replace(line, amount=eur(18_000)), case(), OTHER).suggestions


def test_two_ways_to_share_are_no_way() -> None:
    one, two = case(owed=eur(200), asked=(eur(100),)), case("b", owed=eur(200), asked=(eur(100),))
    unsure(Line(eur(300), references=("1000a", "1000b")), one, two)


def test_one_transfer_for_all_cases_of_the_debtor() -> None:
    named = Line(eur(13_147 + 4_990), references=("1000a",), payer="somebody else")
    assert exact(named, case(), OTHER) == ("debtor_cases", {"case_a": 13_147, "case_b": 4_990})
    silent = Line(eur(13_150 + 5_000), payer="Tiina Testinen")
    assert exact(silent, case(), OTHER) == ("debtor_cases", {"case_a": 13_150, "case_b": 5_000})
    unsure(silent, case(), OTHER, is_complete=False)
    unsure(replace(named, amount=eur(18_000)), case(), OTHER)


@pytest.mark.parametrize(
    ("payer", "minor"),
    [("Tiina Testinen", 13_147), ("Olli Outola", 13_147), ("", 13_150), ("Tiina Testinen", 9_999)],
)
def test_one_slip_is_mended_where_the_sum_or_the_payer_agrees(payer: str, minor: int) -> None:
    line = Line(eur(minor), near=("1000a", "1000x"), payer=payer)
    assert exact(line, case()) == ("misspelt_reference", {"case_a": minor})


def test_one_slip_is_not_mended_where_another_case_may_be_meant() -> None:
    line = Line(eur(13_147), near=("1000a", "1000x"), payer="Tiina Testinen")
    unsure(line, case(), case("b"))
    same_sum = replace(STRANGER, asked=(eur(13_147),))
    unsure(replace(line, payer="Olli Outola"), case(), same_sum)
    silent = replace(line, payer="")
    unsure(replace(silent, near=("1000a", "1000b")), case(), replace(OTHER, person="per_2", names=()))
    unsure(replace(silent, references=("77", "78")), case())
    unsure(silent, case(), is_complete=False)


@pytest.mark.parametrize(
    ("payer", "minor", "changes"),
    [
        ("Olli Outola", 9_999, {}),
        ("", 9_999, {}),
        ("Tiina Testinen", 13_151, {}),
        ("Tiina Testinen", 9_999, {"is_open": False, "owed": eur(0)}),
    ],
)
def test_one_slip_with_nothing_else_is_told_to_a_person(
    payer: str, minor: int, changes: dict[str, object]
) -> None:
    line = Line(eur(minor), near=("1000a",), payer=payer)
    assert "misspelt" in unsure(line, replace(case(), **changes)).reason  # type: ignore[arg-type]


def test_one_slip_and_a_part_wait_where_the_payer_owes_more_than_this() -> None:
    line = Line(eur(9_999), near=("1000a",), payer="Tiina Testinen")
    unsure(line, case(), OTHER)


def test_the_client_s_invoice_number_needs_payer_and_sum() -> None:
    mine = case(invoices=("2025117",), asked=(eur(13_147),))
    line = Line(eur(13_147), words=("2025117", "KIITOS1"), payer="Tiina Testinen")
    assert exact(line, mine)[0] == "invoice_name_sum"
    assert unsure(replace(line, payer="Olli Outola"), mine).suggestions[0].score == 55
    unsure(replace(line, amount=eur(1)), mine)


def test_name_and_sum_decide_only_for_one_debtor_and_one_case() -> None:
    line = Line(eur(13_147), payer="Testinen, Tiina")
    assert exact(line, case(), OTHER)[0] == "name_sum"
    namesake = case("b", person="per_9", owed=eur(1), asked=())
    unsure(line, case(), namesake)
    unsure(line, case(), is_complete=False)
    unsure(line, case(), case("b", is_open=False, owed=eur(0)))
    assert isinstance(match(replace(line, amount=eur(13_150)), Candidates((case(),))), Unsure)


def test_an_account_that_paid_before_stands_for_the_letter() -> None:
    line = Line(eur(13_150), payer="Tiina Testinen", account="acc_1")
    assert exact(line, case(accounts=("acc_1",)))[0] == "account_name_sum"


def test_a_short_name_is_no_name() -> None:
    unsure(Line(eur(13_147), payer="Oy Ek"), case(names=(name_key("Oy Ek"),)))


def test_money_of_another_currency_and_money_out() -> None:
    line = Line(Money(13_147, "SEK"), references=("1000a",))
    assert "SEK" in unsure(line, case()).reason
    assert unsure(Line(eur(-5)), case()).suggestions == ()


def test_suggestions_are_ranked_with_their_reasons() -> None:
    line = Line(eur(13_000), payer="Tiina Testinen", references=("555",), words=("9",))
    found = unsure(line, STRANGER, OTHER, case()).suggestions
    fee = "the sum is a little less than asked, as after a bank's fee"
    name = "the payer has the debtor's name"
    assert found[0] == Suggestion(CaseId("case_a"), eur(13_000), 33, (name, fee))
    assert found[1] == Suggestion(CaseId("case_b"), eur(5_000), 25, (name,))
    assert len(found) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Testinen, Tiina", "TIINA TESTINEN"),
        ("Müller GmbH", "Mueller"),
        ("Jörgen Øberg", "Joergen Oeberg"),
        ("Łukasz Wójcik", "LUKASZ WOJCIK"),
        ("Bjørn Ås", "Bjoern Aas"),
    ],
)
def test_one_key_for_all_spellings_of_a_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_a_name_is_no_form_of_company() -> None:
    assert name_key("Åsa Åkesson") != name_key("Åkesson")


def test_a_reversal_finds_the_one_payment_it_takes_back() -> None:
    first = Posted(PaymentId("pay_1"), CaseId("case_a"), eur(500), "1000a", "E1", "B1")
    twin = replace(first, payment_id=PaymentId("pay_2"), end_to_end_id="E2", bank_reference="B2")
    assert undoes(eur(-500), [first, twin], end_to_end_id="E2") == twin
    assert undoes(eur(-500), [first, twin], bank_reference="B1", end_to_end_id="E2") == first
    assert undoes(eur(-500), [first, twin], reference="1000a") is None
    assert undoes(eur(-500), [first, replace(twin, is_undone=True)], reference="1000a") == first
    assert undoes(eur(-499), [first], end_to_end_id="E1") is None
