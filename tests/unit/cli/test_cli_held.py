"""`sovinto held`: each verb is one request of the desk; people read sums, reasons and ages."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.cli import held
from sovinto.entry import desk_held

from tests.functions.test_desk_held import ask
from tests.support.held import DAY, a_second_zero_day, deliver
from tests.support.held import held as held_file
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.cli.conftest import Sovinto

DIGEST = "0" * 64


class Desk:
    """Answers from a world with one held file, or else only remembers."""

    asked: dict[str, Any]
    world: World | None = None
    prefix = "sovinto-fi-local"

    def invoke(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        assert name == "desk"
        self.asked = event
        if event["by"] == "col_9":
            return {"outcome": "refused", "message": "by must be a collector", "field": "by"}
        if self.world is None:
            return {
                "outcome": "done",
                "held_files": [],
                "held_file": {"digest": DIGEST, "state": "retried"},
            }
        return {"outcome": "done", **ask(self.world, **event)}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(held, "running_cloud", lambda: made)
    return made


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["list"], {"action": "held_files"}),
        (["look", DIGEST], {"action": "look_at_file", "digest": DIGEST}),
        (["retry", DIGEST], {"action": "retry_file", "digest": DIGEST}),
        (
            ["ask", DIGEST, "--reason", "two of a day"],
            {"action": "ask_file_release", "digest": DIGEST, "reason": "two of a day", "alike": 0},
        ),
        (
            ["release", DIGEST, "--alike", "2"],
            {"action": "release_file", "digest": DIGEST, "alike": 2},
        ),
        (
            ["reject", DIGEST, "--reason", "wrong"],
            {"action": "reject_file", "digest": DIGEST, "reason": "wrong"},
        ),
    ],
)
def test_each_verb_is_one_request(
    sovinto: Sovinto, desk: Desk, words: list[str], asked: dict[str, Any]
) -> None:
    done = sovinto("held", *words, "--by", "col_1", "--json")
    assert (done.code, done.json["outcome"]) == (0, "done")
    assert desk.asked == {"by": "col_1", **asked}
    assert asked["action"] in desk_held.REQUESTS


def test_people_see_what_it_is_and_what_a_release_would_post(sovinto: Sovinto, desk: Desk) -> None:
    desk.world = World()
    a_second_zero_day(desk.world)
    digest = held_file(desk.world).digest
    listed = sovinto("held", "list", "--by", "col_1").out
    assert f"{digest}  held since" in listed
    assert "2 lines, in 45.00 EUR, out -45.00 EUR, balances 10000.00 EUR to 10000.00 EUR" in listed
    looked = sovinto("held", "look", digest, "--by", "col_1").out
    assert "0 lines are in the books, 2 are not (0.00 EUR)" in looked
    assert "two people may release it (--alike 0)" in looked
    sovinto("held", "ask", digest, "--reason", "two of a day", "--by", "col_1")
    assert "col_1 asks for its release" in sovinto("held", "list", "--by", "col_2").out
    released = sovinto("held", "release", digest, "--by", "col_2").out
    assert "the next run of import_statement brings it in" in released


def test_of_a_file_that_contradicts_itself_no_lines_are_counted(sovinto: Sovinto, desk: Desk) -> None:
    desk.world = World()
    assert deliver(desk.world, camt053(line(3_000, on=DAY), change=1)) == {"held": 1}
    looked = sovinto("held", "look", held_file(desk.world).digest, "--by", "col_1").out
    assert "in the books" not in looked
    assert looked.endswith("nobody may release it: retry it once the cause is mended, or reject it\n")


def test_nothing_held_is_said(sovinto: Sovinto, desk: Desk) -> None:
    assert "no bank file is held" in sovinto("held", "list", "--by", "col_1").out
    assert desk.asked["action"] == "held_files"


def test_a_refusal_is_the_desks_own_sentence(sovinto: Sovinto, desk: Desk) -> None:
    assert "by must be a collector" in sovinto("held", "list", "--by", "col_9").refusal
    assert desk.asked["by"] == "col_9"


@pytest.mark.parametrize("words", [["list"], ["look", DIGEST]])
def test_who_only_looks_need_not_say_who_they_are(sovinto: Sovinto, desk: Desk, words: list[str]) -> None:
    sovinto("held", *words, "--json")
    assert desk.asked["by"] == "col_fi_1"
    assert sovinto("held", "retry", DIGEST).code == 2
    assert "must name a collector" in sovinto("held", "list", "--by", "").refusal
