"""policy-<country>.md: the dunning policy as it is in force, beside the waits of the law."""

from __future__ import annotations

from sovinto.countries import load_pack, load_policy
from sovinto.countries.words import shown
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import WaitRow
from sovinto.domain.policy import Policy, PolicyStep

from docs.generate.markdown import head, joined, table

COLUMNS = ("step", "counted from", "wait, days", "channels in order", "letter", "fee", "not before, by law")


def page(country: str, folder: str = "") -> str:
    """The policy of a country; `folder` where it stands in a shared one."""
    pack = load_pack(country)
    parts = [_section(load_policy(country, kind), pack) for kind in DebtorType if kind in pack.ladders]
    source = f"sovinto/countries/{folder or country.lower()}/policy.toml"
    intro = (
        "The policy is our own choice within the law. A step is due after its wait, and never before "
        "the first day the law allows for its letter. A step on request happens when an earlier one asks."
    )
    return joined(head(f"Dunning policy of {folder or country}", source), intro, *parts)


def _section(policy: Policy, pack: Pack) -> str:
    limits = policy.plan
    words = (
        f"In force from {policy.valid_from.isoformat()}. At most {policy.max_contacts_a_day} messages "
        f"or calls a day and {policy.max_contacts_a_week} in seven days (post does not count). A client "
        f"answers a dispute within {policy.answer_by_days} days. A plan has at "
        f"most {limits.max_instalments} instalments of at least {shown(limits.min_instalment)}, the first "
        f"within {limits.first_within_days} days, with {limits.grace_days} days of grace."
    )
    rows = [_cells(step, policy, pack) for step in policy.steps]
    title = f"## {policy.debtor_type.value.capitalize()}: `{policy.policy_id}`, version {policy.version}"
    return f"{title}\n\n{table(COLUMNS, rows)}\n\n{words}"


def _cells(step: PolicyStep, policy: Policy, pack: Pack) -> tuple[str, ...]:
    wait = str(step.wait_days)
    if step.answers is not None:
        wait += f" + time to answer the {step.answers.value}"
    conditions = [
        "on request" if step.is_on_request else "",
        f"from {shown(step.from_principal)}" if step.from_principal else "",
        f"up to {shown(step.max_principal)}" if step.max_principal else "",
        ", ".join(step.legal_steps),
    ]
    told = "; ".join(condition for condition in conditions if condition)
    name = f"`{step.step.value}`" + (f" ({told})" if told else "")
    return (
        name,
        f"`{step.after.value}`",
        wait,
        ", ".join(channel.value for channel in step.channels),
        step.letter.value if step.letter else "",
        step.fee.value if step.fee else "",
        _by_law(step, policy, pack),
    )


def _by_law(step: PolicyStep, policy: Policy, pack: Pack) -> str:
    """The rule of the pack as it stands on the policy's first day."""
    found = [
        row
        for row in pack.of(WaitRow)
        if row.letter is step.letter and row.is_for(policy.debtor_type) and row.citation.valid_to is None
    ]
    if not found:
        return ""
    row = found[0]
    after = ["the due date", *(f"the {kind.value}" for kind in sorted(row.after))]
    return f"{row.calendar_days} days after {' and '.join(after)} (`{row.citation.rule_id}`)"
