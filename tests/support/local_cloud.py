"""The session fixture `local_cloud`: everything deployed once, on free ports, gone afterwards.

Register it once, in tests/conftest.py: `pytest_plugins = ["tests.support.local_cloud"]`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD

T = TypeVar("T")


@pytest.fixture(scope="session")
def local_cloud() -> Iterator[Running]:
    """The deployed local stage: `url`, `client(service)`, `invoke(function, event)`, `outputs`."""
    # Sessions that run side by side have a name each (Makefile).
    session = os.environ.get("SOVINTO_SESSION", "main")
    with local_stage(port=0, folder=BUILD / "local-tests" / session) as running:
        yield running


def eventually(look: Callable[[], T | None], seconds: float = 20) -> T:
    """The first answer of `look` that is not None or empty. Fails the test when none comes in time."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        pause.wait(0.05)
    pytest.fail(f"nothing came within {seconds} seconds")
