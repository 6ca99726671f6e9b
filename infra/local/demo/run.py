"""`make demo`: progress on standard error, the result on standard output and in build/demo."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.local.cloud import CloudFailed
from infra.local.demo.first_day import first_day
from infra.local.demo.papers import save_papers
from infra.local.demo.report import report
from infra.local.demo.story import DAYS, START, Story, begin, live
from infra.local.demo.words import told
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.local.stopping import Stopped, stoppable, wait_for_stop
from infra.local.virtual_time import NotQuiet
from infra.paths import BUILD, LOCAL, ROOT

CASES: Final = ROOT / "tests" / "data" / "demo" / "cases.csv"
FOLDER: Final = BUILD / "demo"
LOG: Final = LOCAL / "emulator.log"
DAYS_A_LINE: Final = 15


def run(cases: Path | None, *, port: int, as_json: bool) -> int:
    """0 when everything adds up to the cent; with a terminal it stays up until Ctrl-C."""
    path = (cases or CASES).resolve()
    if not path.is_file():
        print(f"sovinto: CASES {path} is not there; check the name", file=sys.stderr)
        return 1
    console = Console(stderr=True)
    stays = sys.stdout.isatty()
    print("Deploying the stack on this machine: about half a minute", file=sys.stderr, flush=True)
    try:
        with stoppable(), local_stage("fi", port=port if stays else 0) as running:
            return _tell(running, path, console, as_json=as_json, stays=stays)
    except Stopped:
        print("Stopped; nothing is left running.", file=sys.stderr)
        return 0 if (FOLDER / "report.json").is_file() and stays else 1
    except (CloudFailed, NotQuiet, OSError, CalledProcessError, BotoCoreError, ClientError) as failure:
        print(f"sovinto: the demo did not run: {failure}; see {LOG}", file=sys.stderr)
        return 1


def _tell(running: Running, path: Path, console: Console, *, as_json: bool, stays: bool) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "report.json").unlink(missing_ok=True)
    start = START if path == CASES else first_day(path, START, datetime.now(UTC))
    story, intake, password = begin(running, path, start)
    if intake["state"] != "done":
        print(f"sovinto: CASES {path.name} was refused: {intake['reason']}", file=sys.stderr)
        return 1
    _live(story, console)
    result = {"intake": _summary(intake), **report(running)}
    (FOLDER / "report.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    (FOLDER / "intake.json").write_text(json.dumps(intake, indent=2, ensure_ascii=False) + "\n", "utf-8")
    files = save_papers(running, FOLDER)
    print(json.dumps(result, indent=2) if as_json else told(result, intake, files))
    if stays:
        _stay(running, password)
    return 0 if result["proof"]["adds_up"] else 1


def _summary(intake: dict[str, Any]) -> dict[str, int]:
    return {name: intake[name] for name in ("rows", "accepted", "refused", "duplicates")}


def _live(story: Story, console: Console) -> None:
    if not console.is_terminal:
        # A bar that nobody sees would be written once, at the end.
        live(story, _by_lines)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Five months, day by day", total=DAYS)
        live(story, lambda done: progress.update(task, completed=done))


def _by_lines(done: int) -> None:
    if done % DAYS_A_LINE == 0 or done == DAYS:
        print(f"Five months, day by day: {done} of {DAYS}", file=sys.stderr, flush=True)


def _stay(running: Running, password: str) -> None:
    from infra.local.demo.client_side import USER, signed_in
    from infra.local.demo.one_more import place_one_more
    from infra.local.demo.words import addresses

    place_one_more(running, signed_in(running, password))
    print(addresses(running, USER, password), flush=True)
    wait_for_stop()
