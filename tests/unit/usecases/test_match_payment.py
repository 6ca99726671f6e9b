"""Look-ups in the real table code: which rows are written, what is read, and what is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.matching import Exact, Unsure
from sovinto.domain.money import Money
from sovinto.domain.payment import BANK_SOURCE, Payment
from sovinto.domain.reversal import Reason
from sovinto.domain.settling import letters_sent
from sovinto.formats import payment_reference
from sovinto.ids import PaymentId
from sovinto.ports import Guard
from sovinto.usecases.match_payment import candidate_of, match_payment
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.reverse_payment import reverse_payment

from tests.support.memory_table import MemoryTable
from tests.support.world import World

ACCOUNT = "FI21 1234 5600 0007 85"
CLUES = ("NAME#", "INVOICE#", "ASKED#", "PAID_BY#", "PAYER#")


def received(world: World, minor: int, **given: str) -> Payment:
    on, amount = world.clock.now().date(), Money(minor, "EUR")
    return Payment(PaymentId("pay_1"), BANK_SOURCE, "L1", on, amount, **given)  # type: ignore[arg-type]


def find(world: World, payment: Payment, *references: str) -> Exact | Unsure:
    return match_payment(payment, references=references, country="FI", cases=world.cases)


def rule(world: World, payment: Payment, *references: str) -> str:
    found = find(world, payment, *references)
    assert isinstance(found, Exact), found
    return found.rule


def asked(world: World, case: Case) -> int:
    """The sum of the newest letter."""
    return letters_sent(world.cases.communications(case.case_id))[-1].payment.amount.minor


def written_to(world: World) -> Case:
    """A case whose debtor has had a letter."""
    case = world.place()
    world.live(case.case_id, 20)
    assert letters_sent(world.cases.communications(case.case_id))
    return world.cases.load(case.case_id)


def rows(world: World) -> list[str]:
    table = world.table
    assert isinstance(table, MemoryTable)
    return sorted(pk.split("#")[0] + "#" for pk, _ in table.items if pk.startswith(CLUES))


def test_placing_a_case_writes_two_rows_that_name_nobody() -> None:
    world = World()
    world.place()
    assert rows(world) == ["INVOICE#", "NAME#"]
    table = world.table
    assert isinstance(table, MemoryTable)
    for (pk, sk), item in table.items.items():
        if pk.startswith(CLUES):
            told = f"{pk} {sk} {item}".casefold()
            assert "testinen" not in told
            assert "i-a-1" not in told


def test_a_letter_writes_one_row_and_a_payment_one() -> None:
    world = World()
    case = written_to(world)
    letters = {item.payment.amount for item in letters_sent(world.cases.communications(case.case_id))}
    assert rows(world).count("ASKED#") == len(letters)
    pay(world, case, 1_000)
    assert rows(world).count("PAID_BY#") == 1


def pay(world: World, case: Case, minor: int) -> None:
    record_payment(
        received(world, minor, payer_iban=ACCOUNT),
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", "L1"),
        cases=world.cases,
        clock=world.clock,
    )


def test_a_reference_in_every_form() -> None:
    world = World()
    case = world.place()
    text = case.payment_reference
    for written in (
        text,
        f"000{text}",
        payment_reference.printed(text),
        payment_reference.make(text, "rf"),
    ):
        assert rule(world, received(world, 500, payer="Tiina Testinen"), written) == "reference"
        told = received(world, 500, text=f"viite {written}", payer="Tiina Testinen")
        assert rule(world, told) == "reference"
    told = received(world, 500, text=f"asia {case.case_id}", payer="Tiina Testinen")
    assert rule(world, told) == "reference"
    assert isinstance(find(world, received(world, 500), text), Unsure)
    assert rule(world, received(world, 10_000), text) == "reference"


def test_name_and_the_sum_of_a_letter() -> None:
    world = World()
    case = written_to(world)
    sum_ = asked(world, case)
    assert rule(world, received(world, sum_, payer="TESTINEN TIINA")) == "name_sum"
    assert isinstance(find(world, received(world, sum_ - 1, payer="TESTINEN TIINA")), Unsure)
    found = find(world, received(world, sum_, payer="Joku Muu"))
    assert isinstance(found, Unsure)
    assert found.suggestions[0].reasons == ("a letter asked for this sum",)


def test_the_invoice_number_with_name_and_sum() -> None:
    world = World()
    case = written_to(world)
    line = received(world, asked(world, case), payer="Tiina Testinen", text="lasku I-A-1")
    assert rule(world, line) == "invoice_name_sum"


def test_an_account_that_paid_before() -> None:
    world = World()
    case = world.place(due_on=world.clock.now().date().replace(year=2025, month=12))
    pay(world, case, 1_000)
    found = find(world, received(world, 777, payer="Joku Muu", payer_iban="fi2112345600000785"))
    assert isinstance(found, Unsure)
    assert found.suggestions[0].reasons == ("the payer's account paid it before",)


def test_a_slip_in_the_reference_with_name_or_sum() -> None:
    world = World()
    case = written_to(world)
    text = case.payment_reference
    slip = text[:5] + str((int(text[5]) + 3) % 10) + text[6:]
    line = received(world, asked(world, case), payer="Tiina Testinen")
    assert rule(world, line, slip) == "misspelt_reference"
    stranger = replace(line, payer="Joku Muu")
    assert rule(world, stranger, slip) == "misspelt_reference"
    found = find(world, replace(stranger, amount=Money(1_234, "EUR")), slip)
    assert isinstance(found, Unsure)
    assert found.suggestions[0].case_id == case.case_id


def test_the_sums_of_letters_that_a_later_one_replaced() -> None:
    world = World()
    case = written_to(world)
    world.live(case.case_id, 25)
    letters = [item.payment.amount for item in letters_sent(world.cases.communications(case.case_id))]
    assert len(set(letters)) > 1
    seen = candidate_of(world.cases.file(case.case_id), world.clock.now().date())
    assert seen.outdated == tuple(sum_ for sum_ in letters if sum_ != letters[-1])
    assert set(seen.outdated) < set(seen.asked)


def test_sums_that_came_before_stand_until_they_go_back() -> None:
    world = World()
    case = written_to(world)
    pay(world, case, 1_000)
    today = world.clock.now().date()
    assert candidate_of(world.cases.file(case.case_id), today).paid == ()
    later = today + timedelta(days=1)
    assert candidate_of(world.cases.file(case.case_id), later).paid == (Money(1_000, "EUR"),)
    reverse_payment(
        PaymentId("pay_1"),
        case.case_id,
        amount=Money(400, "EUR"),
        on=today,
        reason=Reason.RETURNED,
        guard=Guard("SEEN#bank", "back"),
        cases=world.cases,
        clock=world.clock,
    )
    assert candidate_of(world.cases.file(case.case_id), later).paid == ()


def test_a_sum_that_nobody_owes_any_more_is_not_asked() -> None:
    world = World()
    case = written_to(world)
    sum_ = asked(world, case)
    pay(world, case, 5_000)
    line = received(world, sum_, payer="Tiina Testinen")
    assert isinstance(find(world, line), Unsure)
    assert rule(world, replace(line, payer="Joku Muu"), case.payment_reference) == "reference"
    assert rule(world, line, case.payment_reference) == "reference"
