from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree
from sovinto.formats.payment_reference import normalise
from sovinto.formats.statement import read_statement, to_json

DATA = Path(__file__).parents[3] / "data/camt"
SCHEMA = Path(__file__).parents[4] / "../shared/validators/iso20022/camt.053.001.08.xsd"


def test_a_whole_day_of_a_finnish_account() -> None:
    with (DATA / "fi_day.xml").open("rb") as stream:
        file = read_statement(stream)

    assert not file.is_held
    assert to_json(file) == json.loads((DATA / "fi_day.json").read_text("utf-8"))


def test_references_in_any_form_find_the_same_case() -> None:
    entries = read_statement((DATA / "fi_day.xml").read_bytes()).statements[0].entries

    keys = [normalise(part.reference) for entry in entries for part in entry.payments if part.reference]

    assert keys == ["1234561", "1232", "1009"]


def test_the_sample_follows_the_standard() -> None:
    if not SCHEMA.exists():
        pytest.skip("the shared ISO 20022 schemas are not on this machine")

    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(etree.parse(str(DATA / "fi_day.xml")))
