"""A message leaves once; what happens when the process or the provider dies at each point."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.errors import NotFound, OutcomeUnknown, StaleVersion, UpstreamRefused, UpstreamUnavailable
from sovinto.ids import CommunicationId
from sovinto.ports import Wording
from sovinto.rendering.press import SovintoPress

from tests.support.outside import MemoryFiles, PlainPress
from tests.support.race import RacingTable
from tests.support.world import World


def with_reminder(world: World, **debtor: object) -> Communication:
    case = world.place(**debtor)
    world.drive(case.case_id)
    (item,) = world.messages(case.case_id, "reminder")
    return item


def again(world: World, item: Communication) -> Communication:
    return world.cases.communication(item.case_id, item.communication_id)


def send(world: World, item: Communication) -> SendingState:
    return world.send(item.case_id, item.communication_id)


def test_what_was_sent_is_kept_as_sent() -> None:
    world = World()
    item = with_reminder(world)
    world.clock.advance(minutes=5)
    assert send(world, item) is SendingState.SENT
    kept = again(world, item)
    (mail,) = world.mailer.sent
    assert (kept.subject, kept.text, kept.provider_id) == (mail.subject, mail.text, "mail-1")
    assert kept.sent_at == world.clock.now()
    assert mail.reference == item.communication_id
    assert world.documents.read(kept.document_key) == mail.attachments[0].data


def test_delivered_twice_by_the_queue_it_leaves_once() -> None:
    world = World()
    item = with_reminder(world)
    assert [send(world, item) for _ in range(3)] == [SendingState.SENT] * 3
    assert len(world.mailer.sent) == 1


def test_an_unavailable_provider_is_asked_again() -> None:
    world = World()
    item = with_reminder(world)
    world.mailer.failure = UpstreamUnavailable("SES is busy")
    with pytest.raises(UpstreamUnavailable):
        send(world, item)
    assert again(world, item) == item, "given back as it was"
    world.mailer.failure = None
    assert send(world, item) is SendingState.SENT


def test_a_refusal_is_final_and_says_why() -> None:
    world = World()
    item = with_reminder(world)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    assert send(world, item) is SendingState.FAILED
    world.mailer.failure = None
    assert send(world, item) is SendingState.FAILED
    assert again(world, item).reason == "no such mailbox"
    assert world.mailer.sent == []


def test_an_unknown_outcome_is_parked_never_resent() -> None:
    """The process died between the provider and our record: somebody must look it up."""
    world = World()
    item = with_reminder(world)
    world.mailer.failure = RuntimeError("the lights went out")
    with pytest.raises(RuntimeError):
        send(world, item)
    world.mailer.failure = None
    for _ in range(2):
        with pytest.raises(OutcomeUnknown, match=item.communication_id):
            send(world, item)
    assert again(world, item).state is SendingState.SENDING
    assert world.mailer.sent == []
    assert item.communication_id in {i.communication_id for i in world.sendings.pending()}


class BrokenPress(PlainPress):
    def words(self, *_: object) -> Wording:
        raise KeyError("the template lacks a field")


class BrokenFiles(MemoryFiles):
    def write(self, key: str, data: bytes, content_type: str) -> None:
        raise OSError(f"no room for {key}")


@pytest.mark.parametrize(
    ("broken", "failure"), [({"press": BrokenPress()}, KeyError), ({"documents": BrokenFiles()}, OSError)]
)
def test_what_fails_before_the_provider_gives_the_message_back(
    broken: dict[str, object], failure: type[Exception]
) -> None:
    world = World()
    item = with_reminder(world)
    whole = world.outlets
    world.outlets = replace(whole, **broken)  # type: ignore[arg-type]
    with pytest.raises(failure):
        send(world, item)
    assert again(world, item) == item
    world.outlets = whole
    assert send(world, item) is SendingState.SENT


def test_two_changes_that_meet_do_not_lose_the_message() -> None:
    """The claim met another transaction of the case: the queue must deliver the message again."""
    table = RacingTable()
    world = World(table=table)
    item = with_reminder(world)

    def met() -> None:
        raise StaleVersion("two changes met")

    table.before = [met]
    with pytest.raises(UpstreamUnavailable):
        send(world, item)
    assert send(world, item) is SendingState.SENT


def test_a_letter_by_post_is_a_file_for_the_printer() -> None:
    world = World()
    item = with_reminder(world, email=None)
    assert send(world, item) is SendingState.SENT
    kept = again(world, item)
    assert kept.document_key == f"post/2026-01-05/{item.communication_id}.pdf"
    assert kept.provider_id == f"print:{item.communication_id}"
    assert world.mailer.sent == []


def test_a_call_is_for_a_person() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 33)
    (task,) = [i for i in world.cases.communications(case.case_id) if i.channel is Channel.CALL]
    assert send(world, task) is SendingState.PLANNED


def test_an_unknown_message_is_not_found() -> None:
    world = World()
    case = world.place()
    with pytest.raises(NotFound):
        world.send(case.case_id, CommunicationId("com_none"))


def test_every_message_of_a_case_has_words_in_every_language() -> None:
    """With the real press: no template lacks a field on its way through the use cases."""
    for language in ("fi", "sv", "en"):
        world = World(press=SovintoPress())
        case = world.place(language=language)
        world.live(case.case_id, 60)
        states = {i.template: i.state for i in world.cases.communications(case.case_id)}
        assert states.pop("call_task") is SendingState.PLANNED
        assert set(states.values()) == {SendingState.SENT}
        assert set(states) == {"case_receipt", "reminder", "reminder_sms", "demand", "plan_offer"}
        assert all(mail.subject and mail.text for mail in world.mailer.sent)
