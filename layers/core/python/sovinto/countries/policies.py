"""Reading dunning policies: versioned data, so that a case keeps the policy it was placed under."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from sovinto.countries.fields import Amount, Model
from sovinto.countries.files import baseline_folder, country_folder, read_toml
from sovinto.countries.loader import POLICY_FILE, load_identity
from sovinto.countries.tables.tariffs import money
from sovinto.domain.case import Step
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.money import Money
from sovinto.domain.policy import Anchor, PlanLimits, Policy, PolicyStep
from sovinto.errors import InvalidInput, LawMissing

Days = Annotated[int, Field(ge=0, le=366)]
SomeDays = Annotated[int, Field(ge=1, le=366)]
Count = Annotated[int, Field(ge=1)]


class StepTable(Model):
    step: Step
    debtor_types: Annotated[frozenset[DebtorType], Field(min_length=1)]
    after: Step | Anchor
    wait_days: Days
    channels: tuple[Channel, ...] = ()
    letter: LetterKind | None = None
    fee: FeeKind | None = None
    answers: LetterKind | None = None
    is_on_request: bool = False
    from_principal: Amount | None = None
    max_principal: Amount | None = None
    legal_steps: tuple[str, ...] = ()

    def to_step(self, currency: str) -> PolicyStep:
        return PolicyStep(
            step=self.step,
            debtor_types=self.debtor_types,
            after=self.after,
            wait_days=self.wait_days,
            channels=self.channels,
            letter=self.letter,
            fee=self.fee,
            answers=self.answers,
            is_on_request=self.is_on_request,
            from_principal=money(self.from_principal, currency),
            max_principal=money(self.max_principal, currency),
            legal_steps=self.legal_steps,
        )


class PlanTable(Model):
    max_instalments: Count
    min_instalment: Amount
    first_within_days: Days
    grace_days: Days
    tolerance: Amount | None = None
    tolerance_percent: Annotated[int, Field(ge=0, le=50)] = 0
    new_plans: Annotated[int, Field(ge=0)] = 1

    def to_limits(self, currency: str) -> PlanLimits:
        return PlanLimits(
            max_instalments=self.max_instalments,
            min_instalment=Money.parse(self.min_instalment, currency),
            first_within_days=self.first_within_days,
            grace_days=self.grace_days,
            tolerance=money(self.tolerance, currency),
            tolerance_percent=self.tolerance_percent,
            new_plans=self.new_plans,
        )


class PolicyTable(Model):
    policy_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
    version: Count
    valid_from: date
    debtor_types: Annotated[frozenset[DebtorType], Field(min_length=1)] = frozenset(DebtorType)
    answer_by_days: SomeDays
    max_contacts_a_day: Count
    max_contacts_a_week: Count
    approval_days: SomeDays = 7
    call_attempts: Count = 3
    reply_days: SomeDays = 14
    attempt_days: SomeDays = 10
    first_call_days: SomeDays = 5
    segments: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")], ...] = ()
    plan: PlanTable
    steps: Annotated[tuple[StepTable, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """A step counts from one before it: otherwise it would never fall due."""
        seen: set[Step] = set()
        for table in self.steps:
            if table.step in seen or (isinstance(table.after, Step) and table.after not in seen):
                raise ValueError(f"step {table.step.value} must appear once, after the step it waits for")
            seen.add(table.step)
        if Step.PUBLISH_TRATTA in seen and Step.ATTEMPT_CONTACT not in seen:
            raise ValueError("step publish_tratta needs attempt_contact before it: nobody is named unheard")
        if self.steps[-1].step is not Step.CLOSE_CASE:
            raise ValueError("the last step must be close_case, so that no case stays open for ever")
        return self


class PolicyFile(Model):
    policy: Annotated[tuple[PolicyTable, ...], Field(min_length=1)]


@cache
def load_policy(
    country: str,
    debtor_type: DebtorType,
    policy_id: str | None = None,
    *,
    on: date | None = None,
    segment: str = "",
) -> Policy:
    """The very policy a case was placed under, by its id; else the newest of the country for that
    kind of debtor, of those valid from the day `on` or earlier where a day is given.

    A client of a `segment` gets the newest policy made for it, where there is one, else the general
    one. Raises LawMissing when there is none and InvalidInput when the file is unsound.
    """
    currency = load_identity(country).currency
    tables = read_policies(read_toml(policy_file(country))).policy
    fitting = [table for table in tables if debtor_type in table.debtor_types]
    return _to_policy(choose(fitting, country, policy_id, on, segment), country, debtor_type, currency)


def policy_ids(country: str) -> dict[str, frozenset[DebtorType]]:
    """Every policy of the country, oldest first, with the debtors it is for. Raises LawMissing."""
    tables = read_policies(read_toml(policy_file(country))).policy
    in_order = sorted(tables, key=lambda table: (table.valid_from, table.version))
    return {table.policy_id: table.debtor_types for table in in_order}


def policy_file(country: str) -> Traversable:
    """The country's own policies, or those of the baseline it inherits. Raises LawMissing."""
    own, inherits = country_folder(country) / POLICY_FILE, load_identity(country).inherits
    if own.is_file() or inherits is None:
        return own
    return baseline_folder(inherits) / POLICY_FILE


def choose(
    tables: Sequence[PolicyTable],
    country: str,
    policy_id: str | None,
    on: date | None,
    segment: str = "",
) -> PolicyTable:
    """As `load_policy` tells. Raises LawMissing."""
    if policy_id is not None:
        wanted = [table for table in tables if table.policy_id == policy_id]
        what = repr(policy_id)
    else:
        wanted = _of_segment([t for t in tables if on is None or t.valid_from <= on], segment)
        what = f"in force on {on}"
    if not wanted:
        raise LawMissing(f"Country pack {country} has no policy {what}; add one to {POLICY_FILE}.")
    return max(wanted, key=lambda table: (table.valid_from, table.version))


def _of_segment(tables: Sequence[PolicyTable], segment: str) -> list[PolicyTable]:
    """Those of the segment, or the general ones where it has none of its own."""
    own = [table for table in tables if segment and segment in table.segments]
    return own or [table for table in tables if not table.segments]


def read_policies(data: dict[str, Any]) -> PolicyFile:
    """All policies of a file. Raises InvalidInput naming the first fault."""
    try:
        return PolicyFile.model_validate(data)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"Policy field {place}: {first['msg']}.", field=place) from fault


def _to_policy(table: PolicyTable, country: str, debtor_type: DebtorType, currency: str) -> Policy:
    return Policy(
        policy_id=table.policy_id,
        version=table.version,
        country=country,
        debtor_type=debtor_type,
        valid_from=table.valid_from,
        steps=tuple(item.to_step(currency) for item in table.steps if debtor_type in item.debtor_types),
        plan=table.plan.to_limits(currency),
        answer_by_days=table.answer_by_days,
        max_contacts_a_day=table.max_contacts_a_day,
        max_contacts_a_week=table.max_contacts_a_week,
        approval_days=table.approval_days,
        call_attempts=table.call_attempts,
        reply_days=table.reply_days,
        attempt_days=table.attempt_days,
        first_call_days=table.first_call_days,
    )
