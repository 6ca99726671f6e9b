"""The sandbox's JSON is read whole or refused by field; nothing a sender invents breaks us."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.errors import FormatRefused
from sovinto.formats.sandbox_event import read_event, read_object

EVENT: dict[str, Any] = {
    "id": "evt_1",
    "type": "charge.refunded",
    "created": 1_750_000_000,
    "data": {"object": {"session_id": "cs_1", "reference": "pay_1", "amount_minor": 5, "currency": "EUR"}},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.binary())
def test_bytes_by_chance_are_refused(body: bytes) -> None:
    with pytest.raises(FormatRefused):
        read_event(body)


@given(name=st.sampled_from([*EVENT, *EVENT["data"]["object"]]), value=ANYTHING)
def test_one_field_of_any_value_is_read_or_refused(name: str, value: object) -> None:
    event = json.loads(json.dumps(EVENT))
    (event if name in event else event["data"]["object"])[name] = value
    try:
        read = read_event(json.dumps(event).encode())
    except FormatRefused:
        return
    assert type(read.amount.minor) is int
    assert read.amount.minor >= 0


@pytest.mark.parametrize("name", [*EVENT, *EVENT["data"]["object"]])
def test_an_absent_field_is_named(name: str) -> None:
    event = json.loads(json.dumps(EVENT))
    del (event if name in event else event["data"]["object"])[name]
    with pytest.raises(FormatRefused) as refused:
        read_event(json.dumps(event).encode())
    assert refused.value.field == name


@pytest.mark.parametrize(
    "body", [b"[]", b'"x"', b"", b'{"a": 1.0}', b'{"a": NaN}', b"[" * 100_000, b"9" * 5000]
)
def test_only_objects_of_whole_numbers_are_read(body: bytes) -> None:
    with pytest.raises(FormatRefused):
        read_object(body)


def test_a_payout_needs_its_payments() -> None:
    event = json.loads(json.dumps(EVENT)) | {"type": "payout.paid"}
    event["data"]["object"] |= {"id": "po_1"}
    shapes: tuple[object, ...] = (None, {}, ["pay_1"], [{}])
    for payments in shapes:
        event["data"]["object"]["payments"] = payments
        with pytest.raises(FormatRefused):
            read_event(json.dumps(event).encode())
