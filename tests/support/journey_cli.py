"""The agency's people at the command line, on the running stage, and what a person reads there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import pytest
from sovinto.cli import main
from sovinto.entry.settings import ALL

from infra.local.running import Running
from tests.support.journey_provider import configure, environment

ONE, OTHER, THIRD = "col_fi_1", "col_fi_2", "col_fi_3"
"""Of the example agency: the third may not release money."""
MONEY = ("import_statement", "pay_clients", "desk")
"""Functions that move money by the agency's settings."""


@dataclass(frozen=True, slots=True)
class Sovinto:
    """`sovinto ...` with its words kept for the test."""

    running: Running
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> str:
        """What a command that is done prints."""
        status, out, err = self._run(arguments)
        assert status == 0, err
        return out

    def refused(self, *arguments: str) -> str:
        """The sentence with which a command is refused."""
        status, _, err = self._run(arguments)
        assert status == 1
        return err

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments))

    def prove(self) -> str:
        """What the proof says of books that hold; the nightly function comes to the same."""
        words = self("prove")
        done = self.running.invoke("prove_books", {})
        assert done["books_broken"] == 0
        assert done["books_unchecked"] == words.count("not checked: ")
        assert words.rstrip().endswith("the books hold")
        return words

    def _run(self, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        self.capsys.readouterr()
        status = main(arguments)
        said = self.capsys.readouterr()
        return status, said.out, said.err


@contextmanager
def agency_of(running: Running, **changed: str) -> Iterator[None]:
    """The stage with other settings of its agency, as `infra/agencies` would give them, for a while."""
    assert all("agency" in {field.name for field in fields(one)} for one in ALL if one.function in MONEY)
    before = {name: environment(running, name) for name in MONEY}
    try:
        for name, given in before.items():
            agency = json.dumps({**json.loads(given["AGENCY"]), **changed}, ensure_ascii=False)
            configure(running, name, {**given, "AGENCY": agency})
        yield
    finally:
        for name, given in before.items():
            configure(running, name, given)
