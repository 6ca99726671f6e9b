"""The same money by other names: in another format, in a statement delivered again, under a bank's name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.agency import OwnAccount

from tests.support.book_world import prove
from tests.support.people import AGENCY, DEBTOR
from tests.support.statements import camt, camt053, line
from tests.support.world import World
from tests.unit.formats.statement import finnish_files as finnish
from tests.unit.usecases.test_import_formats import (
    DAY,
    SHEET,
    books,
    by_camt,
    by_swift,
    by_tito,
    cases,
    deliver,
    ktl,
    mt940,
    reason,
    tito,
)


@pytest.mark.parametrize("pair", [(by_camt, by_swift), (by_tito, by_camt)])
def test_a_day_of_statements_is_told_in_one_format(pair: tuple) -> None:  # type: ignore[type-arg]
    world = World()
    (case, minor), _ = cases(world)
    first, second = (make(case, minor) for make in pair)
    assert deliver(world, first) == {"matched": 1}
    assert deliver(world, second, name="other") == {"held": 1}
    assert "from a file of another format" in reason(world)
    assert books(world) == {"bank:collection": minor}


def test_a_day_of_details_is_told_in_one_format() -> None:
    world = World()
    (case, minor), _ = cases(world)
    assert deliver(world, ktl((minor, case.payment_reference))) == {"matched": 1}
    notice = camt("054", line(minor, reference=case.payment_reference, bank_id="N", on=DAY))
    assert deliver(world, notice, name="notice") == {"held": 1}
    assert books(world) == {"bank:details": minor}


@pytest.mark.parametrize("changed", [{"statement_id": "S2"}, {"payer": DEBTOR.name.upper()}])
def test_a_statement_delivered_again_by_other_names_is_held(changed: dict[str, str]) -> None:
    world = World()
    (case, minor), _ = cases(world)

    def made(statement_id: str = "S1", payer: str = DEBTOR.name) -> bytes:
        booked = line(minor, reference=case.payment_reference, payer=payer, on=DAY)
        nameless = booked.replace("<AcctSvcrRef>A1</AcctSvcrRef>", "")
        return camt053(nameless, change=minor, statement_id=statement_id)

    assert deliver(world, made()) == {"matched": 1}
    assert deliver(world, made(**changed), name="again") == {"held": 1}
    assert "names its lines otherwise" in reason(world)
    assert books(world) == {"bank:collection": minor}


def test_one_name_of_the_bank_does_not_outweigh_two_references() -> None:
    world = World()
    (one, _), (other, _) = cases(world)
    notice = camt(
        "054", line(3_000, reference=one.payment_reference, payer=DEBTOR.name, bank_id="7", on=DAY)
    )
    assert deliver(world, notice) == {"matched": 1}
    booked = line(3_000, reference=other.payment_reference, payer="Oskari Esimerkki", bank_id="7", on=DAY)
    assert deliver(world, camt053(booked, change=3_000), name="s") == {"matched": 1}
    assert books(world) == {"bank:collection": 3_000, "bank:details": 3_000}


def test_a_name_of_the_bank_is_that_of_one_day() -> None:
    world = World()
    (case, _), _ = cases(world)
    told = line(3_000, reference=case.payment_reference, payer=DEBTOR.name, bank_id="7", on=DAY)
    assert deliver(world, camt("054", told)) == {"matched": 1}
    booked = line(3_000, bank_id="7", payer="Oskari Esimerkki")
    assert deliver(world, camt053(booked, change=3_000), name="s") == {"suspense": 1}


def test_a_sheet_that_is_a_statement_proves() -> None:
    world = World()
    (case, minor), _ = cases(world)
    agency = replace(AGENCY, accounts=(OwnAccount(AGENCY.iban, sheets="record"),))
    data = SHEET.format(f"{minor // 100}.{minor % 100:02d}", case.payment_reference).encode()
    assert deliver(world, data, agency=agency) == {"matched": 1}
    proof = prove(world)
    assert (proof.breaks, proof.bank_lines) == ((), 1)
    assert ["no balances" in item.reason for item in proof.unchecked] == [True]


def test_a_gap_is_seen_between_files_that_write_the_account_in_two_ways() -> None:
    world = World()
    (case, minor), _ = cases(world)
    deliver(world, tito(finnish.row(minor, reference=case.payment_reference), change=minor))
    on = DAY.replace(day=7)
    deliver(world, camt053(line(500, on=on), change=500), name="later")
    gaps = [item.reason for item in prove(world).unchecked]
    assert len(gaps) == 1
    assert f"of {AGENCY.iban} the balance moves" in gaps[0]
    world.bank.write("processed/again.xml", camt053(line(500, on=on), change=500), "application/xml")
    assert len(prove(world).unchecked) == 1


def test_the_same_format_goes_on_the_next_day() -> None:
    world = World()
    assert deliver(world, mt940(3_000)) == {"suspense": 1}
    assert deliver(world, camt053(line(500, on=DAY.replace(day=6)), change=500), name="n") == {
        "suspense": 1
    }
