"""`sovinto reference`: published vectors through the command line, and which scheme is tried when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Sovinto

VECTORS = Path(__file__).parents[3] / "../shared/conformance/references.json"
# Name of the vectors: country, scheme to ask for, scheme that fits.
ASKED = {
    "fi_viitenumero": ("FI", "national", "fi_731"),
    "ee_viitenumber": ("EE", "national", "ee_731"),
    "iso11649_rf": ("FI", "rf", "rf"),
    "no_kid_mod10_or_mod11": ("NO", "auto", None),
    "no_kid_mod10": ("FI", "no_kid_mod10", "no_kid_mod10"),
    "no_kid_mod11": ("FI", "no_kid_mod11", "no_kid_mod11"),
    "se_ocr": ("SE", "national", "se_ocr"),
    "dk_fik_71_payment_id": ("DK", "national", "dk_fik_71"),
}


def published(name: str) -> Iterator[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip("the shared conformance vectors are not on this machine")
    yield from json.loads(VECTORS.read_text("utf-8"))[name]


@pytest.mark.parametrize("name", ASKED)
def test_checks_as_published_suites_do(sovinto: Sovinto, name: str) -> None:
    country, scheme, fits = ASKED[name]
    for group in published(name):
        for is_valid in (True, False):
            for text in group["valid" if is_valid else "invalid"]:
                done = sovinto("reference", "check", text, f"--country={country}", f"--scheme={scheme}",
                               "--json")  # fmt: skip
                assert (text, done.code, done.json["valid"]) == (text, 0 if is_valid else 1, is_valid)
                assert done.json["scheme"] is None or fits in (None, done.json["scheme"])


@pytest.mark.parametrize("name", ASKED)
def test_makes_what_published_suites_make(sovinto: Sovinto, name: str) -> None:
    country, scheme, _ = ASKED[name]
    for group in published(name):
        digits = [{**row, "reference": row["base"] + row["digit"]} for row in group.get("check_digit", [])]
        for row in (*group.get("generate", []), *digits):
            found = sovinto("reference", "make", row["base"], "--country", country, "--scheme", scheme,
                            "--json").json  # fmt: skip
            assert found["reference"] == row["reference"]
            assert found["printed"] == row.get("paper", found["printed"])


def test_prints_as_published(sovinto: Sovinto) -> None:
    for group in published("fi_viitenumero_print_format"):
        for row in group["format"]:
            found = sovinto("reference", "check", row["input"], "--country", "FI", "--json").json
            assert found["printed"] == row["printed"]


def test_make_in_full(sovinto: Sovinto) -> None:
    done = sovinto("reference", "make", "123456", "--country", "FI", "--json")

    assert done.json == {
        "country": "FI",
        "scheme": "fi_731",
        "base": "123456",
        "reference": "1234561",
        "printed": "12 34561",
    }
    assert sovinto("reference", "make", "123456", "--country", "FI").out == "12 34561\n"


def test_check_in_full(sovinto: Sovinto) -> None:
    done = sovinto("reference", "check", "rf34 1234 561", "--country", "FI", "--json")

    assert (done.code, done.json) == (
        0,
        {
            "country": "FI",
            "scheme": "rf",
            "reference": "RF341234561",
            "valid": True,
            "canonical": "1234561",
            "printed": "RF34 1234 561",
        },
    )


def test_a_wrong_reference_is_1_with_the_same_keys(sovinto: Sovinto) -> None:
    done = sovinto("reference", "check", "1234562", "--country", "FI", "--json")

    assert (done.code, done.json) == (
        1,
        {
            "country": "FI",
            "scheme": None,
            "reference": "1234562",
            "valid": False,
            "canonical": None,
            "printed": None,
        },
    )
    assert "'1234562' does not have" in sovinto("reference", "check", "1234562", "--country", "FI").refusal


def test_auto_tries_every_scheme_of_the_country(sovinto: Sovinto) -> None:
    """40- is a Norwegian KID of the second kind, RF one of all countries."""
    kid = sovinto("reference", "check", "40-", "--country", "NO", "--json").json
    ocr = sovinto("reference", "check", "12345682", "--country", "SE", "--json").json
    rf = sovinto("reference", "check", "RF18539007547034", "--country", "DE", "--json").json

    assert kid["scheme"] == "no_kid_mod11"
    assert ocr["valid"]
    assert rf["scheme"] == "rf"


@pytest.mark.parametrize("words", [("1234561", "fi_731 reference"), ("RF341234561", "rf reference")])
def test_people_read_which_scheme_fitted(sovinto: Sovinto, words: tuple[str, str]) -> None:
    value, told = words

    assert told in sovinto("reference", "check", value, "--country", "FI").out


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("make", "12", "--country", "FI"), "'12' does not fit fi_731"),
        (("make", "ß", "--country", "FI", "--scheme", "rf"), "does not fit rf"),
        (("make", "1234", "--country", "DE", "--scheme", "national"), "--scheme national"),
        (("check", "1234", "--country", "DE", "--scheme", "national"), "--scheme national"),
        (("check", "1234", "--country", "FI", "--scheme", "fi"), "--scheme 'fi' is unknown"),
        (("check", "1234"), "--country is missing"),
        (("check", "1234", "--country", "XX"), "--country 'XX'"),
        (("check", "1234", "--country", "DE"), "digits of rf"),
    ],
)
def test_refusals_are_one_sentence(sovinto: Sovinto, arguments: tuple[str, ...], names: str) -> None:
    assert names in sovinto("reference", *arguments).refusal


def test_no_value_is_wrong_usage(sovinto: Sovinto) -> None:
    assert sovinto("reference", "make", "--country", "FI").code == 2
