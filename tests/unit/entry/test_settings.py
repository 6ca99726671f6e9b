"""Settings come from the environment, all named at once when they lack."""

from __future__ import annotations

from dataclasses import fields

import pytest
from sovinto.entry.settings import ALL, Settings, SettingsMissing


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.function)
def test_every_field_is_a_variable_of_its_name(kind: type[Settings]) -> None:
    names = [field.name for field in fields(kind)]
    env = {name.upper(): f"value of {name}" for name in names}
    read = kind.from_env(env)
    assert {name: getattr(read, name) for name in names} == {name: f"value of {name}" for name in names}


def test_everything_that_lacks_is_named() -> None:
    with pytest.raises(SettingsMissing, match="COUNTRY, STAGE, TABLE_NAME"):
        Settings.from_env({"TEST_CLOCK": "true", "STAGE": ""})


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False), ("True", False)])
def test_the_test_clock_is_on_only_when_it_says_so(value: str, expected: bool) -> None:
    settings = Settings("test", "FI", "table", value)
    assert settings.has_test_clock is expected


def test_every_function_has_settings_of_its_own() -> None:
    names = [kind.function for kind in ALL]
    assert len(set(names)) == len(names)
    assert all(names)
