"""A stage for every country that has a pack and an agency."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sovinto.countries import countries
from sovinto.errors import InvalidInput
from stdnum import bic, iban

from infra import settings as settings_module
from infra.law import countries_with_law
from infra.settings import AGENCIES, settings_for
from tests.infra.conftest import AWS, Template

SHIPPED = ("de", "dk", "ee", "fi", "gb", "nl", "no", "se")


def test_an_example_agency_is_shipped_for_each_full_country() -> None:
    assert tuple(sorted(path.stem for path in AGENCIES.glob("*.toml"))) == SHIPPED


@pytest.mark.parametrize("country", SHIPPED)
def test_an_example_agency_is_sound_and_says_that_it_is_one(country: str) -> None:
    agency = json.loads(settings_for(country, "local").agency)

    assert "(example)" in agency["name"].lower()
    assert agency["email"].endswith(".example")
    assert agency["country"] == country.upper()
    assert agency["iban"].startswith(country.upper())
    assert iban.validate(agency["iban"]) == agency["iban"]
    assert bic.validate(agency["bic"])[4:6] == country.upper()


def test_every_country_with_a_pack_has_settings_or_is_told_which_file_to_write() -> None:
    assert countries_with_law() == tuple(code.lower() for code in countries())
    for country in countries_with_law():
        if country in SHIPPED:
            assert settings_for(country, "dev", AWS).country == country
        else:
            with pytest.raises(
                InvalidInput, match=rf"infra/agencies/{country}\.toml is missing.* iban, bic"
            ):
                settings_for(country, "dev", AWS)


def test_an_agency_without_a_field_is_told_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "AGENCIES", tmp_path)
    (tmp_path / "fi.toml").write_text('name = "Example"\nphone = ""\n', "utf-8")

    with pytest.raises(
        InvalidInput, match=r"fi\.toml lacks registration_id, .*phone, iban, bic: give each"
    ):
        settings_for("fi", "local")


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("fi", "eu-north-1"),
        ("se", "eu-north-1"),
        ("ee", "eu-north-1"),
        ("gb", "eu-west-2"),
        ("nl", "eu-central-1"),
    ],
)
def test_data_lies_near_its_country(country: str, region: str) -> None:
    assert settings_for(country, "local").region == region


def test_a_country_may_be_named_in_capitals() -> None:
    assert settings_for("SE", "local") == settings_for("se", "local")


@pytest.mark.parametrize("stage", ["local", "dev"])
@pytest.mark.parametrize("country", ["se", "de"])
def test_nothing_in_the_templates_is_finnish(
    templates: Callable[..., dict[str, Template]], country: str, stage: str
) -> None:
    found = templates(stage, country)
    text = json.dumps(found)

    assert f"sovinto-{country}-{stage}-table" in text
    assert re.findall(r'sovinto-?fi\b|Sovinto-?fi|"fi"|"FI"|perinta|Helsinki', text) == []
    variables = [
        resource["Properties"]["Environment"]["Variables"]
        for resource in found["service"]["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    ]
    assert {each["COUNTRY"] for each in variables} == {country}
    assert {json.loads(each["AGENCY"])["country"] for each in variables if "AGENCY" in each} == {
        country.upper()
    }


def test_two_countries_differ_in_names_and_agency_only(
    templates: Callable[..., dict[str, Template]],
) -> None:
    """Same kinds of resources, same number: what a country may be charged is data, not template."""

    def kinds(country: str) -> dict[str, list[str]]:
        return {
            part: sorted(resource["Type"] for resource in template["Resources"].values())
            for part, template in templates("dev", country).items()
        }

    assert kinds("se") == kinds("fi")
