"""The command line in this process: exit code, standard output, standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sovinto.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The one sentence of a refusal: exit code 1, nothing on standard output."""
        assert (self.code, self.out) == (1, "")
        lines = self.err.splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("sovinto: ")
        return lines[0]


Sovinto = Callable[..., Done]


@pytest.fixture
def sovinto(capsys: pytest.CaptureFixture[str]) -> Sovinto:
    def run(*arguments: object) -> Done:
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as wrong_usage:
            code = int(wrong_usage.code or 0)
        shown = capsys.readouterr()
        return Done(code, shown.out, shown.err)

    return run
