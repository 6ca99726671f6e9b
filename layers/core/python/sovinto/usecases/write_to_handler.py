"""The client writes to the handler of its case; the desk reads it with the case."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.case import Case
from sovinto.domain.client_message import MOST_MESSAGES, MOST_TEXT, ClientMessage
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import CaseId, ClientId, derived
from sovinto.ports import Cases, Change, Clock
from sovinto.usecases.hold_case import check_owner
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event


def write_to_handler(
    case_id: CaseId, text: str, *, client_id: ClientId, cases: Cases, clock: Clock
) -> Case:
    """The case with the message, also where it is closed; sent twice in a row, it is one message.

    Nothing of the timeline changes. Raises NotFound where it is not the client's case, InvalidInput for
    an empty or too long text, RuleRefused after MOST_MESSAGES messages.
    """
    said = checked_text(text)

    def once() -> Case:
        case = cases.load(case_id)
        check_owner(case, client_id)
        if case.client_messages and case.client_messages[-1].text == said:
            return case
        if len(case.client_messages) >= MOST_MESSAGES:
            raise RuleRefused(
                f"the case holds {MOST_MESSAGES} messages, which is the most; call us", field="text"
            )
        return _store(case, said, client_id, cases, clock)

    return with_fresh_read(once)


def checked_text(text: str) -> str:
    """Without white space around it; one kind of line end. Raises InvalidInput."""
    said = "\n".join(text.strip().splitlines())
    if not 0 < len(said) <= MOST_TEXT:
        raise InvalidInput(f"text must be 1 to {MOST_TEXT} characters; shorten your message", field="text")
    return said


def _store(case: Case, said: str, client_id: ClientId, cases: Cases, clock: Clock) -> Case:
    occasion = Occasion.of_case(case, clock.now())
    message = ClientMessage(derived("msg", occasion.event_id), occasion.at, client_id, said)
    messages = (*case.client_messages, message)
    newer = replace(case, client_messages=messages, version=case.version + 1)
    event = case_event(case, occasion, "case.message_received", message_id=message.message_id)
    cases.commit(Change(case=newer, events=(event,)))
    return newer
