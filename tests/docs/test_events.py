"""Events: every type that is emitted has a schema, and no event carries what a person is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sovinto.adapters.event_bus import detail

from docs.generate.events import KINDS, schema
from infra.parts.events import MESSAGE_EVENTS, WAKE_EVENTS
from tests.docs.life import lived
from tests.docs.reading import DOCS, PACKAGE, strings

SAMPLES = sorted((DOCS / "reference" / "events" / "samples").glob("*.json"))
TYPE = re.compile(r"[a-z_]+\.[a-z_]+")
PERSONAL = (
    "name",
    "address",
    "street",
    "city",
    "email",
    "phone",
    "birth",
    "language",
    "text",
    "iban",
    "to",
)


def by_detail_type() -> dict[str, Any]:
    return {kind.detail_type: schema(kind) for kind in KINDS}


def emitted() -> set[str]:
    """Types named in the use cases: they alone make events."""
    found = {text for path in (PACKAGE / "usecases").glob("*.py") for text in strings(path)}
    return {text for text in found if TYPE.fullmatch(text)}


def test_every_emitted_type_has_a_schema_and_none_is_left_over() -> None:
    assert {kind.type for kind in KINDS} == emitted()


def test_every_type_happens_in_the_story_and_fits_its_schema() -> None:
    _, events = lived()
    schemas = by_detail_type()
    assert {event.detail_type for event in events} == set(schemas)
    for event in events:
        Draft202012Validator(schemas[event.detail_type]).validate(detail(event))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.detail_type)
def test_no_field_can_hold_personal_data(kind: Any) -> None:
    Draft202012Validator.check_schema(schema(kind))
    fields = {*kind.data, *(kind.optional or {})}
    assert not [field for field in fields if any(part in PERSONAL for part in field.split("_"))]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_stay_valid(path: Path) -> None:
    """A sample is never edited: who reads events of last year reads this."""
    Draft202012Validator(by_detail_type()[path.stem]).validate(json.loads(path.read_text("utf-8")))


def test_every_type_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES} >= {kind.detail_type for kind in KINDS}


def test_rules_of_the_bus_wait_for_events_that_exist() -> None:
    assert {*MESSAGE_EVENTS, *WAKE_EVENTS} <= {kind.detail_type for kind in KINDS}
