"""The chain of a case's entries, and the seal of a day."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.domain.chain import Chain, canonical, digest_of, examine, seal
from sovinto.domain.day_seal import MAX_NAMED, from_text, is_over, sealed, to_text
from sovinto.domain.explanation import Explanation
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.errors import StaleVersion
from sovinto.ids import CaseId, EntryId, EventId
from sovinto.ports import Change

from tests.support.world import World

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
WHY = Explanation("fi.fee", "L 1", "5.00", (("a", "b"),), "5.000", "sure")


def entry(number: int, case_id: CaseId | None = None) -> Entry:
    return Entry(
        entry_id=EntryId(f"ent_{number}"),
        kind="fee_charged",
        posted_at=AT + timedelta(seconds=number),
        value_on=AT.date(),
        lines=(Line("suspense", Money(number + 1, "EUR")), Line("psp:x", Money(-number - 1, "EUR"))),
        event_id=EventId("evt_1"),
        case_id=case_id,
        label="Ä",
        source="s",
        reverses=EntryId("ent_x"),
        explanation=WHY,
    )


OTHERS = {
    "entry_id": "ent_other",
    "kind": "k",
    "posted_at": AT + timedelta(microseconds=1),
    "value_on": date(2026, 1, 6),
    "lines": (Line("suspense", Money(1, "SEK")), Line("psp:x", Money(-1, "SEK"))),
    "event_id": "evt_2",
    "case_id": "case_2",
    "label": "A",
    "source": "",
    "reverses": None,
    "explanation": None,
    "previous": "0",
}


@pytest.mark.parametrize("name", [field.name for field in fields(Entry) if field.name != "digest"])
def test_every_field_of_an_entry_is_in_its_digest(name: str) -> None:
    assert digest_of(replace(entry(1), **{name: OTHERS[name]})) != digest_of(entry(1))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [field.name for field in fields(Explanation)])
def test_every_field_of_an_explanation_is_in_the_digest(name: str) -> None:
    other = replace(WHY, **{name: (("a", "c"),) if name == "inputs" else "other"})  # type: ignore[arg-type]
    assert digest_of(replace(entry(1), explanation=other)) != digest_of(entry(1))


def test_the_canonical_text_is_what_it_always_was() -> None:
    """Digests that are stored must stay true: this text may never change."""
    assert canonical(entry(1)) == (
        '["entry/1","ent_1","fee_charged","2026-01-05T08:00:01.000000+00:00","2026-01-05",'
        '[["suspense",2,"EUR"],["psp:x",-2,"EUR"]],"evt_1",null,"\\u00c4","s","ent_x",'
        '["fi.fee","L 1","5.00",[["a","b"]],"5.000","sure"],""]'
    )


def test_the_zone_of_a_moment_does_not_matter() -> None:
    local = entry(1).posted_at.astimezone(tz=None)
    assert digest_of(replace(entry(1), posted_at=local)) == digest_of(entry(1))


def test_a_case_goes_on_from_its_head_and_an_entry_without_its_case_is_refused() -> None:
    world = World()
    case = world.place()
    first = world.cases.entries(case.case_id)
    again, (one, two) = seal(case, (entry(1, case.case_id), entry(2, case.case_id)))
    assert again is not None
    assert (one.previous, two.previous, again.ledger_head) == (case.ledger_head, one.digest, two.digest)
    assert examine((*first, one, two), again.ledger_head) == ()
    with pytest.raises(ValueError, match="without its case"):
        seal(None, (entry(1, case.case_id),))
    with pytest.raises(ValueError, match="without its case"):
        seal(case, (entry(1, CaseId("case_other")),))


def test_a_case_is_not_stored_over_another_chain() -> None:
    """Whoever kept a case that has been posted to since would cut its chain: it must read again."""
    world = World()
    case = world.place()
    forgetful = replace(case, version=case.version + 1, ledger_head="")
    with pytest.raises(StaleVersion):
        world.cases.commit(Change(case=forgetful))


def test_entries_from_before_the_chain_are_read_and_the_chain_begins_after_them() -> None:
    world = World()
    case = world.place()
    old = replace(entry(-1, case.case_id), lines=entry(1).lines)
    begun = replace(case, ledger_head="")
    after, new = seal(begun, (entry(1, case.case_id), entry(2, case.case_id)))
    assert after is not None
    chain = Chain()
    for item in (old, *reversed(new)):
        chain.add(item)
    assert chain.unsealed == 1
    assert examine((old, *new), after.ledger_head) == ()
    assert [
        flaw.what
        for flaw in examine((replace(old, posted_at=AT + timedelta(days=1)), *new), after.ledger_head)
    ]


def test_what_comes_in_any_order_is_one_chain() -> None:
    case = World().place()
    after, new = seal(replace(case, ledger_head=""), [entry(n, case.case_id) for n in range(5)])
    assert after is not None
    chain = Chain()
    for item in (new[3], new[0], new[4], new[2], new[1]):
        chain.add(item)
    assert chain.holds(after.ledger_head)
    assert not chain.holds(new[3].digest)


def test_a_seal_survives_its_text_and_names_what_differs() -> None:
    first = sealed(date(2026, 1, 5), {"ent_a": "a" * 64, "ent_b": "b" * 64}, "")
    assert from_text(to_text(first)) == first
    assert not first.differs({"ent_b": "b" * 64, "ent_a": "a" * 64})
    assert first.first_other({"ent_a": "a" * 64})[0] == "ent_b"
    assert first.first_other({"ent_a": "c" * 64, "ent_b": "b" * 64})[0] == "ent_a"
    assert first.first_other({"ent_a": "a" * 64, "ent_b": "b" * 64, "ent_c": ""})[0] == "ent_c"
    assert first.first_other({"ent_a": "a" * 64, "ent_b": "b" * 64}) == ("", "the seal itself was changed")


def test_a_day_with_very_many_entries_names_none() -> None:
    many = {f"ent_{n}": f"{n:064}" for n in range(MAX_NAMED + 1)}
    large = sealed(date(2026, 1, 5), many, "")
    assert large.named == {}
    assert large.first_other({})[1] == f"{MAX_NAMED + 1} entries were sealed, 0 are there"


def test_a_day_is_over_an_hour_after_its_end() -> None:
    assert not is_over(date(2026, 1, 5), datetime(2026, 1, 6, 0, 59, tzinfo=UTC))
    assert is_over(date(2026, 1, 5), datetime(2026, 1, 6, 1, tzinfo=UTC))
