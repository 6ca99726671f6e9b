"""Cuts vendor.lock and typesetting.lock out of dev.lock: what is shipped is exactly what was tested."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from infra.layers import PIP_LAYERS
from infra.paths import ROOT

REQUIREMENTS: Final = ROOT / "requirements"
LAMBDA: Final = {
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "aarch64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "os_name": "posix",
    "extra": "",
}
PROVIDED: Final = frozenset({"boto3", "botocore", "s3transfer", "urllib3"})
"""Brought by the Lambda runtime itself."""


def pins(lock: str) -> dict[str, str]:
    """Package name to its whole entry (pin and hashes) in a lock file."""
    entries = re.split(r"^(?=[a-zA-Z0-9])", lock, flags=re.MULTILINE)
    return {canonicalize_name(e.split("==")[0].split("[")[0]): e.rstrip() for e in entries if "==" in e}


def closure(names: list[str]) -> set[NormalizedName]:
    """The packages and all that they need on Lambda, by the metadata of the installed versions."""
    wanted: set[NormalizedName] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in wanted or name in PROVIDED:
            continue
        wanted.add(name)
        waiting.extend(_needs(name))
    return wanted


def _needs(name: str) -> list[NormalizedName]:
    needed = [Requirement(line) for line in requires(name) or ()]
    return [
        canonicalize_name(r.name) for r in needed if r.marker is None or r.marker.evaluate(dict(LAMBDA))
    ]


def roots(text: str) -> list[str]:
    """The names of an .in file."""
    return [
        Requirement(line).name
        for line in text.splitlines()
        if line.strip() and not line.startswith(("#", "-"))
    ]


def cut(layer: str) -> str:
    """The lock of one layer. KeyError names a package that dev.lock lacks."""
    source = pins((REQUIREMENTS / "dev.lock").read_text("utf-8"))
    names = closure(roots((REQUIREMENTS / f"{layer}.in").read_text("utf-8")))
    return "".join(f"{source[name]}\n" for name in sorted(names))


def lock_path(layer: str) -> Path:
    return REQUIREMENTS / f"{layer}.lock"


if __name__ == "__main__":
    for each in PIP_LAYERS:
        lock_path(each).write_text(cut(each), "utf-8")
