"""Every function: own role, own log group, typed environment, layers it needs."""

from __future__ import annotations

from dataclasses import fields

import pytest
from sovinto.entry.settings import ALL

from infra.parts.functions import SETTINGS, SIZES
from infra.parts.grants import GRANTS
from infra.paths import FUNCTIONS
from tests.infra.reading import Template, functions, of_type


def test_settings_sizes_grants_and_template_name_the_same_functions(service: Template) -> None:
    assert set(functions(service)) == set(SETTINGS) == set(SIZES) == set(GRANTS)


def test_every_function_has_a_handler_and_every_folder_a_function() -> None:
    folders = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}

    assert folders == set(SETTINGS)


def test_environment_is_exactly_the_settings_class(service: Template) -> None:
    for settings in ALL:
        environment = functions(service)[settings.function]["Environment"]["Variables"]

        own = {name for name in environment if not name.startswith("POWERTOOLS_")}
        assert own == {field.name.upper() for field in fields(settings)}, settings.function


def test_each_function_has_a_role_and_a_log_group_of_its_own(service: Template) -> None:
    made = functions(service)

    assert len({str(function["Role"]) for function in made.values()}) == len(made)
    assert len({str(function["LoggingConfig"]["LogGroup"]) for function in made.values()}) == len(made)


def test_functions_are_traced_and_built_for_one_runtime(service: Template) -> None:
    for name, function in functions(service).items():
        assert function["TracingConfig"] == {"Mode": "Active"}, name
        assert function["Runtime"] == "python3.13", name
        assert function["Architectures"] == ["arm64"], name


def test_only_printing_functions_carry_the_typesetting_layer(service: Template) -> None:
    layers = {name: len(function["Layers"]) for name, function in functions(service).items()}

    printing = {name for name, size in SIZES.items() if size.prints}
    assert (
        {name for name, count in layers.items() if count == 3}
        == printing
        == {"send_message", "pay_clients"}
    )
    assert set(layers.values()) == {2, 3}


def test_logs_are_not_kept_forever(service: Template) -> None:
    for name, group in of_type(service, "AWS::Logs::LogGroup").items():
        assert group["RetentionInDays"] <= 400, name


@pytest.mark.parametrize("name", [name for name, size in SIZES.items() if size.alone])
def test_scheduled_functions_never_run_twice_at_once(service: Template, name: str) -> None:
    assert functions(service)[name]["ReservedConcurrentExecutions"] == 1


def test_test_clock_is_off_in_prod(service: Template) -> None:
    clocks = {f["Environment"]["Variables"]["TEST_CLOCK"] for f in functions(service).values()}

    assert clocks == {"false"}
