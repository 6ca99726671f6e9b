"""Webhooks: signed, repeated until taken, held back and sent again on order."""

from __future__ import annotations

import json
import threading

import pytest
from sovinto.formats.webhook_signature import verify

from infra.local.sandbox.schedule import Schedule
from infra.local.sandbox.webhooks import Retry, Webhooks, post_by_http
from tests.support.sandbox_by_hand import SECRET, START, SandboxByHand


@pytest.fixture
def world() -> SandboxByHand:
    return SandboxByHand()


def only_event(world: SandboxByHand) -> dict[str, object]:
    (event,) = world.ask("GET", "/test/events")["events"]
    assert isinstance(event, dict)
    return event


def test_every_webhook_proves_itself(world: SandboxByHand) -> None:
    world.paid()
    world.types()
    event, header = world.got[0]
    verify(SECRET, header, json.dumps(event).encode(), now=START)
    assert only_event(world)["event"] == event


def test_a_webhook_is_repeated_with_longer_waits_until_it_is_taken(world: SandboxByHand) -> None:
    world.answers = [500, 0, 302]
    world.paid()
    for seconds, received in ((0, 1), (0.9, 1), (0.1, 2), (1.9, 2), (0.1, 3), (3.9, 3), (0.1, 4), (999, 4)):
        world.schedule.advance(seconds)
        assert len(world.got) == received
    assert only_event(world)["statuses"] == [500, 0, 302, 200]
    assert len({event["id"] for event, _ in world.got}) == 1
    assert len({header for _, header in world.got}) > 1


def test_a_receiver_that_never_answers_is_given_up(world: SandboxByHand) -> None:
    world.answers = [500] * 100
    world.paid()
    world.schedule.advance(10_000)
    event = only_event(world)
    assert (event["delivered"], event["given_up"], len(world.got)) == (0, 1, 5)


def test_an_event_can_be_sent_again_and_again(world: SandboxByHand) -> None:
    world.paid()
    event_id = only_event(world)["id"]
    assert world.ask("POST", "/test/redeliver", {"event_id": event_id, "times": 3}) == {"queued": 3}
    assert world.types() == ["checkout.session.completed"] * 4
    assert only_event(world)["delivered"] == 4
    assert world.refused("POST", "/test/redeliver", {"event_id": "evt_none"}) == (404, "not_found")
    assert world.refused("POST", "/test/redeliver", {"event_id": event_id, "times": 0})[0] == 422


def test_late_webhooks_come_in_their_order_once_released(world: SandboxByHand) -> None:
    world.ask("POST", "/test/hold", {"on": True})
    world.paid()
    world.ask("POST", "/v1/payouts")
    world.schedule.advance(86_400)
    assert world.got == []
    assert len(world.ask("GET", "/test/events")["events"]) == 2
    world.ask("POST", "/test/hold", {"on": False})
    assert world.types() == ["checkout.session.completed", "payout.paid"]
    assert world.refused("POST", "/test/hold", {"on": "yes"})[0] == 422


def test_settling_tells_how_many_are_on_their_way(world: SandboxByHand) -> None:
    world.paid()
    assert world.ask("POST", "/test/settle", {"timeout_seconds": 0}) == {"pending": 1}
    world.schedule.advance()
    assert world.ask("POST", "/test/settle") == {"pending": 0}


def test_without_an_address_events_are_only_recorded() -> None:
    schedule = Schedule()
    webhooks = Webhooks(None, SECRET, schedule=schedule, clock=lambda: START)
    webhooks.publish("payout.paid", START, {"id": "po_1"})
    assert webhooks.settle(0) == 0
    assert [event["delivered"] for event in webhooks.events()] == [0]
    schedule.close()


def test_waits_double_up_to_the_longest() -> None:
    retry = Retry(first_seconds=1, longest_seconds=10)
    assert [retry.wait(failures) for failures in range(1, 7)] == [1, 2, 4, 8, 10, 10]


def test_the_real_schedule_runs_what_is_due_in_order_and_survives_a_broken_action(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schedule = Schedule()
    ran: list[str] = []
    done = threading.Event()

    def broken() -> None:
        raise ValueError("broken on purpose")

    schedule.after(0.02, lambda: ran.append("later"))
    schedule.after(0.03, done.set)
    schedule.after(0, broken)
    schedule.after(0.01, lambda: ran.append("sooner"))
    schedule.after(3600, lambda: ran.append("never"))
    assert done.wait(timeout=10)
    schedule.close()
    assert ran == ["sooner", "later"]
    assert "broken on purpose" in capsys.readouterr().err


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "nonsense", "ftp://127.0.0.1:1/"])
def test_nobody_there_counts_as_status_zero(url: str) -> None:
    assert post_by_http(url, b"{}", {}) == 0
