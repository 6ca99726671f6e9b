"""`sovinto timeline policy-diff`: what one version of a dunning policy changes in another, in words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterable
from typing import Any

from sovinto.cli import asked
from sovinto.countries.policies import load_policy, policy_ids
from sovinto.countries.policy_compare import PolicyChange, policy_changes
from sovinto.errors import InvalidInput


def add_to(actions: Any) -> None:
    diff = actions.add_parser("policy-diff", help="what one version of a policy changes in another")
    diff.add_argument("country", metavar="COUNTRY", help="ISO 3166, such as FI")
    diff.add_argument("--from", dest="before", help="the policy before, such as fi_standard_v1")
    diff.add_argument("--to", dest="after", help="the policy after")
    diff.add_argument("--json", action="store_true", help="for machines")
    diff.set_defaults(run=run_policy_diff)


def run_policy_diff(options: argparse.Namespace) -> int:
    """Raises InvalidInput for a policy that the country has not, with those it has."""
    pack = asked.pack_asked(options.country, "COUNTRY")
    known = policy_ids(pack.country)
    before = _asked(options.before, "--from", known)
    after = _asked(options.after, "--to", known)
    served = [kind for kind in sorted(known[before] & known[after]) if kind in pack.ladders]
    if not served:
        raise InvalidInput(
            f"--from {before} and --to {after} are for different debtors; compare two for the same",
            field="to",
        )
    found = [
        change
        for kind in served
        for change in policy_changes(
            load_policy(pack.country, kind, before), load_policy(pack.country, kind, after)
        )
    ]
    if options.json:
        changes = [_json(change) for change in found]
        told = {"country": pack.country, "from": before, "to": after, "changes": changes}
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    merged = _merged(found)
    count = {0: "nothing changes", 1: "1 change"}.get(len(merged), f"{len(merged)} changes")
    print(f"{pack.country}, {before} to {after}: {count}")
    for words, whom in merged.items():
        print(f"  {words}, for {' and '.join(whom)} debtors")
    return 0


def _asked(policy_id: str | None, option: str, known: Collection[str]) -> str:
    has = ", ".join(known)
    if policy_id is None:
        raise InvalidInput(f"{option} is missing; give a policy: {has}.", field=option.removeprefix("--"))
    if policy_id not in known:
        raise InvalidInput(
            f"{option} {policy_id!r} is no policy of this country; it has {has}.",
            field=option.removeprefix("--"),
        )
    return policy_id


def _merged(found: Iterable[PolicyChange]) -> dict[str, list[str]]:
    """The same change for both kinds of debtor is told once."""
    merged: dict[str, list[str]] = {}
    for change in found:
        merged.setdefault(change.words, []).append(change.debtor_type.value)
    return merged


def _json(change: PolicyChange) -> dict[str, str]:
    return {
        "debtor": change.debtor_type.value,
        "change": change.kind.value,
        "about": change.about,
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "words": change.words,
    }
