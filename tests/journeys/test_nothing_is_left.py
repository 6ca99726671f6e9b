"""When the local cloud stops, no process of it stays: neither the emulator nor a function's worker."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.local.stage import local_stage

pytestmark = pytest.mark.journey


def test_no_process_is_left_behind(tmp_path: Path) -> None:
    with local_stage(port=0, folder=tmp_path) as running:
        running.invoke("tick", {})
        os.killpg(running.pid, 0)

    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
