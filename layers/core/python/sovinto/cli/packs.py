"""`sovinto pack check|show|diff|explain`: the law of a country as data, for lawyers and machines."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sovinto.cli import asked
from sovinto.cli.pack_words import (
    change_json,
    change_lines,
    debtors,
    in_full,
    rule_json,
    rule_lines,
)
from sovinto.countries import countries, load_calendar, load_pack, load_policy
from sovinto.countries.origin import file_of
from sovinto.countries.words import group_name
from sovinto.domain.law.compare import changes
from sovinto.domain.law.coverage import rates_missing_from
from sovinto.domain.law.kinds import Certainty
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import Row
from sovinto.errors import InvalidInput, SovintoError


def add_to(commands: Any) -> None:
    pack = commands.add_parser("pack", help="look at the law of a country as data")
    actions = pack.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="load every pack and policy; 1 when one does not load")
    check.add_argument("countries", nargs="*", metavar="COUNTRY", help="ISO 3166 (default all)")
    check.set_defaults(run=run_check)
    show = actions.add_parser("show", help="the rules in force on a day")
    show.add_argument("country", metavar="COUNTRY", help="ISO 3166, such as FI")
    show.add_argument("--on", help="the day, YYYY-MM-DD (default today)")
    show.add_argument("--debtor", help="consumer or business (default both)")
    show.set_defaults(run=run_show)
    diff = actions.add_parser("diff", help="what changes for whom between two days")
    diff.add_argument("country", metavar="COUNTRY", help="ISO 3166, such as FI")
    diff.add_argument("--from", dest="before", help="the earlier day, YYYY-MM-DD")
    diff.add_argument("--to", dest="after", help="the later day, YYYY-MM-DD")
    diff.set_defaults(run=run_diff)
    explain = actions.add_parser("explain", help="one rule in full")
    explain.add_argument("rule_id", metavar="RULE_ID", help="as `pack show` prints it")
    explain.set_defaults(run=run_explain)
    for action in (check, show, diff, explain):
        action.add_argument("--json", action="store_true", help="for machines")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading one country; `problem` where its pack, calendar or policy is unsound."""

    country: str
    pack: Pack | None
    problem: str = ""


def load(country: str) -> Loaded:
    """Never raises for a faulty file: the other countries are still looked at."""
    try:
        pack = load_pack(country)
        load_calendar(country)
        for debtor_type in pack.ladders:
            load_policy(country, debtor_type)
    except (SovintoError, ValueError, NotImplementedError) as fault:
        return Loaded(country, None, str(fault))
    return Loaded(country, pack)


def run_check(options: argparse.Namespace) -> int:
    """1 where a pack does not load."""
    loaded = [load(country.upper()) for country in options.countries or countries()]
    reports = [_report(one) for one in loaded]
    if options.json:
        _print_json({"countries": reports})
    else:
        print("\n".join(map(_report_line, reports)))
    return 1 if any(one.pack is None for one in loaded) else 0


def _report(loaded: Loaded) -> dict[str, Any]:
    if loaded.pack is None:
        return {"country": loaded.country, "loads": False, "problem": loaded.problem}
    cited = [row.citation for row in loaded.pack.rows]
    counts = Counter(citation.certainty for citation in cited)
    missing = rates_missing_from(loaded.pack)
    return {
        "country": loaded.country,
        "loads": True,
        "rules": len(cited),
        "unsigned": sum(citation.signed_off_by is None for citation in cited),
        "certainty": {certainty.value: counts[certainty] for certainty in Certainty},
        "rates_missing_from": None if missing is None else missing.isoformat(),
    }


def _report_line(report: dict[str, Any]) -> str:
    if not report["loads"]:
        return f"{report['country']}: does not load: {report['problem']}"
    sure = ", ".join(f"{count} {name}" for name, count in report["certainty"].items())
    missing = report["rates_missing_from"]
    rates = f"no interest rate from {missing} on" if missing else "no interest rate missing"
    return f"{report['country']}: {report['rules']} rules, {report['unsigned']} unsigned; {sure}; {rates}"


def run_show(options: argparse.Namespace) -> int:
    """Raises InvalidInput for an unknown country, debtor or day."""
    pack = asked.pack_asked(options.country, "COUNTRY")
    on = asked.day_or_today(options.on, "--on", pack)
    debtor_type = None if options.debtor is None else asked.debtor_asked(options.debtor)
    groups = {
        group_name(kind): [
            row
            for row in rows
            if row.citation.covers(on) and (debtor_type is None or row.is_for(debtor_type))
        ]
        for kind, rows in pack.rules.items()
    }
    if options.json:
        found = {name: [rule_json(row) for row in rows] for name, rows in groups.items() if rows}
        _print_json({"country": pack.country, "on": on.isoformat(), "debtor": debtor_type, "rules": found})
        return 0
    who = debtors([debtor_type] if debtor_type else pack.ladders)
    print(f"Rules of {pack.country} in force on {on}, {who}")
    for name, rows in groups.items():
        if rows:
            print("\n".join(("", name, *(line for row in rows for line in rule_lines(row)))))
    return 0


def run_diff(options: argparse.Namespace) -> int:
    """Raises InvalidInput for an unknown country or days in the wrong order."""
    pack = asked.pack_asked(options.country, "COUNTRY")
    before, after = asked.day_asked(options.before, "--from"), asked.day_asked(options.after, "--to")
    if after < before:
        raise InvalidInput(
            f"--to {after} must not lie before --from {before}; give the earlier day as --from.", field="to"
        )
    found = changes(pack, before=before, after=after)
    if options.json:
        days = {"from": before.isoformat(), "to": after.isoformat()}
        _print_json({"country": pack.country, **days, "changes": [change_json(one) for one in found]})
        return 0
    count = {0: "nothing changes", 1: "1 change"}.get(len(found), f"{len(found)} changes")
    print(f"{pack.country}, {before} to {after}: {count}")
    for change in found:
        print("\n".join(("", *change_lines(change))))
    return 0


def run_explain(options: argparse.Namespace) -> int:
    """Raises InvalidInput with the nearest ids for a rule that no pack has."""
    found = _holders(options.rule_id)
    row = next(iter(found.values()))
    file = file_of(options.rule_id, next(iter(found)))
    if options.json:
        _print_json({**rule_json(row), "countries": list(found), "file": file})
        return 0
    lines = (*in_full(row), ("countries", ", ".join(found)), ("file", str(file)))
    width = max(len(name) for name, _ in lines)
    print("\n".join(f"{name:<{width}}  {words}" for name, words in lines))
    return 0


def _holders(rule_id: str) -> dict[str, Row]:
    """The rule by each country whose pack has it."""
    packs = _packs_for(rule_id)
    found = {pack.country: row for pack in packs for row in pack.rows if row.citation.rule_id == rule_id}
    if not found:
        known = sorted({row.citation.rule_id for pack in packs for row in pack.rows})
        near = get_close_matches(rule_id, known, n=3, cutoff=0.4)
        hint = f"the nearest are {', '.join(near)}" if near else "`sovinto pack show FI` lists those of FI"
        raise InvalidInput(f"RULE_ID {rule_id!r} is in no pack; {hint}.", field="rule_id")
    return found


def _packs_for(rule_id: str) -> list[Pack]:
    """The country that an id names in front; all that load for an id of none, as those of the EU are."""
    country = rule_id.partition(".")[0].upper()
    if country in countries():
        return [load_pack(country)]
    return [one.pack for one in map(load, countries()) if one.pack is not None]


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
