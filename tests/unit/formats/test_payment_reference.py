from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference

VECTORS = Path(__file__).parents[3] / "../shared/conformance/references.json"
SCHEMES = {
    "fi_viitenumero": "fi_731",
    "ee_viitenumber": "ee_731",
    "iso11649_rf": "rf",
    "no_kid_mod10": "no_kid_mod10",
    "no_kid_mod11": "no_kid_mod11",
    "se_ocr": "se_ocr",
    "dk_fik_71_payment_id": "dk_fik_71",
}


def published() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, scheme in SCHEMES.items():
        for group in vectors(name):
            yield scheme, group


def vectors(name: str) -> list[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip("the shared conformance vectors are not on this machine")
    groups: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8"))[name]
    return groups


def test_accepts_and_refuses_what_published_suites_do() -> None:
    wrong = [
        (scheme, text, should)
        for scheme, group in published()
        for should, texts in ((True, group["valid"]), (False, group["invalid"]))
        for text in texts
        if (payment_reference.check(text, scheme) is not None) is not should
    ]

    assert wrong == []


def test_makes_what_published_suites_make() -> None:
    for scheme, group in published():
        for row in group.get("generate", []):
            made = payment_reference.make(row["base"], scheme)
            assert made == row["reference"]
            assert payment_reference.printed(made) == row.get("paper", payment_reference.printed(made))
        for row in group.get("check_digit", []):
            assert payment_reference.make(row["base"], scheme) == row["base"] + row["digit"]


def test_prints_what_published_suites_print() -> None:
    for group in vectors("fi_viitenumero_print_format"):
        for row in group["format"]:
            assert payment_reference.printed(row["input"]) == row["printed"]


def test_a_norwegian_bank_takes_either_kind_of_kid() -> None:
    kinds = payment_reference.schemes_of("NO")
    for group in vectors("no_kid_mod10_or_mod11"):
        for should, texts in ((True, group["valid"]), (False, group["invalid"])):
            for text in texts:
                assert any(payment_reference.check(text, kind) for kind in kinds) is should


def test_reads_the_id_of_a_danish_payment_line() -> None:
    for group in vectors("dk_fik_71_payment_id"):
        for line in group["ocr_line"]:
            assert payment_reference.check(line[4:19], "dk_fik_71") is not None


def test_a_swedish_checksum_alone_is_enough_without_a_length_digit() -> None:
    for group in vectors("se_ocr"):
        for text in group.get("valid_checksum_only", []):
            assert payment_reference.check(text, "se_ocr") is not None


def test_a_scheme_is_found_by_its_country() -> None:
    assert payment_reference.schemes_of("NO") == ("no_kid_mod10", "no_kid_mod11")
    assert payment_reference.schemes_of("FI") == ("fi_731",)
    assert payment_reference.schemes_of("DE") == ()


@pytest.mark.parametrize(
    ("base", "scheme", "reference"),
    [
        ("123", "fi_731", "1232"),
        ("123456", "fi_731", "1234561"),
        ("1000001", "fi_731", "10000016"),
        ("12131295", "ee_731", "121312952"),
        ("539007547034", "rf", "RF18539007547034"),
        ("868516259619897", "rf", "RF09868516259619897"),
        ("123456", "se_ocr", "1234566"),
        ("123456", "se_ocr_length", "12345682"),
        ("1234", "se_ocr_length", "123463"),
        ("123456", "no_kid_mod10", "1234566"),
        ("123456", "no_kid_mod11", "1234560"),
        ("40", "no_kid_mod11", "40-"),
        ("12345678", "dk_fik_71", "000000123456782"),
        ("123456789012345", "nl_16", "0123456789012345"),
    ],
)
def test_check_digits(base: str, scheme: str, reference: str) -> None:
    assert payment_reference.make(base, scheme) == reference
    checked = payment_reference.check(reference, scheme)
    assert checked is not None
    assert checked.text == reference


@pytest.mark.parametrize(
    "written", ["1234561", "12 34561", "00000000000001234561", "RF341234561", "rf34 1234 561", " 1234561\n"]
)
def test_every_way_to_write_a_reference_has_one_key(written: str) -> None:
    assert payment_reference.normalise(written) == "1234561"


def test_rf_with_wrong_digits_is_not_unwrapped() -> None:
    assert payment_reference.normalise("RF351234561") == "RF351234561"


@pytest.mark.parametrize(
    "text", ["", "0000", "12", "1234562", "１２３４５６１", "123456789012345678901", "0" * 21]
)
def test_what_is_no_finnish_reference(text: str) -> None:
    assert payment_reference.check(text, "fi_731") is None


def test_prints_as_on_paper() -> None:
    assert payment_reference.printed("01030100067175800018") == "1030 10006 71758 00018"
    assert payment_reference.printed("rf7677584747906474893225") == "RF76 7758 4747 9064 7489 3225"


@pytest.mark.parametrize(
    ("base", "scheme"),
    [("12", "fi_731"), ("0001", "fi_731"), ("1" * 20, "fi_731"), ("Ä", "rf"), ("ß", "rf")],
)
def test_refuses_a_base_without_room(base: str, scheme: str) -> None:
    with pytest.raises(InvalidInput, match=scheme):
        payment_reference.make(base, scheme)


def test_names_the_schemes_when_one_is_unknown() -> None:
    with pytest.raises(InvalidInput, match="fi_731"):
        payment_reference.check("1232", "fi")
