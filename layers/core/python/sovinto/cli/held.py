"""`sovinto held`: bank files of which nothing was posted, and their ways out, on the local cloud."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from sovinto.cli.desk import ask, asker, by_option
from sovinto.cli.local import running_cloud
from sovinto.domain.money import Money

_DONE = {
    "retry_file": "the next run of import_statement reads it again",
    "ask_file_release": "somebody else has to release it",
    "release_file": "the next run of import_statement brings it in",
    "reject_file": "put aside as wrong",
}


def add_to(commands: Any) -> None:
    held = commands.add_parser("held", help="bank files of which nothing was posted, and their ways out")
    verbs = held.add_subparsers(dest="verb", required=True, metavar="ACTION")
    _verb(verbs, "list", "held_files", "which files are held, why, and since when")
    _file(_verb(verbs, "look", "look_at_file", "check one afresh; nothing is posted"))
    _file(_verb(verbs, "retry", "retry_file", "have one read again as if it had just come"))
    asked = _verb(verbs, "ask", "ask_file_release", "a reason is a false alarm: the first pair of eyes")
    release = _verb(verbs, "release", "release_file", "the second pair of eyes, of somebody else")
    reject = _verb(verbs, "reject", "reject_file", "put one aside as wrong")
    for parser in (asked, release, reject):
        _file(parser)
    for parser in (asked, reject):
        parser.add_argument("--reason", required=True, help="why, in a few words")
    for parser in (asked, release):
        parser.add_argument(
            "--alike",
            type=int,
            default=0,
            help="so many lines look like lines in the books, and are other money (default 0)",
        )


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("digest", metavar="DIGEST", help="the digest of the file, as `list` shows it")


def _verb(verbs: Any, name: str, action: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text)
    by_option(parser, reads=name in ("list", "look"))
    parser.add_argument("--json", action="store_true", help="the whole answer for machines")
    parser.set_defaults(run=run_held, action=action)
    return parser


def run_held(options: argparse.Namespace) -> int:
    """Raises InvalidInput with the desk's own sentence, NotFound where no local cloud runs."""
    left_out = ("command", "verb", "run", "json")
    request = {name: value for name, value in vars(options).items() if name not in left_out}
    running = running_cloud()
    request["by"] = asker(options.by, running)
    answer = ask(running, request)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(options.action, answer)))
    return 0


def _lines(action: str, answer: dict[str, Any]) -> Iterator[str]:
    if action == "held_files":
        for file in answer["held_files"]:
            yield from file_lines(file)
        if not answer["held_files"]:
            yield "no bank file is held"
    elif action == "look_at_file":
        yield from file_lines(answer["held_file"])
        yield from now_lines(answer["now"])
    else:
        yield f"{answer['held_file']['digest']} is {answer['held_file']['state']}: {_DONE[action]}"


def file_lines(file: dict[str, Any]) -> Iterator[str]:
    """Digest and age, then what it is and why it is held."""
    age = f", {file['days']} days" if "days" in file else ""
    yield f"{file['digest']}  {file['state']} since {file['held_at'][:10]}{age}"
    yield f"    {file['name']} ({file['format'] or 'format unknown'})"
    for part in file["sums"]:
        balances = [_money(part[name]) for name in ("opening", "closing") if part[name]]
        moved = f"{part['lines']} lines, in {_money(part['credits'])}, out {_money(part['debits'])}"
        yield f"    {part['account']}: {moved}{', balances ' + ' to '.join(balances) if balances else ''}"
    for reason in file["reasons"]:
        yield f"    {reason['code']}: {reason['message']}"
    if file["asked_by"]:
        yield f"    {file['asked_by']} asks for its release ({file['alike']} lines alike): {file['why']}"


def now_lines(now: dict[str, Any]) -> Iterator[str]:
    """What the check of today says."""
    if now["retry_brings_it_in"]:
        yield "today: nothing holds it any more; retry it"
    for reason in now["reasons"]:
        yield f"today: {reason['code']}: {reason['message']}"
    if now["lines_in_the_books"] or now["lines_to_post"]:
        sums = ", ".join(_money(money) for money in now["sums_to_post"]) or "nothing"
        yield f"{now['lines_in_the_books']} lines are in the books, {now['lines_to_post']} are not ({sums})"
    if now["alike"] or now["same"]:
        shown = ", ".join(now["shown"])
        yield f"{now['alike'] + now['same']} of those look like lines in the books: {shown}"
    if now["refusal"]:
        yield now["refusal"]
    elif now["may_be_released"]:
        yield f"two people may release it (--alike {now['alike']})"
    elif now["reasons"]:
        yield "nobody may release it: retry it once the cause is mended, or reject it"


def _money(money: dict[str, Any]) -> str:
    return f"{Money(money['minor'], money['currency']).decimal()} {money['currency']}"
