"""Layers and locks: what is shipped is what was tested, and it fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.layers import PIP_LAYERS, UNZIPPED_LIMIT, Target, build, unzipped_size
from infra.locks import cut, lock_path, pins, roots
from infra.paths import LAYER_BUILD, ROOT


def test_core_layer_carries_the_package_its_data_and_the_templates(tmp_path: Path) -> None:
    folders = build(Target.LOCAL, tmp_path)

    python = folders.core / "python"
    assert (python / "sovinto" / "entry" / "settings.py").is_file()
    assert {p.name for p in python.iterdir()} == {"sovinto", "sovinto_templates"}
    assert not list(python.rglob("__pycache__"))


def test_a_layer_is_built_once(tmp_path: Path) -> None:
    core = build(Target.LOCAL, tmp_path).core
    marker = core / "python" / "marker"
    marker.touch()

    build(Target.LOCAL, tmp_path)

    assert marker.exists()


def test_aws_layers_fit_into_a_function() -> None:
    base = LAYER_BUILD / "aws"
    if not base.is_dir():
        pytest.skip("the AWS layers are not built; `make layers` builds them")

    assert unzipped_size(base) < UNZIPPED_LIMIT


@pytest.mark.parametrize("layer", PIP_LAYERS)
def test_layer_lock_is_cut_from_the_lock_that_was_tested(layer: str) -> None:
    assert lock_path(layer).read_text("utf-8") == cut(layer)


@pytest.mark.parametrize("name", ["dev", "vendor", "typesetting"])
def test_locks_hold_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / "requirements" / f"{name}.lock").read_text("utf-8")

    assert "://" not in lock
    assert all("--hash=sha256:" in entry for entry in pins(lock).values())


@pytest.mark.parametrize("layer", PIP_LAYERS)
def test_what_is_asked_for_is_locked(layer: str) -> None:
    wanted = roots((ROOT / "requirements" / f"{layer}.in").read_text("utf-8"))

    assert set(wanted) <= set(pins(lock_path(layer).read_text("utf-8")))


def test_npm_lock_holds_hashes_and_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text("utf-8")

    assert '"integrity"' in lock
    assert '"resolved"' not in lock
