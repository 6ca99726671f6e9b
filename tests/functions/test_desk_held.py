"""The desk about held bank files: who may, and what the answers show."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sovinto.entry import desk_held
from sovinto.entry.desk import read_request
from sovinto.entry.desk_rights import Rights
from sovinto.errors import InvalidInput, NotAllowed

from tests.functions.stage import Stage
from tests.support.aws import client
from tests.support.held import DAY, a_second_zero_day, deliver, held, run
from tests.support.people import COLLECTORS
from tests.support.statements import camt053, line
from tests.support.world import World


def ask(world: World, action: str, by: str = "col_1", **given: Any) -> Any:
    request = read_request({"action": action, "by": by, **given}, desk_held.REQUESTS)
    Rights(COLLECTORS, world.cases, world.clients, world.orders, world.book).check_right(request)
    means = desk_held.Means(world.agency, world.bank, world.book, world.cases, world.clock)
    return desk_held.act(request, means)


def test_what_is_held_is_listed_and_looked_at() -> None:
    world = World()
    a_second_zero_day(world)
    (listed,) = ask(world, "held_files")["held_files"]
    assert (listed["name"], listed["days"], listed["may_be_overruled"]) == ("second.xml", 0, True)
    assert [reason["code"] for reason in listed["reasons"]] == ["told_by_other_names"]
    assert listed["sums"][0]["credits"] == {"minor": 4_500, "currency": "EUR"}
    now = ask(world, "look_at_file", digest=listed["digest"])["now"]
    assert (now["lines_to_post"], now["alike"], now["may_be_released"]) == (2, 0, True)
    assert now["sums_to_post"] == [{"minor": 0, "currency": "EUR"}]


def test_two_people_release_it() -> None:
    world = World()
    a_second_zero_day(world)
    named = {"digest": held(world).digest}
    assert ask(world, "ask_file_release", **named, reason="two of a day")["held_file"]["state"] == (
        "release_asked"
    )
    told = ask(world, "release_file", "col_2", **named)["held_file"]
    assert (told["asked_by"], told["released_by"]) == ("col_1", "col_2")
    assert run(world) == {"suspense": 2}


def test_it_is_retried_or_rejected() -> None:
    world = World()
    deliver(world, camt053(line(100, on=DAY), change=5))
    named = {"digest": held(world).digest}
    assert ask(world, "retry_file", **named)["held_file"]["state"] == "retried"
    run(world)
    done = ask(world, "reject_file", **named, reason="wrong day")["held_file"]
    assert (done["state"], done["rejected_by"], done["why"]) == ("rejected", "col_1", "wrong day")


def of_files(action: str) -> dict[str, Any]:
    reason = {"reason": "so it is"} if action != "release_file" else {}
    return {"action": action, "by": "col_1", "digest": "0" * 64, **reason}


@pytest.mark.parametrize("action", ["ask_file_release", "release_file", "reject_file"])
def test_only_who_is_named_for_it_releases_and_rejects(action: str) -> None:
    world = World()
    others = tuple(replace(one, may_release=False) for one in COLLECTORS)
    request = read_request(of_files(action), desk_held.REQUESTS)
    Rights(COLLECTORS, world.cases, world.clients, world.orders, world.book).check_right(request)
    with pytest.raises(NotAllowed, match="may_release"):
        Rights(others, world.cases, world.clients, world.orders, world.book).check_right(request)


@pytest.mark.parametrize("digest", ["day.xml", "0" * 12, "../x", "A" * 64])
def test_a_file_is_named_by_its_whole_digest(digest: str) -> None:
    with pytest.raises(InvalidInput, match="digest"):
        read_request({"action": "retry_file", "by": "col_1", "digest": digest}, desk_held.REQUESTS)


def test_the_functions_do_it(stage: Stage) -> None:
    data = camt053(line(100, on=DAY, payer="Tiina Testinen"), change=5)
    client("s3").put_object(Bucket="bank", Key="inbox/day.xml", Body=data)
    assert stage.call("import_statement", {})["held"] == 1
    (listed,) = stage.call("desk", {"action": "held_files", "by": "col_1"})["held_files"]
    named = {"by": "col_1", "digest": listed["digest"]}
    now = stage.call("desk", {"action": "look_at_file", **named})["now"]
    assert [reason["code"] for reason in now["reasons"]] == ["balance_chain"]
    refused = stage.call("desk", {"action": "ask_file_release", **named, "reason": "it is right"})
    assert (refused["outcome"], refused["code"]) == ("refused", "not_allowed")
    assert stage.call("desk", {"action": "reject_file", **named, "reason": "no"})["outcome"] == "done"
    assert stage.call("import_statement", {})["files"] == 0
    names = [o["Key"] for o in client("s3").list_objects_v2(Bucket="bank")["Contents"]]
    assert [name.split("/")[0] for name in names] == ["rejected", "rejected"]
    assert "Tiina" not in json.dumps(stage.relay())
