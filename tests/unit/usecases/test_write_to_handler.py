"""What a client writes is kept on its case; and what the client's page tells of a life."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Case
from sovinto.entry.client_case import case_model
from sovinto.entry.client_timeline import timeline_of
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import ClientId
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.write_to_handler import write_to_handler

from tests.support.world import World


def write(world: World, case: Case, text: str, client_id: str = "") -> Case:
    by = ClientId(client_id or case.client_id)
    return write_to_handler(case.case_id, text, client_id=by, cases=world.cases, clock=world.clock)


def test_a_message_is_kept_and_wakes_nobody() -> None:
    world = World()
    case = world.place()
    before = world.wakes.of(case.case_id).wake_at
    newer = write(world, case, " Hello.\r\nBye. ")
    assert [item.text for item in newer.client_messages] == ["Hello.\nBye."]
    assert write(world, case, "Hello.\nBye.") == newer
    assert world.wakes.of(case.case_id).wake_at == before
    assert world.cases.load(case.case_id) == newer


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_a_message_has_bounds(text: str) -> None:
    world = World()
    with pytest.raises(InvalidInput, match="1 to 2000 characters"):
        write(world, world.place(), text)


def test_a_case_of_somebody_else_takes_no_message() -> None:
    world = World()
    with pytest.raises(NotFound):
        write(world, world.place(), "Hello.", "cli_other")


def test_there_is_an_end_to_messages() -> None:
    world = World()
    case = world.place()
    for number in range(20):
        write(world, case, f"message {number}")
    with pytest.raises(RuleRefused, match="20 messages"):
        write(world, case, "one more")


def test_the_page_tells_every_step_with_what_it_sent() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 40)
    file = world.cases.file(case.case_id)
    rules = rules_for(file.case)
    lines = timeline_of(file, rules)
    assert [line["on"] for line in lines] == sorted((line["on"] for line in lines), reverse=True)
    assert lines[-1]["what"] == "placed"
    (reminder,) = [line for line in lines if (line["what"], line["detail"]) == ("step", "send_reminder")]
    assert ("email", "sent") in reminder["messages"] or ("post", "sent") in reminder["messages"]
    today = world.clock.now().date()
    model = case_model(file, rules, world.wakes.of(case.case_id), owner="", today=today)
    assert sum(amount.minor for _, amount in model["classes"]) == model["total"].minor
    assert sum(line.amount.minor for line in model["lines"]) == model["total"].minor
