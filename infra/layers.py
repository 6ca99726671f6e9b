"""Builds the Lambda layers; a layer whose inputs did not change is left as it is.

The local cloud runs functions with the interpreter of the virtual environment, which has every
package of `vendor` and `typesetting` from the same locks: these two layers are empty there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from infra.paths import LAYER_BUILD, ROOT
from infra.settings import StageSettings

PYTHON: Final = "3.13"
PLATFORMS: Final = ("manylinux2014_aarch64", "manylinux_2_28_aarch64")
PIP_LAYERS: Final = ("vendor", "typesetting")
UNZIPPED_LIMIT: Final = 250 * 1024 * 1024
"""Bytes of function code and all its layers together (AWS Lambda quota)."""

_NOT_SHIPPED: Final = ("__pycache__", "*.pyc", "tests", "bin", "*.egg-info")


class Target(StrEnum):
    LOCAL = "local"
    AWS = "aws"


@dataclass(frozen=True, slots=True)
class LayerFolders:
    """The unpacked layers; each holds a folder `python`."""

    core: Path
    vendor: Path
    typesetting: Path


def layers_for(settings: StageSettings) -> LayerFolders:
    """Builds what is missing or stale. AWS targets download wheels at the first build."""
    return build(Target.LOCAL if settings.is_local else Target.AWS)


def build(target: Target, folder: Path = LAYER_BUILD) -> LayerFolders:
    """All three layers of one target. Raises ValueError when they are too big for a function."""
    base = folder / target
    folders = LayerFolders(base / "core", base / "vendor", base / "typesetting")
    _build_core(folders.core)
    for name in PIP_LAYERS:
        _build_pip(getattr(folders, name), name, target)
    total = sum(unzipped_size(path) for path in (folders.core, folders.vendor, folders.typesetting))
    if total > UNZIPPED_LIMIT:
        raise ValueError(f"the layers unpack to {total} bytes; a function may carry {UNZIPPED_LIMIT}")
    return folders


def unzipped_size(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _build_core(folder: Path) -> None:
    sources = {"sovinto": ROOT / "layers/core/python/sovinto", "sovinto_templates": ROOT / "templates"}
    state = "\n".join(line for path in sources.values() for line in _listing(path))
    if _is_fresh(folder, state):
        return
    shutil.rmtree(folder, ignore_errors=True)
    for name, source in sources.items():
        shutil.copytree(source, folder / "python" / name, ignore=shutil.ignore_patterns(*_NOT_SHIPPED))
    _stamp(folder).write_text(_digest(state), "utf-8")


def _build_pip(folder: Path, name: str, target: Target) -> None:
    lock = ROOT / "requirements" / f"{name}.lock"
    state = lock.read_text("utf-8") + repr((target, PYTHON, PLATFORMS))
    if _is_fresh(folder, state):
        return
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "python").mkdir(parents=True)
    if target is Target.LOCAL:
        note = "The local cloud imports these packages from the virtual environment.\n"
        (folder / "python" / f"{name}.txt").write_text(note, "utf-8")
    else:
        _pip_install(lock, folder / "python")
    _stamp(folder).write_text(_digest(state), "utf-8")


def _pip_install(lock: Path, target: Path) -> None:
    platforms = [argument for platform in PLATFORMS for argument in ("--platform", platform)]
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:"),
        *("--implementation", "cp", "--python-version", PYTHON, *platforms),
        *("--target", str(target), "--requirement", str(lock)),
    ]
    subprocess.run(command, check=True)
    for pattern in ("bin", "**/tests", "**/__pycache__"):
        for path in list(target.glob(pattern)):
            shutil.rmtree(path, ignore_errors=True)


def _listing(folder: Path) -> Iterable[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            stat = path.stat()
            yield f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}"


def _stamp(folder: Path) -> Path:
    # Beside the layer, not in it: the layer's own hash must depend on its content only.
    return folder.with_name(f"{folder.name}.stamp")


def _is_fresh(folder: Path, state: str) -> bool:
    stamp = _stamp(folder)
    return folder.is_dir() and stamp.is_file() and stamp.read_text("utf-8") == _digest(state)


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()


if __name__ == "__main__":
    for chosen in [Target(name) for name in sys.argv[1:]] or list(Target):
        build(chosen)
