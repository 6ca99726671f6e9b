"""The synthesised templates of the local stage, made anew only when their sources changed."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from infra.layers import Target, build
from infra.node import node_environment
from infra.paths import ASSEMBLY, FUNCTIONS, ROOT

SOURCES: Final = (
    "infra",
    "functions",
    "layers/core/python/sovinto",
    "templates",
    "requirements",
    "cdk.json",
)
STAMP: Final = "sources.sha256"
NOT_SOURCES: Final = frozenset({"__pycache__", "local"})


def local_assembly(country: str, functions: Path = FUNCTIONS) -> Path:
    """The folder of the assembly. Raises subprocess.CalledProcessError when the synthesis fails."""
    with _alone():
        build(Target.LOCAL)
        return _assembly(country, functions)


@contextmanager
def _alone() -> Iterator[None]:
    """Whoever starts a second cloud at the same time waits here and finds everything made."""
    ASSEMBLY.mkdir(parents=True, exist_ok=True)
    with (ASSEMBLY / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _assembly(country: str, functions: Path) -> Path:
    assembly = ASSEMBLY / f"local-{country}{'' if functions == FUNCTIONS else '-other'}"
    digest = _digest(country, functions)
    stamp = assembly / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == digest:
        return assembly
    # A process of its own: jsii's node process ends with it.
    subprocess.run(
        [sys.executable, "-m", "infra.app", country, "local", str(functions), str(assembly)],
        cwd=ROOT,
        env=node_environment(),
        check=True,
        stdout=sys.stderr,
    )
    stamp.write_text(digest, "utf-8")
    return assembly


def _digest(country: str, functions: Path) -> str:
    lines = [country, str(functions)]
    for name in SOURCES:
        lines.extend(_listing(ROOT / name))
    lines.extend(_listing(functions))
    return sha256("\n".join(lines).encode()).hexdigest()


def _listing(path: Path) -> Iterator[str]:
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file() and not NOT_SOURCES & set(file.parts):
            yield f"{file} {sha256(file.read_bytes()).hexdigest()}"
