"""The session fixture `local_cloud`: everything deployed once, on free ports, gone afterwards.

Register it once, in tests/conftest.py: `pytest_plugins = ["tests.support.local_cloud"]`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD


@pytest.fixture(scope="session")
def local_cloud() -> Iterator[Running]:
    """The deployed local stage: `url`, `client(service)`, `invoke(function, event)`, `outputs`."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with local_stage(port=0, folder=BUILD / "local-tests" / worker) as running:
        yield running
