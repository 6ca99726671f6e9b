"""What a step handler works with, and what it wants stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain.agency import Agency
from sovinto.domain.case import Case, StepRecord
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication, Permit
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.ledger import Entry
from sovinto.domain.letter import Letter
from sovinto.domain.posting import Occasion
from sovinto.domain.timeline import Act
from sovinto.ids import CommunicationId, derived


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs, the secret behind access codes, and where the debtor's page is."""

    agency: Agency
    code_secret: bytes
    page_url: str


@dataclass(frozen=True, slots=True)
class StepContext:
    """`act` is the decision being carried out; `occasion` names the change that will be stored."""

    facts: Facts
    rules: Rules
    act: Act
    occasion: Occasion
    client: Client
    sender: Sender

    @property
    def case(self) -> Case:
        return self.facts.case

    @property
    def today(self) -> date:
        return self.facts.today(self.rules)

    def record(self, outcome: str, reason: str = "") -> StepRecord:
        return StepRecord(
            self.act.step,
            self.facts.now,
            self.today,
            outcome,
            reason,
            instalment=self.act.instalment,
            event_id=self.occasion.event_id,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """The case as the step leaves it, with everything that is stored beside it."""

    case: Case
    entries: Sequence[Entry] = ()
    communications: Sequence[Communication] = ()
    events: Sequence[Event] = ()


def case_event(context_case: Case, occasion: Occasion, kind: str, **data: str) -> Event:
    """An event about a case; several kinds of one occasion get ids of their own."""
    return Event(
        event_id=type(occasion.event_id)(derived("evt", occasion.event_id, kind)),
        type=kind,
        version=1,
        occurred_at=occasion.at,
        subject_kind="case",
        subject_id=context_case.case_id,
        client_id=context_case.client_id,
        data=tuple(sorted(data.items())),
    )


def communicate(
    case: Case,
    occasion: Occasion,
    *,
    channel: Channel,
    template: str,
    permit: Permit | None = None,
    letter: Letter | None = None,
    audience: str = "debtor",
    to: str | None = None,
    language: str | None = None,
    facts: tuple[tuple[str, str], ...] = (),
) -> tuple[Communication, Event]:
    """The intent to send, and the event that gets it sent."""
    item = Communication(
        communication_id=CommunicationId(derived("com", occasion.event_id, template, channel.value)),
        case_id=case.case_id,
        client_id=case.client_id,
        audience=audience,
        channel=channel,
        template=template,
        language=language or case.debtor.language,
        planned_at=occasion.at,
        to=to if to is not None else address_of(case, channel),
        permit=permit,
        letter=letter,
        facts=facts,
        event_id=occasion.event_id,
    )
    kind = "call.planned" if channel is Channel.CALL else "communication.planned"
    data = {"communication_id": item.communication_id, "template": template}
    event = case_event(case, occasion, kind, **data)
    return item, event


def address_of(case: Case, channel: Channel) -> str:
    """Where the channel reaches the debtor; empty for post, which uses the letter's own address."""
    if channel is Channel.EMAIL:
        return case.debtor.email or ""
    return case.debtor.phone or "" if channel in (Channel.SMS, Channel.CALL) else ""
