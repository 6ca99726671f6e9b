"""Books that hold, and each way in which they may not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sovinto.cli.prove import as_json, lines
from sovinto.domain import accounts
from sovinto.ports import Guard
from sovinto.usecases.reverse_payment import reverse_payment

from tests.support.book_world import change, deliver, entry_keys, lived, prove, seal
from tests.support.memory_table import MemoryTable
from tests.support.statements import camt053, line
from tests.support.world import START, World


@pytest.fixture
def world() -> World:
    return lived()


def checks(world: World) -> set[str]:
    return {broken.check for broken in prove(world).breaks}


def test_books_with_money_of_every_kind_hold(world: World) -> None:
    proof = prove(world)
    assert (proof.breaks, proof.unchecked) == ((), ())
    assert proof.bank_lines == 5
    sums = proof.sums["EUR"]
    assert sums["bank"] == -sum(
        sums.get(k, 0) for k in ("in_transit", "payable", "refunds", "suspense", "income", "vat")
    )
    assert min(-sums["refunds"], -sums["payable"]) > 0
    assert sums["debtor"] == -sums["claims"]


def test_sealing_again_seals_nothing_and_changes_nothing(world: World) -> None:
    made = seal(world)
    assert made > 3
    assert isinstance(world.table, MemoryTable)
    before = {key: dict(item) for key, item in world.table.items.items()}
    assert seal(world) == 0
    assert world.table.items == before
    assert prove(world).sealed_days == made
    world.clock.advance(days=1)
    assert seal(world) == 1


def test_a_day_that_is_not_over_is_not_sealed() -> None:
    world = World()
    world.place()
    assert seal(world) == 0
    world.clock.advance(days=1)
    world.clock.at = world.clock.at.replace(hour=0, minute=30)
    assert seal(world) == 0


def test_a_past_day_is_summed_as_it_was_and_what_cannot_be_compared_is_said(world: World) -> None:
    proof = prove(world, as_of=START.date())
    assert proof.holds
    assert set(proof.sums["EUR"]) == {"debtor", "claims"}
    assert [item.check for item in proof.unchecked] == ["rows"]


def test_without_files_of_the_bank_nothing_is_claimed_about_it() -> None:
    world = lived()
    world.bank = type(world.bank)()
    proof = prove(world)
    assert proof.holds
    assert [item.check for item in proof.unchecked] == ["bank"]


def test_a_row_that_says_another_sum_than_the_ledger_is_found(world: World) -> None:
    assert isinstance(world.table, MemoryTable)
    key = next(key for key, item in world.table.items.items() if item.get("work_queue") == "SUSPENSE")
    del world.table.items[key]
    (broken,) = [item for item in prove(world).breaks if item.check == "suspense"]
    assert broken.where == accounts.SUSPENSE
    assert broken.message.endswith(": 7.00 apart")
    payable = next(
        k for k, i in world.table.items.items() if k[1].startswith("PAYABLE#") and i["state"] == "open"
    )
    del world.table.items[payable]
    assert "payable" in checks(world)


def test_an_entry_that_left_the_book_index_is_found_in_its_case(world: World) -> None:
    assert isinstance(world.table, MemoryTable)
    key = next(key for key in entry_keys(world) if key[0].startswith("CASE#"))
    entry_id = json.loads(str(world.table.items[key]["body"]))["entry_id"]
    del world.table.items[key]["book_day"]
    assert ("book", entry_id) in {(item.check, item.where) for item in prove(world).breaks}


def test_the_first_entry_that_breaks_comes_first(world: World) -> None:
    keys = [key for key in entry_keys(world) if key[0].startswith("CASE#")]

    def alter(body: dict[str, object]) -> None:
        body["label"] = "other"

    ids = {change(world, key, alter) for key in (keys[-1], keys[1])}
    named = [item for item in prove(world).breaks if item.where in ids]
    assert [item.posted_at for item in named] == sorted(item.posted_at for item in named if item.posted_at)


def test_money_that_went_back_by_the_bank_still_proves() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 2)
    deliver(world, "one", (3_000, case.payment_reference))
    (entry,) = [e for e in world.ledger(30) if e.kind == "payment_allocated"]
    world.clock.advance(days=1)
    guard = Guard("SEEN#bank", "line_of_the_return")
    given = {"amount": None, "on": world.clock.now().date(), "reason": "returned", "guard": guard}
    reverse_payment(entry.source, case.case_id, cases=world.cases, clock=world.clock, **given)  # type: ignore[arg-type]
    assert {item.check for item in prove(world).breaks} == {"bank_line"}
    on = world.clock.now().date()
    data = camt053(line(-3_000, bank_id="two", on=on), change=-3_000, statement_id="two")
    world.bank.write("processed/two.xml", data, "application/xml")
    assert prove(world).breaks == ()


def test_a_late_entry_without_a_digest_is_said_to_be_put_in(world: World) -> None:
    assert isinstance(world.table, MemoryTable)
    key = max(key for key in entry_keys(world) if key[0].startswith("LEDGER#"))
    body = json.loads(str(world.table.items[key]["body"]))
    del body["digest"]
    world.table.items[key]["body"] = json.dumps(body)
    assert body["entry_id"] in {item.where for item in prove(world).breaks if item.check == "digest"}


def test_old_entries_without_digests_are_counted_and_not_broken() -> None:
    world = World()
    case = world.place()
    world.clock.advance(days=1)
    assert isinstance(world.table, MemoryTable)
    for key in entry_keys(world):
        body = json.loads(str(world.table.items[key]["body"]))
        body = {name: value for name, value in body.items() if name not in ("digest", "previous")}
        world.table.items[key]["body"] = json.dumps(body)
    item = world.table.items[f"CASE#{case.case_id}", "CASE"]
    item["body"] = json.dumps({**json.loads(str(item["body"])), "ledger_head": ""})
    item.pop("ledger_head")
    proof = prove(world)
    assert (proof.breaks, proof.unsealed) == ((), 1)
    world.live(case.case_id, 5)
    proof = prove(world)
    assert (proof.breaks, proof.unsealed) == ((), 1)
    assert proof.entries > 1


def test_an_entry_before_the_first_seal_is_found(world: World) -> None:
    seal(world)
    assert isinstance(world.table, MemoryTable)
    del world.table.items["SEAL", (START.date() + timedelta(days=1)).isoformat()]
    assert "seal" in checks(world)


def test_the_proof_is_told_to_people_and_machines(world: World) -> None:
    words = list(lines(prove(world)))
    assert words[-1] == "the books hold"
    assert json.loads(as_json(prove(world)))["holds"] is True
    change(world, entry_keys(world)[0], lambda body: body.update(label="other"))
    broken = list(lines(prove(world)))
    assert broken[-1].startswith("the books are broken")
    assert any(text.startswith("BROKEN chain: ent_") for text in broken)
    shown = json.loads(as_json(prove(world)))
    assert shown["breaks"][0]["posted_at"].startswith("2026-01-0")


def test_a_movement_that_is_hidden_from_its_clients_statement_is_found(world: World) -> None:
    assert isinstance(world.table, MemoryTable)
    moved = next(item for item in world.table.items.values() if "moved" in item)
    sum_before = moved["moved"]
    moved["moved"] = "1 EUR"
    assert "stored" in checks(world)
    moved["moved"] = sum_before
    assert "stored" not in checks(world)
    del moved["client_key"]
    assert "stored" in checks(world)
