"""Whatever is stored comes back the same: every dataclass that one row of the table holds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.adapters.codec import decode, encode
from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.client import Client
from sovinto.domain.communication import Communication
from sovinto.domain.document import Document
from sovinto.domain.event import Event
from sovinto.domain.fees_agreed import Band, FeesAgreed
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt, Payable, UnallocatedPayment
from sovinto.domain.remittance import Remittance
from sovinto.domain.rhythm import Pace, Rhythm
from sovinto.domain.upload import Upload
from sovinto.ids import EventId

STORED = (
    Case,
    Communication,
    Event,
    Client,
    Payable,
    UnallocatedPayment,
    Attempt,
    Document,
    Upload,
    Remittance,
)

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
amounts = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "SEK", "JPY"]))
st.register_type_strategy(str, words)
st.register_type_strategy(datetime, instants)
st.register_type_strategy(date, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
st.register_type_strategy(Money, amounts)
tops = st.lists(st.integers(1, 10**9), unique=True, max_size=3).map(sorted)
percents = st.decimals(0, 100, places=1).map(str)
st.register_type_strategy(
    FeesAgreed,
    st.builds(
        FeesAgreed,
        commission=st.tuples(tops, st.lists(percents, min_size=4, max_size=4)).map(
            lambda told: tuple(map(Band, told[1], [*told[0], None]))
        ),
        base=st.lists(st.sampled_from([c for c in ClaimClass if c is not ClaimClass.FEE]), min_size=1).map(
            tuple
        ),
        legal_fee_minor=st.integers(0, 10**6),
        payment_days=st.integers(0, 60),
    ),
)
st.register_type_strategy(
    Rhythm,
    st.builds(Rhythm, st.sampled_from(list(Pace)), st.integers(1, 7), st.integers(1, 10**6)),
)
pairs = st.tuples(words, st.integers(-(10**12), 10**12))


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_stored_dataclass_round_trips(kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    assert decode(kind, encode(value)) == value


@given(words, instants, st.dates(date(2000, 1, 1), date(2100, 1, 1)), pairs, st.from_type(EventId | None))
def test_entries_round_trip(
    label: str, at: datetime, on: date, leg: tuple[str, int], reverses: EventId | None
) -> None:
    account, minor = leg
    lines = (Line(account, Money(minor, "EUR")), Line("contra", Money(-minor, "EUR")))
    entry = Entry("ent", "kind", at, on, lines, "evt", label=label, reverses=reverses)  # type: ignore[arg-type]
    assert decode(Entry, encode(entry)) == entry


def test_a_float_is_never_read() -> None:
    with pytest.raises(TypeError, match="float"):
        decode(Money, '{"minor":1.5,"currency":"EUR"}')


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError):
        decode(Money, '{"minor":1,"currency":"EUR","more":2}')


def test_instants_stay_aware_and_text_stays_readable() -> None:
    event = Event(EventId("e"), "case.closed", 1, datetime(2026, 1, 5, 8, tzinfo=UTC), "case", "ä", "c")
    text = encode(event)
    assert '"ä"' in text
    assert json.loads(text)["occurred_at"] == "2026-01-05T08:00:00+00:00"
    assert decode(Event, text).occurred_at.utcoffset() is not None
