"""Synthesised templates, once per session, from stub functions and empty layers."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.app import new_app, synthesise
from infra.layers import LayerFolders
from infra.parts.functions import SETTINGS
from infra.settings import settings_for
from tests.infra.signed_law import nothing_unsigned

Template = dict[str, Any]
AWS = {"gateway_url": "https://psp.example", "page_url": "https://pages.example"}


@pytest.fixture(scope="session")
def stub_functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One handler file per function that settings.py names."""
    folder = tmp_path_factory.mktemp("functions")
    for name in SETTINGS:
        (folder / name).mkdir()
        (folder / name / "handler.py").write_text("def handle(event, context):\n    return {}\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def stub_layers(tmp_path_factory: pytest.TempPathFactory) -> LayerFolders:
    made = []
    for name in ("core", "vendor", "typesetting"):
        folder = tmp_path_factory.mktemp(name)
        (folder / "python").mkdir()
        (folder / "python" / f"{name}.txt").write_text(name, "utf-8")
        made.append(folder)
    return LayerFolders(*made)


@pytest.fixture(scope="session")
def templates(
    stub_functions: Path, stub_layers: LayerFolders, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., dict[str, Template]]:
    """`templates("prod")["service"]`, or `templates("dev", "se")`; prod is on a signed copy of the law.

    cdk-nag has run over prod: an unaccepted finding fails here.
    """

    @cache
    def of(stage: str, country: str = "fi") -> dict[str, Template]:
        folder = tmp_path_factory.mktemp(stage)
        settings = settings_for(country, stage, None if stage == "local" else AWS)
        synthesise(
            settings,
            stub_layers,
            app=new_app(str(folder)),
            functions=stub_functions,
            checks=stage == "prod",
            unsigned=nothing_unsigned,
        )
        parts = ("data", "service") if stage == "local" else ("data", "service", "edge")
        return {
            part: json.loads((folder / f"{settings.stack_name(part)}.template.json").read_text("utf-8"))
            for part in parts
        }

    return of


@pytest.fixture
def data(templates: Callable[[str], dict[str, Template]]) -> Template:
    return templates("prod")["data"]


@pytest.fixture
def service(templates: Callable[[str], dict[str, Template]]) -> Template:
    return templates("prod")["service"]
