from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.functions.stage import Stage, stage_in_memory


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with stage_in_memory(monkeypatch) as made:
        yield made
