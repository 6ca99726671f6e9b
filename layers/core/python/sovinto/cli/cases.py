"""`sovinto case`: what the agency's own people do to a case of the running local cloud, by its desk."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sovinto.cli import company_figures
from sovinto.cli.case_words import call_lines, case_lines, load_lines, result_lines
from sovinto.cli.desk import ask, first_collector
from sovinto.cli.local import running_cloud
from sovinto.domain.assignment import ReassignReason
from sovinto.errors import InvalidInput

CASE = ("case_id", "CASE", "the id of a case")


def add_to(commands: Any) -> None:
    case = commands.add_parser("case", help="look at a case of the running local cloud, and act on it")
    actions = case.add_subparsers(dest="verb", required=True, metavar="ACTION")
    _reading(actions)
    _calling(actions)
    _pausing(actions)
    _deciding(actions)
    _owning(actions)
    company_figures.add_to(actions)


def _reading(actions: Any) -> None:
    show = _action(
        actions, "show", "show_case", "state, balance, steps, holds, decisions, questions, calls", CASE
    )
    calls = _action(actions, "calls", "list_calls", "whom to call now, with hours and script")
    calls.add_argument("--collector", dest="collector_id", help="only calls of this collector's cases")
    for parser in (show, calls):
        parser.add_argument("--by", help="the collector who asks (default the agency's first)")


def _calling(actions: Any) -> None:
    call = _action(actions, "call", "record_call", "record what came of a call, once", CASE)
    call.add_argument("--call", dest="communication_id", help="the call's id (default the only open one)")
    call.add_argument("--outcome", required=True, help="reached, promise_to_pay, no_answer, ...")
    call.add_argument("--promise-on", help="promise_to_pay: the day, YYYY-MM-DD")
    call.add_argument("--call-back-at", help="call_back: the time with its zone")
    call.add_argument("--instalments", type=int, help="plan_agreed: how many")
    call.add_argument("--dispute-kind", help="dispute: what it is about")
    call.add_argument("--text", help="a note, or the debtor's words in a dispute")
    _by(call)


def _pausing(actions: Any) -> None:
    hold = _action(actions, "hold", "place_hold", "stop contacts and fees for a time", CASE)
    hold.add_argument("--reason", required=True, help="moratorium, debt_advice, illness, ...")
    hold.add_argument("--from", dest="from_on", help="the first day, which may have passed (default today)")
    hold.add_argument("--until", help="the last day (default until it is released)")
    release = _action(
        actions, "release", "release_hold", "end a hold", CASE, ("hold_id", "HOLD", "the hold's id")
    )
    stop = _action(actions, "stop", "stop_case", "close the case at once", CASE)
    stop.add_argument("--closure", required=True, help="insolvent, debtor_died, debtor_minor or withdrawn")
    stop.add_argument("--party", dest="party_id", help="the debtor's id, where one took another's place")
    party = ("party_id", "PARTY", "the co-debtor's id")
    let_go = _action(actions, "release-party", "release_party", "let a co-debtor out", CASE, party)
    contacts = _action(
        actions, "contacts", "update_contacts", "better details of the debtor; ends an address search", CASE
    )
    contacts.add_argument("--email", help="the new e-mail address")
    contacts.add_argument("--phone", help="the new number, such as +358400000000")
    contacts.add_argument("--street", help="the new postal address: street and number")
    contacts.add_argument("--postal-code", help="its postal code")
    contacts.add_argument("--city", help="its city")
    contacts.add_argument("--country", help="its country, such as FI")
    for parser in (hold, release, stop, let_go, contacts):
        _by(parser)


def _deciding(actions: Any) -> None:
    question = ("approval_id", "APPROVAL", "the question's id")
    approve = _action(
        actions, "approve", "answer_approval", "say yes or no to a publication", CASE, question
    )
    approve.add_argument("--decline", action="store_true", help="say no")
    figures = _action(actions, "financials", "record_financials", "enter how the debtor stands", CASE)
    figures.add_argument("--as-of", required=True, help="the day of the figures, YYYY-MM-DD")
    figures.add_argument("--source", required=True, help="where they are from")
    for name in ("assets", "turnover", "turnover-before"):
        figures.add_argument(
            f"--{name}", dest=f"{name}_minor".replace("-", "_"), type=int, help="in minor units"
        )
    figures.add_argument("--profit", dest="profit_minor", type=int, help="in minor units, a loss below 0")
    figures.add_argument("--year", type=int, help="the year of the turnover")
    figures.add_argument("--employees", type=int, help="how many")
    figures.add_argument(
        "--default-entry",
        dest="has_default_entry",
        action=argparse.BooleanOptionalAction,
        help="one is known, or it is known that there is none",
    )
    plan = _action(actions, "plan", "propose_plan", "agree instalments, or ask the client", CASE)
    plan.add_argument("--instalments", type=int, required=True, help="how many, one a month")
    plan.add_argument("--first-on", required=True, help="the first due day, YYYY-MM-DD")
    for parser in (approve, figures, plan):
        _by(parser)


def _owning(actions: Any) -> None:
    loads = _action(actions, "loads", "show_loads", "open cases of each owner, those who left included")
    loads.add_argument("--by", help="the collector who asks (default the agency's first)")
    to = ("to", "TO", "the id of the collector who takes over")
    given = _action(actions, "reassign", "reassign_case", "give the case to another collector", CASE, to)
    reasons = [reason.value for reason in ReassignReason]
    given.add_argument("--reason", required=True, choices=reasons, help="why")
    who = ("collector_id", "COLLECTOR", "the id of the collector who leaves")
    leaves = _action(
        actions, "release-collector", "release_collector", "give all their open cases to the others", who
    )
    for parser in (given, leaves):
        _by(parser)


def _action(
    actions: Any, verb: str, action: str, about: str, *places: tuple[str, str, str]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(verb, help=about)
    for name, shown, meaning in places:
        parser.add_argument(name, metavar=shown, help=meaning)
    parser.add_argument("--json", action="store_true", help="the whole answer for machines")
    parser.set_defaults(run=run_case, action=action)
    return parser


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, help="the id of the collector who does it")


OUTSIDE = {"command", "verb", "run", "json", "decline"}
"""Options that are for this command line and no part of the request."""


def run_case(options: argparse.Namespace) -> int:
    """Raises InvalidInput with the desk's own sentence, NotFound where no local cloud runs."""
    running = running_cloud()
    given = {name: value for name, value in vars(options).items() if name not in OUTSIDE}
    request = {name: value for name, value in given.items() if value is not None}
    if "by" not in request:
        request["by"] = first_collector(running.prefix)
    if options.action == "answer_approval":
        request["outcome"] = "decline" if options.decline else "approve"
    if options.action == "update_contacts":
        _gather_address(request)
    if options.action == "record_call" and "communication_id" not in request:
        request["communication_id"] = _only_call(running, request)
    answer = ask(running, request)
    while not answer.get("reassigned", {"is_all": True})["is_all"]:
        moved = answer["reassigned"]["moved"]
        answer = ask(running, request)
        answer["reassigned"]["moved"] += moved
    print(json.dumps(answer, ensure_ascii=False) if options.json else "\n".join(_words(answer)))
    return 0


def _gather_address(request: dict[str, Any]) -> None:
    """Its parts, where any is given, are one address of the request."""
    names = ("street", "postal_code", "city", "country")
    address = {name: request.pop(name) for name in names if name in request}
    if address:
        request["address"] = address


def _only_call(running: Any, request: dict[str, Any]) -> str:
    """Raises InvalidInput where the case has no open call, or several."""
    asked = {"action": "show_case", "by": request["by"], "case_id": request["case_id"]}
    found: list[str] = ask(running, asked)["case"]["open_calls"]
    if not found:
        raise InvalidInput(
            f"CASE {request['case_id']} has no open call to record; `sovinto case calls` lists them",
            field="case",
        )
    if len(found) != 1:
        raise InvalidInput(f"--call must name one of the open calls of the case: {', '.join(found)}")
    return found[0]


def _words(answer: dict[str, Any]) -> list[str]:
    if "case" in answer:
        return list(case_lines(answer["case"]))
    if "loads" in answer:
        return list(load_lines(answer["loads"]))
    if "reassigned" in answer:
        return [f"{answer['reassigned']['moved']} open cases were given to others; none is left"]
    if "calls" in answer:
        return list(call_lines(answer["calls"]))
    return list(result_lines(answer))
