"""A co-debtor's copy that could not go with the debtor's letter: written anew on the day it may."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain import copies
from sovinto.domain.case import Step
from sovinto.domain.debtor import CoDebtor
from sovinto.domain.letter import Letter
from sovinto.domain.parties import as_party
from sovinto.domain.policy import PolicyStep
from sovinto.domain.reach import channel_for
from sovinto.domain.timeline import Act
from sovinto.usecases.compose_letter import Occurrence, compose_letter
from sovinto.usecases.step_context import Draft, StepContext
from sovinto.usecases.step_copies import with_copy
from sovinto.usecases.step_messages import TEMPLATES, with_its_own


def send_copies(context: StepContext) -> Draft:
    """Every copy that may go now, each with what is owed today and no fee of its own.

    A copy whose permit is refused again waits on, and the step is a skip where none went. Raises
    LawMissing where a letter cannot be written.
    """
    draft = Draft(context.case)
    for party in copies.waiting(context.case):
        at = copies.due_at(party, context.facts, context.rules)
        if at is not None and at <= context.facts.now:
            draft = _with_late(draft, party, context)
    if draft.communications:
        record = context.record("performed", context.act.reason)
    else:
        record = context.record("skipped", "no_copy_may_go")
    return replace(draft, case=draft.case.with_step(record))


def _with_late(draft: Draft, party: CoDebtor, context: StepContext) -> Draft:
    step = Step(party.waits_for)
    planned, of = context.rules.policy.step(step), context.case.performed(step)
    if planned is None or of is None:
        raise ValueError("a copy waits only for a letter that was sent")
    then = replace(context.facts, case=copies.before(context.case, step))
    own = replace(context, facts=then, act=Act(step, context.act.reason))
    return with_copy(draft, party, _letter(party, planned, own), planned, own, of)


def _letter(party: CoDebtor, planned: PolicyStep, own: StepContext) -> Letter:
    """The debtor's letter as it would be written today."""
    case, rules, books = own.case, own.rules, own.facts.entries
    channel = channel_for(planned, as_party(case, party), rules, own.today)
    if channel is None:
        raise ValueError("a copy is due only where a channel leads to its reader")
    what = Occurrence(TEMPLATES[planned.step], own.today, channel, planned.letter)
    letter = compose_letter(case, books, own.client, own.sender, rules, what)
    return with_its_own(letter, own, books)
