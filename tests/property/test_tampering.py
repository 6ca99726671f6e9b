"""Whoever changes one thing in the books, however small, is found and what it was is named."""

from __future__ import annotations

import copy
import json
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.adapters.codec import decode, encode
from sovinto.domain.chain import seal as chained
from sovinto.domain.ledger import Entry
from sovinto.usecases.prove_books import Proof

from tests.support.book_world import Key, change, entry_keys, lived, prove, seal
from tests.support.memory_table import MemoryTable
from tests.support.power import examples
from tests.support.world import World

PICK = st.integers(0, 10_000)
AMOUNTS = st.sampled_from([(3_000, 20_000, 700), (1, 4_500, 1)])
SEALED = st.booleans()


@lru_cache(maxsize=8)
def _world(amounts: tuple[int, int, int], is_sealed: bool) -> World:
    world = lived(amounts)
    if is_sealed:
        seal(world)
    assert prove(world).breaks == ()
    return world


def fresh(amounts: tuple[int, int, int], is_sealed: bool) -> tuple[World, list[Key], MemoryTable]:
    world = copy.deepcopy(_world(amounts, is_sealed))
    assert isinstance(world.table, MemoryTable)
    return world, entry_keys(world), world.table


def names(proof: Proof) -> set[str]:
    return {broken.where for broken in proof.breaks}


AFFECTED = settings(max_examples=examples(20), deadline=None)


@AFFECTED
@given(AMOUNTS, SEALED, PICK, st.integers(1, 500))
def test_a_changed_amount_is_named(amounts, is_sealed, pick, more):  # type: ignore[no-untyped-def]
    world, keys, _ = fresh(amounts, is_sealed)

    def alter(body):  # type: ignore[no-untyped-def]
        body["lines"][0]["amount"]["minor"] += more

    assert change(world, keys[pick % len(keys)], alter) in names(prove(world))


@AFFECTED
@given(AMOUNTS, SEALED, PICK, st.integers(1, 500))
def test_an_amount_changed_on_both_sides_is_named(amounts, is_sealed, pick, more):  # type: ignore[no-untyped-def]
    world, keys, _ = fresh(amounts, is_sealed)

    def alter(body):  # type: ignore[no-untyped-def]
        body["lines"][0]["amount"]["minor"] += more
        body["lines"][1]["amount"]["minor"] -= more

    assert change(world, keys[pick % len(keys)], alter) in names(prove(world))


@AFFECTED
@given(AMOUNTS, SEALED, PICK, st.sampled_from(["suspense", "psp:sandbox", "our:pocket", "income:x"]))
def test_a_changed_account_is_named(amounts, is_sealed, pick, account):  # type: ignore[no-untyped-def]
    world, keys, _ = fresh(amounts, is_sealed)
    key = keys[pick % len(keys)]
    entry_id = change(world, key, lambda body: body["lines"][-1].update(account=account + "_x"))
    assert entry_id in names(prove(world))


@AFFECTED
@given(AMOUNTS, SEALED, PICK, st.sampled_from(["label", "source", "value_on", "event_id", "kind"]))
def test_any_changed_word_is_named(amounts, is_sealed, pick, field):  # type: ignore[no-untyped-def]
    world, keys, _ = fresh(amounts, is_sealed)
    word = "2020-01-01" if field == "value_on" else "other"
    entry_id = change(world, keys[pick % len(keys)], lambda body: body.update({field: word}))
    assert entry_id in names(prove(world))


@AFFECTED
@given(AMOUNTS, SEALED, PICK)
def test_a_changed_explanation_is_named(amounts, is_sealed, pick):  # type: ignore[no-untyped-def]
    world, keys, table = fresh(amounts, is_sealed)
    told = [key for key in keys if "explanation" in json.loads(str(table.items[key]["body"]))]
    entry_id = change(
        world, told[pick % len(told)], lambda body: body["explanation"].update(formula="because")
    )
    assert entry_id in names(prove(world))


@AFFECTED
@given(AMOUNTS, SEALED, PICK)
def test_a_removed_entry_is_noticed_where_it_was(amounts, is_sealed, pick):  # type: ignore[no-untyped-def]
    """The entry itself where its day is sealed; else what followed it, its case or its bank line."""
    world, keys, table = fresh(amounts, is_sealed)
    key = keys[pick % len(keys)]
    gone = decode(Entry, str(table.items.pop(key)["body"]))
    proof = prove(world)
    after = {e for e in map(_entry(table), keys_of(table)) if e.previous == gone.digest}
    bank = {
        gone.source,
        *(b.where for b in proof.breaks if b.check in ("bank_line", "suspense", "payable")),
    }
    expected = {gone.entry_id} if is_sealed else {gone.case_id, *(e.entry_id for e in after), *bank}
    assert not proof.holds
    assert names(proof) & expected


def keys_of(table: MemoryTable) -> list[Key]:
    return [key for key in table.items if key[1].startswith("ENTRY#")]


def _entry(table: MemoryTable):  # type: ignore[no-untyped-def]
    return lambda key: decode(Entry, str(table.items[key]["body"]))


@AFFECTED
@given(AMOUNTS, SEALED, PICK, st.booleans())
def test_an_entry_put_in_is_named(amounts, is_sealed, pick, has_digest):  # type: ignore[no-untyped-def]
    """Also one that was given a digest as if it came after the newest of its case."""
    world, keys, table = fresh(amounts, is_sealed)
    key = keys[pick % len(keys)]
    body = json.loads(str(table.items[key]["body"]))
    body["entry_id"] = "ent_put_in"
    body.pop("digest")
    if has_digest:
        forged = decode(Entry, json.dumps(body))
        case = world.cases.load(forged.case_id) if forged.case_id else None
        _, (forged,) = chained(case, (forged,))
        body = json.loads(encode(forged))
    sk = f"{key[1].rsplit('#', 1)[0]}#ent_put_in"
    day, at = table.items[key]["book_day"], str(table.items[key]["book_id"]).rsplit("#", 1)[0]
    item = {"pk": key[0], "sk": sk, "book_day": day, "book_id": f"{at}#ent_put_in"}
    table.items[key[0], sk] = {**item, "body": json.dumps(body)}
    proof = prove(world)
    if "case_id" in body or is_sealed:
        assert "ent_put_in" in names(proof)
    assert not proof.holds


@AFFECTED
@given(AMOUNTS, SEALED, PICK, PICK)
def test_two_entries_that_change_places_are_named(amounts, is_sealed, one, other):  # type: ignore[no-untyped-def]
    world, keys, table = fresh(amounts, is_sealed)
    a, b = keys[one % len(keys)], keys[other % len(keys)]
    if a == b:
        return
    bodies = [str(table.items[key]["body"]) for key in (b, a)]
    table.items[a]["body"], table.items[b]["body"] = bodies
    assert {json.loads(body)["entry_id"] for body in bodies} & names(prove(world))


@AFFECTED
@given(AMOUNTS, SEALED, PICK)
def test_a_bank_line_that_was_removed_leaves_its_entry_alone(amounts, is_sealed, pick):  # type: ignore[no-untyped-def]
    world, _, _ = fresh(amounts, is_sealed)
    files = world.bank.keys("processed/")
    name = files[pick % len(files)]
    data = world.bank.read(name)
    start, end = data.index(b"<Ntry>"), data.index(b"</Ntry>") + len(b"</Ntry>")
    world.bank.write(name, data[:start] + data[end:], "application/xml")
    proof = prove(world)
    assert {"bank_line"} <= {broken.check for broken in proof.breaks}
    assert any(broken.posted_at for broken in proof.breaks if broken.check == "bank_line")


@AFFECTED
@given(AMOUNTS, PICK)
def test_a_seal_that_was_changed_or_taken_away_is_named(amounts, pick):  # type: ignore[no-untyped-def]
    world, _, table = fresh(amounts, True)
    seals = sorted(key for key in table.items if key[0] == "SEAL")
    key = seals[pick % (len(seals) - 1)]
    if pick % 2:
        del table.items[key]
    else:
        payload = json.loads(str(table.items[key]["payload"]))
        table.items[key]["payload"] = json.dumps({**payload, "digest": "0" * 64})
    assert {key[1]} & names(prove(world)) or any("follow" in b.message for b in prove(world).breaks)
