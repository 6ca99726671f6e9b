"""Every kind of bank file end to end: what is money, what itemises money, and what is only shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sovinto.domain.agency import Agency, OwnAccount
from sovinto.domain.case import Case
from sovinto.usecases.import_inbox import LINES, import_inbox

from tests.support.books import by_account, check_books
from tests.support.moves import owed
from tests.support.people import AGENCY, DEBTOR
from tests.support.statements import camt, camt053, itemised, line
from tests.support.world import World
from tests.unit.formats.statement import finnish_files as finnish
from tests.unit.formats.statement import test_bgmax as bgmax
from tests.unit.formats.statement import test_ocr_giro as giro
from tests.unit.formats.statement.published_files import lines

DAY = date(2026, 1, 5)
PAYER = "TESTINEN T"
SWEDISH, NORWEGIAN = "SE6800000000000000000001", "NO8499991111111"
ACCOUNTS = (OwnAccount(SWEDISH, known_as=("991-2346",)), OwnAccount(NORWEGIAN))
NORDIC = replace(AGENCY, accounts=ACCOUNTS)


def deliver(world: World, *files: bytes, agency: Agency = AGENCY, name: str = "file") -> dict[str, int]:
    """What is not zero of the counts of one run."""
    for number, data in enumerate(files):
        world.bank.write(f"inbox/{name}-{number}", data, "application/octet-stream")
    done = import_inbox(
        bank=world.bank,
        agency=agency,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
        clients=world.clients,
    )
    return {count: done[count] for count in ("held", *LINES) if done[count]}


def books(world: World) -> dict[str, int]:
    sums = by_account(world.ledger())
    names = ("bank:collection", "bank:details", "suspense")
    return {name: sums[name] for name in names if sums.get(name)}


def cases(world: World) -> tuple[tuple[Case, int], tuple[Case, int]]:
    """Two cases of two people, and what each owes today."""
    one = world.place(reference="A-1")
    other = world.place(reference="A-2", principal=20_000, name="Oskari Esimerkki")
    return (one, owed(world, one)), (other, owed(world, other))


def reason(world: World) -> str:
    (key,) = (key for key in world.bank.keys("held/") if key.endswith(".reason.txt"))
    return world.bank.read(key).decode()


def swift(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"


def mt940(minor: int, reference: str = "", *, kind: str = "C", code: str = "NTRF", more: str = "") -> bytes:
    closing = 100_000 + (minor if kind == "C" else -minor)
    told = f":86:/REMI/{reference}" if reference else f":86:{more}"
    return "\r\n".join(
        (
            ":20:STMT1",
            f":25:{AGENCY.iban}",
            ":28C:1/1",
            f":60F:C260104EUR{swift(100_000)}",
            f":61:2601050105{kind}{swift(minor)}{code}NONREF//B1",
            told,
            f":62F:C260105EUR{swift(closing)}",
            "-",
            "",
        )
    ).encode()


def tito(*rows: str, change: int) -> bytes:
    return finnish.file(finnish.header(10_000), *rows, finnish.closing(10_000 + change))


def ktl(*payments: tuple[int, str], archive: str = "26010512345678") -> bytes:
    rows = [
        finnish.payment(minor, reference=reference, payer=PAYER, archive=f"{archive}{number:02d}")
        for number, (minor, reference) in enumerate(payments)
    ]
    total = sum(minor for minor, _ in payments)
    whole = finnish.file(finnish.batch_header(), *rows, finnish.batch_sums((len(rows), total)))
    return whole.replace(b"260105260104", b"260105260105")


def by_camt(case: Case, minor: int) -> bytes:
    return camt053(line(minor, reference=case.payment_reference, on=DAY), change=minor)


def by_swift(case: Case, minor: int) -> bytes:
    return mt940(minor, case.payment_reference)


def by_tito(case: Case, minor: int) -> bytes:
    return tito(finnish.row(minor, reference=case.payment_reference), change=minor)


@pytest.mark.parametrize("build", [by_camt, by_swift, by_tito])
def test_statements_of_record_are_money(build: Callable[[Case, int], bytes]) -> None:
    world = World()
    (case, minor), _ = cases(world)
    assert deliver(world, build(case, minor)) == {"matched": 1}
    assert books(world) == {"bank:collection": minor}
    assert not world.cases.load(case.case_id).is_open
    check_books(world.ledger())


@pytest.mark.parametrize("is_lump_first", [False, True])
def test_a_detail_file_pays_its_cases_and_the_sum_on_the_statement_clears_it(is_lump_first: bool) -> None:
    world = World()
    (one, first), (other, second) = cases(world)
    detail = ktl((first, one.payment_reference), (second, other.payment_reference))
    total = first + second
    statement = camt053(itemised(total, on=DAY), change=total)
    order = (statement, detail) if is_lump_first else (detail, statement)
    assert deliver(world, order[0]) == ({"suspense": 1} if is_lump_first else {"matched": 2})
    assert books(world) == (
        {"bank:collection": total, "suspense": -total} if is_lump_first else {"bank:details": total}
    )
    assert deliver(world, order[1], name="next") == ({"matched": 2} if is_lump_first else {"transfers": 1})
    assert books(world) == {"bank:collection": total}
    assert world.book.suspense() == ()
    assert not world.cases.load(other.case_id).is_open
    check_books(world.ledger())
    assert deliver(world, *order, name="again") == {"repeated": 3}
    assert books(world) == {"bank:collection": total}


@pytest.mark.parametrize("is_statement_first", [False, True])
def test_a_payment_that_both_files_itemise_is_posted_once(is_statement_first: bool) -> None:
    world = World()
    (one, first), (other, second) = cases(world)
    parts = ((first, one.payment_reference), (second, other.payment_reference))
    total = first + second
    statement = camt053(itemised(total, *parts, on=DAY), change=total)
    for detail in (ktl(*parts), camt("054", itemised(total, *parts, on=DAY))):
        order = (statement, detail) if is_statement_first else (detail, statement)
        world = World()
        cases(world)
        for number, data in enumerate(order):
            deliver(world, data, name=f"n{number}")
        assert books(world) == {"bank:collection": total}
        assert world.cases.load(one.case_id).closure is not None
        check_books(world.ledger())


@pytest.mark.parametrize("is_statement_first", [False, True])
def test_a_notice_of_one_payment_and_its_line_are_one(is_statement_first: bool) -> None:
    world = World()
    (case, minor), _ = cases(world)
    booked = line(minor, reference=case.payment_reference, bank_id="B7", end_to_end="E1", on=DAY)
    order = [camt("054", booked), camt053(booked, change=minor)]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        deliver(world, data, name=f"n{number}")
    assert books(world) == {"bank:collection": minor}
    check_books(world.ledger())


def test_another_payment_of_the_same_sum_is_not_taken_for_the_sum_of_a_file() -> None:
    world = World()
    (one, minor), (other, _) = cases(world)
    deliver(world, ktl((minor, one.payment_reference)))
    named = line(minor, reference=other.payment_reference, payer="Oskari Esimerkki", bank_id="X", on=DAY)
    lump = itemised(minor, bank_id="Y", on=DAY)
    assert deliver(world, camt053(named, lump, change=2 * minor), name="s") == {
        "matched": 1, "transfers": 1,
    }  # fmt: skip
    assert books(world) == {"bank:collection": 2 * minor}


def test_interim_reports_are_shown_and_never_posted() -> None:
    world = World()
    (case, minor), _ = cases(world)
    assert deliver(world, camt("052", line(minor, reference=case.payment_reference))) == {"shown": 1}
    assert books(world) == {}
    assert [key.split("/")[0] for key in world.bank.keys("")] == ["shown"]


def test_a_swedish_deposit_comes_as_one_line_of_the_account() -> None:
    world = World()
    deposit = lines(
        bgmax.OPEN,
        bgmax.BEGIN,
        bgmax.payment("65599", 50_000),
        bgmax.payment("65500", 10_000, kind="21", tail="0"),
        bgmax.closing(40_000, 2, day="20260105"),
        bgmax.FINAL.format(1, 1, 0, 1),
    )
    assert deliver(world, deposit, agency=NORDIC) == {"suspense": 2}
    assert books(world) == {"bank:details": 40_000, "suspense": -40_000}
    statement = camt053(
        itemised(40_000, on=DAY), change=40_000, iban=SWEDISH
    ).replace(b'"EUR"', b'"SEK"').replace(b"<Ccy>EUR", b"<Ccy>SEK")  # fmt: skip
    assert deliver(world, statement, agency=NORDIC, name="s") == {"transfers": 1}
    assert books(world) == {"bank:collection": 40_000, "suspense": -40_000}


def test_a_norwegian_assignment_comes_as_one_line_of_the_account() -> None:
    world = World()
    assert deliver(world, lines(*giro.GOOD), agency=NORDIC) == {"suspense": 1}
    lump = itemised(12_345, on=date(2026, 3, 2))
    statement = camt053(lump, change=12_345, iban=NORWEGIAN)
    statement = statement.replace(b'"EUR"', b'"NOK"').replace(b"<Ccy>EUR", b"<Ccy>NOK")
    assert deliver(world, statement, agency=NORDIC, name="s") == {"transfers": 1}
    assert books(world) == {"bank:collection": 12_345, "suspense": -12_345}


def test_a_detail_file_of_a_stranger_is_held() -> None:
    world = World()
    assert deliver(world, lines(*giro.GOOD)) == {"held": 1}
    assert "not one of our collection accounts" in reason(world)


SHEET = "Date;Amount;Currency;Reference;Name\n2026-01-05;{};EUR;{};Tiina Testinen\n"


@pytest.mark.parametrize(
    ("sheets", "outcome", "account"),
    [
        ("", {"held": 1}, ""),
        ("record", {"matched": 1}, "bank:collection"),
        ("details", {"matched": 1}, "bank:details"),
    ],
)
def test_a_sheet_is_what_the_settings_say(sheets: str, outcome: dict[str, int], account: str) -> None:
    world = World()
    (case, minor), _ = cases(world)
    agency = replace(AGENCY, accounts=(OwnAccount(AGENCY.iban, sheets=sheets),))
    data = SHEET.format(f"{minor // 100}.{minor % 100:02d}", case.payment_reference).encode()
    assert deliver(world, data, agency=agency) == outcome
    assert books(world) == ({account: minor} if account else {})


@pytest.mark.parametrize(
    "data",
    [
        camt053(line(-350, code="ACMT-MDOP-CHRG", on=DAY), change=-350),
        camt053(line(-350, text="Palvelumaksut 01/2026", on=DAY), change=-350),
        mt940(350, kind="D", code="NCHG"),
        tito(finnish.row(-350, text="PALVELUMAKSU"), change=-350),
    ],
)
def test_what_the_bank_charges_is_an_expense(data: bytes) -> None:
    world = World()
    assert deliver(world, data) == {"charges": 1}
    sums = by_account(world.ledger())
    assert (sums["bank:collection"], sums["expense:bank"]) == (-350, 350)


@pytest.mark.parametrize("text", ["", "Palvelumaksu asiakas 12", "card purchase"])
def test_a_debit_that_nobody_knows_waits_below_zero(text: str) -> None:
    world = World()
    assert deliver(world, camt053(line(-350, text=text, on=DAY), change=-350)) == {"suspense": 1}
    (row,) = world.book.suspense()
    assert row.payment.amount.minor == -350
    assert books(world) == {"bank:collection": -350, "suspense": 350}


@pytest.mark.parametrize("named", ["reference", "end_to_end"])
def test_money_that_the_bank_takes_back_opens_the_case_again(named: str) -> None:
    world = World()
    (case, minor), _ = cases(world)
    reference = case.payment_reference
    came = line(minor, reference=reference, end_to_end="E1", payer=DEBTOR.name, on=DAY)
    deliver(world, camt053(came, change=minor))
    assert not world.cases.load(case.case_id).is_open
    told = {"reference": {"reference": reference}, "end_to_end": {"end_to_end": "E1"}}[named]
    back = line(-minor, bank_id="R", is_reversal=True, on=date(2026, 1, 6), **told)
    data = camt053(back, change=-minor)
    assert deliver(world, data, name="back") == {"reversed": 1}
    assert world.cases.load(case.case_id).is_open
    assert books(world) == {}
    assert deliver(world, camt053(back, change=-minor, statement_id="S2"), name="more") == {"repeated": 1}
    check_books(world.ledger())


def test_a_detail_that_is_taken_back_leaves_by_the_account_it_is_told_of() -> None:
    world = World()
    (case, minor), _ = cases(world)
    deliver(world, ktl((minor, case.payment_reference)))
    deliver(world, camt053(itemised(minor, on=DAY), change=minor), name="s")
    back = line(-minor, reference=case.payment_reference, bank_id="R", is_reversal=True, on=DAY)
    assert deliver(world, camt053(back, change=-minor, statement_id="S2"), name="b") == {"reversed": 1}
    assert books(world) == {}
    assert world.cases.load(case.case_id).is_open
    check_books(world.ledger())


def test_a_return_of_something_unknown_waits_for_people() -> None:
    world = World()
    back = line(-500, reference="12345672", is_reversal=True, on=DAY)
    assert deliver(world, camt053(back, change=-500)) == {"suspense": 1}
    assert "not clear for which payment" in world.book.suspense()[0].reason


def test_one_transfer_for_two_cases_of_a_debtor_is_shared_out() -> None:
    world = World()
    one = world.place(reference="A-1")
    other = world.place(reference="A-2", principal=20_000)
    minor = owed(world, one) + owed(world, other)
    text = f"{one.payment_reference} {other.payment_reference}"
    data = camt053(line(minor, text=text, payer=DEBTOR.name, on=DAY), change=minor)
    assert deliver(world, data) == {"matched": 1}
    assert books(world) == {"bank:collection": minor}
    assert not any(world.cases.load(case.case_id).is_open for case in (one, other))
    assert deliver(world, data, name="again") == {"repeated": 1}


def test_time_that_is_over_leaves_the_file_for_the_next_run() -> None:
    world = World()
    data = camt053(
        *[line(100 + n, bank_id=f"L{n}", on=DAY) for n in range(450)], change=sum(range(100, 550))
    )
    world.bank.write("inbox/long.xml", data, "application/xml")
    told: list[int] = []

    def run(entries: int) -> dict[str, int]:
        left = iter(range(entries))
        return import_inbox(
            bank=world.bank,
            agency=AGENCY,
            cases=world.cases,
            clock=world.clock,
            has_time=lambda: next(left, None) is not None,
            tell=lambda _, report: told.append(report.suspense),
        )

    assert (run(302)["unfinished"], world.bank.keys("inbox/")) == (1, ())
    assert run(150)["repeated"] == 101
    assert run(1_000)["unfinished"] == 0
    assert sum(told) == 450
    assert books(world)["bank:collection"] == sum(range(100, 550))
    assert (world.bank.keys("inbox/"), world.bank.keys("importing/")) == ((), ())
