"""The command line in the journeys, in this process, as people read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sovinto.cli import main

import infra.local.running
from infra.local import virtual_time
from infra.local.running import Running

Words = Callable[..., list[str]]


def command_line(
    running: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Words:
    """Its lines, each with white space made one; `code` is the exit code that is looked for."""
    monkeypatch.setattr(infra.local.running, "load", lambda: running)

    def say(*arguments: str, code: int = 0) -> list[str]:
        assert main(list(arguments)) == code
        shown = capsys.readouterr()
        virtual_time.until_quiet(running)
        return [" ".join(line.split()) for line in (shown.err if code else shown.out).splitlines()]

    return say
