"""Two versions of a dunning policy side by side: what was added, removed, moved and changed, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum

from sovinto.countries.words import shown
from sovinto.domain.case import Step
from sovinto.domain.debtor import DebtorType
from sovinto.domain.policy import PlanLimits, Policy, PolicyStep

_TOLD_ELSEWHERE = frozenset({"step", "debtor_types"})
_OF_THE_VERSION = frozenset(
    {"policy_id", "version", "country", "debtor_type", "valid_from", "steps", "plan"}
)


class PolicyChangeKind(StrEnum):
    STEP_ADDED = "step_added"
    STEP_REMOVED = "step_removed"
    STEP_MOVED = "step_moved"
    STEP_CHANGED = "step_changed"
    LIMIT_CHANGED = "limit_changed"


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One difference for one kind of debtor. `about` is a step or a limit; `old` and `new` in words,
    empty where there is none."""

    debtor_type: DebtorType
    kind: PolicyChangeKind
    about: str
    field: str
    old: str
    new: str

    @property
    def words(self) -> str:
        """The change as one line."""
        name = self.field.replace("_", " ")
        match self.kind:
            case PolicyChangeKind.STEP_ADDED:
                return f"step {self.about} is added {self.new}"
            case PolicyChangeKind.STEP_REMOVED:
                return f"step {self.about} is removed; it came {self.old}"
            case PolicyChangeKind.STEP_MOVED:
                return f"step {self.about} moves: it came {self.old} and now comes {self.new}"
            case PolicyChangeKind.STEP_CHANGED:
                return f"step {self.about}: {name} {self.old or 'none'} becomes {self.new or 'none'}"
            case PolicyChangeKind.LIMIT_CHANGED:
                return f"limit {name}: {self.old or 'none'} becomes {self.new or 'none'}"


def policy_changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Everything that is different for one kind of debtor: steps in the order of `after`, then limits."""
    return (
        *_removed(before, after),
        *_added_and_moved(before, after),
        *_changed(before, after),
        *_limits(before, after),
    )


def _removed(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    for item in before.steps:
        if after.step(item.step) is None:
            place = _place(before, item.step)
            yield _change(before, PolicyChangeKind.STEP_REMOVED, item.step.value, old=place)


def _added_and_moved(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    kept = _in_same_order(before, after)
    for item in after.steps:
        place, name = _place(after, item.step), item.step.value
        if before.step(item.step) is None:
            yield _change(after, PolicyChangeKind.STEP_ADDED, name, new=f"{place} ({_when(item)})")
        elif item.step not in kept:
            old = _place(before, item.step)
            yield _change(after, PolicyChangeKind.STEP_MOVED, name, old=old, new=place)


def _in_same_order(before: Policy, after: Policy) -> set[Step]:
    """The longest row of steps that both have in the same order: the others have moved."""
    both = [item.step for item in before.steps if after.step(item.step) is not None]
    later = [item.step for item in after.steps if before.step(item.step) is not None]
    blocks = SequenceMatcher(None, both, later, autojunk=False).get_matching_blocks()
    return {step for block in blocks for step in both[block.a : block.a + block.size]}


def _changed(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    for new in after.steps:
        old = before.step(new.step)
        if old is None:
            continue
        for name in (item.name for item in fields(PolicyStep) if item.name not in _TOLD_ELSEWHERE):
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                kind = PolicyChangeKind.STEP_CHANGED
                yield _change(after, kind, new.step.value, name, told(was), told(now))


def _limits(before: Policy, after: Policy) -> Iterator[PolicyChange]:
    names = [item.name for item in fields(Policy) if item.name not in _OF_THE_VERSION]
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in names]
    pairs += [
        (f"plan_{item.name}", getattr(before.plan, item.name), getattr(after.plan, item.name))
        for item in fields(PlanLimits)
    ]
    for name, was, now in pairs:
        if was != now:
            yield _change(after, PolicyChangeKind.LIMIT_CHANGED, name, name, told(was), told(now))


def _change(
    policy: Policy, kind: PolicyChangeKind, about: str, field: str = "", old: str = "", new: str = ""
) -> PolicyChange:
    return PolicyChange(policy.debtor_type, kind, about, field, old, new)


def _place(policy: Policy, step: Step) -> str:
    order = [item.step for item in policy.steps]
    at = order.index(step)
    return f"after {order[at - 1].value}" if at else "first"


def _when(item: PolicyStep) -> str:
    """All that an added step brings with it."""
    parts = (
        f"{item.wait_days} days after {item.after.value}",
        f"by {' or '.join(channel.value for channel in item.channels)}" if item.channels else "",
        f"after the time to answer the {item.answers.value}" if item.answers else "",
        _fee(item),
        f"principal from {told(item.from_principal)}" if item.from_principal else "",
        f"principal up to {told(item.max_principal)}" if item.max_principal else "",
        f"legal step {' or '.join(item.legal_steps)}" if item.legal_steps else "",
        "when asked for" if item.is_on_request else "",
    )
    return ", ".join(part for part in parts if part)


def _fee(item: PolicyStep) -> str:
    """A letter without a fee is said to have none."""
    if item.fee is not None:
        return f"fee {item.fee.value}"
    return "without a fee" if item.letter else ""


def told(value: object) -> str:
    """A value of a policy in words; nothing for none."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(value)
