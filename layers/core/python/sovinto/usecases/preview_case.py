"""The preview of a case: the very handlers of the steps, with nothing stored and nothing sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.contacts import ledger_scope
from sovinto.domain.facts import Contact, Facts, Rules
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.placement import Placement
from sovinto.domain.posting import Occasion
from sovinto.domain.posting import placement as placement_entries
from sovinto.domain.preview import Perform, Performed, Preview, preview
from sovinto.domain.timeline import Act
from sovinto.ids import CaseId
from sovinto.ports import Cases
from sovinto.usecases.case_file import facts_of, rules_for
from sovinto.usecases.contact_ledger import contact_guards
from sovinto.usecases.perform_step import drafted
from sovinto.usecases.place_case import reference_of
from sovinto.usecases.step_context import Sender, StepContext


def preview_case(
    case_id: CaseId, *, client: Client, sender: Sender, cases: Cases, at: datetime, days: int
) -> Preview:
    """What happens to a stored case in the `days` from `at` (aware). Raises NotFound, LawMissing."""
    facts, rules = facts_of(case_id, cases, at)
    return preview(facts, rules, performer(client, sender), until=at + timedelta(days=days))


def preview_placement(
    placement: Placement, *, name: str, client: Client, sender: Sender, at: datetime, days: int
) -> Preview:
    """What would happen to a case that is handed over at `at` (aware). Raises LawMissing.

    `name` tells it from other cases of one file; it is no id of a stored case.
    """
    case = case_if_placed(placement, name=name, client=client, at=at)
    occasion = Occasion.of_case(replace(case, version=0), at)
    facts = Facts(case, placement_entries(case, occasion), (), at)
    return preview(facts, rules_for(case), performer(client, sender), until=at + timedelta(days=days))


def case_if_placed(placement: Placement, *, name: str, client: Client, at: datetime) -> Case:
    """The case as placing it would make it: law, policy and reference of its country and day."""
    pack, today = load_pack(client.country), load_calendar(client.country).local_date(at)
    debtor_type = placement.debtor.debtor_type
    policy = load_policy(client.country, debtor_type, on=today, segment=client.segment)
    schemes = reference_schemes(pack, debtor_type=debtor_type, on=today)
    case_id = CaseId(f"case_preview{name}")
    return Case(
        case_id=case_id,
        client_id=client.client_id,
        client_reference=placement.client_reference,
        country=client.country,
        currency=placement.currency,
        debtor=placement.debtor,
        claims=placement.claims,
        payment_reference=reference_of(case_id, schemes.preferred),
        link_id=f"lnk_preview{name}",
        policy_id=policy.policy_id,
        placed_at=at,
        version=1,
    )


def performer(client: Client, sender: Sender) -> Perform:
    """Carries a step out as `perform_step` does, up to the point where that would store it."""

    def perform(facts: Facts, rules: Rules, act: Act) -> Performed:
        occasion = Occasion.of_case(facts.case, facts.now)
        draft = drafted(StepContext(facts, rules, act, occasion, client, sender))
        newer = replace(draft.case, version=facts.case.version + 1)
        told = [item for item in draft.communications if item.audience == "debtor"]
        own = tuple(Contact(item.channel, facts.today(rules)) for item in told if item.permit is not None)
        after = replace(
            facts,
            case=newer,
            entries=(*facts.entries, *draft.entries),
            contacts=(*facts.contacts, *own),
            ledger=(*facts.ledger, *_noted(facts, rules, told)) if facts.ledger is not None else None,
        )
        record = newer.steps[-1]
        channel = told[0].channel if told else None
        return Performed(after, tuple(draft.entries), record.outcome, record.reason, channel)

    return perform


def _noted(facts: Facts, rules: Rules, told: Sequence[Communication]) -> tuple[Contact, ...]:
    """What the step would write into the ledgers of its people, read back as later steps would."""
    made = []
    for guard in contact_guards(facts, rules, told):
        key, channel = guard.scope.removeprefix(ledger_scope("")), guard.payload.partition("|")[0]
        number = int(guard.key.rpartition("#")[2])
        made.append(Contact(Channel(channel), facts.today(rules), key, number))
    return tuple(made)
